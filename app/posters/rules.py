"""What holds of posters: who may see one and when, and what visitors may do at it."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from app.kernel.clock import from_london, london_day

Key = TypeVar("Key")

ADDRESS_KEPT_FOR = timedelta(days=730)
"""So long the address of a guest who asked, or of who agreed to be written to, is kept."""


class Visibility(StrEnum):
    """Who may see a poster, from the fewest to everybody."""

    TEAM = "team"
    ATTENDEES = "attendees"
    PUBLIC = "public"


class FileKind(StrEnum):
    """What a poster's file is, by its content."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


class VersionState(StrEnum):
    """How far a file that was handed in has come."""

    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"


class Aspect(StrEnum):
    """What of a poster a reflection is about."""

    PROJECT = "project"
    CHANGES = "changes"
    DATA = "data"


class Attribution(StrEnum):
    """Who reads the name beside a reflection: everybody, the team and organisers, or nobody at all."""

    NAMED = "named"
    TEAM = "team"
    ANONYMOUS = "anonymous"


class CardSize(StrEnum):
    """The paper on which a stand's card is printed; two small ones share a sheet to be cut."""

    A5 = "a5"
    A4 = "a4"


class SignalKind(StrEnum):
    """A quick word for a team."""

    COULD_USE = "could_use"
    TELL_ME_MORE = "tell_me_more"
    WELL_MEASURED = "well_measured"


_NARROWER = {
    Visibility.PUBLIC: Visibility.ATTENDEES,
    Visibility.ATTENDEES: Visibility.TEAM,
    Visibility.TEAM: Visibility.TEAM,
}


def visibility_at(
    chosen: Visibility,
    *,
    visible_from: datetime | None,
    opens_at: datetime,
    is_hidden: bool,
    at: datetime,
) -> Visibility:
    """Return who may see a poster at a moment.

    Before the marketplace opens, and while an organiser hides it, that is its team; before the
    date that the team chose, one circle fewer than it chose.
    """
    if is_hidden or at < opens_at:
        return Visibility.TEAM
    if visible_from is not None and at < visible_from:
        return _NARROWER[chosen]
    return chosen


def usual_deadline(starts_at: datetime) -> datetime:
    """Return when uploads close unless an organiser says otherwise: the midnight before the event."""
    day = london_day(starts_at)
    return from_london(datetime.combine(day, time())) - timedelta(minutes=1)


def sight_of(visibility: Visibility, *, is_own: bool, sees_all: bool, is_attendee: bool) -> bool:
    """Say whether somebody sees a poster that these people may see."""
    if is_own or sees_all or visibility is Visibility.PUBLIC:
        return True
    return visibility is Visibility.ATTENDEES and is_attendee


def shuffled(codes: Sequence[str], *, seed: str) -> list[str]:
    """Return poster codes in an order that is one visitor's own, and the same each time for them."""
    return sorted(codes, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).digest())


def holds_words(texts: Sequence[str], wanted: str) -> bool:
    """Say whether every word that somebody looks for stands in one of these texts, accents aside."""
    held = _plain(" ".join(texts))
    return all(word in held for word in _plain(wanted).split())


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


class BallotState(StrEnum):
    """How the people's choice of an event stands."""

    NONE = "none"
    TO_COME = "to_come"
    OPEN = "open"
    CLOSED = "closed"


def ballot_state(
    opens_at: datetime | None, closes_at: datetime | None, *, at: datetime
) -> BallotState:
    """Say whether people vote now; a vote without an end is open until somebody closes it."""
    if opens_at is None:
        return BallotState.NONE
    if at < opens_at:
        return BallotState.TO_COME
    if closes_at is not None and at >= closes_at:
        return BallotState.CLOSED
    return BallotState.OPEN


def ranked(counts: Mapping[Key, int]) -> list[tuple[int, int, list[Key]]]:
    """Return places with their votes and all who share them: after two first comes a third."""
    places: list[tuple[int, int, list[Key]]] = []
    for votes in sorted(set(counts.values()), reverse=True):
        place = 1 + sum(len(sharing) for _, _, sharing in places)
        places.append((place, votes, [key for key, count in counts.items() if count == votes]))
    return places


def whole_hour(at: datetime) -> datetime:
    """Return the hour of a moment, which many share: a minute might tell who it was."""
    return at.replace(minute=0, second=0, microsecond=0)


AT_STAND_LASTS = timedelta(hours=2)
"""Somebody who went home without saying so is not promised to visitors for longer."""


def is_at_stand(since: datetime | None, *, at: datetime) -> bool:
    """Say whether somebody of the team can be said to be at the stand now."""
    return since is not None and since <= at < since + AT_STAND_LASTS


WHO_READS = {
    Attribution.NAMED: "Everybody who can see this poster can read this, with your name.",
    Attribution.TEAM: "Only {team} and the organisers can see this, with your name.",
    Attribution.ANONYMOUS: (
        "Everybody who can see this poster can read this. Your name is not stored with it, "
        "so nobody can look up who wrote it."
    ),
}
"""What is true of a reflection once it is stored; said before it is sent, and after."""


def who_reads(attribution: Attribution, *, team: str, is_read_first: bool) -> str:
    """Say who sees a reflection, with whose name, exactly as it is stored."""
    words = WHO_READS[attribution].format(team=team)
    if is_read_first:
        return f"{words} An organiser reads it first."
    return words


def same_words(one: str, other: str) -> bool:
    """Say whether two texts differ in blanks and capitals only."""
    return one.casefold().split() == other.casefold().split()
