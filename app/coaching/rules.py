"""Who may write in which record of a visit, and for how long."""

from datetime import date, timedelta

CHANGE_WITHIN = timedelta(days=30)
LONGEST_VISIT_MINUTES = 600


def may_be_changed(*, visited_on: date, recorded_on: date, today: date) -> bool:
    """Say whether a record may still be changed: 30 days after it was written, or after the visit."""
    return today <= max(visited_on, recorded_on) + CHANGE_WITHIN


def is_possible_day(visited_on: date, *, starts_on: date, today: date) -> bool:
    """Say whether a visit can have been on this day: within the programme and not in the future."""
    return starts_on <= visited_on <= today
