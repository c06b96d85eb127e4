"""What still has to be done before an event, and how a team's year reads on one line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.kernel.clock import clock_words, day_words, london
from app.kernel.text import counted


class Way(StrEnum):
    """Where something that is to do can be done."""

    INVITE = "invite"
    REGISTRATIONS = "registrations"
    DOORS = "doors"
    ROOM_CODE = "room_code"
    POSTERS = "posters"
    COMPLETION = "completion"
    TEAMS = "teams"
    TEMPLATES = "templates"


@dataclass(frozen=True)
class Task:
    """One thing to do, in words, and where to do it."""

    text: str
    way: Way


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What is known about an event that is still to come."""

    booked: int
    unanswered: int
    door_links: int
    room_codes: int
    teams: int
    shows_posters: bool
    posters: int
    closes_the_programme: bool
    has_completion_rule: bool


def things_to_do(ready: Readiness) -> Sequence[Task]:
    """List what an organiser still has to do before an event."""
    tasks = [
        (ready.teams == 0, Task("Add the teams that take part", Way.TEAMS)),
        (
            ready.booked + ready.unanswered == 0,
            Task("Invite people: nobody is booked yet", Way.INVITE),
        ),
        (
            ready.unanswered > 0,
            Task(
                f"Remind {counted(ready.unanswered, 'person', 'people')} without an answer",
                Way.REGISTRATIONS,
            ),
        ),
        (ready.door_links == 0, Task("Make a door link for the desk", Way.DOORS)),
        (ready.room_codes == 0, Task("Set up the room code", Way.ROOM_CODE)),
        (
            ready.shows_posters and ready.posters < ready.teams,
            Task(f"Collect posters: {ready.posters} of {ready.teams} are handed in", Way.POSTERS),
        ),
        (
            ready.closes_the_programme and not ready.has_completion_rule,
            Task("Say what completes the programme", Way.COMPLETION),
        ),
    ]
    return [task for applies, task in tasks if applies]


def time_until(event_day: date, *, today: date) -> str:
    """Say how far away an event is: today, tomorrow, in 5 days, in 6 weeks."""
    days = (event_day - today).days
    if days <= 0:
        return "today"
    if days == 1:
        return "tomorrow"
    if days < 14:
        return f"in {days} days"
    return f"in {counted(days // 7, 'week')}"


def banner(title: str, event_day: date, *, today: date, tasks: int) -> str:
    """Return the sentence that heads a programme: "Summit in 6 weeks: 3 things to do"."""
    when = time_until(event_day, today=today)
    if not tasks:
        return f"{title} {when}: everything is ready"
    return f"{title} {when}: {counted(tasks, 'thing')} to do"


class Found(StrEnum):
    """How one line of a check turned out; the words are those of the checklist component."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One line of a check: how it is, in words, and where to mend it."""

    found: Found
    text: str
    note: str = ""
    way: str = ""
    act: str = ""


ENOUGH_SPACE = 1_000_000_000
LITTLE_SPACE = 200_000_000
PATIENCE = timedelta(minutes=10)


def space_check(free: int) -> Check:
    """Judge how much room the disk has left."""
    words = f"{free / 1_000_000_000:.1f} GB of disk space are free"
    if free >= ENOUGH_SPACE:
        return Check(Found.GOOD, words)
    if free >= LITTLE_SPACE:
        return Check(Found.WARN, words, "Ask your administrator to make room soon.")
    return Check(Found.BAD, words, "Ask your administrator to make room now.")


def outbox_check(waiting_for: timedelta | None, *, goes_out: bool) -> Check:
    """Judge whether mail leaves; `waiting_for` is how long the oldest letter has waited."""
    if waiting_for is not None and waiting_for > PATIENCE:
        minutes = int(waiting_for.total_seconds() // 60)
        return Check(
            Found.BAD,
            f"Mail is stuck: a letter has waited for {minutes} minutes",
            "Is the worker running, and does the mail server answer?",
            way="outbox",
            act="Open the outbox",
        )
    if not goes_out:
        return Check(
            Found.WARN,
            "Mail is kept in the outbox and reaches nobody",
            "No mail server is set. That is right for trying things out.",
            way="outbox",
            act="Open the outbox",
        )
    return Check(Found.GOOD, "The outbox works")


def clock_check(*, ahead: timedelta, reading: str) -> Check:
    """Judge the server's clock by the newest thing it wrote down, which cannot lie ahead of it."""
    if ahead > timedelta(minutes=2):
        return Check(
            Found.BAD,
            f"The server's clock is wrong: it says {reading}",
            "Something was recorded later than now. Ask your administrator to set the clock.",
        )
    return Check(Found.GOOD, f"The server's clock says {reading}", "Compare it with your own.")


@dataclass(frozen=True)
class Milestone:
    """One thing on a team's line: when, what, how it went; `words` says its state aloud."""

    on: date
    title: str
    state: str
    note: str = ""
    words: str = ""


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")


PEOPLE = ("account_id", "coach_id", "person_id")
"""The values of a change that name somebody."""


def readable(
    values: Mapping[str, object], names: Mapping[str, str] | None = None
) -> Mapping[str, str]:
    """Return the values of a change as people read them: moments in words, names, nothing empty."""
    return {
        name.removesuffix("_id").replace("_", " "): _said((names or {}).get(str(value), value))
        for name, value in values.items()
        if value not in ("", None)
    }


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        moment = datetime.fromisoformat(value)
        return f"{day_words(moment)} {london(moment).year}, {clock_words(moment)}"
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _day_said(value)
    return str(value)


def _day_said(value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:  # somebody wrote a day that is none
        return value
    return f"{day.day} {day:%B} {day.year}"
