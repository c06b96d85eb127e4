from datetime import UTC, datetime, timedelta

import pytest

from app.posters.rules import (
    Visibility,
    holds_words,
    shuffled,
    sight_of,
    usual_deadline,
    visibility_at,
)

OPENS = datetime(2026, 3, 26, 9, 30, tzinfo=UTC)
TEAM, ATTENDEES, PUBLIC = Visibility.TEAM, Visibility.ATTENDEES, Visibility.PUBLIC
LATER = OPENS + timedelta(days=7)


@pytest.mark.parametrize(
    ("chosen", "visible_from", "is_hidden", "at", "expected"),
    [
        (PUBLIC, None, False, OPENS - timedelta(minutes=1), TEAM),
        (PUBLIC, None, False, OPENS, PUBLIC),
        (ATTENDEES, None, False, OPENS, ATTENDEES),
        (TEAM, None, False, OPENS, TEAM),
        (PUBLIC, LATER, False, OPENS, ATTENDEES),
        (PUBLIC, LATER, False, LATER, PUBLIC),
        (ATTENDEES, LATER, False, OPENS, TEAM),
        (PUBLIC, None, True, OPENS, TEAM),
    ],
)
def test_a_poster_is_seen_by_those_its_team_chose_from_when_it_may(
    chosen, visible_from, is_hidden, at, expected
):
    seen_by = visibility_at(
        chosen, visible_from=visible_from, opens_at=OPENS, is_hidden=is_hidden, at=at
    )

    assert seen_by is expected


@pytest.mark.parametrize(
    ("visibility", "who", "expected"),
    [
        (TEAM, {"is_own": True}, True),
        (TEAM, {"sees_all": True}, True),
        (TEAM, {"is_attendee": True}, False),
        (ATTENDEES, {"is_attendee": True}, True),
        (ATTENDEES, {}, False),
        (PUBLIC, {}, True),
    ],
)
def test_who_sees_what(visibility, who, expected):
    asked = {"is_own": False, "sees_all": False, "is_attendee": False, **who}

    assert sight_of(visibility, **asked) is expected


def test_uploads_usually_close_at_midnight_before_the_event():
    assert usual_deadline(OPENS) == datetime(2026, 3, 25, 23, 59, tzinfo=UTC)


def test_every_visitor_has_an_order_of_their_own_that_stays():
    codes = [f"P{number}" for number in range(12)]

    assert shuffled(codes, seed="a") == shuffled(list(reversed(codes)), seed="a")
    assert shuffled(codes, seed="a") != shuffled(codes, seed="b")
    assert len({shuffled(codes, seed=str(seed))[-1] for seed in range(200)}) == 12


def test_words_are_found_with_and_without_accents():
    assert holds_words(["Café round", "Stand 4"], "cafe 4")
    assert holds_words(["Cafe round"], "CAFÉ")
    assert not holds_words(["Cafe round"], "cafe square")
