import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.names import (
    LONGEST_NAME,
    NameTooLong,
    clean_name,
    hides_something,
    initials,
    legible,
    sorting_name,
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Siân   O'Connor ", "Siân O'Connor"),
        ("Sia\u0302n", "Siân"),
        ("Gwen\u00a0Price\r\n", "Gwen Price"),
        ("O'CONNOR, Siân", "O'CONNOR, Siân"),
        ("Jon\u0000\u001b Bell", "Jon Bell"),
        ("Jon \u202elleB", "Jon lleB"),
        ("\ufeffJon\u200b Bell\u00ad", "Jon Bell"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200dJon\u200d \u200d Bell", "Jon Bell"),
        ("Z\u0335\u0321\u0322\u0327\u0328\u0329\u032a\u032b", "Z\u0335\u0321\u0322\u0327\u0328"),
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("\u2028\t ", ""),
    ],
)
def test_clean_name_keeps_the_spelling_and_drops_what_nobody_sees(typed, name):
    assert clean_name(typed) == name


def test_clean_name_refuses_a_name_no_page_can_hold():
    assert clean_name("x" * LONGEST_NAME) == "x" * LONGEST_NAME
    with pytest.raises(NameTooLong, match="201 characters"):
        clean_name("x" * (LONGEST_NAME + 1))


@given(st.text(max_size=60))
def test_clean_name_done_twice_changes_nothing(text):
    name = clean_name(text)

    assert clean_name(name) == name
    assert unicodedata.is_normalized("NFC", name)
    assert not hides_something(name)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Siân O'Connor", False),
        ("two\tcells\r\n", False),
        ("می\u200cخواهم", False),
        ("Jon\u0000", True),
        ("Jon\u001b[31m", True),
        ("Jon \u202elleB", True),
        ("Jon \u2066Bell", True),
        ("\ud800", True),
    ],
)
def test_hides_something_finds_controls_and_turned_direction(text, hidden):
    assert hides_something(text) is hidden


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Dr Siân O'Connor", "oconnor sian"),
        ("O'CONNOR, Siân", "oconnor sian"),
        ("Gwen Price", "price gwen"),
        ("Łukasz Żółć", "zolc lukasz"),
        ("Anna-Maria van der Berg", "van der berg anna maria"),
        ("Prof. Sir Søren Weiß", "weiss soren"),
        ("Van Morrison", "morrison van"),
        ("Dr", "dr"),
        ("Prince", "prince"),
        ("", ""),
        ("李小龍", "李小龍"),
    ],
)
def test_sorting_name_puts_the_surname_first_without_accents(name, key):
    assert sorting_name(name) == key


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dr Siân O'Connor", "SO"),
        ("O'CONNOR, Siân", "SO"),
        ("Anna van der Berg", "AB"),
        ("Prince", "P"),
        ("(Bob) Marsh", "BM"),
        ("élise", "É"),
        ("李小龍", "李"),
        ("42", ""),
        ("", ""),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name, letters):
    assert initials(name) == letters


def test_a_sorting_name_fits_where_a_name_fits():
    assert (
        len(sorting_name("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200)) <= LONGEST_NAME
    )


@given(st.text(max_size=60))
def test_sorting_and_initials_take_any_text(text):
    assert len(initials(text)) <= 6
    assert sorting_name(text) == " ".join(sorting_name(text).split())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Well done\r\nall\rof\u2028you\x0b", "Well done\nall\nof\nyou\n"),
        ("Jon\0Bell\x1b[31m", "JonBell[31m"),
        ("\u202egpj.exe\u2069", "gpj.exe"),
        ("tab\tbed", "tab\tbed"),
        ("שרה\u200f כהן", "שרה\u200f כהן"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_only_controls_a_screen_is_left_out_of_a_text(typed, kept):
    assert legible(typed) == kept


@given(st.text())
def test_a_legible_text_hides_nothing_and_stays_as_it_is(text):
    assert not hides_something(legible(text))
    assert legible(legible(text)) == legible(text)
