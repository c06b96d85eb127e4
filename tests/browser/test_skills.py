"""A skills round from the phone to the wall: answered, edited, presented."""

import re

import pytest
from sqlalchemy import select

from app.events.models import Event
from app.kernel.clock import now
from app.people.models import Person
from app.plumbing.database import db
from app.questionnaires.models import Questionnaire, Response, Wave
from app.questionnaires.queries.kept import kept_of
from app.web.sample import cast
from tests.browser.conftest import LAPTOP, PHONE, check_page
from tests.browser.test_journey_2 import SAMPLE, sample, sian, staff

__all__ = ["sample"]

pytestmark = pytest.mark.browser

ROUND = f"/my/{cast.SLUG}/summit/skills"
CONFIDENT = "Confident"


def answers_of_sian():
    """Return what is kept of hers at the summit."""
    db.session.rollback()
    person = db.session.scalars(select(Person).where(Person.name == cast.SIAN)).one()
    (row,) = [row for wave, row in kept_of(person).rounds if wave.event.slug == "summit"] or [None]
    kept = (dict(row.ratings), dict(row.then_ratings)) if row else ({}, {})
    db.session.rollback()
    return kept


def begin_anew():
    """Take the sample's own answers of hers at the summit away, if it has any."""
    db.session.rollback()
    wave = db.session.scalars(select(Wave).join(Event).where(Event.slug == "summit")).one()
    person = db.session.scalars(select(Person).where(Person.name == cast.SIAN)).one()
    mine = [row.id for one, row in kept_of(person).rounds if one.id == wave.id]
    db.session.rollback()
    assert not mine, f"{cast.SIAN} has answered already: {now()}"


def part_of(phone, number):
    """Wait for one of the four parts."""
    phone.get_by_role("progressbar", name=f"Part {number} of 4").wait_for()


def choose_everywhere(phone, step=CONFIDENT, *, then="Not yet confident"):
    """Rate every statement of the page, today and looking back."""
    groups = phone.locator(".ratings").all()
    for ratings, wanted in zip(groups, (step, then), strict=True):
        for option in ratings.get_by_label(wanted, exact=True).all():
            option.check()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_answers_on_a_phone_and_sees_their_own_chart(windows, sample, scripts):
    begin_anew()
    phone = sian(windows, scripts=scripts)
    phone.get_by_role("link", name="Skills questionnaire of Summit").click()
    part_of(phone, 1)
    if scripts:
        check_page(phone, picture="skills-area")
        each_choice_is_kept_at_once(phone)
    for part in range(1, 5):
        part_of(phone, part)
        choose_everywhere(phone)
        phone.get_by_role("button", name=re.compile("^Save and")).click()
        if part == 2:
            whoever_leaves_goes_on_where_they_were(phone)
    phone.get_by_role("heading", name="Your answers are in").wait_for()
    chart = phone.get_by_role("img", name="Your skills as you rated them")
    chart.wait_for()
    assert chart.locator("path").count() == 4
    assert "Summit" in chart.text_content()
    assert phone.get_by_role("table").get_by_text("4.00").count() == 4
    now_kept, then_kept = answers_of_sian()
    assert set(now_kept.values()) == {4} and len(now_kept) == 16
    assert set(then_kept.values()) == {1} and len(then_kept) == 16
    if scripts:
        check_page(phone, picture="skills-done")
        she_reads_what_she_answered(phone)


def each_choice_is_kept_at_once(phone):
    """Two answers are there before any button is pressed."""
    first = phone.locator(".ratings").first
    for number in range(2):
        first.get_by_label("Fairly confident", exact=True).nth(number).check()
    phone.get_by_text("Kept.", exact=True).wait_for()
    assert answers_of_sian() == ({"plan-aim": 3, "plan-people": 3}, {})
    phone.reload()
    assert first.get_by_label("Fairly confident", exact=True).nth(1).is_checked()


def whoever_leaves_goes_on_where_they_were(phone):
    """Go away in the middle; the next part is waiting."""
    part_of(phone, 3)
    phone.goto("/my/skills")
    phone.get_by_role("link", name="Go on answering for Summit").click()
    part_of(phone, 3)


def she_reads_what_she_answered(phone):
    """Every answer stands in her data; deleting them asks for a code, because her letter is old."""
    phone.goto("/my/data")
    phone.get_by_text("Summit: 32 answers").wait_for()
    check_page(phone, picture="skills-data")
    phone.get_by_role("link", name="Read it all, take it along or delete it").click()
    phone.get_by_role("heading", name="What I answered").wait_for()
    check_page(phone, picture="skills-answers")


def test_a_page_with_a_gap_leads_back_and_says_so(windows, sample):
    phone = sian(windows)
    phone.goto(f"{ROUND}/4")
    choose_everywhere(phone)
    phone.get_by_role("button", name="Save and finish").click()
    phone.get_by_text("Something is still open here").wait_for()
    part_of(phone, 1)
    check_page(phone, picture="skills-gap")


