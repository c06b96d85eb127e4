"""Cards are put into named themes; each change can be taken back for a minute."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from app.groupwork.models import Arrangement, Card, GroupWork, Prompt, Theme, ThemeCard
from app.groupwork.queries.cards import cards_shown
from app.groupwork.queries.sessions import prompt_at
from app.groupwork.queries.themes import (
    arranged,
    last_arrangement,
    places_in,
    themes_of,
    undoable_arrangement,
)
from app.groupwork.rules.stages import takes_grouping
from app.groupwork.rules.words import MOST_THEMES_OF_A_CARD
from app.kernel.refusal import Refusal
from app.plumbing.database import db, hold


class CannotGroup(Refusal):
    """Cards cannot be put into themes like that, or not now."""


def begin_theme(work: GroupWork, name: str, cards: Sequence[UUID], *, at: datetime) -> None:
    """Make a theme of these cards; one of this name that is there takes them in."""
    prompt = _open_prompt(work)
    _remember(work, prompt, at=at)
    named = {theme.name.casefold(): theme for theme in themes_of(prompt)}
    theme = named.get(name.casefold())
    if theme is None:
        theme = Theme(id=uuid4(), prompt_id=prompt.id, name=name, place=len(named))
        db.session.add(theme)
        db.session.flush()
    _put(prompt, theme, cards)


def put_into(
    work: GroupWork,
    theme: Theme,
    cards: Sequence[UUID],
    *,
    out_of: Sequence[UUID] = (),
    at: datetime,
) -> None:
    """Put cards into a theme; they stay in another one that they carry, unless they leave it."""
    prompt = _open_prompt(work)
    _remember(work, prompt, at=at)
    _take(prompt, cards, [theme_id for theme_id in out_of if theme_id != theme.id])
    _put(prompt, theme, cards)


def take_out(
    work: GroupWork, cards: Sequence[UUID], *, out_of: Sequence[UUID], at: datetime
) -> None:
    """Take cards out of themes; without any they are loose again."""
    prompt = _open_prompt(work)
    _remember(work, prompt, at=at)
    _take(prompt, cards, out_of)


def _take(prompt: Prompt, cards: Sequence[UUID], themes: Sequence[UUID]) -> None:
    for place in places_in(prompt):
        if place.card_id in cards and place.theme_id in themes:
            db.session.delete(place)
    db.session.flush()


def rename_theme(work: GroupWork, theme: Theme, name: str, *, at: datetime) -> None:
    """Give a theme another name; the same name as another theme's makes them one."""
    prompt = _open_prompt(work)
    _remember(work, prompt, at=at)
    twin = next(
        (
            one
            for one in themes_of(prompt)
            if one.id != theme.id and one.name.casefold() == name.casefold()
        ),
        None,
    )
    if twin is None:
        theme.name = name
        return
    cards = [place.card_id for place in places_in(prompt) if place.theme_id == theme.id]
    _drop(theme)
    _put(prompt, twin, cards)


def drop_theme(work: GroupWork, theme: Theme, *, at: datetime) -> None:
    """Take a theme away; its cards are loose again."""
    prompt = _open_prompt(work)
    _remember(work, prompt, at=at)
    _drop(theme)


def undo_grouping(work: GroupWork, *, at: datetime) -> None:
    """Put the themes back as they stood before the last change, within a minute."""
    prompt = _open_prompt(work)
    newest = undoable_arrangement(prompt, at=at)
    if newest is None:
        raise CannotGroup("A change can be taken back for a minute, and that is over.")
    for theme in themes_of(prompt):
        _drop(theme)
    for before in newest.before:
        theme = Theme(
            id=UUID(before["id"]),
            prompt_id=prompt.id,
            name=before["name"],
            place=before["place"],
        )
        db.session.add(theme)
        db.session.flush()
        for card_id in before["cards"]:
            db.session.add(ThemeCard(theme_id=theme.id, card_id=UUID(card_id)))
    db.session.delete(newest)
    work.revision += 1


def _open_prompt(work: GroupWork) -> Prompt:
    hold(work)
    if not takes_grouping(work.stage):
        raise CannotGroup("Cards are grouped after they were revealed and before the vote.")
    return prompt_at(work, work.question)


def _remember(work: GroupWork, prompt: Prompt, *, at: datetime) -> None:
    newest = last_arrangement(prompt)
    db.session.add(
        Arrangement(
            prompt_id=prompt.id,
            number=newest.number + 1 if newest else 1,
            before=arranged(prompt),
            at=at,
        )
    )
    work.revision += 1


def _put(prompt: Prompt, theme: Theme, cards: Sequence[UUID]) -> None:
    shown = {card.id for card in cards_shown(prompt)}
    places = places_in(prompt)
    for card_id in dict.fromkeys(cards):
        there = [place.theme_id for place in places if place.card_id == card_id]
        if card_id not in shown or theme.id in there:
            continue
        if len(there) >= MOST_THEMES_OF_A_CARD:
            raise CannotGroup(f"“{_text(card_id)}” is in two themes already. Take it out of one.")
        db.session.add(ThemeCard(theme_id=theme.id, card_id=card_id))
    db.session.flush()


def _text(card_id: UUID) -> str:
    text = db.session.scalars(select(Card.text).where(Card.id == card_id)).one()
    return f"{text[:40]}…" if len(text) > 40 else text


def _drop(theme: Theme) -> None:
    db.session.execute(delete(ThemeCard).where(ThemeCard.theme_id == theme.id))
    db.session.delete(theme)
    db.session.flush()
