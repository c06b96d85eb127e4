"""What registration decides about places, changes, needs and times; values in, values out."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.kernel.clock import london

LINK_LIFE = timedelta(days=90)
"""How long after its event a personal link still opens somebody's pages."""

CALL_WITHIN = 3
"""Working days in which somebody who asked for a call is called."""

DIETS: Mapping[str, str] = {
    "": "Nothing special",
    "vegetarian": "Vegetarian",
    "vegan": "Vegan",
    "halal": "Halal",
    "kosher": "Kosher",
    "gluten_free": "Gluten free",
    "dairy_free": "Dairy free",
    "other": "Something else",
}

ADJUSTMENTS: Mapping[str, str] = {
    "step_free": "Step-free way in",
    "hearing_loop": "Hearing loop",
    "sign_language": "British Sign Language interpreter",
    "front_seat": "A seat near the front",
    "large_print": "Papers in large print",
    "quiet_room": "A quiet room to step out to",
    "companion": "Room for a companion or an assistance dog",
    "parking": "A parking space close by",
}


def places_left(capacity: int | None, taken: int) -> int | None:
    """Return how many places are free; None where there is no limit."""
    return None if capacity is None else max(capacity - taken, 0)


def link_ends_at(event_ends_at: datetime) -> datetime:
    """Return when a personal link mailed for an event stops working."""
    return event_ends_at + LINK_LIFE


def needs_end_at(event_ends_at: datetime, *, kept_days: int) -> datetime:
    """Return when dietary and access needs are deleted."""
    return event_ends_at + timedelta(days=kept_days)


def call_due_at(asked_at: datetime) -> datetime:
    """Return by when somebody who asked for a call is called: so many working days later."""
    due, left = asked_at, CALL_WITHIN
    while left:
        due += timedelta(days=1)
        left -= london(due).weekday() < 5
    return due
