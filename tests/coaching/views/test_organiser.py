from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from app.coaching.models import CoachVisit
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db
from app.plumbing.mail import Letter
from app.programmes.rules import Role
from tests.factories.coaching import a_coach_visit
from tests.factories.programmes import a_coach_of, a_member_of_staff, a_programme, a_team
from tests.visitor import Visitor

SUMMIT_LUNCH = datetime(2026, 3, 26, 13, 10, tzinfo=UTC)
VISITS = "/organise/together/teams/whitworth/visits"


@pytest.fixture(autouse=True)
def at_lunch():
    with time_machine.travel(SUMMIT_LUNCH, tick=False):
        yield


@pytest.fixture
def programme(app):
    return a_programme()


@pytest.fixture
def whitworth(programme):
    return a_team(programme, "Whitworth")


@pytest.fixture
def tom(programme, whitworth):
    account = a_member_of_staff(programme, Role.COACH, "Tom Leigh")
    a_coach_of(whitworth, account.person)
    return account


@pytest.fixture
def coach(app, tom) -> Visitor:
    return Visitor(app).sign_in(tom)


@pytest.fixture
def lead(app, programme) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(programme, Role.LEAD, "Helen Shaw"))


def test_a_coach_records_a_visit(coach, tom):
    page = coach.fill_in(
        f"{VISITS}/new",
        visited_on="2026-03-03",
        minutes="75",
        met_with="Jo Lund",
        next_step="Pilot signposting",
        private_notes="Tension in the team",
    )

    assert "The visit to Whitworth is recorded." in page.text
    visit = db.session.scalars(select(CoachVisit)).one()
    assert (visit.visited_on, visit.minutes, visit.coach_id, visit.recorded_by) == (
        date(2026, 3, 3),
        75,
        tom.person_id,
        "Tom Leigh",
    )
    assert "Tension in the team" in page.text


def test_a_form_sent_twice_records_one_visit(coach):
    form = coach.open(f"{VISITS}/new")
    for _ in range(2):
        coach.submit(form, f"{VISITS}/new", minutes="60")

    assert len(db.session.scalars(select(CoachVisit)).all()) == 1


def test_private_notes_are_not_for_organisers_nor_for_the_record_of_changes(lead, coach, tom):
    coach.fill_in(f"{VISITS}/new", private_notes="Tension in the team", shared_notes="Good start")

    page = lead.open(VISITS)

    assert "Good start" in page.text
    assert "Tension" not in page.html
    entry = db.session.scalars(select(AuditEntry)).one()
    assert "Tension" not in str(entry.after)


def test_an_organiser_changes_a_visit_and_private_notes_stay(lead, whitworth, tom):
    visit = a_coach_visit(whitworth, tom.person, private_notes="Tension", recorded_at=SUMMIT_LUNCH)

    page = lead.fill_in(f"{VISITS}/{visit.id}", action=str(visit.id), minutes="90")

    assert "Saved." in page.text
    kept = db.session.get(CoachVisit, visit.id)
    assert (kept.minutes, kept.private_notes) == (90, "Tension")


def test_a_visit_in_the_future_is_refused(coach):
    page = coach.fill_in(f"{VISITS}/new", visited_on="2026-03-27")

    assert page.status == 409
    assert "not in the future" in page.text


def test_a_wrong_length_is_named(coach):
    page = coach.fill_in(f"{VISITS}/new", minutes="2")

    assert page.status == 422
    assert "Enter a number of minutes from 5 to 600." in page.text


def test_another_coach_sees_neither_the_team_nor_its_visits(app, programme, whitworth, tom):
    other = Visitor(app).sign_in(a_member_of_staff(programme, Role.COACH, "Asha Patel"))

    assert other.open(VISITS).status == 404
    assert other.open(f"{VISITS}/new").status == 404
    assert "Whitworth" not in other.open("/organise/together/visits").text


def test_an_old_record_stays_as_it_is(coach, whitworth, tom):
    visit = a_coach_visit(whitworth, tom.person, visited_on=date(2025, 12, 1))

    page = coach.open(f"{VISITS}/{visit.id}")

    assert page.status == 409
    assert "within 30 days" in page.text


def test_a_visit_taken_back_no_longer_counts(coach, whitworth, tom):
    visit = a_coach_visit(whitworth, tom.person)

    page = coach.open(f"{VISITS}/{visit.id}")
    page = coach.submit(page, f"{VISITS}/{visit.id}", action="/withdrawal")

    assert "no longer counts" in page.text
    assert "No visits yet" in page.text


def test_a_visit_of_another_team_is_not_here(coach, programme, tom):
    elsewhere = a_coach_visit(a_team(programme, "The Limes"), tom.person)

    assert coach.open(f"{VISITS}/{elsewhere.id}").status == 404


def test_the_lead_asks_the_coach_who_gets_a_link(lead, tom):
    page = lead.open(VISITS)
    page = lead.submit(page, VISITS, action="/visit-requests")

    assert "Tom Leigh gets an e-mail" in page.text
    letter = db.session.scalars(select(Letter)).one()
    assert letter.to_address == tom.email
    assert letter.subject == "Record your visit to Whitworth"
    assert f"http://localhost{VISITS}/new" in letter.text
    assert f'href="http://localhost{VISITS}/new"' in letter.html


def test_nobody_to_ask_is_said(lead, whitworth):
    page = lead.open(VISITS)
    assert "Ask the coach" not in page.text

    token = {"csrf_token": lead.open("/organise/together/staff").forms[-1].values["csrf_token"]}
    refused = lead.send("/organise/together/teams/whitworth/visit-requests", data=token)

    assert refused.status == 409
    assert "Assign one first" in refused.text


def test_rounds_say_which_planned_visit_has_no_record(coach, whitworth, tom):
    a_coach_visit(
        whitworth, tom.person, visited_on=date(2026, 2, 3), next_visit_on=date(2026, 3, 3)
    )

    page = coach.open("/organise/together/visits")

    assert "No record of 3 March 2026" in page.text


def test_a_visit_to_a_team_without_a_coach_says_what_to_do(lead, whitworth):
    page = lead.open(f"{VISITS}/new")

    assert page.status == 409
    assert "Assign one, then record the visit." in page.text


def test_an_organiser_records_a_visit_for_the_coach(lead, tom):
    page = lead.fill_in(f"{VISITS}/new", coach=str(tom.person_id))

    assert "The visit to Whitworth is recorded." in page.text
    visit = db.session.scalars(select(CoachVisit)).one()
    assert (visit.coach_id, visit.recorded_by) == (tom.person_id, "Helen Shaw")
