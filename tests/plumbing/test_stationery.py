"""A letter has a subject, plain text and HTML, a paper what a font has, and neither has a gap."""

import pytest
from flask import Flask
from jinja2 import DictLoader, UndefinedError

from app.plumbing.stationery import set_in_print, written


@pytest.fixture
def papers():
    app = Flask("papers", static_folder=None)
    app.jinja_loader = DictLoader(
        {
            "x/email/hello.txt": "Hello {{ name }}\n\n\nDear {{ name }},\n{{ more.less }}\n",
            "x/email/hello.html": "<title>{{ subject }}</title><p>{{ name }}</p>",
            "x/paper/sheet.html": "{% macro p(said) %}<p>{{ said }}</p>{% endmacro %}"
            "{{ p(name) }} {{ number }}",
        }
    )
    with app.app_context():
        yield


def test_text_is_plain_and_html_is_escaped(papers):
    words = written("x/email/hello", name="Siân O'Connor <b>", more={"less": "&"})

    assert words.subject == "Hello Siân O'Connor <b>"
    assert words.text == "Dear Siân O'Connor <b>,\n&\n"
    assert words.html == (
        "<title>Hello Siân O&#39;Connor &lt;b&gt;</title><p>Siân O&#39;Connor &lt;b&gt;</p>"
    )


def test_a_missing_fact_is_a_mistake_and_no_gap(papers):
    with pytest.raises(UndefinedError):
        written("x/email/hello", more={"less": ""})
    with pytest.raises(UndefinedError):
        written("x/email/hello", name="Lee", more={})


def test_a_line_break_in_a_name_does_not_reach_the_subject(papers):
    words = written("x/email/hello", name="Lee\nBcc: x@y.example", more={"less": ""})

    assert words.subject == "Hello Lee"


def test_a_paper_says_in_words_what_no_font_has(papers):
    paper = set_in_print("x/paper/sheet", name="Well done 🎉 <b>\nto all\x07", number=3)

    assert paper == "<p>Well done [party popper] &lt;b&gt;\nto all</p> 3"


def test_a_paper_without_a_fact_is_a_mistake(papers):
    with pytest.raises(UndefinedError):
        set_in_print("x/paper/sheet", name="Lee")
