"""What the check-in log means: the words of its lines, and the presence that follows from them."""

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from app.kernel.clock import clock_words, day_words
from app.kernel.codes import SECRET_LENGTH, derived_code, normal_code


class Kind(StrEnum):
    """What a line of the log says."""

    ENTERED = "entered"
    LEFT = "left"
    UNDONE = "undone"
    CONFIRMED = "confirmed"
    EXCUSED = "excused"
    MADE_UP = "made_up"


class Method(StrEnum):
    """How it was recorded."""

    DOOR_SCAN = "door_scan"
    ROOM_CODE = "room_code"
    SEARCH = "search"
    TYPED_CODE = "typed_code"
    WALK_IN = "walk_in"
    ORGANISER = "organiser"


METHOD_WORDS = {
    Method.DOOR_SCAN: "pass scanned",
    Method.ROOM_CODE: "room code",
    Method.SEARCH: "found by name",
    Method.TYPED_CODE: "code typed",
    Method.WALK_IN: "walk-in",
    Method.ORGANISER: "by an organiser",
}


class Outcome(StrEnum):
    """What the person at the door was told."""

    ADMITTED = "admitted"
    ALREADY = "already"
    CANCELLED = "cancelled"
    NOT_BOOKED = "not_booked"
    OTHER_EVENT = "other_event"
    REPLACED = "replaced"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"
    NOT_OPEN = "not_open"
    RECORDED = "recorded"


OUTCOME_WORDS = {
    Outcome.ADMITTED: "Checked in",
    Outcome.ALREADY: "Seen again",
    Outcome.CANCELLED: "Turned to the desk: booking cancelled",
    Outcome.NOT_BOOKED: "Turned to the desk: not booked",
    Outcome.OTHER_EVENT: "Turned to the desk: pass for another event",
    Outcome.REPLACED: "Turned to the desk: pass was replaced",
    Outcome.UNKNOWN: "Code not known",
    Outcome.MALFORMED: "Not a pass",
    Outcome.NOT_OPEN: "Turned away: check-in not open",
    Outcome.RECORDED: "Recorded",
}

COUNTS_AS_SEEN = frozenset({Outcome.ADMITTED, Outcome.ALREADY, Outcome.RECORDED})


class Presence(StrEnum):
    """How somebody's attendance stands; separate from their registration."""

    EXPECTED = "expected"
    PRESENT = "present"
    LEFT = "left"
    EXCUSED = "excused"
    MADE_UP = "made_up"


class Flag(StrEnum):
    """Why somebody's presence needs a look before it counts."""

    NONE = ""
    SAME_DEVICE = "same_device"
    DOUBTFUL_TIME = "doubtful_time"


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


def is_open(event: Gathering, at: datetime) -> bool:
    """Say whether an event takes people in at a moment; only the server's clock is asked."""
    return event.cancelled_at is None and event.check_in_opens_at <= at <= event.ends_at


SHORT_CODE_LENGTH = 6
SHORTEST_SEARCH = 3
OWN_UNDO = timedelta(minutes=10)

