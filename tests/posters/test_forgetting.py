"""Addresses left at a poster go two years after its event."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.kernel.actor import Actor
from app.kernel.clock import now
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.mail import Letter
from app.plumbing.queue import Job, run_due
from app.posters.actions.asking import Asked, answer, ask
from app.posters.actions.signalling import give_signal
from app.posters.actions.writing import Author
from app.posters.models import FeedbackReport, PosterQuestion, Signal
from app.posters.queries.posters import marketplace_of
from app.posters.queries.signalling import Giver
from app.posters.rules import ADDRESS_KEPT_FOR, SignalKind
from tests.factories.people import a_person
from tests.factories.voices import a_report
from tests.posters.conftest import AT

GUEST = Author(guest_name="Gwen Price", guest_email="gwen@elsewhere.example")
TEAM = Actor("team", uuid4(), "Hill Top Practice")


@pytest.fixture
def guests_welcome(summit):
    with transaction():
        marketplace_of(summit).guests_may_write = True


def a_guest_asks(poster, text="How did you begin?"):
    with transaction():
        asked = Asked(text=text, is_named=True, form_id=uuid4())
        return ask(poster, asked, GUEST, at=now()).id


def somebody_agrees(poster, *, agrees=True):
    ravi = a_person("Ravi Shah", email="ravi@practice.example")
    with transaction():
        give_signal(
            poster,
            SignalKind.TELL_ME_MORE,
            Giver(person=ravi),
            agrees_to_contact=agrees,
            at=now(),
        )


def addresses():
    db.session.rollback()
    asked = [row.guest_email for row in db.session.query(PosterQuestion)]
    agreed = [row.contact_email for row in db.session.query(Signal)]
    return [address for address in [*asked, *agreed] if address]


def forgettings():
    db.session.rollback()
    return db.session.query(Job).filter_by(name="posters.forget_addresses").all()


def test_addresses_go_two_years_after_the_event_and_no_day_before(
    clock, summit, poster, guests_welcome
):
    question_id = a_guest_asks(poster)
    somebody_agrees(poster)
    with transaction():
        question = db.session.get_one(PosterQuestion, question_id)
        answer(question, "With paper.", answered_by="Ruth", by=TEAM, at=now())
    report = a_report(poster, at=AT)
    end = summit.ends_at + ADDRESS_KEPT_FOR

    clock.move_to(end - timedelta(minutes=1))
    run_due(now)
    assert len(addresses()) == 2

    clock.move_to(end + timedelta(minutes=1))
    run_due(now)
    assert addresses() == []
    question = db.session.get_one(PosterQuestion, question_id)
    assert (question.text, question.guest_name) == ("How did you begin?", "Gwen Price")
    assert not db.session.query(Signal).one().agrees_to_contact
    assert db.session.query(Letter).count() == 0
    assert db.session.query(FeedbackReport).count() == 0
    assert file_content(report.file_key) is None
    noted = db.session.query(AuditEntry).filter_by(verb="deleted addresses left at a poster")
    assert noted.one().after == {"count": 2}
    assert all(job.is_over for job in forgettings())


def test_they_wait_for_an_event_that_was_moved(clock, summit, poster, guests_welcome):
    a_guest_asks(poster)
    end = summit.ends_at + ADDRESS_KEPT_FOR
    with transaction():
        event = poster.event
        event.starts_at, event.ends_at = (
            event.starts_at + timedelta(days=50),
            event.ends_at + timedelta(days=50),
        )

    clock.move_to(end + timedelta(days=1))
    run_due(now)
    assert len(addresses()) == 1

    clock.move_to(end + timedelta(days=51))
    run_due(now)
    assert addresses() == []


def test_a_question_that_came_later_is_kept_as_long(clock, summit, poster, guests_welcome):
    a_guest_asks(poster)
    clock.move_to(AT + timedelta(days=300))
    a_guest_asks(poster, "Does it still work?")
    assert len(forgettings()) == 2

    clock.move_to(summit.ends_at + ADDRESS_KEPT_FOR + timedelta(days=1))
    run_due(now)
    assert len(addresses()) == 1

    clock.move_to(AT + timedelta(days=300) + ADDRESS_KEPT_FOR + timedelta(days=1))
    run_due(now)
    assert addresses() == []
    assert all(job.is_over for job in forgettings())


def test_forgetting_is_planned_once_a_month_and_only_where_an_address_is_left(
    summit, poster, guests_welcome
):
    somebody_agrees(poster, agrees=False)
    assert forgettings() == []

    a_guest_asks(poster)
    a_guest_asks(poster, "And then?")

    assert len(forgettings()) == 1
