"""Calendar files: one event that updates and cancels itself, and a feed of a whole programme."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vRecur,
)

from app.kernel.clock import london

Method = Literal["REQUEST", "PUBLISH", "CANCEL"]

_ZONE = "Europe/London"
_REFRESH = timedelta(hours=6)
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """One event as a calendar holds it: known by its uid, replaced by a higher sequence."""

    uid: str
    sequence: int
    stamped_at: datetime
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    description: str
    url: str
    organiser_name: str
    organiser_email: str
    attendee_name: str = ""
    attendee_email: str = ""
    has_accepted: bool = False
    is_cancelled: bool = False


def event_calendar(entry: CalendarEntry, *, method: Method) -> bytes:
    """Return the file that puts one event into a calendar, changes it there, or cancels it."""
    if method == "PUBLISH":
        return _published(replace(entry, attendee_name="", attendee_email="", has_accepted=False))

    return _written(entry, method)


@lru_cache(maxsize=32)
def _published(entry: CalendarEntry) -> bytes:
    """Write what is the same for everybody only once: a thousand letters at a time enclose it."""
    return _written(entry, "PUBLISH")


def _written(entry: CalendarEntry, method: Method) -> bytes:
    calendar = _calendar(method)
    calendar.add_component(_event(entry, method))
    return bytes(calendar.to_ical())


def feed_calendar(entries: Iterable[CalendarEntry], name: str) -> bytes:
    """Return the file that a calendar program reads again and again to follow a programme."""
    calendar = _calendar("PUBLISH")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, _one_line(name))
    calendar.add("x-wr-timezone", _ZONE)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{_REFRESH // timedelta(hours=1)}H")
    for entry in entries:
        calendar.add_component(_event(entry, "PUBLISH"))
    return bytes(calendar.to_ical())


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Hooray//Programmes and their events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_london())
    return calendar


def _london() -> Timezone:
    """Return the clock of the United Kingdom as a rule without end.

    icalendar would write a list of changes that ends, and starts summer an hour late.
    """
    zone = Timezone()
    zone.add("tzid", _ZONE)
    for part, name, month, hour, before, after in (
        (TimezoneDaylight(), "BST", 3, 1, 0, 1),
        (TimezoneStandard(), "GMT", 10, 2, 1, 0),
    ):
        last_sunday = 29 if month == 3 else 25  # of that month in 1970
        part.add("dtstart", datetime(1970, month, last_sunday, hour))  # noqa: DTZ001 a wall clock
        part.add("rrule", vRecur(FREQ="YEARLY", BYMONTH=month, BYDAY="-1SU"))
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _event(entry: CalendarEntry, method: Method) -> Event:
    assert entry.starts_at.tzinfo and entry.ends_at.tzinfo, "A moment knows its time zone."
    is_cancelled = entry.is_cancelled or method == "CANCEL"
    event = Event()
    event.add("uid", _one_line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at)
    event.add("dtstart", london(entry.starts_at))
    event.add("dtend", london(entry.ends_at))
    event.add("summary", _one_line(entry.title))
    event.add("location", _one_line(entry.place))
    event.add("description", _lines(entry.description))
    event.add("url", _one_line(entry.url))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("organizer", _address(entry.organiser_name, entry.organiser_email))
    # A published entry is for anybody; the standard lets only a request name who is asked.
    if entry.attendee_email and method != "PUBLISH":
        event.add("attendee", _attendee(entry))
    return event


def _attendee(entry: CalendarEntry) -> vCalAddress:
    address = _address(entry.attendee_name, entry.attendee_email)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "ACCEPTED" if entry.has_accepted else "NEEDS-ACTION"
    # Answers are given on our own page; a calendar program's answer would reach nobody.
    address.params["RSVP"] = "FALSE"
    return address


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{_one_line(email)}")
    if name:
        address.params["CN"] = _one_line(name).replace('"', "'")
    return address


def _lines(text: str) -> str:
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def _one_line(text: str) -> str:
    return " ".join(_lines(text).split())
