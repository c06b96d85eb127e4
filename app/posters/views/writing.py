"""Who writes at a poster in front of us, and what the poster's page shows of what was written."""

from dataclasses import dataclass

from flask import request, session
from flask_limiter.util import get_remote_address
from flask_security import current_user

from app.kernel.clock import now
from app.kernel.codes import digest, new_secret
from app.kernel.refusal import NoWayIn
from app.people.models import Person
from app.people.queries import person_visiting
from app.plumbing.browser import VISIT_COOKIE, read_cookie
from app.posters.actions.writing import Author
from app.posters.models import StandSlot
from app.posters.queries.asking import Exchange, exchanges_shown
from app.posters.queries.reflecting import Reflections, reflections_shown
from app.posters.queries.signalling import Giver, signals_by
from app.posters.queries.standing_by import slots_of
from app.posters.queries.voting import vote_at
from app.posters.rules import BallotState, SignalKind, is_at_stand
from app.posters.views.looking import Sight

GUEST = "poster_guest"
"""Where a guest's browser keeps the word by which their quick words are theirs."""

SIGNALS = {
    SignalKind.COULD_USE: "We could use this",
    SignalKind.TELL_ME_MORE: "Tell me more",
    SignalKind.WELL_MEASURED: "Well measured",
}
ASPECTS = {
    "project": "The project",
    "changes": "The changes",
    "data": "The data",
}


def who_writes() -> str:
    """Return whom a limit is about: the person by their link, else the address; a venue has one."""
    key = read_cookie(request, VISIT_COOKIE)
    person = person_visiting(key, at=now()) if key else None
    return digest(str(person.id)) if person else get_remote_address()


def person_of(sight: Sight) -> Person | None:
    """Return the person in front of a poster, where we know who it is: booked, or of the staff."""
    looker = sight.looker
    if looker.registration is not None:
        return looker.registration.person
    if looker.sees_all:
        person: Person = current_user.person
        return person
    return None


def author_of(sight: Sight, *, name: str = "", email: str = "") -> Author:
    """Return whoever writes: the person we know, or the guest they say they are."""
    person = person_of(sight)
    return Author(person=person) if person else Author(guest_name=name, guest_email=email)


def refuse_guests(sight: Sight) -> None:
    """Show somebody without a place the way in, where guests may not write."""
    if person_of(sight) is None and not sight.market.guests_may_write:
        raise NoWayIn(
            "Open your personal link",
            "Writing at a poster is for people at the event. Open the link in any e-mail we sent "
            "you about it, then scan the stand's code again.",
            is_mailed=True,
        )


def giver_of(sight: Sight) -> Giver:
    """Return whoever gives a quick word."""
    person = person_of(sight)
    if person is not None:
        return Giver(person=person)
    if GUEST not in session:
        session[GUEST] = new_secret()
    return Giver(guest_key=digest(session[GUEST]))


@dataclass(frozen=True, kw_only=True)
class Quick:
    """A quick word on a poster's page: what it says, and whether this visitor gave it."""

    kind: SignalKind
    text: str
    is_given: bool


@dataclass(frozen=True, kw_only=True)
class Voices:
    """What visitors read at a poster, and what this one may do there."""

    exchanges: list[Exchange]
    reflections: Reflections
    quick: list[Quick]
    agrees: bool
    may_be_contacted: bool
    may_write: bool
    is_at_stand: bool
    slots: list[StandSlot]
    may_vote: bool


def voices_at(sight: Sight) -> Voices:
    """Gather what a poster's page shows beside the poster."""
    at, poster, market = now(), sight.poster, sight.market
    person = person_of(sight)
    given = signals_by(Giver(person=person), poster) if person else {}
    if person is None and GUEST in session:
        given = signals_by(Giver(guest_key=digest(session[GUEST])), poster)
    return Voices(
        exchanges=list(exchanges_shown(poster)),
        reflections=reflections_shown(poster),
        quick=[
            Quick(kind=kind, text=text, is_given=kind in given) for kind, text in SIGNALS.items()
        ],
        agrees=any(signal.agrees_to_contact for signal in given.values()),
        may_be_contacted=person is not None and person.email is not None,
        may_write=sight.takes_feedback and (person is not None or market.guests_may_write),
        is_at_stand=is_at_stand(poster.at_stand_since, at=at),
        slots=[slot for slot in slots_of(poster) if slot.ends_at > at],
        may_vote=vote_at(market, at=at) is BallotState.OPEN
        and sight.looker.registration is not None,
    )
