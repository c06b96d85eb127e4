"""What holds of posters: who may see one and when, and what visitors may do at it."""

from datetime import datetime
from enum import StrEnum


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
