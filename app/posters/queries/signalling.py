"""Questions about the quick words that visitors gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from app.people.models import Person
from app.plumbing.database import ask, db
from app.posters.models import Poster, Signal
from app.posters.rules import SignalKind


@dataclass(frozen=True, kw_only=True)
class Giver:
    """Whoever gives a quick word: a person, or a guest by a word that their browser keeps."""

    person: Person | None = None
    guest_key: str | None = None

    @property
    def person_id(self) -> UUID | None:
        """Return the person, where we know them."""
        return self.person.id if self.person else None

    @property
    def is_theirs(self) -> ColumnElement[bool]:
        """Return the condition that a quick word is theirs."""
        if self.person is not None:
            return Signal.person_id == self.person.id
        return Signal.guest_key == self.guest_key


def signal_of(poster: Poster, kind: SignalKind, giver: Giver) -> Signal | None:
    """Return a quick word of this kind, if this giver has given it."""
    return db.session.scalar(
        select(Signal).where(Signal.poster_id == poster.id, Signal.kind == kind, giver.is_theirs)
    )


def signals_by(giver: Giver, poster: Poster) -> Mapping[SignalKind, bool]:
    """Return the quick words that this giver has given at a poster, and whether they gave an address."""
    given = {"poster_id": poster.id, "person_id": giver.person_id, "guest_key": giver.guest_key}
    return {kind: agrees for kind, agrees in ask(_given(), **given)}  # noqa: C416 - a Result is no mapping


@cache
def _given() -> Select[SignalKind, bool]:
    # What is not known of the giver is asked with NULL, which equals nobody's.
    return select(Signal.kind, Signal.agrees_to_contact).where(
        Signal.poster_id == bindparam("poster_id"),
        or_(
            Signal.person_id == bindparam("person_id"),
            Signal.guest_key == bindparam("guest_key"),
        ),
    )


def signal_counts(poster: Poster) -> Mapping[SignalKind, int]:
    """Return how often each quick word was given."""
    rows = db.session.execute(
        select(Signal.kind, func.count()).where(Signal.poster_id == poster.id).group_by(Signal.kind)
    )
    counted = {kind: number for kind, number in rows}  # noqa: C416 - a Result is no mapping
    return {kind: counted.get(kind, 0) for kind in SignalKind}


@dataclass(frozen=True)
class Contact:
    """Somebody who agreed that the team writes to them, and the quick words they gave."""

    name: str
    email: str
    kinds: Sequence[SignalKind]


def contacts_of(poster: Poster) -> Sequence[Contact]:
    """Return who agreed that the team writes to them, by name."""
    rows = db.session.scalars(
        select(Signal)
        .where(Signal.poster_id == poster.id, Signal.agrees_to_contact)
        .options(joinedload(Signal.person))
        .order_by(Signal.contact_name, Signal.contact_email, Signal.given_at)
    ).all()
    return contacts_among(rows)


def contacts_among(signals: Sequence[Signal]) -> Sequence[Contact]:
    """Return the givers of quick words, each with all of theirs, in the order in which they come."""
    people = dict.fromkeys((row.contact_name, row.contact_email) for row in signals)
    return [
        Contact(
            name,
            email,
            [row.kind for row in signals if (row.contact_name, row.contact_email) == (name, email)],
        )
        for name, email in people
    ]
