"""Papers of a marketplace: cards for the stands, and what visitors told a team, to keep."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.events.models import Event
from app.plumbing.addresses import address_of, short_address_of
from app.plumbing.files import file_content
from app.plumbing.pdf import document_pdf
from app.plumbing.stationery import set_in_print
from app.posters.actions.preparing import picture_key
from app.posters.models import Poster
from app.posters.queries.feedback import feedback_at
from app.posters.queries.posters import Shown, marketplace_of, shown_of
from app.posters.rules import Aspect, CardSize, SignalKind


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper with everything that it shows, ready to be drawn without the database."""

    title: str
    html: str
    codes: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    pages: int = 20

    @property
    def fingerprint(self) -> str:
        """Return a word that changes with whatever the paper shows; its pictures are told by its words."""
        shown = repr((self.title, self.html, sorted(self.codes.items())))
        return hashlib.sha256(shown.encode()).hexdigest()

    def drawn(self) -> bytes:
        """Return it as PDF."""
        return document_pdf(
            self.html,
            title=self.title,
            codes=self.codes,
            pictures=self.pictures,
            pages=self.pages,
        )


@dataclass(frozen=True)
class Card:
    """What stands on a stand's card."""

    poster: Poster
    address: str
    letters: str
    """How large its headline is set: a long title in smaller letters."""

    @property
    def headline(self) -> str:
        """Return the title, or the team's name while the poster has none."""
        return self.poster.title or self.poster.team.name


def stand_cards(event: Event, posters: Sequence[Poster], size: CardSize) -> Paper:
    """Set the cards of many stands, in this order: two A5 cards on each A4 sheet, or one A4 card."""
    is_shared = size is CardSize.A5 and len(posters) > 1
    cards = [_card(poster) for poster in posters]
    return Paper(
        title=_cards_title(event, cards),
        html=set_in_print(
            "posters/paper/stand_cards",
            event=event,
            sheets=_pairs(cards) if is_shared else [[card] for card in cards],
            size=size.value,
            is_shared=is_shared,
        ),
        codes={poster.code: _code_of(poster) for poster in posters},
        pages=20 + len(posters),
    )


def _cards_title(event: Event, cards: Sequence[Card]) -> str:
    if len(cards) == 1:
        return f"Stand card: {cards[0].poster.team.name}"
    return f"Stand cards: {event.title}"


def _pairs(cards: Sequence[Card]) -> list[Sequence[Card]]:
    return [cards[first : first + 2] for first in range(0, len(cards), 2)]


def _card(poster: Poster) -> Card:
    headline = poster.title or poster.team.name
    return Card(poster, _address_of(poster), _letters(headline))


def _letters(headline: str) -> str:
    for most, name in ((26, "huge"), (60, "large"), (110, "medium")):
        if len(headline) <= most:
            return name
    return "small"


def _address_of(poster: Poster) -> str:
    return short_address_of("public.posters.poster", code=poster.code)


def _code_of(poster: Poster) -> str:
    # Capitals alone make the smallest code, and so the one that is read from furthest away.
    return address_of("public.posters.poster_in_capitals", code=poster.code).upper()


ASPECTS: Mapping[Aspect, str] = {
    Aspect.PROJECT: "About the project",
    Aspect.CHANGES: "About the changes",
    Aspect.DATA: "About the data",
}
SIGNALS: Mapping[SignalKind, str] = {
    SignalKind.COULD_USE: "We could use this",
    SignalKind.TELL_ME_MORE: "Tell me more",
    SignalKind.WELL_MEASURED: "Well measured",
}


def feedback_report(poster: Poster, *, at: datetime) -> Paper:
    """Set everything that visitors left at a poster, with the poster itself, for its team to keep."""
    shown = shown_of(poster)
    picture = _picture(shown)
    html = set_in_print(
        "posters/paper/feedback",
        poster=poster,
        event=poster.event,
        version=shown.version if picture else None,
        feedback=feedback_at(poster, marketplace_of(poster.event), at=at),
        aspects=ASPECTS,
        signals=SIGNALS,
        address=_address_of(poster),
        at=at,
    )
    return Paper(
        title=f"What visitors told us: {poster.team.name}",
        html=html,
        codes={"poster": _code_of(poster)},
        pictures={"poster": picture} if picture else {},
        pages=20 + len(html) // 3000,
    )


def _picture(shown: Shown) -> bytes | None:
    if shown.version is None:
        return None
    return file_content(picture_key(shown.version, "large"))
