"""Places, and the days by which things happen."""

from datetime import UTC, datetime, timedelta

import pytest

from app.registration.rules.places import (
    call_due_at,
    link_ends_at,
    needs_end_at,
    places_left,
)

END = datetime(2026, 3, 26, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("capacity", "taken", "left"),
    [(60, 0, 60), (60, 59, 1), (60, 60, 0), (60, 63, 0), (None, 500, None), (0, 0, 0)],
)
def test_places_left_never_fall_below_none(capacity, taken, left):
    assert places_left(capacity, taken) == left


@pytest.mark.parametrize(
    ("asked", "due"),
    [(9, 12), (10, 13), (11, 16), (12, 17), (13, 18), (14, 18), (15, 18)],
    ids=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
def test_a_call_is_due_after_three_working_days(asked, due):
    at = datetime(2026, 3, asked, 9, tzinfo=UTC)

    assert call_due_at(at) == datetime(2026, 3, due, 9, tzinfo=UTC)


def test_a_call_asked_for_late_at_night_counts_the_days_of_british_clocks():
    friday_in_london = datetime(2026, 7, 9, 23, 30, tzinfo=UTC)

    assert call_due_at(friday_in_london) == datetime(2026, 7, 14, 23, 30, tzinfo=UTC)


def test_links_and_needs_end_when_promised():
    assert link_ends_at(END) == END + timedelta(days=90)
    assert needs_end_at(END, kept_days=14) == END + timedelta(days=14)
