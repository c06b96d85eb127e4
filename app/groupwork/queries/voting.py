"""Questions about votes: who has voted, and what came of it once the vote has closed."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.groupwork.models import Dots, Prompt
from app.plumbing.database import db


def tables_that_voted(prompt: Prompt) -> frozenset[UUID]:
    """Return the tables that have voted on a question's themes, not for what."""
    rows = db.session.scalars(
        select(Dots.table_id).where(Dots.prompt_id == prompt.id, Dots.table_id.is_not(None))
    )
    return frozenset(table_id for table_id in rows if table_id is not None)


def people_who_voted(prompt: Prompt) -> int:
    """Return how many people have voted on a question's themes."""
    count = select(func.count(Dots.registration_id.distinct())).where(Dots.prompt_id == prompt.id)
    return db.session.scalar(count) or 0


def dots_of(prompt: Prompt, whose: ColumnElement[bool]) -> Mapping[UUID, int]:
    """Return what one voter has spent on which theme: for their own page, and no other."""
    rows = db.session.execute(
        select(Dots.theme_id, Dots.number).where(Dots.prompt_id == prompt.id, whose)
    )
    return {theme_id: number for theme_id, number in rows}  # noqa: C416 - a Result is no mapping


def votes_by_theme(prompt: Prompt) -> Mapping[UUID, int]:
    """Return the dots on each theme; the database itself returns none before the vote has closed."""
    rows = db.session.execute(
        select(Dots.theme_id, func.sum(Dots.number))
        .join(Prompt, Dots.prompt_id == Prompt.id)
        .where(Prompt.id == prompt.id, Prompt.counted_at.is_not(None))
        .group_by(Dots.theme_id)
    )
    return {theme_id: int(number) for theme_id, number in rows}
