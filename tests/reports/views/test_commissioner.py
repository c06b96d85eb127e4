import csv
from datetime import timedelta
from io import BytesIO, StringIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
import time_machine

from app.certificates.actions.issuing import (
    award_recognition,
    person_to_recognise,
    team_to_recognise,
)
from app.certificates.rules import Holder
from app.groupwork.models import GroupWork
from app.groupwork.rules.agreeing import Outcome
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.queue import MOST_ATTEMPTS, Job, run_due
from app.programmes.rules import Role
from app.registration.models import Registration
from tests.factories.certificates import HELEN, a_presence, a_rule
from tests.factories.coaching import a_handed_in_poster
from tests.factories.events import SUMMIT_STARTS, an_event
from tests.factories.groupwork import a_group_work, a_table, a_theme, an_agreement
from tests.factories.people import a_person
from tests.factories.programmes import a_member, a_member_of_staff, a_programme, a_team
from tests.factories.questionnaires import a_round, answered, closed
from tests.statements import count_statements
from tests.visitor import Visitor

PAGE = "/organise/together/commissioner-report"
A_DAY_LATER = SUMMIT_STARTS + timedelta(days=1)


@pytest.fixture(autouse=True)
def a_day_later():
    with time_machine.travel(A_DAY_LATER, tick=False) as clock:
        yield clock


@pytest.fixture
def programme(app):
    return a_programme()


@pytest.fixture
def summit(programme):
    return an_event(programme, shows_posters=True)


@pytest.fixture
def organiser(app, programme) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(programme, Role.ORGANISER))


def came_from(team, event, number: int) -> list:
    people = [a_person(f"{team.name} {n}") for n in range(number)]
    for person in people:
        a_member(team, person)
        a_presence(person, event, team)
    return people


def rows_in(bundle: bytes, name: str) -> list[list[str]]:
    content = ZipFile(BytesIO(bundle)).read(name).decode("utf-8-sig")
    return list(csv.reader(StringIO(content)))


def test_the_page_shows_who_came_and_hides_small_numbers_with_their_complement(
    organiser, programme, summit
):
    for name, number in (("Hill Top", 6), ("The Limes", 3), ("Old Mill", 7)):
        came_from(a_team(programme, name), summit, number)
    a_team(programme, "Parkgate")

    page = organiser.open(PAGE)

    assert "Hill Top not shown" in page.text.replace("● ", "").replace("●", "")
    assert "Old Mill 7" in page.text
    assert "Parkgate –nobody" in page.text
    assert "Everybody 16" in page.text


def test_the_report_is_made_later_and_holds_all_its_parts(organiser, programme, summit):
    team = a_team(programme, "Canal Street")
    a_rule(programme, Holder.PERSON)
    a_rule(programme, Holder.TEAM)
    people = came_from(team, summit, 6)
    a_handed_in_poster(team, summit, "From two hundred letters to sixty")
    wave = a_round(summit)
    for person in people:
        answered(wave, person)
    closed(wave)
    gwen = people[0]
    for whom in (team_to_recognise(team), person_to_recognise(gwen, team)):
        with transaction():
            award_recognition(
                summit,
                whom,
                citation="for transformational achievements",
                recognition=uuid4(),
                by=HELEN,
                at=A_DAY_LATER,
            )

    sent = organiser.fill_in(PAGE)
    assert "The report is being made" in sent.text
    run_due(now)

    page = organiser.open(PAGE)
    assert "The last one was made on" in page.text
    paper = organiser.open(f"{PAGE}/report.pdf").response
    assert paper.data.startswith(b"%PDF")
    bundle = organiser.open(f"{PAGE}/report.zip").response.data
    assert rows_in(bundle, "attendance.csv")[1:] == [["Canal Street", "6"], ["Everybody", "6"]]
    assert rows_in(bundle, "completion-people.csv")[1:] == [
        ["Complete", "6"],
        ["Not complete", "0"],
        ["Everybody", "6"],
    ]
    assert rows_in(bundle, "completion-teams.csv")[1][:2] == ["Canal Street", "yes"]
    assert rows_in(bundle, "posters.csv")[1][1:3] == [
        "Canal Street",
        "From two hundred letters to sixty",
    ]
    assert rows_in(bundle, "skills.csv")[1][4:6] == ["6", "3.00"]
    assert rows_in(bundle, "recognition.csv")[1:] == [
        ["Canal Street", "for transformational achievements"],
        ["A member of Canal Street", "for transformational achievements"],
    ]
    assert gwen.name.encode() not in bundle


