"""Numbers of people as they may leave the house: a small one is hidden, and what would give it away.

The rule is the one of the skills figures (`questionnaires.rules.publishing`), asked about counts. What a
count needs beyond it: a hidden number is said to be there or to be nought, as whoever was in the room saw
as much; and so no total is shown from which each hidden number would follow as one.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.questionnaires.rules.publishing import TeamCount, shown_teams

HIDDEN = "not shown"


@dataclass(frozen=True)
class Count:
    """A number of people, or that there are some."""

    number: int | None

    @property
    def is_nobody(self) -> bool:
        """Say whether there is nobody."""
        return self.number == 0

    @property
    def is_hidden(self) -> bool:
        """Say whether there are people whose number is not shown."""
        return self.number is None

    @property
    def cell(self) -> int | str:
        """Return the number as a spreadsheet says it."""
        return HIDDEN if self.number is None else self.number


NOBODY = Count(0)


@dataclass(frozen=True)
class Counts:
    """The numbers that add up to a whole, and the whole."""

    parts: Mapping[str, Count]
    total: Count

    def of(self, part: str) -> Count:
        """Return the number of one part; nobody stands for a part that is not there."""
        return self.parts.get(part, NOBODY)


def counts_shown(numbers: Mapping[str, int], *, smallest: int) -> Counts:
    """Hide each part of a whole that is a small number, and the parts from which it would follow."""
    verdicts = shown_teams(
        {part: TeamCount(number, number) for part, number in numbers.items()},
        {part: Counter({0: number}) for part, number in numbers.items()},
        smallest=smallest,
    )
    hidden = {part for part, number in numbers.items() if number and verdicts[part] is not None}
    total = sum(numbers.values())
    each_is_one = bool(hidden) and sum(numbers[part] for part in hidden) == len(hidden)
    return Counts(
        parts={part: Count(None if part in hidden else n) for part, n in numbers.items()},
        total=Count(None if 0 < total < smallest or each_is_one else total),
    )
