"""How far a picture is, and what its words must say."""

from enum import StrEnum


class PictureState(StrEnum):
    """How far a picture is on its way into a write-up."""

    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"
