"""What holds of posters: who may see one and when, and what visitors may do at it."""

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum

from app.kernel.clock import from_london, london_day


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
