from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.plumbing.calendars import CalendarEntry, event_calendar, feed_calendar

LONDON = ZoneInfo("Europe/London")
SUMMIT = CalendarEntry(
    uid="registration-7@hooray.example",
    sequence=2,
    stamped_at=datetime(2026, 2, 12, 9, 0, tzinfo=UTC),
    title="Summit: Practices Improving Together",
    starts_at=datetime(2026, 3, 26, 9, 30, tzinfo=UTC),
    ends_at=datetime(2026, 3, 26, 15, 30, tzinfo=UTC),
    place="Council Chamber, Northvale",
    description="Your pass: KX4-7PQ\nBring a poster; lunch is at 12, vegan too.",
    url="https://hooray.example/pass",
    organiser_name='Northvale "Improvement", Team',
    organiser_email="hello@northvale.example",
    attendee_name="Siân O'Connor",
    attendee_email="sian@riverside.example",
)


def read(data):
    return Calendar.from_ical(data)


def the_event(data):
    (event,) = read(data).walk("VEVENT")
    return event


def test_an_event_reads_back_whole():
    calendar = read(event_calendar(SUMMIT, method="REQUEST"))
    (event,) = calendar.walk("VEVENT")

    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert event["UID"] == "registration-7@hooray.example"
    assert event["SEQUENCE"] == 2
    assert event["DTSTAMP"].dt == SUMMIT.stamped_at
    assert event["SUMMARY"] == SUMMIT.title
    assert event["LOCATION"] == SUMMIT.place
    assert event["DESCRIPTION"] == SUMMIT.description
    assert event["URL"] == SUMMIT.url
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:hello@northvale.example"
    assert event["ORGANIZER"].params["CN"] == "Northvale 'Improvement', Team"
    assert event["ATTENDEE"] == "mailto:sian@riverside.example"
    assert event["ATTENDEE"].params["CN"] == "Siân O'Connor"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert not event.walk("VALARM")


def test_an_accepted_place_is_marked_accepted():
    event = the_event(event_calendar(replace(SUMMIT, has_accepted=True), method="REQUEST"))

    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_a_cancellation_ends_the_same_event():
    data = event_calendar(replace(SUMMIT, sequence=3), method="CANCEL")

    event = the_event(data)
    assert read(data)["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (SUMMIT.uid, 3, "CANCELLED")


def test_a_published_event_names_nobody_who_was_asked():
    assert "ATTENDEE" not in the_event(event_calendar(SUMMIT, method="PUBLISH"))


@pytest.mark.parametrize(
    ("starts_at", "on_the_wall"),
    [
        (datetime(2026, 3, 26, 9, 30, tzinfo=UTC), "20260326T093000"),
        (datetime(2026, 6, 11, 9, 30, tzinfo=UTC), "20260611T103000"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "20260329T005900"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "20260329T020000"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "20261025T015900"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "20261025T020000"),
    ],
)
def test_times_are_those_on_british_walls(starts_at, on_the_wall):
    entry = replace(SUMMIT, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))

    data = event_calendar(entry, method="PUBLISH")

    assert f"DTSTART;TZID=Europe/London:{on_the_wall}\r\n".encode() in data
    assert the_event(data)["DTSTART"].dt.astimezone(UTC) == starts_at


def test_the_file_itself_says_when_british_clocks_change():
    (zone,) = read(event_calendar(SUMMIT, method="REQUEST")).walk("VTIMEZONE")
    told = zone.to_tz()

    for change in ("2026-03-29", "2026-10-25", "2027-03-28", "2035-10-28"):
        for hour in range(-24, 24):
            wall = datetime.fromisoformat(f"{change} 00:30") + timedelta(hours=hour)
            assert wall.replace(tzinfo=told).utcoffset() == wall.replace(tzinfo=LONDON).utcoffset()


def test_lines_are_folded_as_the_standard_asks():
    data = event_calendar(replace(SUMMIT, description="Łukasz " * 100), method="REQUEST")

    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


def test_a_feed_holds_the_whole_programme():
    launch = replace(SUMMIT, uid="launch@hooray.example", title="Launch", is_cancelled=True)

    calendar = read(feed_calendar([launch, SUMMIT], "Practices Improving Together"))

    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Practices Improving Together"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert [(event["UID"], event["STATUS"]) for event in calendar.walk("VEVENT")] == [
        ("launch@hooray.example", "CANCELLED"),
        (SUMMIT.uid, "CONFIRMED"),
    ]


def test_a_feed_may_be_empty():
    assert read(feed_calendar([], "Nothing yet")).walk("VEVENT") == []


def test_a_published_event_is_written_anew_when_anything_of_it_changes():
    first = event_calendar(SUMMIT, method="PUBLISH")

    assert event_calendar(replace(SUMMIT, attendee_name="Ed"), method="PUBLISH") == first
    for change in ({"sequence": 9}, {"title": "Launch"}, {"is_cancelled": True}):
        assert event_calendar(replace(SUMMIT, **change), method="PUBLISH") != first


def test_the_same_entry_makes_the_same_file():
    assert event_calendar(SUMMIT, method="REQUEST") == event_calendar(SUMMIT, method="REQUEST")


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=80), st.sampled_from(["\r\nATTENDEE:mailto:x@y", "\nX:1", "\r", ";", '"', ""])
)
def test_no_text_adds_a_line_of_its_own(text, attack):
    text += attack
    fields = ["title", "place", "description", "url", "organiser_name", "attendee_name"]

    data = event_calendar(replace(SUMMIT, **dict.fromkeys(fields, text)), method="REQUEST")

    event = the_event(data)
    usual = the_event(event_calendar(SUMMIT, method="REQUEST"))
    assert list(event) == list(usual)
    assert str(event["ATTENDEE"]) == "mailto:sian@riverside.example"
    assert event["SUMMARY"] == " ".join(event["SUMMARY"].split())
