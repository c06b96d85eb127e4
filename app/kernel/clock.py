"""The only place that asks the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this moment, aware and in UTC; only edges (views, jobs, commands) call it."""
    return datetime.now(UTC)


def london(moment: datetime) -> datetime:
    """Return the same moment as the clocks on British walls show it."""
    return moment.astimezone(LONDON)


def london_day(moment: datetime) -> date:
    """Return the British calendar day of a moment."""
    return london(moment).date()


def from_london(naive: datetime) -> datetime:
    """Return the UTC moment that somebody in Britain means by a clock reading.

    A reading that occurs twice (the hour after clocks go back) means the first of the two.
    """
    return naive.replace(tzinfo=LONDON).astimezone(UTC)


def clock_words(moment: datetime) -> str:
    """Say a time of day as people in Britain do: 9.21 am, 12 noon, 12 midnight."""
    there = london(moment)
    if there.minute == 0 and there.hour in (0, 12):
        return "12 noon" if there.hour else "12 midnight"
    minutes = f".{there.minute:02}" if there.minute else ""
    return f"{there.hour % 12 or 12}{minutes} {'pm' if there.hour >= 12 else 'am'}"


def day_words(moment: datetime) -> str:
    """Say a day of this year: 25 March."""
    there = london(moment)
    return f"{there.day} {there:%B}"
