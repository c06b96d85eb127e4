import pytest

from app.writeups.rules.words import (
    Placed,
    names_in,
    pictures_in,
    plain,
    rendered,
    with_figures,
    without_names,
)
from tests import hostile

ROOM = Placed(address="/pictures/1", alt="People at a table", width=800, height=600)


def shown(text: str) -> str:
    return rendered(text, {1: ROOM})


def test_markdown_becomes_html():
    text = "# Big\n\nOne **bold** word.\n\n- a list\n\n[a link](https://a.example/)"

    assert shown(text) == (
        "<h2>Big</h2>\n<p>One <strong>bold</strong> word.</p>\n<ul>\n<li>a list</li>\n</ul>\n"
        '<p><a href="https://a.example/" rel="noopener noreferrer nofollow">a link</a></p>\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "![x](https://elsewhere.example/pixel.png)",
        "![x][y]\n\n[y]: https://elsewhere.example/pixel.png",
        "<svg onload=alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text):
    html = shown(text)

    assert "<script" not in html
    assert "<img" not in html
    assert "<svg" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


@pytest.mark.parametrize("text", hostile.CASES)
def test_no_hostile_text_gets_an_element_of_its_own_in(text):
    assert "<i data-hooray>" not in shown(f"<i data-hooray>{text}")
    assert " on" not in "".join(part.partition(">")[0] for part in shown(text).split("<")[1:])


def test_a_picture_of_the_write_up_is_shown_with_its_words():
    html = shown("![](picture:1) and ![The team](picture:1) but not ![Nobody](picture:2)")

    assert html.count('src="/pictures/1"') == 2
    assert 'alt="People at a table"' in html
    assert 'alt="The team"' in html
    assert "Nobody" in html
    assert "picture:2" not in html
    assert pictures_in("![](picture:1) ![](picture:7)") == [1, 7]


def test_a_table_can_be_moved_with_keys():
    html = shown("| a | b |\n|---|---|\n| 1 | 2 |")

    assert html.startswith(
        '<div class="story-table" role="region" aria-label="Table" tabindex="0">'
    )
    assert html.count("<div") == html.count("</div>") == 1


def test_a_figure_stands_only_on_a_line_of_its_own():
    html = shown("[[posters]]\n\nSee [[posters]] there.\n\n[[unknown]]")

    assert with_figures(html, {"posters": "<ul></ul>"}) == (
        "<ul></ul>\n<p>See [[posters]] there.</p>\n<p>[[unknown]]</p>\n"
    )


@pytest.mark.parametrize(
    "text", ["a*b*c", "[x](y)", "1. one", "# not a heading", "<b>", "[[posters]]"]
)
def test_plain_words_are_shown_as_they_are(text):
    html = shown(plain(text))

    assert html.replace("&lt;", "<").replace("&gt;", ">") == f"<p>{text}</p>\n"
    assert with_figures(html, {"posters": "X"}) == html or text == "[[posters]]"


def test_names_are_found_however_they_are_written():
    text = "GWEN price, Siân\n**O\\'Connor** and Annabel Lee-Smith; not Gwen Pricely."
    names = ["Gwen Price", "Siân O'Connor", "Ann Lee", "Bea Low"]

    assert names_in(text, names) == ["Gwen Price", "Siân O'Connor"]


def test_somebody_else_stands_for_a_name():
    text = "Dr Gwen Price-Jones and Gwen Price thanked Bea."

    assert without_names(text, ["Gwen Price", "Dr Gwen Price-Jones"]) == (
        "a colleague and a colleague thanked Bea."
    )
