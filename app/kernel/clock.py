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
