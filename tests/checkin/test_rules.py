from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from app.checkin.rules import (
    Answer,
    Believed,
    Flag,
    Kind,
    Known,
    Method,
    Outcome,
    Presence,
    ReadCode,
    Stay,
    Tone,
    answer_to,
    believable_time,
    is_open,
    may_undo_at_the_door,
    minutes_present,
    presence_from,
    read_code,
)

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


@dataclass(frozen=True)
class Summit:
    starts_at: datetime = NINE + HOUR / 2
    ends_at: datetime = NINE + 6 * HOUR + HOUR / 2
    check_in_opens_at: datetime = NINE - HOUR
    cancelled_at: datetime | None = None


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


@pytest.mark.parametrize(
    ("scanned", "sent", "expected"),
    [
        (None, None, Believed(NINE)),
        (NINE - MINUTE, None, Believed(NINE - MINUTE)),
        (NINE + MINUTE, None, Believed(NINE)),
        (NINE - 6 * MINUTE, None, Believed(NINE, is_doubtful=True)),
        (NINE + 6 * MINUTE, None, Believed(NINE, is_doubtful=True)),
        # Kept for half an hour without a network, with a clock 36 hours ahead, behind, and at zero.
        (NINE + 36 * HOUR, NINE + 36 * HOUR + 30 * MINUTE, Believed(NINE - 30 * MINUTE)),
        (NINE - 36 * HOUR, NINE - 36 * HOUR + 30 * MINUTE, Believed(NINE - 30 * MINUTE)),
        (
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(1970, 1, 1, 0, 30, tzinfo=UTC),
            Believed(NINE - 30 * MINUTE),
        ),
        # The clock was set between scanning and sending.
        (datetime(1970, 1, 1, tzinfo=UTC), NINE, Believed(NINE, is_doubtful=True)),
        (NINE, NINE - HOUR, Believed(NINE, is_doubtful=True)),
        (NINE - 3 * HOUR, NINE, Believed(NINE, is_doubtful=True)),
        (
            datetime.max.replace(tzinfo=UTC),
            datetime.min.replace(tzinfo=UTC),
            Believed(NINE, is_doubtful=True),
        ),
        (
            datetime.min.replace(tzinfo=UTC),
            datetime.max.replace(tzinfo=UTC),
            Believed(NINE, is_doubtful=True),
        ),
    ],
)
def test_a_time_is_corrected_by_the_devices_own_clock_or_doubted(scanned, sent, expected):
    believed = believable_time(scanned, sent_at=sent, recorded_at=NINE, earliest=NINE - HOUR)

    assert believed == expected


@pytest.mark.parametrize(
    ("arrived", "left", "until", "minutes"),
    [
        (None, None, 600, 0),
        (0, None, 600, 360),  # came before the start, stayed to the end
        (0, None, 90, 60),  # so far
        (60, 120, 600, 60),
        (60, 120, 90, 30),
        (0, 10, 600, 0),  # left before it began
        (0, None, 10, 0),
        (60, 900, 1000, 330),
    ],
)
def test_minutes_count_from_the_start_until_leaving_the_end_or_now(arrived, left, until, minutes):
    stay = Stay(
        Presence.PRESENT,
        None if arrived is None else NINE + arrived * MINUTE,
        None if left is None else NINE + left * MINUTE,
    )

    assert minutes_present(stay, Summit(), until=NINE + until * MINUTE) == minutes


@pytest.mark.parametrize(
    ("minutes", "cancelled", "expected"),
    [
        (-61, None, False),
        (-60, None, True),
        (390, None, True),
        (391, None, False),
        (0, NINE, False),
    ],
)
def test_an_event_takes_people_in_from_its_opening_to_its_end(minutes, cancelled, expected):
    assert is_open(Summit(cancelled_at=cancelled), NINE + minutes * MINUTE) is expected


LONG = "7ZQ4M8W2K6N1X5B9D3F0G7H2JA"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"HTTPS://HOORAY.EXAMPLE/K/{LONG}", ReadCode(LONG)),
        (f"https://hooray.example/k/{LONG.lower()}", ReadCode(LONG)),
        (f"http://hooray.example/K/{LONG}/", ReadCode(LONG)),
        (LONG, ReadCode(LONG)),
        (f"  {LONG.lower()}\n", ReadCode(LONG)),
        ("KX4-7PQ", ReadCode("KX47PQ", is_short=True)),
        ("kx4 7pq", ReadCode("KX47PQ", is_short=True)),
        ("KX4–7PQ", ReadCode("KX47PQ", is_short=True)),
        ("oil-ulu", ReadCode("011V1V", is_short=True)),
        (f"https://elsewhere.example/K/{LONG}", None),
        (f"https://hooray.example.evil.example/K/{LONG}", None),
        (f"https://hooray.example/V/{LONG}", None),
        (f"https://hooray.example/K/{LONG}?x=1", None),
        ("https://hooray.example/r/7Q2M/ABCDEFGH", None),
        ("WIFI:S:Northvale;T:WPA;P:secret;;", None),
        ("KX47P", None),
        ("", None),
        ("A" * 5000, None),
        ("KX4\x007PQ", None),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER K}X47PQ", None),
    ],
)
def test_a_code_is_cut_out_of_whatever_was_scanned(text, expected):
    assert read_code(text, host="hooray.example") == expected


