"""The words of the log: what a line says, how it was recorded, and what the door was told."""

from enum import StrEnum


class Kind(StrEnum):
    """What a line of the log says."""

    ENTERED = "entered"
    LEFT = "left"
    UNDONE = "undone"
    CONFIRMED = "confirmed"
    EXCUSED = "excused"
    MADE_UP = "made_up"


KIND_WORDS = {
    Kind.ENTERED: "Came in",
    Kind.LEFT: "Left",
    Kind.UNDONE: "Undone",
    Kind.CONFIRMED: "Confirmed",
    Kind.EXCUSED: "Apologies",
    Kind.MADE_UP: "Made up",
}


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
