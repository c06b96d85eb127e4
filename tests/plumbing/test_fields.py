"""Fields that forms of several rooms ask with."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.plumbing.fields import DayField, NumberField


class Dates(Form):
    left_on = DayField("Left on")
    places = NumberField("Places")


STANDING = {"left_on": date(2026, 3, 26), "places": 60}


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_emptied_field_takes_its_value_back(blank):
    form = Dates(MultiDict({"left_on": blank, "places": blank}), data=STANDING)

    assert form.validate()
    assert form.data == {"left_on": None, "places": None}


def test_a_field_that_was_not_shown_keeps_its_value():
    form = Dates(MultiDict({"other": "x"}), data=STANDING)

    assert form.data == STANDING


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2026-03-26", 26), ("26/03/2026", 26), ("1.4.2026", 1), ("26 March 2026", 26)],
)
def test_a_day_is_read_as_people_write_it(typed, day):
    form = Dates(MultiDict({"left_on": typed}))

    assert form.validate()
    assert form.left_on.day.day == day


@pytest.mark.parametrize("typed", ["soon", "31/02/2026", "12 o'clock"])
def test_what_is_no_day_is_refused_in_words(typed):
    form = Dates(MultiDict({"left_on": typed}), data=STANDING)

    assert not form.validate()
    assert form.left_on.errors == ["Enter a day such as 26 March 2026."]


def test_what_is_no_number_is_refused_in_words():
    form = Dates(MultiDict({"places": "many"}), data=STANDING)

    assert not form.validate()
    assert form.places.errors == ["Enter a whole number."]