def test_themes_and_agreements_are_told_once_they_are_shared(organiser, programme, summit):
    team = a_team(programme, "Canal Street")
    (owner,) = came_from(team, summit, 1)
    place = db.session.query(Registration).filter_by(person_id=owner.id).one()
    work = a_group_work(summit, at=SUMMIT_STARTS)
    table = a_table(work)
    an_agreement(table, place, text="Pilot signposting", outcome=Outcome.PARTLY)
    an_agreement(table, number=2, text="Meet again", owner_team_id=team.id)
    a_theme(work, "Signposting by reception")
    assert "no group work is finished and shared yet" in organiser.open(PAGE).text
    with transaction():
        db.session.get_one(GroupWork, work.id).shared_at = A_DAY_LATER

    page = organiser.open(PAGE)
    organiser.fill_in(PAGE)
    run_due(now)

    assert "2 agreements, 1 partly, 1 without an answer yet" in page.text
    bundle = organiser.open(f"{PAGE}/report.zip").response.data
    assert rows_in(bundle, "agreements.csv")[1:] == [
        ["Summit", "Pilot signposting", "Canal Street", "2026-04-30", "Partly"],
        ["Summit", "Meet again", "Canal Street", "2026-04-30", "No answer yet"],
    ]
    assert "Signposting by reception" in str(rows_in(bundle, "themes.csv"))
    assert owner.name.encode() not in bundle
    assert organiser.open(f"{PAGE}/report.pdf").response.data.startswith(b"%PDF")


def test_asking_again_while_it_is_made_leads_to_the_same_report(organiser, programme):
    organiser.fill_in(PAGE)
    organiser.fill_in(PAGE)

    assert db.session.query(Job).filter_by(name="reports.make_commissioner_report").count() == 1
    run_due(now)
    organiser.fill_in(PAGE)
    assert db.session.query(Job).filter_by(name="reports.make_commissioner_report").count() == 2


def test_an_empty_programme_says_what_the_report_waits_for(organiser):
    page = organiser.open(PAGE)

    assert "No event has been held yet." in page.text
    assert "Skills: no figures are published yet" in page.text
    paper = organiser.open(f"{PAGE}/report.pdf")
    assert (paper.status, "The report is not made yet" in paper.text) == (409, True)


def test_a_failed_report_says_so(organiser, programme):
    organiser.fill_in(PAGE)
    job = db.session.query(Job).filter_by(name="reports.make_commissioner_report").one()
    with transaction():
        job.attempts = 1

    part = organiser.client.get(f"{PAGE}/now")

    assert "The report could not be made at once" in part.text


def test_a_report_that_failed_for_good_is_asked_for_again(a_day_later, organiser, programme):
    organiser.fill_in(PAGE)
    with transaction():
        db.session.query(Job).filter_by(name="reports.make_commissioner_report").update(
            {"attempts": MOST_ATTEMPTS}
        )
    assert "Try again with the button above" in organiser.open(PAGE).text

    a_day_later.shift(timedelta(minutes=1))
    assert "The report is being made" in organiser.fill_in(PAGE).text


def test_a_coach_may_not_make_it(app, programme):
    tom = Visitor(app).sign_in(a_member_of_staff(programme, Role.COACH, "Tom Leigh"))

    assert tom.open(PAGE).status == 403


def test_it_asks_the_database_as_often_for_three_teams_as_for_one(organiser, programme, summit):
    def statements_for(more: int) -> int:
        for number in range(more):
            team = a_team(programme, f"Team {number} of {more}")
            came_from(team, summit, 2)
            a_handed_in_poster(team, summit)
        with count_statements() as asked:
            organiser.open(PAGE)
        return len(asked)

    assert statements_for(1) == statements_for(2)