def test_the_lead_edits_with_the_phone_beside_it_and_reorders_by_keyboard(windows, sample):
    lead = staff(windows, allow=("422",))
    lead.goto(f"{SAMPLE}/skills")
    check_page(lead, picture="skills")
    lead.get_by_role("link", name="The questionnaire").click()
    lead.get_by_role("heading", name="The questionnaire").wait_for()
    check_page(lead, picture="skills-editor")
    what_is_typed_stands_on_the_phone(lead)
    parts_move_by_keyboard_alone(lead)
    nothing_is_lost_on_a_small_screen(windows)
    what_cannot_be_asked_says_what_to_mend(lead)


def what_is_typed_stands_on_the_phone(lead):
    """Each letter stands on the preview at once: title, statement, scale."""
    preview = lead.get_by_role("region", name="Preview")
    lead.get_by_label("Title").nth(3).fill("Data and measures")
    assert preview.get_by_text("Data and measures", exact=True).is_visible()
    lead.get_by_label("Statement 1").nth(0).fill("I can write a short aim.")
    assert preview.get_by_text("I can write a short aim.", exact=True).count() == 1
    lead.get_by_label("Steps, one a line").fill("No\nA little\nYes")
    assert preview.get_by_text("A little", exact=True).count() == 16
    lead.get_by_label("Steps, one a line").fill(
        "Not yet confident\nSlightly confident\nFairly confident\nConfident\n"
        "Confident enough to teach it"
    )


def parts_move_by_keyboard_alone(lead):
    """The button is pressed with the keyboard, again and again: it stays under the finger."""
    lead.get_by_role("button", name="Up area 4").focus()
    for place in (3, 2):
        lead.keyboard.press("Enter")
        lead.get_by_role("button", name=f"Up area {place}").wait_for()
        assert lead.evaluate("document.activeElement.value") == "up:data"
    assert titles_of_the_draft()[1] == "Data and measures"
    lead.get_by_role("button", name="Down statement 1 of area 1").focus()
    lead.keyboard.press("Space")
    lead.wait_for_url(re.compile("at=down"))
    assert lead.get_by_label("Statement 2").nth(0).input_value() == "I can write a short aim."
    assert lead.evaluate("document.activeElement.value") == "down:plan-aim"


def titles_of_the_draft():
    db.session.rollback()
    draft = db.session.scalars(select(Questionnaire)).one().draft
    titles = [area["title"] for area in draft["areas"]]
    db.session.rollback()
    return titles


def nothing_is_lost_on_a_small_screen(windows):
    """The same page on a phone."""
    phone = staff(windows, size=PHONE)
    phone.goto(f"{SAMPLE}/skills/questionnaire")
    check_page(phone, picture="skills-editor")
    phone.goto(f"{SAMPLE}/skills")
    check_page(phone, picture="skills")


def what_cannot_be_asked_says_what_to_mend(lead):
    """An empty statement cannot be put into use; everything else that was typed stays."""
    lead.get_by_label("Title").nth(2).fill("Methods")
    lead.get_by_label("Statement 1").nth(0).fill("")
    lead.get_by_role("button", name="Put it into use").click()
    lead.get_by_text("is empty. Write it, or remove it.").wait_for()
    assert lead.get_by_label("Title").nth(2).input_value() == "Methods"
    check_page(lead, picture="skills-editor-wrong")
    lead.get_by_label("Statement 1").nth(0).fill("I can bring people together.")
    lead.get_by_role("button", name="Put it into use").click()
    lead.get_by_role("heading", name=re.compile("use")).wait_for()
    check_page(lead, picture="skills-use")
    lead.locator("main button[type=submit]").click()
    lead.get_by_text("Version 2 is in use").wait_for()


@pytest.mark.parametrize("size", [LAPTOP, {"width": 1024, "height": 768}], ids=["wide", "beamer"])
def test_the_wall_steps_through_the_rounds_on_one_screen(windows, sample, size):
    lead = staff(windows, cast.STAFF[3], size)  # a coach shows it
    lead.goto(f"{SAMPLE}/skills")
    lead.get_by_role("link", name="Present").click()
    for number in range(1, 4):
        lead.get_by_text(f"Round {number} of 3").wait_for()
        chart = lead.get_by_role("img", name=re.compile("Skills of the cohort"))
        assert chart.locator("path").count() == number
        assert lead.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        check_page(lead, picture=f"skills-wall-{number}")
        if number < 3:
            lead.get_by_role("link", name="Next round").click()
    lead.get_by_role("link", name="Back").click()
    lead.get_by_text("Round 2 of 3").wait_for()
    lead.get_by_role("link", name="End").click()
    lead.get_by_role("heading", name="Skills", exact=True).wait_for()
    assert db.session.query(Response).count() > 0
