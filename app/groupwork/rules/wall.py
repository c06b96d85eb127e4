"""What the room wall shows: six cards at a time, turning by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

AT_ONCE = 6
TURNS_AFTER = 12
"""Seconds: six cards of twenty words are read aloud in that time."""

Thing = TypeVar("Thing")


def pages_of(things: int) -> int:
    """Return how many times six there are; an empty wall is one page, too."""
    return max(-(-things // AT_ONCE), 1)


def page_now(things: int, *, first: int, since: datetime, is_paused: bool, at: datetime) -> int:
    """Return which six the wall shows, counted from nought: the first, and then one after the other."""
    turned = 0 if is_paused else max(int((at - since).total_seconds()), 0) // TURNS_AFTER
    return (first + turned) % pages_of(things)


def on_page(things: Sequence[Thing], page: int) -> Sequence[Thing]:
    """Return the things of a page."""
    return things[page * AT_ONCE : (page + 1) * AT_ONCE]
