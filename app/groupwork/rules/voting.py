"""Votes with a budget: each voter spends dots on themes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

Choice = TypeVar("Choice")

MOST_DOTS = 10


class Voters(StrEnum):
    """Who has a vote."""

    TABLES = "tables"
    PEOPLE = "people"


def spent(dots: Mapping[Choice, int]) -> int:
    """Return how many dots were spent."""
    return sum(dots.values())


def is_within(dots: Mapping[Choice, int], budget: int) -> bool:
    """Say whether a vote keeps to its budget; nobody spends less than nothing on a theme."""
    return spent(dots) <= budget and all(number >= 0 for number in dots.values())
