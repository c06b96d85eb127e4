"""How long it is kept who did what in group work."""

from datetime import date, datetime, time, timedelta

from app.kernel.clock import from_london

KEPT_FOR = timedelta(days=365)
"""After the programme has ended; words and counts stay without the people behind them."""


def forgotten_at(programme_ends_on: date) -> datetime:
    """Return when it has been kept for long enough who sat where and wrote what."""
    return from_london(datetime.combine(programme_ends_on + KEPT_FOR, time()))


def note_goes_at(programme_ends_on: date, *, changed_at: datetime) -> datetime:
    """Return when a note goes: a year after its programme, and after its last change."""
    return max(forgotten_at(programme_ends_on), changed_at + KEPT_FOR)
