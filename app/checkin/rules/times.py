"""What the clock decides: whether a door is open, when a scan happened, and what may be undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.kernel.clock import clock_words, day_words


class Gathering(Protocol):
    """What must be known of an event to count minutes and to open its doors."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def check_in_opens_at(self) -> datetime: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


def is_open(event: Gathering, at: datetime) -> bool:
    """Say whether an event takes people in at a moment; only the server's clock is asked."""
    return event.cancelled_at is None and event.check_in_opens_at <= at <= event.ends_at


def closed_words(event: Gathering, *, at: datetime) -> str:
    """Say why an event takes nobody in at this moment."""
    if event.cancelled_at is not None:
        return "This event was cancelled"
    if at < event.check_in_opens_at:
        opens = event.check_in_opens_at
        return f"Check-in opens at {clock_words(opens)} on {day_words(opens)}"
    return f"This event ended at {clock_words(event.ends_at)}"


TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Believed:
    """When something happened as far as we know, and whether that is in doubt."""

    happened_at: datetime
    is_doubtful: bool = False


def believable_time(
    scanned_at: datetime | None,
    *,
    sent_at: datetime | None,
    recorded_at: datetime,
    earliest: datetime,
) -> Believed:
    """Correct a device's time by how wrong its clock was when it sent the scan.

    Only the time that the device kept the scan is taken from it, so a wrong clock does no harm.
    A wait that nothing explains, and one that ends in the future, leave the time in doubt.
    `earliest` is when the device began to be a door.
    """
    if scanned_at is None:
        return Believed(recorded_at)
    waited = (sent_at or recorded_at) - scanned_at
    longest = recorded_at - earliest if sent_at else timedelta()
    if not -TOLERANCE <= waited <= longest + TOLERANCE:
        return Believed(recorded_at, is_doubtful=True)
    return Believed(recorded_at - max(waited, timedelta()))


class Attended(Protocol):
    """What must be known of somebody's presence to count their minutes."""

    @property
    def arrived_at(self) -> datetime | None: ...
    @property
    def left_at(self) -> datetime | None: ...


def minutes_present(presence: Attended, event: Gathering, *, until: datetime) -> int:
    """Count the minutes of an event that somebody was there for, up to a moment."""
    if presence.arrived_at is None:
        return 0
    begin = max(presence.arrived_at, event.starts_at)
    end = min(presence.left_at or until, event.ends_at, until)
    return max(int((end - begin).total_seconds() // 60), 0)


OWN_UNDO = timedelta(minutes=10)


def may_undo_at_the_door(
    *, is_own: bool, is_supervisor: bool, recorded_at: datetime, at: datetime
) -> bool:
    """Say whether a door may take back a line: a steward their own for ten minutes, the desk any."""
    return is_supervisor or (is_own and at - recorded_at <= OWN_UNDO)
