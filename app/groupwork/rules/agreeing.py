"""What an agreement needs, and what became of it."""

from datetime import date
from enum import StrEnum

MOST_AT_A_TABLE = 3
STRENGTHS = range(1, 6)
ASKED_AFTER_MONTHS = (1, 3, 6)


class Outcome(StrEnum):
    """What an owner says about an agreement, months later."""

    DONE = "done"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    DROPPED = "dropped"


STRENGTH_WORDS = {
    1: "We would like to",
    2: "We mean to",
    3: "We will try",
    4: "We will",
    5: "Nothing will stop us",
}
OUTCOME_WORDS = {
    Outcome.DONE: "Done",
    Outcome.PARTLY: "Partly",
    Outcome.NOT_YET: "Not yet",
    Outcome.DROPPED: "Not any more",
}


def is_open(outcome: Outcome | None) -> bool:
    """Say whether there is still something to do."""
    return outcome not in (Outcome.DONE, Outcome.DROPPED)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months on, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
