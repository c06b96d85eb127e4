"""The figures of a round, each with the source of its formula; no figure comes without its n."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median, quantiles

from app.questionnaires.rules.sheets import Area, Sheet

Ratings = Mapping[str, int]


@dataclass(frozen=True)
class Figure:
    """How many people, their mean, and how far they spread."""

    n: int
    mean: float
    median: float
    lower_quartile: float
    upper_quartile: float


def figure_of(scores: Sequence[float | Fraction]) -> Figure:
    """Return the figure of some people's scores; there must be at least one.

    Mean: the sum by the number, in exact fractions until the end. Median: the middle value, or the
    mean of the two in the middle. Quartiles: definition 7 of R. J. Hyndman and Y. Fan, "Sample
    Quantiles in Statistical Packages", The American Statistician 50 (1996), 361-365: linear between
    the order statistics. It is what QUARTILE.INC in Excel and R give, so an analyst who has the same
    scores finds the same numbers.
    """
    exact = [Fraction(score) for score in scores]
    if len(exact) == 1:
        lower, middle, upper = exact * 3
    else:
        lower, _, upper = quantiles(exact, n=4, method="inclusive")
        middle = median(exact)
    mean = sum(exact, Fraction()) / len(exact)
    return Figure(len(exact), float(mean), float(middle), float(lower), float(upper))


def area_score(area: Area, ratings: Ratings) -> Fraction:
    """Return somebody's score in an area: the mean of their ratings of its items.

    The mean of the items of a scale is how such self-ratings are scored (R. Likert, "A Technique for
    the Measurement of Attitudes", Archives of Psychology 140, 1932). Somebody who left an item out
    has no score; only whole questionnaires are counted.
    """
    return Fraction(sum(ratings[item.id] for item in area.items), len(area.items))


def is_whole(sheet: Sheet, ratings: Ratings) -> bool:
    """Say whether every item has a rating."""
    return all(item.id in ratings for item in sheet.items)


def is_on_scale(sheet: Sheet, ratings: Ratings) -> bool:
    """Say whether every rating is of an item that is asked, and is a step of the scale."""
    asked = {item.id for item in sheet.items}
    return all(name in asked and 1 <= rating <= sheet.highest for name, rating in ratings.items())


def figures_of(sheet: Sheet, answers: Iterable[Ratings]) -> dict[str, Figure]:
    """Return the figure of each area and each item, by their ids, over whole questionnaires."""
    whole = list(answers)
    if not whole:
        return {}
    areas = {
        area.id: figure_of([area_score(area, ratings) for ratings in whole]) for area in sheet.areas
    }
    items = {
        item.id: figure_of([Fraction(ratings[item.id]) for ratings in whole])
        for item in sheet.items
    }
    return areas | items


@dataclass(frozen=True)
class Change:
    """How far the same people moved, on average, and how many they are."""

    n: int
    mean: float


def matched_change(
    area_then: Area, then: Mapping[str, Ratings], area_now: Area, now: Mapping[str, Ratings]
) -> Change | None:
    """Return how the people who answered both times moved, or None if nobody did.

    The mean of the differences within pairs (Student, "The Probable Error of a Mean", Biometrika 6,
    1908, section IX): whoever answered only once would change the mean without having changed.
    """
    both = then.keys() & now.keys()
    if not both:
        return None
    moved = [area_score(area_now, now[who]) - area_score(area_then, then[who]) for who in both]
    return Change(len(moved), float(sum(moved, Fraction()) / len(moved)))
