from datetime import date, timedelta

import pytest

from app.reports.rules.checks import (
    Found,
    Readiness,
    Way,
    banner,
    clock_check,
    outbox_check,
    readable,
    space_check,
    things_to_do,
    time_until,
)

READY = Readiness(
    booked=31,
    unanswered=0,
    door_links=2,
    room_codes=1,
    teams=8,
    shows_posters=True,
    posters=8,
    closes_the_programme=True,
    has_completion_rule=True,
)


def but(**facts: object) -> Readiness:
    return Readiness(**{**READY.__dict__, **facts})


def test_nothing_is_to_do_when_everything_is_ready():
    assert list(things_to_do(READY)) == []


@pytest.mark.parametrize(
    ("ready", "way", "words"),
    [
        (but(booked=0), Way.INVITE, "nobody is booked yet"),
        (but(unanswered=6), Way.REGISTRATIONS, "6 people without an answer"),
        (but(door_links=0), Way.DOORS, "door link"),
        (but(room_codes=0), Way.ROOM_CODE, "room code"),
        (but(posters=5), Way.POSTERS, "5 of 8"),
        (but(has_completion_rule=False), Way.COMPLETION, "completes the programme"),
        (but(teams=0, posters=0), Way.TEAMS, "Add the teams"),
    ],
)
def test_what_is_missing_is_a_thing_to_do(ready, way, words):
    (task,) = things_to_do(ready)

    assert task.way is way
    assert words in task.text


def test_posters_are_not_asked_of_an_event_without_them():
    assert list(things_to_do(but(shows_posters=False, posters=0))) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, "today"),
        (0, "today"),
        (1, "tomorrow"),
        (13, "in 13 days"),
        (14, "in 2 weeks"),
        (42, "in 6 weeks"),
    ],
)
def test_time_until_counts_days_then_weeks(days, expected):
    today = date(2026, 2, 12)

    assert time_until(today + timedelta(days=days), today=today) == expected


def test_the_banner_counts_what_is_to_do():
    summit, today = date(2026, 3, 26), date(2026, 2, 12)

    assert banner("Summit", summit, today=today, tasks=3) == "Summit in 6 weeks: 3 things to do"
    assert (
        banner("Summit", summit, today=today, tasks=0) == "Summit in 6 weeks: everything is ready"
    )


@pytest.mark.parametrize(
    ("free", "expected"),
    [(5_000_000_000, Found.GOOD), (500_000_000, Found.WARN), (50_000_000, Found.BAD)],
)
def test_space_is_judged(free, expected):
    assert space_check(free).found is expected


@pytest.mark.parametrize(
    ("waiting", "goes_out", "expected"),
    [
        (None, True, Found.GOOD),
        (timedelta(minutes=2), True, Found.GOOD),
        (timedelta(minutes=11), True, Found.BAD),
        (timedelta(minutes=11), False, Found.BAD),
        (None, False, Found.WARN),
    ],
)
def test_the_outbox_is_judged(waiting, goes_out, expected):
    assert outbox_check(waiting, goes_out=goes_out).found is expected


def test_a_clock_behind_its_own_records_is_wrong():
    assert clock_check(ahead=timedelta(minutes=5), reading="x").found is Found.BAD
    assert clock_check(ahead=timedelta(minutes=-5), reading="x").found is Found.GOOD


def test_a_change_is_read_in_british_words():
    said = readable(
        {
            "starts_at": "2026-06-11 08:30:00+00:00",
            "ends_on": "2026-12-01",
            "reason": "2026-02-31",
            "is_open_to_all": True,
            "capacity": 60,
            "flag": "",
            "left_on": None,
        }
    )

    assert said == {
        "starts at": "11 June 2026, 9.30 am",
        "ends on": "1 December 2026",
        "reason": "2026-02-31",
        "is open to all": "yes",
        "capacity": "60",
    }


def test_a_change_names_people_and_shows_no_ids():
    said = readable({"account_id": "8020", "role": "lead"}, {"8020": "Helen Shaw"})

    assert said == {"account": "Helen Shaw", "role": "lead"}
