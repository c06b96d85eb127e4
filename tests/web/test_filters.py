import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from app.web import filters
from app.web.filters import (
    ago,
    clock,
    date_range,
    day,
    in_words,
    machine,
    moment,
    moment_range,
    percent,
    plural,
    query,
    short_day,
    unbroken,
)

SUMMIT = datetime(2026, 3, 26, 9, 30, tzinfo=UTC)


def test_moment_says_day_date_and_time_in_full():
    assert moment(SUMMIT) == "Thursday 26 March 2026, 9.30 am"


def test_moment_is_an_hour_later_in_summer():
    assert moment(datetime(2026, 6, 11, 8, 30, tzinfo=UTC)) == "Thursday 11 June 2026, 9.30 am"


def test_moment_turns_the_day_over_in_london_not_in_utc():
    assert moment(datetime(2026, 6, 11, 23, 15, tzinfo=UTC)) == "Friday 12 June 2026, 12.15 am"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "12.59 am"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2 am"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "1.30 am"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "1.30 am"),
    ],
)
def test_clock_jumps_in_march_and_repeats_an_hour_in_october(at, expected):
    assert clock(at) == expected


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (0, 0, "12 midnight"),
        (0, 5, "12.05 am"),
        (9, 0, "9 am"),
        (9, 21, "9.21 am"),
        (12, 0, "12 noon"),
        (12, 1, "12.01 pm"),
        (15, 30, "3.30 pm"),
        (23, 59, "11.59 pm"),
    ],
)
def test_clock_says_am_pm_noon_and_midnight(hour, minute, expected):
    assert clock(datetime(2026, 1, 15, hour, minute, tzinfo=UTC)) == expected


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        clock(datetime(2026, 3, 26, 9, 30))  # noqa: DTZ001  the mistake under test


def test_day_takes_a_date_as_it_is():
    assert day(date(2026, 3, 26)) == "Thursday 26 March 2026"
    assert short_day(date(2026, 3, 6)) == "6 March 2026"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 3, 26), date(2026, 3, 26), "Thursday 26 March 2026"),
        (date(2026, 3, 26), date(2026, 3, 28), "26 to 28 March 2026"),
        (date(2026, 3, 30), date(2026, 4, 2), "30 March to 2 April 2026"),
        (date(2025, 4, 10), date(2026, 3, 26), "10 April 2025 to 26 March 2026"),
    ],
)
def test_date_range_says_each_word_once(first, last, expected):
    assert date_range(first, last) == expected


def test_moment_range_names_the_day_once_when_it_is_one_day():
    end = datetime(2026, 3, 26, 15, 30, tzinfo=UTC)

    assert moment_range(SUMMIT, end) == "Thursday 26 March 2026, 9.30 am to 3.30 pm"


def test_moment_range_names_both_days_when_there_are_two():
    end = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)

    assert (
        moment_range(SUMMIT, end)
        == "Thursday 26 March 2026, 9.30 am to Friday 27 March 2026, 12 noon"
    )


def test_machine_carries_the_offset_of_the_day():
    assert machine(datetime(2026, 6, 11, 8, 30, tzinfo=UTC)) == "2026-06-11T09:30:00+01:00"
    assert machine(date(2026, 6, 11)) == "2026-06-11"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (260, "4 hours 20 minutes"),
        (60, "1 hour"),
        (1, "1 minute"),
        (0, "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(days=2, hours=3, minutes=4), "2 days 3 hours"),
        (timedelta(minutes=-5), "less than a minute"),
    ],
)
def test_in_words_says_the_two_largest_parts(length, expected):
    assert in_words(length) == expected


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=3, hours=2), "3 days ago"),
        (timedelta(minutes=-30), "in 30 minutes"),
        (timedelta(days=-42), "in 42 days"),
    ],
)
def test_ago_says_how_long_ago_or_how_soon(gone, expected):
    assert ago(SUMMIT - gone, SUMMIT) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (5, 6, "83%"),
        (0, 6, "0%"),
        (6, 6, "100%"),
        (199, 200, "99%"),
        (1, 300, "1%"),
        (0, 0, "0%"),
    ],
)
def test_percent_never_rounds_to_all_or_nothing(part, whole, expected):
    assert percent(part, whole) == expected


def test_percent_takes_a_share_of_one():
    assert percent(0.5) == "50%"


def test_plural_counts_in_words():
    assert plural(1, "person", "people") == "1 person"
    assert plural(0, "place") == "0 places"
    assert plural(1204, "person", "people") == "1,204 people"


def test_query_changes_one_value_and_keeps_the_others():
    args = MultiDict([("status", "booked"), ("team", "a"), ("team", "b"), ("page", "3")])

    assert query(args, sort="-name", page=None) == "?status=booked&team=a&team=b&sort=-name"


def test_query_escapes_what_it_is_given():
    assert query({"q": "a&b"}, {"team": "Canal Street"}) == "?q=a%26b&team=Canal+Street"


def test_templates_get_the_words():
    app = Flask(__name__)

    filters.register(app)

    shown = app.jinja_env.from_string("{{ at | moment }}").render(at=SUMMIT)
    assert shown == "Thursday 26 March 2026, 9.30 am"


@pytest.mark.parametrize(
    "html",
    [
        "<p>Look in your e-mail.</p>",
        '<p>to <a href="/x">e-mails we sent</a> you</p>',
        "<h1>E-mail addresses</h1>",
    ],
)
def test_e_mail_is_kept_on_one_line(html):
    held = unbroken(Markup(html))

    assert '<span class="unbroken">' in held
    assert re.sub("</?span[^>]*>", "", held) == html


@pytest.mark.parametrize(
    "html",
    [
        '<input placeholder="your e-mail address">',
        "<textarea>Call or e-mail me</textarea>",
        "<select><option>E-mail address</option></select>",
        "<svg><title>No e-mail</title></svg>",
        '<a href="/e-mail">there</a>',
        "<p>a Gmail-mailbox</p>",
    ],
)
def test_what_cannot_hold_a_tag_stays_as_it_is(html):
    assert unbroken(html) == html
