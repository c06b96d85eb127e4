"""The components as pages call them, drawn by the house's own templates."""

import html5lib
import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional


class Registration(FlaskForm):
    name = StringField("Full name", [InputRequired("Enter your full name")])
    email = EmailField("E-mail address", render_kw={"autocomplete": "email"})
    role = RadioField(
        "Role",
        [InputRequired("Choose your role")],
        choices=[SelectChoice("gp", "GP"), SelectChoice("other", "Something else")],
    )
    role_other = StringField("Your role", [Optional()])
    practice = SelectField("Practice", choices=[SelectChoice("a", "Riverside Surgery")])
    needs = TextAreaField("Access needs", [Optional(), Length(max=400)])
    places = IntegerField("Places", [Optional()])
    photo = BooleanField("I agree to be in photos")


@pytest.fixture
def draw(house: Flask):
    """Draw a piece of template as if it stood on the page at this address."""

    def draw(source, *, at="/", **words):
        with house.test_request_context(at):
            return house.jinja_env.from_string(source).render(**words)

    return draw


@pytest.fixture
def draw_form(house: Flask):
    """Draw a piece of template with a form that was sent with these answers."""

    def draw_form(source, **answers):
        with house.test_request_context("/", method="POST", data=answers):
            form = Registration(meta={"csrf": False})
            form.validate()
            return tree(house.jinja_env.from_string(source).render(form=form))

    return draw_form


def tree(html):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parseFragment(html)


def links(html):
    return {
        " ".join("".join(link.itertext()).split()): link.get("href")
        for link in tree(html).iter("a")
    }


def by_id(page, wanted):
    [found] = [part for part in page.iter() if part.get("id") == wanted]
    return found


SUMMARY = '{% import "components/forms.html" as forms %}{{ forms.summary(form) }}'
EVERY_FIELD = """
{% from "components/field.html" import field %}
{% for one in form if one.id != "role_other" %}
  {{ field(one, reveal={"other": field(form.role_other)}) }}
{% endfor %}
"""


def test_summary_leads_to_the_first_control_of_each_wrong_field(draw_form):
    page = draw_form(SUMMARY)

    assert [link.get("href") for link in page.iter("a")] == ["#name", "#role-0", "#practice"]


def test_summary_says_nothing_when_nothing_is_wrong(draw_form):
    page = draw_form(SUMMARY, name="Gwen Price", role="gp", practice="a")

    assert "".join(page.itertext()).strip() == ""


def test_a_wrong_field_keeps_what_was_typed_and_says_why_beside_it(draw_form):
    page = draw_form(EVERY_FIELD, email="gwen@", needs="Hearing loop", places="many")

    assert by_id(page, "email").get("value") == "gwen@"
    assert "Hearing loop" in by_id(page, "needs").text
    assert by_id(page, "places").get("value") == "many"
    assert "Enter your full name" in "".join(by_id(page, "name-error").itertext())
    assert by_id(page, "name").get("aria-describedby") == "name-error"


def test_each_field_gets_its_own_kind_of_control(draw_form):
    page = draw_form(EVERY_FIELD, role="other", photo="y")

    assert by_id(page, "email").get("type") == "email"
    assert by_id(page, "email").get("autocomplete") == "email"
    assert by_id(page, "places").get("inputmode") == "numeric"
    assert by_id(page, "practice").tag == "select"
    assert by_id(page, "needs").tag == "textarea"
    assert by_id(page, "photo").get("checked") is not None
    assert by_id(page, "role-1").get("checked") is not None


def test_optional_fields_say_so(draw_form):
    words = " ".join("".join(draw_form(EVERY_FIELD).itertext()).split())

    assert "Access needs (optional)" in words
    assert "Full name (optional)" not in words


def test_what_a_choice_reveals_is_never_called_expanded(draw_form):
    page = draw_form(EVERY_FIELD)

    assert by_id(page, "role_other").tag == "input"
    assert not [part for part in page.iter() if part.get("data-aria-controls")]


def test_a_form_carries_its_token(draw):
    page = tree(
        draw(
            '{% import "components/forms.html" as forms %}'
            '{% call forms.form(files=true) %}{{ forms.submit("Save") }}{% endcall %}'
        )
    )

    [form] = page.iter("form")
    assert form.get("method") == "post"
    assert form.get("enctype") == "multipart/form-data"
    assert [box.get("name") for box in form.iter("input")] == ["csrf_token", "press"]


def test_sorting_turns_round_and_keeps_the_filters(draw):
    html = draw(
        '{% import "components/table.html" as table %}'
        '{% set columns = [{"text": "Name", "key": "name"}, {"text": "Practice", "key": "practice"}] %}'
        '{% call table.table("People", columns, sort="name") %}{% endcall %}',
        at="/people?status=booked&page=3",
    )

    assert links(html) == {
        "Name": "?status=booked&sort=-name",
        "Practice": "?status=booked&sort=practice",
    }
    assert 'aria-sort="ascending"' in html


def test_the_pager_names_the_rows_and_leads_to_the_neighbours(draw):
    html = draw(
        '{% import "components/pager.html" as pager %}'
        '{{ pager.pager(page=2, size=25, total=133, things="registrations") }}',
        at="/people?status=booked&page=2",
    )

    assert "26 to 50 of 133 registrations" in html
    assert links(html) == {
        "Previous": "?status=booked&page=1",
        "1": "?status=booked&page=1",
        "2": "?status=booked&page=2",
        "3": "?status=booked&page=3",
        "6": "?status=booked&page=6",
        "Next": "?status=booked&page=3",
    }


def test_a_short_list_has_no_pages(draw):
    html = draw('{% import "components/pager.html" as pager %}{{ pager.pager(1, 25, 7, "teams") }}')

    assert "7 teams" in html
    assert links(html) == {}


def test_chips_mark_the_chosen_filter_and_drop_it_for_all(draw):
    html = draw(
        '{% import "components/chips.html" as chips %}'
        '{{ chips.chips("Show", "status", [("", "All", 40), ("booked", "Booked", 31)], chosen="booked") }}',
        at="/people?status=booked&q=mar&page=2",
    )

    assert links(html) == {"All 40": "?q=mar", "Booked 31": "?q=mar&status=booked"}
    [chosen] = [chip for chip in tree(html).iter("a") if chip.get("aria-current")]
    assert "Booked" in "".join(chosen.itertext())


def test_a_fact_shows_nought_and_says_when_nothing_is_given(draw):
    html = draw(
        '{% import "components/summary_list.html" as facts %}'
        '{% call facts.facts() %}{{ facts.fact("Places left", 0) }}{{ facts.fact("Diet", "") }}{% endcall %}'
    )

    values = ["".join(value.itertext()).strip() for value in tree(html).iter("dd")]
    assert values == ["0", "Not given"]


@pytest.mark.parametrize(
    "page",
    [
        "refused",
        "not_found",
        "forbidden",
        "broken",
        "too_many",
        "stale_form",
        "pressed_before",
        "done_meanwhile",
        "gone",
        "busy",
        "no_room",
        "too_large",
        "no_way_in",
    ],
)
def test_every_way_of_saying_no_is_a_whole_page(house, page):
    words = {"product": {"name": "Hooray"}, "sentence": "It is full.", "heading": "Scan it"}

    with house.test_request_context("/"):
        html = house.jinja_env.get_template(f"errors/{page}.html").render(**words)

    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert len(list(document.iter("h1"))) == 1
    assert "Hooray" in document.find("head/title").text
