"""G30: who is erased stands in no table and in no file any more, but for what we said would stay."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from app.certificates.actions.ending import HolderErased, replace
from app.kernel.actor import Actor
from app.people.actions import CannotErase, erase, send_link, traces_of
from app.people.models import Person
from app.people.rules import ERASED_NAME
from app.plumbing.database import Model, db, transaction
from app.plumbing.mail import Letter
from app.plumbing.spreadsheets import read_table
from app.posters.models import PosterQuestion
from app.registration.actions.lists import take_list
from app.registration.models import PersonalCode
from app.registration.queries import registrations_of_person
from app.web.sample.loading import load_sample, sample_programme
from app.web.sample.story import skip_to_the_afternoon
from tests.factories.certificates import a_certificate
from tests.factories.events import an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.factories.registration import a_registration
from tests.visitor import Visitor

AT = datetime(2026, 3, 26, 13, 10, tzinfo=UTC)
LEAD = Actor("staff", None, "Helen")
ROWS = b"Name,E-mail\nGwen,GWEN@hilltop.example\nEd,ed@hilltop.example\n"


@pytest.fixture(autouse=True)
def _afternoon():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def programme(app):
    with transaction():
        load_sample(at=AT.replace(hour=8))
    with transaction():
        skip_to_the_afternoon(sample_programme(), at=AT)
    return sample_programme()


@pytest.fixture
def askers(programme) -> list[Person]:
    """Return everybody who asked at a poster; each was there, and had a letter."""
    asked = select(PosterQuestion.person_id).where(PosterQuestion.person_id.is_not(None))
    people = [db.session.get_one(Person, one) for one in set(db.session.scalars(asked))]
    with transaction():
        for person in people:
            send_link(person, at=AT)
    return people


def where_stands(*words: str) -> set[tuple[str, str]]:
    """Return each table and column in which one of these words stands."""
    found = set()
    for table in Model.metadata.sorted_tables:
        for row in db.session.execute(table.select()).mappings():
            for column, value in row.items():
                said = json.dumps(value, default=str, ensure_ascii=False).lower()
                if any(word.lower() in said for word in words):
                    found.add((table.name, column))
    return found


def test_who_is_erased_stands_in_no_table(askers):
    assert askers
    words = [word for person in askers for word in (person.name, person.email)]
    before = where_stands(*words)
    assert {("person", "name"), ("person", "email"), ("letter", "to_address")} <= before

    for person in askers:
        with transaction():
            erase(person, reason="They asked for it.", by=LEAD, at=AT)

    assert where_stands(*words) == set()
    assert {person.name for person in askers} == {ERASED_NAME}


def test_no_link_opens_anything_any_more_and_counts_stay(app):
    event = an_event(a_programme())
    gwen = a_person()
    a_registration(event, gwen)
    visitor = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))
    assert visitor.open("/my").status == 200
    assert "1 booking" in " ".join(traces_of(gwen).stays)

    with transaction():
        erase(gwen, reason="She asked for it.", by=LEAD, at=AT)

    assert visitor.open("/my").status == 401
    assert len(registrations_of_person(gwen)) == 1
    assert db.session.scalar(select(func.count()).select_from(PersonalCode)) == 0


def test_a_certificate_answers_that_its_details_were_erased(app):
    issue = a_certificate()
    name = issue.fields["recipient"]
    assert name in Visitor(app).open(f"/v/{issue.code}").text

    with transaction():
        erase(issue.person, reason="They asked for it.", by=LEAD, at=AT)

    page = Visitor(app).open(f"/v/{issue.code}")
    assert (page.status, name in page.text) == (200, False)
    assert "Details erased" in page.text
    assert issue.number in page.text
    with pytest.raises(HolderErased), transaction():
        replace(issue, recipient=name, reason="Once more.", by=LEAD, at=AT)


def test_an_uploaded_list_forgets_its_row(app):
    event = an_event(a_programme())
    helen = a_member_of_staff(event.programme)
    gwen, ed = a_person(email="gwen@hilltop.example"), a_person("Ed", email="ed@hilltop.example")
    a_registration(event, gwen)
    with transaction():
        table = read_table(ROWS, filename="guests.csv")
        by = Actor("staff", helen.id, "Helen")
        listed = take_list(event, table, filename="guests.csv", by=by, at=AT)

    with transaction():
        erase(gwen, reason="She asked for it.", by=LEAD, at=AT)

    assert [row["cells"][1] for row in listed.rows] == [ed.email]


def test_somebody_asks_and_a_lead_does_it(app):
    event = an_event(a_programme())
    helen = a_member_of_staff(event.programme)
    gwen = a_person()
    registration = a_registration(event, gwen)
    hers = Visitor(app).carry(visit=a_visit_of(gwen, at=AT))

    asking = hers.open("/my/data/erase")
    for _ in range(2):
        page = hers.submit(asking, "/my/data/erase")
        assert "You asked to be erased on" in page.text
    (letter,) = db.session.scalars(select(Letter).where(Letter.to_address == helen.email))
    assert gwen.name not in letter.text
    address = f"/organise/together/events/{event.slug}/registrations/{registration.id}/erase"
    assert address in letter.text

    lead = Visitor(app).sign_in(helen)
    assert "They asked for it" in lead.open(address).text
    refused = lead.submit(lead.open(address), address)
    assert (refused.status, "Say why" in refused.text) == (422, True)
    done = lead.submit(lead.open(address), address, reason="They asked for it.")
    assert "Erased. Only numbers are left." in done.text
    assert gwen.name == ERASED_NAME


def test_a_lead_does_not_erase_somebody_whom_another_programme_knows(app):
    ours, theirs = an_event(a_programme()), an_event(a_programme("elsewhere"))
    gwen = a_person()
    registration = a_registration(ours, gwen)
    a_registration(theirs, gwen)
    lead = Visitor(app).sign_in(a_member_of_staff(ours.programme))
    address = f"/organise/together/events/{ours.slug}/registrations/{registration.id}/erase"

    page = lead.submit(lead.open(address), address, reason="She asked for it.")

    assert page.status == 409
    assert "a programme that you do not lead" in page.text
    assert gwen.name != ERASED_NAME


def test_an_old_link_asks_for_a_code_first(app):
    gwen = a_person()
    a_registration(an_event(a_programme()), gwen)
    hers = Visitor(app).carry(visit=a_visit_of(gwen, at=AT, is_proven=False))

    page = hers.open("/my/data/erase")

    assert "code" in page.text
    assert "Erase what we hold" not in page.text
    assert gwen.asked_to_be_erased_at is None


def test_whoever_signs_in_as_staff_is_not_erased(app):
    helen = a_member_of_staff(a_programme())
    person = db.session.get_one(Person, helen.person_id)

    with pytest.raises(CannotErase, match="signs in as staff"), transaction():
        erase(person, reason="A mistake.", by=LEAD, at=AT)

    assert person.name != ERASED_NAME
