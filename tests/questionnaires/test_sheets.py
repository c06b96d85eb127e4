from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.rules.sheets import (
    STANDARD,
    Area,
    NotAQuestionnaire,
    as_data,
    from_data,
    moved,
    put_into_use,
    refuse_unfit,
    with_area,
    with_item,
    with_words,
    without,
)

PARTS = [area.id for area in STANDARD.areas] + [item.id for item in STANDARD.items]


def reworded_data_chart():
    return with_words(STANDARD, {"data-chart": "I can read a run chart."}, STANDARD.scale)


def test_the_standard_set_has_four_areas_of_four_items_and_a_named_scale():
    refuse_unfit(STANDARD)

    assert [area.title for area in STANDARD.areas] == [
        "Planning an improvement project",
        "Methodology",
        "Testing change",
        "Data",
    ]
    assert [len(area.items) for area in STANDARD.areas] == [4, 4, 4, 4]
    assert len({item.id for item in STANDARD.items}) == 16
    assert len(STANDARD.scale) == 5


def test_a_sheet_is_the_same_after_it_was_kept():
    assert from_data(as_data(STANDARD)) == STANDARD


@given(st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from([-1, 1])), max_size=30))
def test_reordering_loses_and_changes_nothing(presses):
    sheet = STANDARD
    for part, step in presses:
        sheet = moved(sheet, part, step)

    assert {area.id: set(area.items) for area in sheet.areas} == {
        area.id: set(area.items) for area in STANDARD.areas
    }
    assert all(sheet.asks_the_same(STANDARD, area.id) for area in STANDARD.areas)


def test_a_part_at_an_end_stays_there():
    assert moved(STANDARD, "planning", -1) == STANDARD
    assert moved(STANDARD, "data-balance", 1) == STANDARD
    assert moved(STANDARD, "data", -1).areas[2].id == "data"
    assert moved(STANDARD, "data-chart", -1).area("data").items[1].id == "data-chart"


def test_an_item_put_anew_is_another_question_and_its_area_is_not_comparable():
    new = put_into_use(reworded_data_chart(), STANDARD, asks_the_same=frozenset())

    assert [item.version for item in new.area("data").items] == [1, 1, 2, 1]
    assert not new.asks_the_same(STANDARD, "data")
    assert new.asks_the_same(STANDARD, "testing")
    assert not new.asks_item_the_same(STANDARD, "data-chart")
    assert new.asks_item_the_same(STANDARD, "data-collect")


def test_a_spelling_that_was_put_right_stays_comparable():
    new = put_into_use(reworded_data_chart(), STANDARD, asks_the_same=frozenset({"data-chart"}))

    assert new.asks_the_same(STANDARD, "data")
    assert new.area("data").items[2].text == "I can read a run chart."


def test_an_item_that_is_gone_or_new_makes_its_area_another_one():
    assert not without(STANDARD, "data-chart").asks_the_same(STANDARD, "data")
    assert not with_item(STANDARD, "data", "data-new").asks_the_same(STANDARD, "data")
    assert not without(STANDARD, "data").asks_the_same(STANDARD, "data")


def test_another_scale_makes_nothing_comparable():
    new = replace(STANDARD, scale=("No", "A little", "Yes"))

    assert not any(new.asks_the_same(STANDARD, area.id) for area in STANDARD.areas)


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (replace(STANDARD, scale=("No", "Yes")), "Give the scale 3 to 7 steps"),
        (replace(STANDARD, scale=("No", "No", "Yes")), "same name"),
        (replace(STANDARD, areas=STANDARD.areas[:2]), "Keep 3 to 8 areas"),
        (replace(STANDARD, areas=(*STANDARD.areas, Area("x", "X", ()))), "needs 1 to 10"),
        (with_area(STANDARD, "x", "y"), "no title"),
        (with_item(STANDARD, "data", "y"), "is empty"),
        (with_words(STANDARD, {"data-chart": "x" * 201}, STANDARD.scale), "Shorten"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(sheet, sentence):
    with pytest.raises(NotAQuestionnaire, match=sentence):
        refuse_unfit(sheet)
