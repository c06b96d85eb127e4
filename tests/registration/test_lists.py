"""What is kept of an uploaded list and for how long, and that nobody is invited twice."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select

from app.kernel.actor import Actor
from app.people.models import Person
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.plumbing.queue import Job, run_due
from app.plumbing.spreadsheets import Row, Table
from app.programmes.rules import Role
from app.registration import jobs
from app.registration.actions import lists
from app.registration.models import AccessNeed, InvitationList, Registration, Source, Status
from app.registration.rules.importing import Invitee, access_said, diet_said
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.together import side_by_side

AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
HEADERS = ("Name", "E-mail", "Practice", "Role", "Name on certificate", "Diet", "Access", "Notes")
GWEN = (
    "Gwen Price",
    "gwen@hilltop.example",
    "Hill Top Practice",
    "Practice manager",
    "Dr Gwen Price",
    "Vegan.",
    "Hearing loop",
    "private remark",
)
NOBODY = ("Jo", "jo.hilltop.example", "", "", "", "Halal", "", "another remark")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def summit(app):
    programme = a_programme()
    a_team(programme)
    return an_event(programme)


@pytest.fixture
def priya(summit):
    account = a_member_of_staff(summit.programme, Role.ORGANISER, "Priya Nair")
    return Actor("staff", account.id, "Priya Nair")


def a_list(event, by, *rows, headers=HEADERS):
    cells = [Row(number, row) for number, row in enumerate(rows, 2)]
    with transaction():
        listed = lists.take_list(
            event,
            Table(headers, tuple(cells), "UTF-8, separated by commas"),
            filename="people.csv",
            by=by,
            at=AT,
        )
        return listed.id


def send(list_id, by, *, expected=1):
    with transaction():
        listed = db.session.get_one(InvitationList, list_id)
        lists.send_list(listed, expected=expected, by=by, at=AT)


def work():
    run_due(lambda: datetime.now(UTC))


def the_list(list_id):
    db.session.rollback()
    return db.session.get(InvitationList, list_id)


def count(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def test_an_invitation_holds_what_the_list_said(summit, priya):
    send(a_list(summit, priya, GWEN), priya)

    work()

    registration = db.session.scalars(select(Registration)).one()
    assert (registration.status, registration.source) == (Status.INVITED, Source.INVITATION)
    assert (registration.team.name, registration.role) == ("Hill Top Practice", "Practice manager")
    assert registration.booked_by_id == priya.id
    assert registration.person.name == "Gwen Price"
    assert registration.person.name_on_certificate == "Dr Gwen Price"
    assert registration.person.certificate_name_confirmed_at is None
    needs = db.session.scalars(select(AccessNeed)).one()
    assert (needs.diet, needs.diet_other, needs.access_other) == ("vegan", "", "Hearing loop")


def test_somebody_who_is_known_is_linked_and_not_renamed(summit, priya):
    known = a_person("Gwyneth Price", email="gwen@hilltop.example")

    send(a_list(summit, priya, GWEN), priya)
    work()

    assert db.session.scalars(select(Registration)).one().person_id == known.id
    db.session.refresh(known)
    assert (known.name, known.certificate_name) == ("Gwyneth Price", None)


def test_a_list_that_was_sent_forgets_what_nobody_named(summit, priya):
    list_id = a_list(summit, priya, GWEN, NOBODY)
    send(list_id, priya)

    kept = the_list(list_id)

    assert kept.headers == ["Name", "E-mail", "Practice", "Role", "Name on certificate"]
    assert "remark" not in str(kept.rows)
    assert "Halal" not in str(kept.rows)
    assert kept.rows[1]["cells"] == ["Jo", "jo.hilltop.example", "", "", ""]
    assert kept.counts == {"new": 1, "invalid": 1}


def test_answers_about_needs_leave_the_list_with_the_invitations(summit, priya):
    list_id = a_list(summit, priya, GWEN)
    send(list_id, priya)
    assert "Vegan" in str(the_list(list_id).rows)

    work()

    kept = the_list(list_id)
    assert kept.is_worked_off
    assert "Vegan" not in str(kept.rows)
    assert "Hearing" not in str(kept.rows)


def test_a_list_that_is_not_sent_is_deleted_after_a_week(summit, priya, clock):
    list_id = a_list(summit, priya, GWEN)

    clock.move_to(AT + timedelta(days=6, hours=23))
    work()
    assert the_list(list_id) is not None
    clock.move_to(AT + timedelta(days=7))
    work()

    assert the_list(list_id) is None
    assert count(Person) == 1  # the organiser


def test_the_rows_of_a_list_that_was_sent_are_deleted_after_thirty_days(summit, priya, clock):
    list_id = a_list(summit, priya, GWEN, NOBODY)
    send(list_id, priya)
    work()

    clock.move_to(AT + timedelta(days=29, hours=23))
    work()
    assert the_list(list_id).rows
    clock.move_to(AT + timedelta(days=30))
    work()

    kept = the_list(list_id)
    assert (kept.rows, kept.headers, kept.columns) == ([], [], {})
    assert kept.counts == {"new": 1, "invalid": 1}
    assert count(Registration) == 1


def test_what_was_done_with_a_list_is_on_record(summit, priya):
    list_id = a_list(summit, priya, GWEN)
    send(list_id, priya)

    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject_kind == "invitation_list")
    ).all()

    assert [(entry.verb, entry.actor_id) for entry in entries] == [
        ("uploaded", priya.id),
        ("sent", priya.id),
    ]
    assert "Gwen" not in str([entry.after for entry in entries])


def test_a_worker_that_died_halfway_is_followed_by_one_that_writes_to_the_others_only(
    summit, priya
):
    people = [(f"P{n}", f"p{n}@hilltop.example", "", "", "", "", "", "") for n in range(60)]
    list_id = a_list(summit, priya, *people)
    send(list_id, priya, expected=60)
    first = [invitee(n) for n in range(25)]
    with transaction():
        lists.invite_some(summit.id, first, account_id=priya.id, at=AT)

    work()
    jobs.send_invitations(str(list_id), str(priya.id))

    addresses = db.session.scalars(select(Letter.to_address)).all()
    assert (len(addresses), len(set(addresses))) == (60, 60)
    assert count(Registration) == 60


def invitee(number):
    return Invitee(
        name=f"P{number}",
        email=f"p{number}@hilltop.example",
        team_id=None,
        role="",
        certificate_name="",
        diet="",
        access="",
    )


def test_two_workers_at_once_write_to_each_person_once(app, summit, priya):
    people = [invitee(number) for number in range(20)]
    event_id, account_id = summit.id, priya.id

    def one_worker():
        for one in people:
            with transaction():
                lists.invite_some(event_id, [one], account_id=account_id, at=AT)

    assert side_by_side(app, one_worker, one_worker) == [None, None]
    assert count(Registration) == 20
    assert count(Letter) == 20


def test_two_organisers_who_send_at_once_plan_one_sending(app, summit, priya):
    list_id = a_list(summit, priya, GWEN)

    def press():
        send(list_id, priya)

    assert side_by_side(app, press, press) == [None, None]
    name = "registration.send_invitations"
    assert db.session.scalar(select(func.count()).where(Job.name == name)) == 1


def test_nobody_is_invited_once_the_event_is_over(summit, priya):
    send(a_list(summit, priya, GWEN), priya)

    with transaction():
        lists.invite_some(summit.id, [invitee(1)], account_id=priya.id, at=summit.ends_at)

    assert count(Registration) == 0


def test_a_removed_list_leaves_nothing_to_do(summit, priya, clock):
    list_id = a_list(summit, priya, GWEN)
    with transaction():
        lists.remove_list(db.session.get_one(InvitationList, list_id), by=priya, at=AT)

    clock.move_to(AT + timedelta(days=8))
    work()

    assert the_list(list_id) is None
    assert db.session.scalar(select(func.count()).where(Job.done_at.is_(None))) == 0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", ("", "")),
        ("None", ("", "")),
        ("n/a", ("", "")),
        ("No dietary requirements.", ("", "")),
        ("Vegan", ("vegan", "")),
        ("  gluten-free ", ("gluten_free", "")),
        ("Vegetarian, no nuts", ("other", "Vegetarian, no nuts")),
    ],
)
def test_a_diet_is_taken_as_it_was_said(answer, expected):
    assert diet_said(answer) == expected


@pytest.mark.parametrize(
    ("answer", "expected"), [("None.", ""), ("no", ""), ("No stairs", "No stairs")]
)
def test_an_access_need_is_taken_as_it_was_said(answer, expected):
    assert access_said(answer) == expected


def test_the_job_of_a_list_that_is_gone_does_nothing(app):
    jobs.send_invitations(str(UUID(int=1)), str(UUID(int=2)))
    jobs.forget_list(str(UUID(int=1)))

    assert count(Registration) == 0
