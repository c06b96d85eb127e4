"""Questions about cards: what the room reads once it is revealed, and what tables see of their own."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.groupwork.models import Card, GroupWork, Prompt, Table
from app.groupwork.queries.sessions import Standing
from app.groupwork.rules.stages import Stage, shows_cards
from app.people.models import Person
from app.plumbing.database import db

SHOWING = tuple(stage for stage in Stage if shows_cards(stage))


def cards_shown(prompt: Prompt) -> Sequence[Card]:
    """Return what the room reads about a question: nothing before it is revealed, whoever asks."""
    return db.session.scalars(
        _cards()
        .join(Prompt, Card.prompt_id == Prompt.id)
        .join(GroupWork, Card.group_work_id == GroupWork.id)
        .where(Card.prompt_id == prompt.id, _is_revealed(), *_is_up())
    ).all()


def _is_revealed() -> ColumnElement[bool]:
    return or_(
        Prompt.place < GroupWork.question,
        and_(Prompt.place == GroupWork.question, GroupWork.stage.in_(SHOWING)),
    )


def _is_up() -> tuple[ColumnElement[bool], ...]:
    return Card.cleared_at.is_not(None), Card.hidden_at.is_(None), Card.withdrawn_at.is_(None)


def _cards() -> Select[Card]:
    return select(Card).options(joinedload(Card.table)).order_by(Card.written_at, Card.id)


def cards_to_read(standing: Standing) -> Sequence[Card]:
    """Return the cards of the question at hand for who reads them first, those that wait in front.

    Nothing while the tables write: until the time is up, what they write is theirs.
    """
    if standing.stage in (Stage.REHEARSAL, Stage.WRITING):
        return []
    return db.session.scalars(
        _cards()
        .where(Card.prompt_id == standing.prompt.id, Card.withdrawn_at.is_(None))
        .order_by(None)
        .order_by(Card.cleared_at.is_not(None), Card.written_at, Card.id)
    ).all()


def cards_waiting(standing: Standing) -> int:
    """Return how many cards of the question at hand nobody has read yet."""
    return sum(
        card.cleared_at is None and card.hidden_at is None for card in cards_to_read(standing)
    )


def cards_of_table(table: Table, prompt_id: UUID | None) -> Sequence[Card]:
    """Return what a table's scribe wrote about a question (None: in the rehearsal), also typed up."""
    return db.session.scalars(
        _cards().where(
            Card.table_id == table.writes_for.id,
            Card.prompt_id == prompt_id,
            Card.person_id.is_(None),
            Card.withdrawn_at.is_(None),
        )
    ).all()


def cards_of_person(person: Person, work: GroupWork, prompt_id: UUID | None) -> Sequence[Card]:
    """Return what somebody wrote themselves about a question; what was anonymous is nobody's."""
    return db.session.scalars(
        _cards().where(
            Card.group_work_id == work.id,
            Card.person_id == person.id,
            Card.prompt_id == prompt_id,
            Card.withdrawn_at.is_(None),
        )
    ).all()


def counts_by_table(work: GroupWork, prompt_id: UUID | None) -> Mapping[UUID | None, int]:
    """Return how many cards each table has written; those without one are anonymous."""
    rows = db.session.execute(
        select(Card.table_id, func.count())
        .where(
            Card.group_work_id == work.id,
            Card.prompt_id == prompt_id,
            Card.withdrawn_at.is_(None),
        )
        .group_by(Card.table_id)
    )
    return {table_id: number for table_id, number in rows}  # noqa: C416 - a Result is no mapping


def card_sent_as(submission_id: UUID) -> Card | None:
    """Return the card that a form has become."""
    return db.session.scalar(select(Card).where(Card.submission_id == submission_id))


def card_at(work: GroupWork, card_id: UUID) -> Card | None:
    """Return this card, if it is one of this session."""
    return db.session.scalar(_cards().where(Card.group_work_id == work.id, Card.id == card_id))


def has_cards(work: GroupWork) -> bool:
    """Say whether anything was written to a question, beside what was tried in the rehearsal."""
    written = select(Card.id).where(Card.group_work_id == work.id, Card.prompt_id.is_not(None))
    return db.session.scalar(written.limit(1)) is not None
