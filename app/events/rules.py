"""What each kind of event brings with it, so that a new one starts nearly finished; and when one ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class EventKind(StrEnum):
    """What sort of gathering it is; the kind sets its defaults."""

    LAUNCH = "launch"
    LEARNING_SESSION = "learning_session"
    SUMMIT = "summit"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class KindDefaults:
    """What a new event of a kind starts with; the organiser changes what does not fit."""

    name: str
    about: str
    summary: str
    starts: time
    ends: time
    check_in_opens: time
    capacity: int | None
    is_open_to_all: bool
    shows_posters: bool
    gives_certificates: bool


DEFAULTS: Mapping[EventKind, KindDefaults] = {
    EventKind.LAUNCH: KindDefaults(
        name="Launch",
        about="The first gathering: teams meet, agree aims and plan their start.",
        summary="Meet the other teams, agree what you want to improve and plan your first steps.",
        starts=time(9, 30),
        ends=time(15, 30),
        check_in_opens=time(8, 30),
        capacity=60,
        is_open_to_all=False,
        shows_posters=False,
        gives_certificates=True,
    ),
    EventKind.LEARNING_SESSION: KindDefaults(
        name="Learning session",
        about="Methods are taught and teams learn from each other. Numbered for you.",
        summary="Learn a method, test it on your own work and hear what other teams have tried.",
        starts=time(13, 0),
        ends=time(16, 30),
        check_in_opens=time(12, 0),
        capacity=60,
        is_open_to_all=False,
        shows_posters=False,
        gives_certificates=True,
    ),
    EventKind.SUMMIT: KindDefaults(
        name="Summit",
        about="The closing event: results, posters from every team, certificates.",
        summary="See what every team has achieved, discuss the posters and celebrate together.",
        starts=time(9, 30),
        ends=time(15, 30),
        check_in_opens=time(8, 0),
        capacity=60,
        is_open_to_all=True,
        shows_posters=True,
        gives_certificates=True,
    ),
    EventKind.OTHER: KindDefaults(
        name="Other event",
        about="Anything else: a webinar, a site visit, a follow-up day.",
        summary="",
        starts=time(9, 30),
        ends=time(12, 30),
        check_in_opens=time(8, 30),
        capacity=None,
        is_open_to_all=True,
        shows_posters=False,
        gives_certificates=False,
    ),
}


def suggested_title(kind: EventKind, *, standing: int) -> str:
    """Return a title for the next event of a kind when so many of it stand already."""
    name = DEFAULTS[kind].name
    if kind is EventKind.OTHER:
        return ""
    if kind is EventKind.LEARNING_SESSION:
        return f"{name} {standing + 1}"
    return name if not standing else f"{name} {standing + 1}"


def moves_people(changed: frozenset[str]) -> bool:
    """Say whether a change makes people come at another time or to another place."""
    return bool(changed & {"starts_at", "ends_at", "venue", "address"})


LONGEST_NIGHT = timedelta(hours=12)
"""Whoever writes an end before the start means the morning after, unless it lasts longer than this."""


def ends_the_morning_after(starts: time, ends: time) -> bool:
    """Say whether an event between these two clocks goes on past midnight."""
    a_day = date(2000, 1, 1)
    lasts = datetime.combine(a_day, ends) - datetime.combine(a_day, starts) + timedelta(days=1)
    return ends < starts and lasts <= LONGEST_NIGHT
