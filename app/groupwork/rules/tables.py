"""Who sits where: a table for each team, or mixed tables that split teams."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

Who = TypeVar("Who")
Group = TypeVar("Group")

MOST_TABLES = 60


class Seating(StrEnum):
    """How people are put at tables."""

    BY_TEAM = "by_team"
    MIXED = "mixed"


def mixed(
    people: Sequence[tuple[Who, Group]], *, tables: int, taken: Sequence[int] = ()
) -> Mapping[Who, int]:
    """Put people at tables, counted from nought, so that each team is spread as widely as it goes.

    `taken` says how many sit at each table already. Whoever is put next goes where the fewest of
    their own team sit, and among those where the fewest sit at all.
    """
    sizes = [*taken, *[0] * tables][:tables]
    of_group: dict[Group, list[int]] = {}
    seats: dict[Who, int] = {}
    for who, group in _largest_team_first(people):
        counts = of_group.setdefault(group, [0] * tables)
        table = min(range(tables), key=lambda number: (counts[number], sizes[number], number))
        seats[who] = table
        counts[table] += 1
        sizes[table] += 1
    return seats


def _largest_team_first(people: Sequence[tuple[Who, Group]]) -> list[tuple[Who, Group]]:
    order: dict[Group, list[tuple[Who, Group]]] = {}
    for one in people:
        order.setdefault(one[1], []).append(one)
    return [one for group in sorted(order.values(), key=len, reverse=True) for one in group]