_PASS_ADDRESS = re.compile(
    r"https?://(?P<host>[^/\s]+)/k/(?P<code>[0-9a-z]{26})/?", re.IGNORECASE | re.ASCII
)
_TYPED = re.compile(r"[0-9a-z\s\-\u2010-\u2015]{6,80}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class ReadCode:
    """A code as it was scanned or typed: the long one of a QR, or the short one of a programme."""

    text: str
    is_short: bool = False


def read_code(text: str, *, host: str) -> ReadCode | None:
    """Cut the code out of whatever a scanner or a person gives; None when there is none of ours.

    An address is never opened, and counts only if it names our own host.
    """
    given = text.strip()
    address = _PASS_ADDRESS.fullmatch(given)
    if address is not None:
        is_ours = address["host"].lower() == host.lower()
        return ReadCode(normal_code(address["code"])) if is_ours else None
    code = normal_code(given) if _TYPED.fullmatch(given) else ""
    if len(code) == SHORT_CODE_LENGTH:
        return ReadCode(code, is_short=True)
    return ReadCode(code) if len(code) == SECRET_LENGTH else None


def may_undo_at_the_door(
    *, is_own: bool, is_supervisor: bool, recorded_at: datetime, at: datetime
) -> bool:
    """Say whether a door may take back a line: a steward their own for ten minutes, the desk any."""
    return is_supervisor or (is_own and at - recorded_at <= OWN_UNDO)


class Tone(StrEnum):
    """The colour of an answer; its words and its sign say the same."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of whoever stands at the door, as far as the door needs it."""

    name: str = ""
    team: str = ""
    photo_consent: bool = True
    since: datetime | None = None
    how: Method | None = None
    where: str = ""
    ended_at: datetime | None = None
    has_answered: bool = True
    other_title: str = ""
    other_starts_at: datetime | None = None

    @property
    def who(self) -> str:
        """Return the person with their practice, as the door reads it out."""
        return f"{self.name} – {self.team}" if self.team else self.name


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the door is told: a colour, a heading, what to do next, and marks to heed."""

    outcome: Outcome
    tone: Tone
    heading: str
    lines: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


DESK = "Send them to the desk."


def answer_to(outcome: Outcome, known: Known, *, event: Gathering, at: datetime) -> Answer:
    """Say to the door, calmly, what a sighting came to."""
    if outcome in {Outcome.ADMITTED, Outcome.ALREADY}:
        return _welcome(outcome, known)
    heading, line = _refusal_words(outcome, known, event=event, at=at)
    lines = (known.who, line) if known.name else (line,)
    return Answer(outcome=outcome, tone=Tone.RED, heading=heading, lines=lines)


def _welcome(outcome: Outcome, known: Known) -> Answer:
    marks = () if known.photo_consent else ("No photo",)
    if outcome is Outcome.ADMITTED:
        return Answer(
            outcome=outcome, tone=Tone.GREEN, heading=known.who, lines=("Checked in",), marks=marks
        )
    since = f" since {clock_words(known.since)}" if known.since else ""
    words = METHOD_WORDS[known.how] if known.how else ""
    how = f" ({known.where or words})" if known.where or words else ""
    return Answer(
        outcome=outcome,
        tone=Tone.YELLOW,
        heading=f"Already here{since}{how}",
        lines=(known.who, "That's fine: they can go in."),
        marks=marks,
    )


def _refusal_words(
    outcome: Outcome, known: Known, *, event: Gathering, at: datetime
) -> tuple[str, str]:
    """Return the heading of a refusal, and what to do next."""
    match outcome:
        case Outcome.CANCELLED:
            on = f" on {day_words(known.ended_at)}" if known.ended_at else ""
            return f"Booking cancelled{on}", DESK
        case Outcome.NOT_BOOKED if not known.has_answered:
            return "Invited, not booked", f"The invitation was not answered. {DESK}"
        case Outcome.NOT_BOOKED:
            return "Not booked for this event", DESK
        case Outcome.OTHER_EVENT:
            return "Not for this event", f"This pass is for {_elsewhere(known)}. {DESK}"
        case Outcome.REPLACED:
            return "This pass was replaced", "Ask for the newer one, or type the code under it."
        case Outcome.NOT_OPEN:
            return closed_words(event, at=at), DESK
        case Outcome.UNKNOWN:
            return "Code not known", f"Try again, or type the code under the pass. {DESK}"
        case _:
            return (
                "This is not a pass",
                "Scan the square code on the pass, or type the one under it.",
            )


def _elsewhere(known: Known) -> str:
    if known.other_starts_at is None:
        return "another programme"
    return f"{known.other_title} on {day_words(known.other_starts_at)}"


def closed_words(event: Gathering, *, at: datetime) -> str:
    """Say why an event takes nobody in at this moment."""
    if event.cancelled_at is not None:
        return "This event was cancelled"
    if at < event.check_in_opens_at:
        opens = event.check_in_opens_at
        return f"Check-in opens at {clock_words(opens)} on {day_words(opens)}"
    return f"This event ended at {clock_words(event.ends_at)}"


ROOM_STEP = 30
ROOM_CODE_LENGTH = 8
ARRIVAL_LASTS = timedelta(minutes=10)


def room_code(key: bytes, at: datetime, *, steps_ago: int = 0) -> str:
    """Return the code on the wall of a room at a moment; it turns every thirty seconds."""
    step = int(at.timestamp()) // ROOM_STEP - steps_ago
    return derived_code(key, str(step), ROOM_CODE_LENGTH)


def is_room_code(typed: str, key: bytes, *, at: datetime) -> bool:
    """Say whether a code is the one on the wall, or the one that has just turned."""
    given = normal_code(typed).encode()
    return any(
        hmac.compare_digest(given, room_code(key, at, steps_ago=ago).encode()) for ago in (0, 1)
    )


def seconds_to_turn(at: datetime) -> int:
    """Return how long the code on the wall stays, in whole seconds."""
    return ROOM_STEP - int(at.timestamp()) % ROOM_STEP


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


FLAG_WORDS = {
    Flag.SAME_DEVICE: "checked in on somebody else's phone",
    Flag.DOUBTFUL_TIME: "the time of arrival is in doubt",
}


PRESENCE_WORDS = {
    Presence.EXPECTED: "Not seen yet",
    Presence.PRESENT: "Here",
    Presence.LEFT: "Left early",
    Presence.EXCUSED: "Apologies",
    Presence.MADE_UP: "Made up",
}

KIND_WORDS = {
    Kind.ENTERED: "Came in",
    Kind.LEFT: "Left",
    Kind.UNDONE: "Undone",
    Kind.CONFIRMED: "Confirmed",
    Kind.EXCUSED: "Apologies",
    Kind.MADE_UP: "Made up",
}
