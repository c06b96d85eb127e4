from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from app.checkin.rules.log import Kind, Method, Outcome
from app.checkin.rules.presence import Flag, Presence, Stay, presence_from

NINE = datetime(2026, 3, 26, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Line:
    kind: Kind = Kind.ENTERED
    happened_at: datetime = NINE
    outcome: Outcome = Outcome.ADMITTED
    method: Method = Method.DOOR_SCAN
    is_doubtful: bool = False
    flag: str = ""
    undoes_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)


def seen(minutes: int = 0, **facts: object) -> Line:
    return Line(happened_at=NINE + minutes * MINUTE, **facts)


def here(minutes: int = 0, method: Method = Method.DOOR_SCAN, flag: Flag = Flag.NONE) -> Stay:
    return Stay(Presence.PRESENT, NINE + minutes * MINUTE, None, method, flag)


ENTRY = seen(10)
CASES = {
    "nothing recorded": ([], Stay()),
    "seen once": ([seen()], here()),
    "the earliest time wins": ([seen(5), seen(2), seen(9, outcome=Outcome.ALREADY)], here(2)),
    "a refused scan says nothing": ([seen(outcome=Outcome.CANCELLED)], Stay()),
    "undone": ([ENTRY, seen(11, kind=Kind.UNDONE, undoes_id=ENTRY.id)], Stay()),
    "undone, but seen elsewhere": (
        [ENTRY, seen(11, kind=Kind.UNDONE, undoes_id=ENTRY.id), seen(12)],
        here(12),
    ),
    "left": (
        [seen(), seen(60, kind=Kind.LEFT)],
        Stay(Presence.LEFT, NINE, NINE + HOUR, Method.DOOR_SCAN),
    ),
    "left and came back": ([seen(), seen(60, kind=Kind.LEFT), seen(70)], here()),
    "left without having come": ([seen(60, kind=Kind.LEFT)], Stay()),
    "a doubtful time is never an arrival": (
        [seen(is_doubtful=True)],
        Stay(Presence.PRESENT, None, None, None, Flag.DOUBTFUL_TIME),
    ),
    "a doubtful time beside a sure one": ([seen(1, is_doubtful=True), seen(30)], here(30)),
    "a doubtful sighting does not bring anybody back": (
        [seen(), seen(60, kind=Kind.LEFT), seen(90, is_doubtful=True)],
        Stay(Presence.LEFT, NINE, NINE + HOUR, Method.DOOR_SCAN),
    ),
    "somebody else's phone": (
        [seen(flag="same_device", method=Method.ROOM_CODE)],
        here(method=Method.ROOM_CODE, flag=Flag.SAME_DEVICE),
    ),
    "somebody else's phone, then seen at the door": (
        [seen(flag="same_device", method=Method.ROOM_CODE), seen(20)],
        here(method=Method.ROOM_CODE),
    ),
    "confirmed": (
        [seen(flag="same_device"), seen(200, kind=Kind.CONFIRMED, outcome=Outcome.RECORDED)],
        here(),
    ),
    "confirmed with a time, where the device had none": (
        [seen(is_doubtful=True), seen(30, kind=Kind.CONFIRMED, method=Method.ORGANISER)],
        here(30, Method.ORGANISER),
    ),
    "apologies": ([seen(kind=Kind.EXCUSED)], Stay(Presence.EXCUSED)),
    "apologies, but came": ([seen(kind=Kind.EXCUSED), seen(5)], here(5)),
    "apologies and made up": (
        [seen(kind=Kind.EXCUSED), seen(9, kind=Kind.MADE_UP)],
        Stay(Presence.MADE_UP),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_presence_follows_from_the_lines_in_any_order(case):
    lines, expected = CASES[case]

    assert {presence_from(order) for order in permutations(lines)} == {expected}


def test_presence_is_the_same_however_often_a_line_is_read():
    lines = [seen(), seen(60, kind=Kind.LEFT)]

    assert presence_from([*lines, *lines]) == presence_from(lines)
