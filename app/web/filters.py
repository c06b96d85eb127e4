"""What templates may do to a value before showing it; all times in the words of the United Kingdom."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from app.kernel.clock import clock_words

# Between tags, and not where a tag inside the words would be shown as it is written. It begins with
# what is rare in a page: so the longest list is searched in no time.
_MAIL = re.compile(r"-mail(?<=[Ee]-mail)\w*(?=[^<>]*<(?!/(?:option|textarea|title|script)))")
LONDON = ZoneInfo("Europe/London")


def clock(at: datetime) -> str:
    """Say a time of day: 9.21 am, 12 noon, 12 midnight."""
    return clock_words(_in_london(at))


def day(on: date | datetime) -> str:
    """Say a day in full: Thursday 26 March 2026."""
    there = _day_in_london(on)
    return f"{there:%A} {there.day} {there:%B %Y}"


def short_day(on: date | datetime) -> str:
    """Say a day where there is little room: 26 March 2026."""
    there = _day_in_london(on)
    return f"{there.day} {there:%B %Y}"


def moment(at: datetime) -> str:
    """Say a point in time: Thursday 26 March 2026, 9.30 am."""
    return f"{day(at)}, {clock(at)}"


def machine(at: date | datetime) -> str:
    """Give the value of a <time> element's datetime attribute."""
    if isinstance(at, datetime):
        return _in_london(at).isoformat(timespec="seconds")
    return at.isoformat()


def date_range(first: date | datetime, last: date | datetime) -> str:
    """Say from when to when, each word once: 26 to 28 March 2026."""
    start, end = _day_in_london(first), _day_in_london(last)
    if start == end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {short_day(end)}"
    if start.year == end.year:
        return f"{start.day} {start:%B} to {short_day(end)}"
    return f"{short_day(start)} to {short_day(end)}"


def moment_range(start: datetime, end: datetime) -> str:
    """Say when something begins and ends: Thursday 26 March 2026, 9.30 am to 3.30 pm."""
    if _day_in_london(start) == _day_in_london(end):
        return f"{moment(start)} to {clock(end)}"
    return f"{moment(start)} to {moment(end)}"


def in_words(length: timedelta | int) -> str:
    """Say a length of time, given as one or in minutes: 4 hours 20 minutes."""
    minutes = length if isinstance(length, int) else int(length.total_seconds() // 60)
    days, rest = divmod(max(minutes, 0), 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    said = [plural(count, unit) for count, unit in parts if count]
    return " ".join(said[:2]) or "less than a minute"


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago something was, or how soon it will be: 5 minutes ago, in 3 days."""
    gone = int((now - at).total_seconds() // 60)
    if -1 <= gone < 1:
        return "just now"
    words = _largest_part(abs(gone))
    return f"{words} ago" if gone > 0 else f"in {words}"


def percent(part: float, whole: float = 1) -> str:
    """Say a part of a whole, or a share of one, in per cent: 83%."""
    share = part / whole if whole else 0.0
    return f"{_rounded_without_lying(share)}%"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Say how many of something: 1 person, 1,204 people."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def query(args: Any, changes: Mapping[str, object] | None = None, **more: object) -> str:
    """Give the address's query with some values changed, and those without a value left out."""
    # `args` is Werkzeug's MultiDict; any mapping will do.
    changed = {**(changes or {}), **more}
    pairs = args.items(multi=True) if hasattr(args, "getlist") else args.items()
    kept = [(key, value) for key, value in pairs if key not in changed]
    added = [(key, value) for key, value in changed.items() if value not in (None, "")]
    return "?" + urlencode(kept + added)


def unbroken(html: str) -> Markup:
    """Keep "e-mail" on one line: a narrow page would break it after the hyphen."""
    held = _MAIL.sub(r'<span class="unbroken">\g<0></span>', str(html))
    return Markup(held)  # noqa: S704 - it comes from a template, escaped


def register(app: Flask) -> None:
    """Give every template the words above."""
    for words in (
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
    ):
        app.add_template_filter(words)


def _in_london(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A point in time must say its time zone: keep it aware, in UTC.")
    return at.astimezone(UTC).astimezone(LONDON)


def _day_in_london(on: date | datetime) -> date:
    return _in_london(on).date() if isinstance(on, datetime) else on


def _largest_part(minutes: int) -> str:
    if minutes < 60:
        return plural(minutes, "minute")
    if minutes < 24 * 60:
        return plural(minutes // 60, "hour")
    return plural(minutes // (24 * 60), "day")


def _rounded_without_lying(share: float) -> int:
    # 199 of 200 is not "100%", and one of 300 is not "0%".
    whole = round(share * 100)
    if whole >= 100 and share < 1:
        return 99
    if whole == 0 and share > 0:
        return 1
    return whole
