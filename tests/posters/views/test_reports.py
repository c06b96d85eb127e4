from datetime import timedelta

import pytest
from sqlalchemy import select

from app.kernel.clock import now
from app.plumbing.database import db
from app.plumbing.files import file_content
from app.plumbing.queue import run_due
from app.posters.models import FeedbackReport
from app.programmes.rules import Role
from tests.factories.people import a_person
from tests.factories.posters import a_poster
from tests.factories.programmes import a_member_of_staff, a_team
from tests.factories.voices import a_kept_question
from tests.posters.conftest import AT
from tests.posters.papers import words_in
from tests.statements import count_statements
from tests.visitor import Visitor

REPORTS = "/organise/together/events/summit/posters/reports"
TEAM = "/organise/together/events/summit/posters/hill-top-practice/report"


def press(organiser):
    return organiser.submit(organiser.open(REPORTS), REPORTS, action="/reports")


def reports():
    db.session.rollback()
    return db.session.scalars(select(FeedbackReport).order_by(FeedbackReport.asked_at)).all()


def test_one_press_makes_the_reports_of_all_teams(organiser, summit, poster):
    a_poster(a_team(summit.programme, "Riverside"), summit, title="Quicker")
    a_poster(a_team(summit.programme, "Not there"), summit, submitted_at=None)
    page = organiser.open(REPORTS)
    assert "Download" not in page.text

    page = press(organiser)
    assert "2 reports on the way." in page.text
    assert "0 of 2 reports made" in page.text

    run_due(now)
    page = organiser.open(REPORTS)
    assert "2 of 2 reports made." in page.text
    assert page.text.count("Download the report of") == 2
    assert "What visitors told us" in words_in(organiser.open(TEAM).response.data)


def test_pressing_again_while_they_are_made_leads_to_the_same(organiser, poster):
    press(organiser)
    press(organiser)

    assert len(reports()) == 1


def test_a_newer_report_takes_the_place_of_the_one_before(organiser, poster, clock):
    press(organiser)
    run_due(now)
    (old,) = reports()
    old_key = old.file_key
    a_kept_question(poster, a_person("Gwen Price"), text="Is this new?", at=AT)

    clock.shift(timedelta(minutes=5))
    press(organiser)
    run_due(now)

    first, second = reports()
    assert first.file_key is None and file_content(old_key) is None
    assert second.file_key is not None
    answer = organiser.open(TEAM).response
    assert "Is this new?" in words_in(answer.data)
    assert "feedback-hill-top-practice-2026-03-26-1005.pdf" in answer.headers["Content-Disposition"]


def test_without_posters_there_is_nothing_to_report(organiser, summit):
    page = organiser.open(REPORTS)
    assert "Reports can be made once a team has handed in its poster." in page.text
    assert not [form for form in page.forms if "/reports" in (form.action or "")]


def test_the_part_of_the_page_is_sent_again_only_when_it_changed(organiser, poster):
    part = f"{REPORTS}/now"
    first = organiser.client.get(part)
    again = {"If-None-Match": first.headers["ETag"]}
    assert organiser.client.get(part, headers=again).status_code == 304

    press(organiser)

    fresh = organiser.client.get(part, headers=again)
    assert fresh.status_code == 200 and "0 of 1 report made" in fresh.text


def test_a_team_takes_its_own_report_home(at_the_stand, organiser, poster):
    assert "no feedback report of Hill Top" in at_the_stand.open("/team/report").text

    press(organiser)
    run_due(now)

    answer = at_the_stand.open("/team/report").response
    assert "What visitors told us" in words_in(answer.data)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "/team/report" in at_the_stand.open("/team/").response.text


def test_a_facilitator_gets_no_addresses_of_visitors(app, summit, poster):
    facilitator = Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.FACILITATOR))

    assert facilitator.open(REPORTS).status == 403
    assert facilitator.open(TEAM).status == 403


@pytest.mark.parametrize("path", [REPORTS, f"{REPORTS}/now"])
def test_three_teams_cost_as_many_questions_as_one(organiser, summit, poster, path):
    press(organiser)
    organiser.client.get(path)
    with count_statements() as one:
        organiser.client.get(path)
    for name in ("Riverside", "Old Mill"):
        a_poster(a_team(summit.programme, name), summit)
    organiser.client.get(path)
    with count_statements() as three:
        organiser.client.get(path)

    assert len(three) == len(one)
