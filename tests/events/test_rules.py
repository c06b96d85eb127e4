from datetime import time

import pytest

from app.events.rules import (
    DEFAULTS,
    EventKind,
    ends_the_morning_after,
    moves_people,
    suggested_title,
)


@pytest.mark.parametrize(
    ("kind", "standing", "expected"),
    [
        (EventKind.LAUNCH, 0, "Launch"),
        (EventKind.LEARNING_SESSION, 0, "Learning session 1"),
        (EventKind.LEARNING_SESSION, 2, "Learning session 3"),
        (EventKind.SUMMIT, 0, "Summit"),
        (EventKind.SUMMIT, 1, "Summit 2"),
        (EventKind.OTHER, 4, ""),
    ],
)
def test_a_title_is_suggested_from_the_kind(kind, standing, expected):
    assert suggested_title(kind, standing=standing) == expected


def test_a_summit_has_posters_and_certificates():
    summit = DEFAULTS[EventKind.SUMMIT]

    assert (summit.shows_posters, summit.gives_certificates, summit.starts) == (
        True,
        True,
        time(9, 30),
    )


def test_every_kind_has_defaults():
    assert set(DEFAULTS) == set(EventKind)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (time(18), time(0), True),
        (time(19), time(0, 30), True),
        (time(21), time(9), True),
        (time(21), time(9, 1), False),
        (time(9, 30), time(9), False),
        (time(9, 30), time(9, 30), False),
        (time(9, 30), time(15, 30), False),
    ],
)
def test_a_late_event_ends_the_morning_after(starts, ends, expected):
    assert ends_the_morning_after(starts, ends) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({"title"}, False), ({"capacity"}, False), ({"starts_at"}, True), ({"venue", "title"}, True)],
)
def test_only_time_and_place_move_people(changed, expected):
    assert moves_people(frozenset(changed)) is expected
