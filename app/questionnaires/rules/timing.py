"""When a round is open."""

from datetime import datetime, timedelta
from enum import StrEnum

ANSWERS_KEPT_FOR = timedelta(days=365)
"""How long answers are kept after the end of their programme; the figures stay."""

USUAL_DAYS_OPEN = 3
MOST_DAYS_OPEN = 60


class RoundState(StrEnum):
    """Where a round is."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


def closes_at(event_ends_at: datetime, *, days_open: int) -> datetime:
    """Return when a round closes by itself: so many days after its event has ended."""
    return event_ends_at + timedelta(days=days_open)


def round_state(
    *, opens_at: datetime, closes_at: datetime, closed_at: datetime | None, at: datetime
) -> RoundState:
    """Say where a round is; one that was closed stays so, whatever becomes of its event's times."""
    if closed_at is not None or at >= closes_at:
        return RoundState.CLOSED
    return RoundState.OPEN if at >= opens_at else RoundState.PLANNED


def day_alone(at: datetime) -> datetime:
    """Return the day alone: the minute would tell whose pseudonym it is, beside what a person chose."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
