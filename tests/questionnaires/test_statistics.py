import math
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.rules.sheets import STANDARD, Area, Item
from app.questionnaires.rules.statistics import (
    Figure,
    area_score,
    figure_of,
    figures_of,
    is_on_scale,
    is_whole,
    matched_change,
)

AREA = Area("data", "Data", (Item("a", "A"), Item("b", "B")))
scores = st.lists(st.integers(4, 20).map(lambda n: Fraction(n, 4)), min_size=1, max_size=60)


@given(scores)
def test_figures_are_those_of_the_textbook(values):
    figure = figure_of(values)

    assert figure.n == len(values)
    assert math.isclose(figure.mean, statistics.fmean(values))
    assert figure.median == statistics.median(values)
    assert min(values) <= figure.lower_quartile <= figure.median
    assert figure.median <= figure.upper_quartile <= max(values)


@given(scores, st.randoms())
def test_figures_do_not_depend_on_the_order_of_the_answers(values, chance):
    shuffled = list(values)
    chance.shuffle(shuffled)

    assert figure_of(shuffled) == figure_of(values)


@given(scores, st.integers(-3, 3))
def test_figures_move_with_the_scale(values, step):
    moved, still = figure_of([value + step for value in values]), figure_of(values)

    assert math.isclose(moved.mean, still.mean + step)
    assert math.isclose(moved.median, still.median + step)
    assert math.isclose(
        moved.upper_quartile - moved.lower_quartile, still.upper_quartile - still.lower_quartile
    )


def test_quartiles_are_those_of_excel_and_r():
    assert figure_of([1, 2, 3, 4]) == Figure(4, 2.5, 2.5, 1.75, 3.25)
    assert figure_of([5]) == Figure(1, 5.0, 5.0, 5.0, 5.0)
    assert figure_of([1, 5]) == Figure(2, 3.0, 3.0, 2.0, 4.0)


def test_the_score_of_an_area_is_the_mean_of_its_items():
    assert area_score(AREA, {"a": 2, "b": 5}) == Fraction(7, 2)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(1, 5), st.integers(1, 5))),
    st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(1, 5), st.integers(1, 5))),
)
def test_change_is_that_of_the_people_who_answered_both_times(first, second):
    then = {who: dict(zip("ab", pair, strict=True)) for who, pair in first.items()}
    now = {who: dict(zip("ab", pair, strict=True)) for who, pair in second.items()}
    both = then.keys() & now.keys()

    change = matched_change(AREA, then, AREA, now)

    if not both:
        assert change is None
        return
    assert change.n == len(both)
    level = [statistics.fmean(area_score(AREA, r[who]) for who in both) for r in (then, now)]
    assert math.isclose(change.mean, level[1] - level[0], abs_tol=1e-9)


def test_whoever_answered_once_does_not_change_the_change():
    then, now = {"a": {"a": 1, "b": 1}}, {"a": {"a": 3, "b": 3}, "new": {"a": 5, "b": 5}}

    assert matched_change(AREA, then, AREA, now).mean == 2


def test_every_area_and_every_item_has_its_figure():
    answer = {item.id: 3 for item in STANDARD.items}

    figures = figures_of(STANDARD, [answer, answer])

    assert set(figures) == {a.id for a in STANDARD.areas} | {i.id for i in STANDARD.items}
    assert set(figures.values()) == {Figure(2, 3.0, 3.0, 3.0, 3.0)}
    assert figures_of(STANDARD, []) == {}


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ({}, True),
        ({"data-chart": 5}, True),
        ({"data-chart": 6}, False),
        ({"data-chart": 0}, False),
        ({"another": 3}, False),
    ],
)
def test_a_rating_is_a_step_of_the_scale_for_an_item_that_is_asked(ratings, expected):
    assert is_on_scale(STANDARD, ratings) is expected


def test_a_questionnaire_is_whole_when_every_item_is_rated():
    whole = {item.id: 1 for item in STANDARD.items}

    assert is_whole(STANDARD, whole)
    assert not is_whole(STANDARD, {k: v for k, v in whole.items() if k != "data-chart"})
