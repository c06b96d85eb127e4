"""Somebody's presence, as it follows from the lines of the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from app.checkin.rules.log import COUNTS_AS_SEEN, Kind, Method, Outcome


class Presence(StrEnum):
    """How somebody's attendance stands; separate from their registration."""

    EXPECTED = "expected"
    PRESENT = "present"
    LEFT = "left"
    EXCUSED = "excused"
    MADE_UP = "made_up"


PRESENCE_WORDS = {
    Presence.EXPECTED: "Not seen yet",
    Presence.PRESENT: "Here",
    Presence.LEFT: "Left early",
    Presence.EXCUSED: "Apologies",
    Presence.MADE_UP: "Made up",
}


class Flag(StrEnum):
    """Why somebody's presence needs a look before it counts."""

    NONE = ""
    SAME_DEVICE = "same_device"
    DOUBTFUL_TIME = "doubtful_time"


FLAG_WORDS = {
    Flag.SAME_DEVICE: "checked in on somebody else's phone",
    Flag.DOUBTFUL_TIME: "the time of arrival is in doubt",
}


class LogLine(Protocol):
    """What a line of the log must say for presence to follow from it."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def outcome(self) -> Outcome: ...
    @property
    def method(self) -> Method: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def is_doubtful(self) -> bool: ...
    @property
    def flag(self) -> str: ...
    @property
    def undoes_id(self) -> UUID | None: ...


@dataclass(frozen=True)
class Stay:
    """Somebody's presence at an event, as it follows from the log."""

    status: Presence = Presence.EXPECTED
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    method: Method | None = None
    flag: Flag = Flag.NONE


Line = TypeVar("Line", bound=LogLine)


def presence_from(lines: Iterable[LogLine]) -> Stay:
    """Derive somebody's presence from the lines about them; their order does not matter."""
    standing = _standing(lines)
    seen = _sightings(standing)
    arrival = _arrival(seen)
    left_at = _leaving(standing, seen)
    return Stay(
        status=_status({line.kind for line in standing}, has_left=left_at is not None),
        arrived_at=arrival.happened_at if arrival else None,
        left_at=left_at,
        method=arrival.method if arrival else None,
        flag=_flag(seen),
    )


def arrival_in(lines: Iterable[Line]) -> Line | None:
    """Return the line by which somebody arrived, if any says so believably."""
    return _arrival(_sightings(_standing(lines)))


def _standing(lines: Iterable[Line]) -> list[Line]:
    """Return the lines that say something about presence and were not undone."""
    counting = [line for line in lines if line.outcome in COUNTS_AS_SEEN]
    undone = {line.undoes_id for line in counting if line.kind is Kind.UNDONE}
    return [line for line in counting if line.id not in undone]


def _sightings(standing: list[Line]) -> list[Line]:
    return [line for line in standing if line.kind in {Kind.ENTERED, Kind.CONFIRMED}]


def _arrival(seen: list[Line]) -> Line | None:
    """Return the earliest believable sighting; what somebody confirmed later is the second choice."""
    believable = [line for line in seen if not line.is_doubtful]
    return min(
        believable,
        key=lambda line: (line.kind is Kind.CONFIRMED, line.happened_at, line.id),
        default=None,
    )


def _leaving(standing: Sequence[LogLine], seen: Sequence[LogLine]) -> datetime | None:
    """Return when somebody left, unless they were seen again afterwards."""
    leavings = [line.happened_at for line in standing if line.kind is Kind.LEFT]
    sightings = [
        line.happened_at for line in seen if line.kind is Kind.ENTERED and not line.is_doubtful
    ]
    if not leavings or not seen:
        return None
    came_back = bool(sightings) and max(sightings) > max(leavings)
    return None if came_back else max(leavings)


def _status(kinds: set[Kind], *, has_left: bool) -> Presence:
    if Kind.MADE_UP in kinds:
        return Presence.MADE_UP
    if kinds & {Kind.ENTERED, Kind.CONFIRMED}:
        return Presence.LEFT if has_left else Presence.PRESENT
    return Presence.EXCUSED if Kind.EXCUSED in kinds else Presence.EXPECTED


def _flag(seen: Sequence[LogLine]) -> Flag:
    """Return what needs a look, unless somebody of the event saw the person without any doubt."""
    doubts = [_doubt(line) for line in seen]
    if not doubts or Flag.NONE in doubts:
        return Flag.NONE
    return min(doubts, key=lambda doubt: doubt is not Flag.SAME_DEVICE)


def _doubt(line: LogLine) -> Flag:
    if line.is_doubtful:
        return Flag.DOUBTFUL_TIME
    return Flag(line.flag)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many of a team, or of everybody, are expected, here, left and missing."""

    name: str = ""
    expected: int = 0
    here: int = 0
    left: int = 0
    excused: int = 0

    @property
    def missing(self) -> int:
        """Return how many were expected and have not been seen."""
        return max(self.expected - self.here - self.left - self.excused, 0)
