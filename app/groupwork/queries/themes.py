"""Questions about themes: which cards lie in each, and how many dots it was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.groupwork.models import Arrangement, Card, GroupWork, Prompt, Theme, ThemeCard
from app.groupwork.queries.cards import cards_shown
from app.groupwork.queries.voting import votes_by_theme
from app.groupwork.rules.stages import may_undo
from app.plumbing.database import db


def themes_of(prompt: Prompt) -> Sequence[Theme]:
    """Return a question's themes in the order in which they came."""
    return db.session.scalars(
        select(Theme).where(Theme.prompt_id == prompt.id).order_by(Theme.place, Theme.id)
    ).all()


def theme_at(work: GroupWork, theme_id: UUID) -> Theme | None:
    """Return this theme, if it is one of this session."""
    return db.session.scalar(
        select(Theme)
        .join(Theme.prompt)
        .where(Theme.id == theme_id, Prompt.group_work_id == work.id)
    )


def places_in(prompt: Prompt) -> Sequence[ThemeCard]:
    """Return which card lies in which theme of a question."""
    return db.session.scalars(
        select(ThemeCard)
        .join(Theme, ThemeCard.theme_id == Theme.id)
        .where(Theme.prompt_id == prompt.id)
        .order_by(ThemeCard.id)
    ).all()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A theme with its cards, in the words in which they were written, and its dots once counted."""

    theme: Theme
    cards: Sequence[Card]
    dots: int | None


@dataclass(frozen=True, kw_only=True)
class Board:
    """The cards of a question by theme, and those that are in none yet."""

    sheets: Sequence[Sheet]
    loose: Sequence[Card]

    @property
    def by_dots(self) -> Sequence[Sheet]:
        """Return the themes, the one with the most dots first."""
        return sorted(self.sheets, key=lambda sheet: -(sheet.dots or 0))


def board_of(prompt: Prompt) -> Board:
    """Return the themes of a question with what the room reads of its cards, in four questions."""
    cards = {card.id: card for card in cards_shown(prompt)}
    places = {(place.theme_id, place.card_id) for place in places_in(prompt)}
    votes = votes_by_theme(prompt)
    sheets = [
        Sheet(
            theme=theme,
            cards=[card for card in cards.values() if (theme.id, card.id) in places],
            dots=votes.get(theme.id, 0) if prompt.counted_at else None,
        )
        for theme in themes_of(prompt)
    ]
    placed = {card_id for _, card_id in places}
    loose = [card for card in cards.values() if card.id not in placed]
    return Board(sheets=sheets, loose=loose)


def last_arrangement(prompt: Prompt) -> Arrangement | None:
    """Return what stood before the newest change of a question's themes."""
    return db.session.scalar(
        select(Arrangement)
        .where(Arrangement.prompt_id == prompt.id)
        .order_by(Arrangement.number.desc())
        .limit(1)
    )


def undoable_arrangement(prompt: Prompt, *, at: datetime) -> Arrangement | None:
    """Return the change of the themes that can still be taken back, if any."""
    newest = last_arrangement(prompt)
    return newest if newest is not None and may_undo(newest.at, at=at) else None


def arranged(prompt: Prompt) -> list[Any]:
    """Return how the themes stand, in a form that can be kept: id, name, place and cards of each."""
    places = places_in(prompt)
    return [
        {
            "id": str(theme.id),
            "name": theme.name,
            "place": theme.place,
            "cards": [str(place.card_id) for place in places if place.theme_id == theme.id],
        }
        for theme in themes_of(prompt)
    ]
