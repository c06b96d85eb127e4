"""Who writes at a poster in front of us, and what the poster's page shows of what was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, session
from flask_limiter.util import get_remote_address
from flask_security import current_user

from app.kernel.clock import london_day, now
from app.kernel.codes import digest, new_secret
from app.kernel.refusal import NoWayIn
from app.people.models import Person
from app.people.queries import person_visiting
from app.plumbing.browser import VISIT_COOKIE, read_cookie
from app.posters.actions.writing import Author
from app.posters.queries.asking import ShownExchange, exchanges_shown, questions_shown
from app.posters.queries.reflecting import ShownAspect, reflections_shown
from app.posters.queries.signalling import Giver, signals_by
from app.posters.queries.standing_by import TimeAtStand, times_ahead
from app.posters.queries.voting import vote_at
from app.posters.queries.ways_in import contact_of
from app.posters.rules import Aspect, BallotState, SignalKind, is_at_stand
from app.posters.views.looking import Sight

GUEST = "poster_guest"
"""Where a guest's browser keeps the word by which their quick words are theirs."""

NEWEST_QUESTIONS = 10
NEWEST_REFLECTIONS = 6
"""Of each aspect: a phone at a stand is not sent hundreds of them unless it asks."""
ALL = 100_000

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
        return looker.person
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

    exchanges: Sequence[ShownExchange]
    questions: int
    reflections: Mapping[Aspect, ShownAspect]
    has_more: bool
    quick: list[Quick]
    agrees: bool
    may_be_contacted: bool
    may_write: bool
    is_at_stand: bool
    slots: Sequence[TimeAtStand]
    may_vote: bool
    is_asked_later: bool


def voices_at(sight: Sight, *, is_all: bool = False) -> Voices:
    """Gather what a poster's page shows beside the poster: the newest of each, or all."""
    at, poster, market = now(), sight.poster, sight.market
    person = person_of(sight)
    given = _given(sight, person)
    exchanges = exchanges_shown(poster, most=ALL if is_all else NEWEST_QUESTIONS)
    is_cut = not is_all and len(exchanges) == NEWEST_QUESTIONS
    questions = questions_shown(poster) if is_cut else len(exchanges)
    reflections = reflections_shown(poster, most=ALL if is_all else NEWEST_REFLECTIONS)
    return Voices(
        exchanges=exchanges,
        questions=questions,
        reflections=reflections,
        has_more=questions > len(exchanges)
        or any(found.total > len(found.newest) for found in reflections.values()),
        quick=[
            Quick(kind=kind, text=text, is_given=kind in given) for kind, text in SIGNALS.items()
        ],
        agrees=any(given.values()),
        may_be_contacted=person is not None and person.email is not None,
        may_write=sight.takes_feedback and (person is not None or market.guests_may_write),
        is_at_stand=is_at_stand(poster.at_stand_since, at=at),
        slots=times_ahead(poster, at=at),
        may_vote=vote_at(market, at=at) is BallotState.OPEN
        and sight.looker.registration is not None,
        is_asked_later=_is_asked_later(sight, at=at),
    )


def _is_asked_later(sight: Sight, *, at: datetime) -> bool:
    """Say whether the event is over, and another team's contact answers still."""
    poster = sight.poster
    if at < poster.event.ends_at or sight.looker.is_of(poster):
        return False
    return contact_of(poster.team, on=london_day(at)) is not None


def _given(sight: Sight, person: Person | None) -> Mapping[SignalKind, bool]:
    if person is not None:
        return signals_by(Giver(person=person), sight.poster)
    if GUEST in session:
        return signals_by(Giver(guest_key=digest(session[GUEST])), sight.poster)
    return {}
