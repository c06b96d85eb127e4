"""What organisers do with an event's list, and who may see what of it."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from sqlalchemy import select

from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.programmes.rules import Role
from app.registration.actions.invitations import invite
from app.registration.models import AccessNeed, Registration, Status
from app.registration.queries import needs_of
from tests.factories.events import an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration, the_code_of
from tests.registration.test_booking import ORGANISER
from tests.statements import count_statements
from tests.visitor import Visitor

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
LIST = "/organise/together/events/summit/registrations"


@pytest.fixture(autouse=True)
def _ten_in_march():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def summit(app):
    return an_event(a_programme())


def staff(app, event, role=Role.ORGANISER) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(event.programme, role))


@pytest.fixture
def organiser(app, summit):
    return staff(app, summit)


def a_need(registration, **values) -> AccessNeed:
    facts = {"adjustments": [], "changed_at": AT, **values}
    with transaction():
        need = AccessNeed(registration_id=registration.id, **facts)
        db.session.add(need)
    return need


def test_the_list_filters_by_status_and_finds_without_accents(organiser, summit):
    a_registration(summit, a_person("Dr Siân O'Connor"), a_team(summit.programme, "Riverside"))
    a_registration(summit, a_person("Lee Adams"), status=Status.CANCELLED)
    jo = a_person("Jo Bell")
    with transaction():
        invite(summit, jo, team=None, role="", by=ORGANISER, at=AT)

    everybody = organiser.open(LIST)
    assert everybody.text.index("Lee Adams") < everybody.text.index("Dr Siân O'Connor")
    assert "1 booked" in everybody.text
    assert "59 places free of 60" in everybody.text
    for query, found in (
        ("?q=sian", "Siân"),
        ("?q=o'connor", "Siân"),
        ("?q=river", "Siân"),
        ("?status=cancelled", "Lee"),
        ("?status=invited", "Jo Bell"),
    ):
        page = organiser.open(LIST + query)
        names = [name for name in ("Siân", "Lee", "Jo Bell") if name in page.text]
        assert names == [found], query
    assert "Nobody matches" in organiser.open(f"{LIST}?q=%25").text
    assert organiser.open(f"{LIST}?status=nonsense&page=x").status == 200


def test_an_empty_list_says_what_to_do_next(organiser, summit):
    assert "Send the invitations" in organiser.open(LIST).text


def test_the_list_asks_as_often_for_three_as_for_one(organiser, summit):
    asked = []
    for _ in range(2):
        a_registration(summit, a_person(), a_team(summit.programme, f"Team {len(asked)}"))
        organiser.open(LIST)
        with count_statements() as statements:
            organiser.open(LIST)
        asked.append(len(statements))
        a_registration(summit, a_person(), a_team(summit.programme, f"More {len(asked)}"))

    assert asked[0] == asked[1]


def test_fifty_are_on_a_page(organiser, summit):
    for number in range(52):
        a_registration(summit, a_person(f"Person {number:02}"))

    assert "1 to 50 of 52 registrations" in organiser.open(LIST).text
    page = organiser.open(f"{LIST}?page=2")
    assert "Person 51" in page.text
    assert "Person 01" not in page.text


def test_a_facilitator_sees_names_and_no_addresses(app, summit):
    registration = a_registration(summit, a_person("Lee Adams", email="lee@x.example"))
    facilitator = staff(app, summit, Role.FACILITATOR)

    page = facilitator.open(LIST)

    assert "Lee Adams" in page.text
    assert "lee@x.example" not in page.html
    one = facilitator.open(f"{LIST}/{registration.id}")
    assert "lee@x.example" not in one.html
    assert "Cancel this place" not in one.text
    for path in (
        f"{LIST}.csv",
        f"{LIST}/new",
        f"{LIST}/{registration.id}/change",
        f"{LIST}/{registration.id}/person",
        f"{LIST}/{registration.id}/cancellation",
        "/organise/together/events/summit/access-needs",
        "/organise/together/events/summit/catering",
    ):
        assert facilitator.open(path).status == 403, path


def test_a_registration_of_another_event_is_not_there(app, summit, organiser):
    other = a_registration(an_event(a_programme("other")))
    need = a_need(other, wants_call=True)

    for path in (
        f"{LIST}/{other.id}",
        f"{LIST}/{other.id}/change",
        f"{LIST}/{other.id}/person",
        f"{LIST}/{other.id}/cancellation",
        f"/organise/together/events/summit/access-needs/{need.id}",
        "/organise/other/events/summit/registrations",
    ):
        assert organiser.open(path).status == 404, path


def test_registering_on_behalf_is_recorded_and_told(organiser, summit):
    a_team(summit.programme)
    page = organiser.fill_in(
        f"{LIST}/new",
        name="Jo Bell",
        email="jo@hilltop.example",
        practice="hill-top-practice",
        role="Nurse",
    )

    assert "Jo Bell is booked." in page.text
    assert "Booked by an organiser" in page.text
    letter = db.session.scalars(select(Letter)).one()
    assert letter.subject == "You were booked for Summit, Thursday 26 March 2026"
    again = organiser.fill_in(f"{LIST}/new", name="Jo", email="jo@hilltop.example", practice="none")
    assert again.status == 409
    assert "Jo Bell already has a place at Summit." in again.text
    assert organiser.fill_in(f"{LIST}/new", name="", email="x").status == 422


def test_one_registration_shows_its_facts_and_its_history(organiser, summit):
    registration = a_registration(summit, a_person("Lee Adams", email="lee@x.example"))
    path = f"{LIST}/{registration.id}"

    page = organiser.fill_in(f"{path}/change", role="GP", certificate_name="Dr Lee Adams")
    assert "Saved. Lee Adams is told by e-mail." in page.text
    page = organiser.submit(page, path, action="/letter")
    assert "The letter to Lee Adams is on its way." in page.text
    old = the_code_of(registration).short_code
    page = organiser.submit(page, path, action="/pass")
    assert "has a new pass" in page.text
    assert the_code_of(registration).short_code != old
    page = organiser.fill_in(f"{path}/cancellation", reason="Left the practice")

    assert "The place of Lee Adams is given back." in page.text
    for words in ("Changed", "Letter sent again", "Name on certificate changed", "Cancelled"):
        assert words in page.text
    assert "“Left the practice”" in page.text
    assert "by Organiser" in page.text
    assert "What you can do" not in page.text
    assert len(db.session.scalars(select(Letter)).all()) == 4


def test_a_mistyped_address_is_put_right_and_gets_the_pass(app, organiser, summit):
    registration = a_registration(summit, a_person("Lee Adams", email="lee@wrong.example"))
    a_person("Jo Bell", email="jo@x.example")
    path = f"{LIST}/{registration.id}/person"
    stranger = Visitor(app).carry(visit=a_visit_of(registration.person, at=AT))
    assert stranger.open("/my").status == 200

    taken = organiser.fill_in(path, email="JO@x.example")
    assert taken.status == 409
    assert "jo@x.example belongs to somebody else" in taken.text
    page = organiser.fill_in(path, name="Dr Lee Adams", email="Lee@right.example")

    assert "Name or address put right" in page.text
    letter = db.session.scalars(select(Letter)).one()
    assert (letter.to_name, letter.to_address) == ("Dr Lee Adams", "lee@right.example")
    assert stranger.open("/my").status == 401
    assert organiser.fill_in(path, email="nonsense").status == 422


def test_the_address_of_staff_is_not_an_organisers_to_change(organiser, summit):
    helen = a_member_of_staff(summit.programme, Role.LEAD, "Helen Shaw")
    registration = a_registration(summit, helen.person)

    page = organiser.fill_in(f"{LIST}/{registration.id}/person", email="evil@x.example")

    assert page.status == 409
    assert "Helen Shaw is a member of staff" in page.text
    assert db.session.scalars(select(Letter)).all() == []


def test_changing_for_somebody_leaves_their_needs_alone(organiser, summit):
    registration = a_registration(summit)
    a_need(registration, diet="vegan")

    organiser.fill_in(f"{LIST}/{registration.id}/change", role="GP")

    assert needs_of(registration).diet == "vegan"
    assert db.session.get(Registration, registration.id).role == "GP"


def test_the_export_holds_no_needs_and_runs_nothing(organiser, summit):
    registration = a_registration(
        summit, a_person('=HYPERLINK("http://evil.example")', email="lee@x.example")
    )
    a_need(registration, diet="vegan", access_other="Hoist")

    answer = organiser.open(f"{LIST}.csv")

    rows = list(csv.reader(StringIO(answer.response.data.decode("utf-8-sig"))))
    assert rows[0] == [
        "Name",
        "Name on certificate",
        "Practice",
        "Role",
        "Status",
        "Photos",
        "E-mail",
    ]
    assert rows[1][0].startswith("'=")
    assert rows[1][4:] == ["Booked", "No", "lee@x.example"]
    assert b"egan" not in answer.response.data
    assert b"Hoist" not in answer.response.data


def test_catering_counts_diets_and_names_nobody(organiser, summit):
    for name, diet, other in (
        ("Lee Adams", "vegan", ""),
        ("Jo Bell", "other", "No celery <b>"),
        ("Al Cole", "", ""),
    ):
        registration = a_registration(summit, a_person(name))
        if diet:
            a_need(registration, diet=diet, diet_other=other)
    gone = a_registration(summit, a_person("Kit Gone"), status=Status.CANCELLED)
    a_need(gone, diet="halal")

    page = organiser.open("/organise/together/events/summit/catering")

    for words in ("3 people booked", "Nothing special 1", "Vegan 1", "Something else 1", "Total 3"):
        assert words in page.text
    assert "No celery <b>" in page.text
    assert "Halal" not in page.text
    for name in ("Lee", "Bell", "Cole", "Gone"):
        assert name not in page.text


def test_a_call_is_a_task_until_it_is_done(organiser, summit):
    jon = a_registration(summit, a_person("Jon Bell"))
    need = a_need(
        jon,
        wants_call=True,
        phone="07700 900123",
        call_due_at=AT,
        adjustments=["step_free"],
        access_other="A hoist",
    )
    path = "/organise/together/events/summit/access-needs"

    page = organiser.open(path)
    assert "Jon Bell asks for a call on 07700 900123" in page.text
    assert "Due Tuesday 10 March 2026" in page.text
    assert "Step-free way in; A hoist" in page.text
    assert organiser.fill_in(f"{path}/{need.id}", note="").status == 422
    page = organiser.fill_in(f"{path}/{need.id}", note="Table by the door")

    assert "Jon Bell was called on Tuesday 10 March 2026" in page.text
    assert "Table by the door" in page.text
