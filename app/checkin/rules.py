"""What the check-in log means: the words of its lines, and the presence that follows from them."""

from enum import StrEnum


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


class Outcome(StrEnum):
    """What the person at the door was told."""

    ADMITTED = "admitted"
    ALREADY = "already"
    CANCELLED = "cancelled"
    NOT_BOOKED = "not_booked"
    OTHER_EVENT = "other_event"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"
    NOT_OPEN = "not_open"
    RECORDED = "recorded"


class Presence(StrEnum):
    """How somebody's attendance stands; separate from their registration."""

    EXPECTED = "expected"
    PRESENT = "present"
    LEFT = "left"
    EXCUSED = "excused"
    MADE_UP = "made_up"
