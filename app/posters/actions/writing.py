"""Who may write at a poster, and when: asked before anything that a visitor leaves is kept."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from app.kernel.refusal import Refusal
from app.people.models import Person
from app.posters.models import Marketplace, Poster
from app.posters.queries.posters import marketplace_of, visibility_of
from app.posters.rules import Visibility


class TakesNoWords(Refusal):
    """Visitors cannot write at this poster now."""


class GuestsMayNotWrite(Refusal):
    """Only people with a place at the event may write here."""


@dataclass(frozen=True, kw_only=True)
class Author:
    """Whoever writes: a person with a place at the event, or a guest by the name they give."""

    person: Person | None = None
    guest_name: str = ""
    guest_email: str = ""

    @property
    def is_guest(self) -> bool:
        """Say whether nobody has told us who this is."""
        return self.person is None

    @property
    def person_id(self) -> UUID | None:
        """Return the person, where we know them."""
        return self.person.id if self.person else None


def admit(poster: Poster, author: Author, *, at: datetime) -> Marketplace:
    """Refuse whoever cannot write at this poster now; return what holds for its event."""
    market = marketplace_of(poster.event)
    if visibility_of(poster, market, at=at) is Visibility.TEAM:
        raise TakesNoWords("Nobody can write at this poster yet: it is not shown to visitors.")
    if not market.takes_feedback:
        raise TakesNoWords(f"Questions and reflections are switched off at {poster.event.title}.")
    if not poster.takes_feedback:
        raise TakesNoWords("Questions and reflections are switched off at this poster.")
    if author.is_guest and not market.guests_may_write:
        raise GuestsMayNotWrite(
            "Open the personal link in any e-mail we sent you about the event, then send this again."
        )
    return market


def is_read_first(market: Marketplace, author: Author) -> bool:
    """Say whether an organiser reads what this author writes before other visitors do."""
    return market.is_moderated or author.is_guest


def sent_as(form_id: UUID, *contents: str) -> UUID:
    """Return the id of what a form says: sent again it is the same, changed and sent it is another."""
    return uuid5(form_id, hashlib.sha256(repr(contents).encode()).hexdigest())
