from datetime import date

import pytest

from app.coaching.rules import is_possible_day, may_be_changed


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2026, 3, 5), True), (date(2026, 4, 4), True), (date(2026, 4, 5), False)],
)
def test_a_record_may_be_changed_for_thirty_days(today, expected):
    assert (
        may_be_changed(visited_on=date(2026, 3, 3), recorded_on=date(2026, 3, 5), today=today)
        is expected
    )


@pytest.mark.parametrize(
    ("visited_on", "expected"),
    [
        (date(2025, 4, 9), False),
        (date(2025, 4, 10), True),
        (date(2026, 3, 26), True),
        (date(2026, 3, 27), False),
    ],
)
def test_a_visit_lies_within_the_programme_and_not_ahead(visited_on, expected):
    assert (
        is_possible_day(visited_on, starts_on=date(2025, 4, 10), today=date(2026, 3, 26))
        is expected
    )
