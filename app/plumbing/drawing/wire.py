"""What the drawing process and the process that asks it say to each other.

A request is JSON: the words of a paper. The answer is one frame per paper. The asking process
reads no pickles and no code from the drawing one, which has handled other people's text.
"""

import json
import struct
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any, BinaryIO

LENGTH = struct.Struct("!I")
FRAME = struct.Struct("!cI")

DATE = "date of the calendar"
"""Key under which a date travels, because JSON has none."""


class Kind(Enum):
    """What a frame of the answer holds."""

    DRAWN = b"D"
    REFUSED = b"R"
    DONE = b"."


class Ended(Exception):
    """The other process is gone."""


def packed(request: object) -> bytes:
    """Write a request."""
    body = json.dumps(request, default=_plain).encode()
    return LENGTH.pack(len(body)) + body


def _plain(value: object) -> object:
    if isinstance(value, date):
        return {DATE: value.isoformat()}
    raise TypeError(f"{value!r} cannot be printed: give text, a date or a list of these.")


def next_request(stream: BinaryIO) -> dict[str, Any] | None:  # Any: it is JSON
    """Wait for a request; None when there will be no more."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None

    request: dict[str, Any] = json.loads(
        stream.read(LENGTH.unpack(head)[0]), object_hook=_with_dates
    )
    return request


def _with_dates(written: dict[str, Any]) -> Any:
    return date.fromisoformat(written[DATE]) if DATE in written else written


def frame(kind: Kind, body: bytes = b"") -> bytes:
    """Write one part of an answer."""
    return FRAME.pack(kind.value, len(body)) + body


def next_frame(read: Callable[[int], bytes]) -> tuple[Kind, bytes]:
    """Read one part of an answer with a function that returns exactly so many bytes."""
    kind, length = FRAME.unpack(read(FRAME.size))
    return Kind(kind), read(length)
