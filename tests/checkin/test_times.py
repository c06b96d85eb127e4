from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.checkin.rules.presence import Presence, Stay
from app.checkin.rules.times import (
    Believed,
    believable_time,
    is_open,
    may_undo_at_the_door,
    minutes_present,
)

NINE = datetime(2026, 3, 26, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Summit:
    starts_at: datetime = NINE + HOUR / 2
    ends_at: datetime = NINE + 6 * HOUR + HOUR / 2
    check_in_opens_at: datetime = NINE - HOUR
    cancelled_at: datetime | None = None


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