@pytest.mark.parametrize(
    ("is_own", "is_supervisor", "minutes", "expected"),
    [
        (True, False, 10, True),
        (True, False, 11, False),
        (False, False, 0, False),
        (False, True, 300, True),
    ],
)
def test_a_steward_undoes_only_their_own_and_soon(is_own, is_supervisor, minutes, expected):
    may = may_undo_at_the_door(
        is_own=is_own,
        is_supervisor=is_supervisor,
        recorded_at=NINE,
        at=NINE + minutes * MINUTE,
    )

    assert may is expected


GWEN = Known(name="Gwen Price", team="Hill Top", photo_consent=True)


@pytest.mark.parametrize(
    ("outcome", "known", "at", "tone", "heading", "lines"),
    [
        (Outcome.ADMITTED, GWEN, NINE, Tone.GREEN, "Gwen Price – Hill Top", ("Checked in",)),
        (
            Outcome.ALREADY,
            Known(name="Siân O'Connor", since=NINE + 21 * MINUTE, how=Method.ROOM_CODE),
            NINE,
            Tone.YELLOW,
            "Already here since 9.21 am (room code)",
            ("Siân O'Connor", "That's fine: they can go in."),
        ),
        (
            Outcome.CANCELLED,
            Known(name="Gwen Price", ended_at=NINE - 24 * HOUR),
            NINE,
            Tone.RED,
            "Booking cancelled on 25 March",
            ("Gwen Price", "Send them to the desk."),
        ),
        (
            Outcome.OTHER_EVENT,
            Known(name="Gwen Price", other_title="Learning session 3", other_starts_at=NINE),
            NINE,
            Tone.RED,
            "Not for this event",
            (
                "Gwen Price",
                "This pass is for Learning session 3 on 26 March. Send them to the desk.",
            ),
        ),
        (
            Outcome.OTHER_EVENT,
            Known(),
            NINE,
            Tone.RED,
            "Not for this event",
            ("This pass is for another programme. Send them to the desk.",),
        ),
        (
            Outcome.NOT_BOOKED,
            Known(name="Gwen Price", has_answered=False),
            NINE,
            Tone.RED,
            "Invited, not booked",
            ("Gwen Price", "The invitation was not answered. Send them to the desk."),
        ),
        (
            Outcome.NOT_OPEN,
            GWEN,
            NINE - 2 * HOUR,
            Tone.RED,
            "Check-in opens at 8 am on 26 March",
            ("Gwen Price – Hill Top", "Send them to the desk."),
        ),
        (
            Outcome.NOT_OPEN,
            GWEN,
            NINE + 7 * HOUR,
            Tone.RED,
            "This event ended at 3.30 pm",
            ("Gwen Price – Hill Top", "Send them to the desk."),
        ),
        (
            Outcome.UNKNOWN,
            Known(),
            NINE,
            Tone.RED,
            "Code not known",
            ("Try again, or type the code under the pass. Send them to the desk.",),
        ),
        (
            Outcome.MALFORMED,
            Known(),
            NINE,
            Tone.RED,
            "This is not a pass",
            ("Scan the square code on the pass, or type the one under it.",),
        ),
    ],
)
def test_every_outcome_has_its_own_calm_words(outcome, known, at, tone, heading, lines):
    answer = answer_to(outcome, known, event=Summit(), at=at)

    assert answer == Answer(outcome=outcome, tone=tone, heading=heading, lines=lines)


def test_whoever_wants_no_photo_is_marked():
    answer = answer_to(
        Outcome.ADMITTED, Known(name="Gwen Price", photo_consent=False), event=Summit(), at=NINE
    )

    assert answer.marks == ("No photo",)


def test_an_event_that_was_called_off_says_so():
    answer = answer_to(Outcome.NOT_OPEN, GWEN, event=Summit(cancelled_at=NINE), at=NINE)

    assert answer.heading == "This event was cancelled"
