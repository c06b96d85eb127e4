from datetime import time

import pytest

from app.events.rules import DEFAULTS, EventKind, moves_people, suggested_title


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
    ("changed", "expected"),
    [({"title"}, False), ({"capacity"}, False), ({"starts_at"}, True), ({"venue", "title"}, True)],
)
def test_only_time_and_place_move_people(changed, expected):
    assert moves_people(frozenset(changed)) is expected
