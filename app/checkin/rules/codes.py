"""What is scanned, typed and shown: the codes of passes, and those on the wall of a room."""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.codes import SECRET_LENGTH, derived_code, normal_code

SHORT_CODE_LENGTH = 6
SHORTEST_SEARCH = 3

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
