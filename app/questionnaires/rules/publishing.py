"""What may be shown of a round, so that no person can be worked out from it.

Everything that is published about a round is a figure over a group of people: all who answered, a team, or
the *panel* (those who answered every round so far, whose change is shown). Somebody clever adds and
subtracts what was published, today and in earlier rounds. The rule here is that whatever they do, they
reach groups of at least `smallest` people, or nothing at all.

How it is made sure. Think of the answers to one round as unknowns, one for each person. Every published
sum gives all people of the same *block* (a team that is shown, or everybody else) and *step* (how long
they stayed in the panel) the same weight. Panels lie within each other, so an attacker may give each step
any weight; a shown team lets them add one weight to the whole block. The fewest people whom they can be
left with is therefore, over all sets of steps L, `reach(L)` below: all of L outside the shown teams, and in
each shown team the smaller of L and not-L. That this is indeed the fewest is proved in the tests by an
attacker with linear algebra. Means and sums are covered exactly; medians and quartiles are shown for the
same groups and no others.

Sources. Threshold and complementary suppression: A. Hundepool and others, "Statistical Disclosure Control"
(Wiley 2012), chapter 4. Auditing sums by linear algebra: F. Y. Chin and G. Özsoyoğlu, "Auditing and
Inference Control in Statistical Databases", IEEE Transactions on Software Engineering 8 (1982), 574-582.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import combinations

USUAL_SMALLEST = 5
FEWEST_SMALLEST, MOST_SMALLEST = 3, 20
"""Of two people each can work out the other, so no programme may go below three."""


class Hidden(StrEnum):
    """Why a figure is not shown."""

    TOO_FEW = "too_few"
    ALL_BUT_ONE = "all_but_one"
    COMPLEMENT = "complement"
    NOBODY = "nobody"


@dataclass(frozen=True)
class TeamCount:
    """How many of a team answered, of how many, and whether every one of them agreed to be shown."""

    answered: int
    members: int
    all_agreed: bool = False


def hidden_by_itself(team: TeamCount, *, smallest: int) -> Hidden | None:
    """Say why a team's figures would show a person, looking at this team alone.

    With all but one, who did not answer is known to everybody, and so is whose view is missing.
    """
    if team.answered == 0:
        return Hidden.NOBODY
    if team.all_agreed:
        return None
    if team.answered < smallest:
        return Hidden.TOO_FEW
    return Hidden.ALL_BUT_ONE if team.answered == team.members - 1 else None


@dataclass(frozen=True)
class Place:
    """Where a person stands among what is published about one round."""

    block: str | None
    step: int


Column = Counter[Place]
"""How many people stand where, for the answers to one round."""


def reach(column: Column, steps: AbstractSet[int]) -> int:
    """Return with how few people an attacker is left who cancels everybody outside some steps."""
    inside: Counter[str | None] = Counter()
    outside: Counter[str | None] = Counter()
    for place, number in column.items():
        (inside if place.step in steps else outside)[place.block] += number
    return sum(
        number if block is None else min(number, outside[block]) for block, number in inside.items()
    )


def is_safe(column: Column, *, smallest: int) -> bool:
    """Say whether nothing can be worked out about fewer than `smallest` people of one round."""
    steps = sorted({place.step for place in column})
    return all(
        (fewest := reach(column, frozenset(chosen))) == 0 or fewest >= smallest
        for size in range(1, len(steps) + 1)
        for chosen in combinations(steps, size)
    )


def shown_teams(
    teams: Mapping[str, TeamCount],
    columns: Mapping[str | None, Counter[int]],
    *,
    smallest: int,
) -> dict[str, Hidden | None]:
    """Decide for each team whether its figures are shown, and if not why.

    `columns` counts, for each team and for people without one (None), who stands on which step. A team
    that is hidden could be worked out from the total, so others are hidden with it, the smallest first,
    until what is hidden is large enough.
    """
    verdicts = {name: hidden_by_itself(team, smallest=smallest) for name, team in teams.items()}
    while not is_safe(_column(columns, verdicts), smallest=smallest):
        shown = [name for name, why in verdicts.items() if why is None]
        if not shown:
            break
        verdicts[min(shown, key=lambda name: (teams[name].answered, name))] = Hidden.COMPLEMENT
    return verdicts


def _column(
    columns: Mapping[str | None, Counter[int]], verdicts: Mapping[str, Hidden | None]
) -> Column:
    column: Column = Counter()
    for team, steps in columns.items():
        block = team if team is not None and verdicts.get(team, Hidden.TOO_FEW) is None else None
        for step, number in steps.items():
            column[Place(block, step)] += number
    return column


@dataclass(frozen=True)
class Published:
    """What was published about an earlier round: who answered, in which shown team, on which step."""

    places: Mapping[str, Place]


@dataclass(frozen=True)
class Panel:
    """The people whose change is shown, and how many more answered than are in it."""

    people: frozenset[str]
    left_out: int


def next_panel(
    panel: AbstractSet[str],
    answered: AbstractSet[str],
    linked: AbstractSet[str],
    earlier: Sequence[Published],
    *,
    smallest: int,
    salt: str,
) -> Panel | None:
    """Return the panel after another round, or None where a change cannot be shown safely.

    It holds who was in the panel before and answered again. If so few fell out that they could be worked
    out from the difference, others are left out with them, chosen by lot; the lot is drawn from their
    pseudonyms, so that the same round always gives the same panel.
    """
    matched = sorted(panel & linked, key=lambda who: _lot(who, salt))
    stay = list(matched)
    while len(stay) >= smallest:
        people = frozenset(stay)
        if _may_be_shown(people, answered, earlier, smallest=smallest):
            return Panel(people, len(matched) - len(stay))
        stay.pop()
    return None


def _lot(who: str, salt: str) -> str:
    return sha256(f"{salt}/{who}".encode()).hexdigest()


def _may_be_shown(
    people: AbstractSet[str],
    answered: AbstractSet[str],
    earlier: Iterable[Published],
    *,
    smallest: int,
) -> bool:
    now = Counter(Place(None, 1 if who in people else 0) for who in answered)
    columns = [now, *(_split(published, people) for published in earlier)]
    return all(is_safe(column, smallest=smallest) for column in columns)


def _split(published: Published, people: AbstractSet[str]) -> Column:
    """Return an earlier round's column, with those who stay in the panel one step further."""
    return Counter(stepped(place, is_in=who in people) for who, place in published.places.items())


def stepped(place: Place, *, is_in: bool) -> Place:
    """Return where somebody stands after another panel was published."""
    return Place(place.block, place.step + 1) if is_in else place
