from datetime import UTC, datetime, timedelta

import pytest

from app.posters.rules import (
    Attribution,
    BallotState,
    ballot_state,
    is_at_stand,
    ranked,
    same_words,
    who_reads,
    whole_hour,
)

NOON = datetime(2026, 3, 26, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "state"),
    [
        (None, None, BallotState.NONE),
        (NOON + HOUR, None, BallotState.TO_COME),
        (NOON, None, BallotState.OPEN),
        (NOON - HOUR, NOON + HOUR, BallotState.OPEN),
        (NOON - HOUR, NOON, BallotState.CLOSED),
    ],
)
def test_the_vote_is_open_from_its_first_moment_to_its_last(opens_at, closes_at, state):
    assert ballot_state(opens_at, closes_at, at=NOON) is state


def test_a_tie_is_a_tie_and_the_next_place_is_left_out():
    counts = {"Old Mill": 3, "Hill Top": 5, "Riverside": 5, "Beacon": 1}

    assert ranked(counts) == [
        (1, 5, ["Hill Top", "Riverside"]),
        (3, 3, ["Old Mill"]),
        (4, 1, ["Beacon"]),
    ]


def test_nobody_is_said_to_be_at_the_stand_who_forgot_to_say_that_they_left():
    assert not is_at_stand(None, at=NOON)
    assert is_at_stand(NOON - HOUR, at=NOON)
    assert not is_at_stand(NOON - 2 * HOUR, at=NOON)


@pytest.mark.parametrize(
    ("attribution", "is_read_first", "words"),
    [
        (
            Attribution.TEAM,
            False,
            "Only Old Mill and the organisers can see this, with your name.",
        ),
        (
            Attribution.NAMED,
            False,
            "Everybody who can see this poster can read this, with your name.",
        ),
        (
            Attribution.ANONYMOUS,
            True,
            "Everybody who can see this poster can read this. Your name is not stored with it, so "
            "nobody can look up who wrote it. An organiser reads it first.",
        ),
    ],
)
def test_the_words_say_who_reads_a_reflection(attribution, is_read_first, words):
    assert who_reads(attribution, team="Old Mill", is_read_first=is_read_first) == words


def test_of_an_anonymous_time_only_the_hour_is_left():
    assert whole_hour(NOON + timedelta(minutes=17, seconds=3)) == NOON


def test_blanks_and_capitals_do_not_make_another_question():
    assert same_words("How long  did it take?", "how long did it take?")
    assert not same_words("How long did it take?", "How long will it take?")
