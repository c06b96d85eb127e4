from datetime import date

import pytest

from app.plumbing.drawing.breaking import balanced, fewest_lines, pieces_of
from app.plumbing.drawing.fonts import FACES, print_fonts, printable, unprintable, width
from app.plumbing.drawing.setting import curly, direction, fitted, in_a_row, in_words
from tests import hostile


def broken(text, room):
    return balanced(pieces_of(text, face="serif", room=room), room=room)


def size_of(markup):
    return float(str(markup).split("font-size: ")[1].split("pt")[0])


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Wróbel",
        "Siân O'Connor",
        "Seán O’Connor",
        "Nguyễn Thị Hồng Ánh",
        "Ẹniọlá Adébáyọ̀",
        "Αγγελική Π.",
        "Ольга Ђорђевић",
        "محمد عبد الله",
        "שרה כהן",
        "नेहा शर्मा",
        "क्‍ष",
        "李小龙",
        "山田 さくら",
        "김민준",
        "e\u0301",
        "\u200fمحمد\u200e",
    ],
)
def test_names_of_many_scripts_are_printable(name):
    assert unprintable(name) == frozenset()


@pytest.mark.parametrize(
    ("name", "strange"),
    [
        ("Ana 🎉 Müller", {"🎉"}),
        ("tab\there", {"\t"}),
        ("line\nbreak", {"\n"}),
        ("over\u202eride", {"\u202e"}),
        ("line\u2028separator", {"\u2028"}),
        ("\U00013080 eye", {"\U00013080"}),
        ("Z" + "\u0301\u0302\u0303\u0304\u0305", {"\u0305"}),
    ],
)
def test_what_cannot_be_printed_is_named(name, strange):
    assert unprintable(name) == strange


def test_every_face_is_a_print_font():
    assert set(FACES.values()) <= {file.stem for file in print_fonts()}


def test_width_grows_with_size_and_counts_no_marks():
    assert width("Ánh", face="serif", size=20) == pytest.approx(
        2 * width("Ánh", face="serif", size=10)
    )
    assert width("a\u0323", face="serif", size=10) == width("a", face="serif", size=10)
    assert width("小", face="serif", size=10) == 10


def test_lines_are_as_few_as_fit_and_of_equal_length():
    text = "one two three four five six seven eight"

    lines = broken(text, room=12)

    widths = [width(line, face="serif", size=1) for line in lines]
    assert " ".join(lines) == text
    assert len(lines) == fewest_lines(pieces_of(text, face="serif", room=12), room=12)
    assert max(widths) <= 12
    assert max(widths) - min(widths) < 3


def test_a_line_does_not_end_in_a_word_that_leans_forward():
    lines = broken("using every tool in the box, over and over", room=10)

    assert not [line for line in lines[:-1] if line.split()[-1] in ("in", "the", "and")]


def test_a_word_is_cut_only_where_it_does_not_fit_a_line():
    assert broken("Adébáyọ̀-Wiśniewska", room=10) == ("Adébáyọ̀-Wiśniewska",)
    assert broken("Adébáyọ̀-Wiśniewska", room=7) == ("Adébáyọ̀-", "Wiśniewska")
    assert "".join(broken("Donaudampfschifffahrt", room=4)) == "Donaudampfschifffahrt"


def test_chinese_breaks_between_any_two_signs():
    assert broken("李小龙李小龙", room=3.5) == ("李小龙", "李小龙")


def test_a_text_is_as_large_as_its_box_allows():
    short = fitted("Ng", face="serif-bold", box=(205, 24), largest=46, one_line_from=26)
    long = fitted("Ng " * 40, face="serif-bold", box=(205, 24), largest=46, one_line_from=26)

    assert size_of(short) == 46
    assert size_of(long) < 26
    assert "<br/>" in long


def test_one_line_is_better_than_two_larger_ones():
    name = "Professor Henrietta Marchmont-Featherstone"

    assert "<br/>" not in fitted(
        name, face="serif-bold", box=(205, 40), largest=46, one_line_from=26
    )
    assert "<br/>" in fitted(name, face="serif-bold", box=(205, 40), largest=46)


def test_quotation_marks_hang_outside_their_lines():
    quoted = fitted("“They asked, and they acted”", face="serif", box=(40, 40), largest=40)

    assert "“They" in quoted and "acted”" in quoted
    assert quoted.count("padding-right") == quoted.count("padding-left") == 1


@pytest.mark.parametrize("text", ["", "\u200c", "“”", "”", "-", "\u0301"])
def test_a_text_of_next_to_nothing_is_set(text):
    assert size_of(fitted(text, face="serif", box=(90, 9), largest=9)) == 9


def test_a_fitted_text_is_escaped():
    assert "<b>" not in fitted("<b>Sons</b>", face="serif", box=(90, 9), largest=9)


def test_typewriter_marks_become_those_of_print():
    assert curly("\"It's the patients' day\"") == "“It’s the patients’ day”"


def test_dates_are_written_as_on_british_paper():
    assert in_words(date(2026, 3, 6)).split() == ["6", "March", "2026"]


def test_events_stand_in_a_row_and_are_not_broken():
    row = in_a_row(
        [
            {"title": "Learning session 1", "date": date(2025, 6, 12)},
            {"title": "Summit", "date": date(2026, 3, 26)},
        ]
    )

    assert row.split(" ") == [
        "Learning\u00a0session\u00a01,\u00a012\u00a0June\u00a02025\u00a0·",
        "Summit,\u00a026\u00a0March\u00a02026",
    ]


@pytest.mark.parametrize(
    ("name", "way"), [("Siân", "ltr"), ("محمد", "rtl"), ("(שרה)", "rtl"), ("2026", "ltr")]
)
def test_direction_is_that_of_the_first_letter(name, way):
    assert direction(name) == way


@pytest.mark.parametrize("text", hostile.EVERY)
def test_what_can_be_printed_of_a_text_is_printed(text):
    shown = printable(text)

    assert unprintable(shown) <= {"\n", "\r", "\t"}


def test_a_sign_without_a_letter_in_any_font_is_named():
    assert printable("Łukasz 🎉🎉, Zoë\u202e") == "Łukasz [party popper][party popper], Zoë"
