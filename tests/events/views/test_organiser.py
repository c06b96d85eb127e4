from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.events.models import Event
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter, enclosures_of
from app.plumbing.queue import enqueue, run_due
from app.programmes.rules import Role
from app.registration.models import Status
from tests.factories.events import an_event
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.factories.registration import a_registration
from tests.visitor import Visitor

A_MONTH_BEFORE = datetime(2026, 2, 26, 9, tzinfo=UTC)
NEW = "/organise/together/events/new"
WHERE = {"venue": "Council Chamber", "day": "2026-06-11", "changes_close_on": "2026-06-08"}


@pytest.fixture(autouse=True)
def a_month_before():
    with time_machine.travel(A_MONTH_BEFORE, tick=False):
        yield


@pytest.fixture
def programme(app):
    return a_programme()


@pytest.fixture
def lead(app, programme) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(programme, Role.LEAD))


def the_event() -> Event:
    return db.session.scalars(select(Event)).one()


def test_kinds_are_offered_before_the_form(lead):
    page = lead.open(NEW)

    assert "The closing event: results, posters from every team, certificates." in page.text


def test_a_new_summit_starts_with_what_a_summit_has(lead):
    form = next(f for f in lead.open(f"{NEW}/summit").forms if "title" in f.names)

    assert form.values["title"] == ["Summit"]
    assert form.values["starts"] == ["09:30"]
    assert form.values["capacity"] == ["60"]
    assert "shows_posters" in form.values


def test_an_unknown_kind_is_not_there(lead):
    assert lead.open(f"{NEW}/party").status == 404


def test_times_are_those_of_britain_and_kept_in_utc(lead):
    page = lead.fill_in(f"{NEW}/learning_session", **WHERE)

    assert "Learning session 1 is planned." in page.text
    assert the_event().starts_at == datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
    assert the_event().changes_close_at == datetime(2026, 6, 8, 22, 59, tzinfo=UTC)
    assert "Thursday 11 June 2026, 1 pm to 4.30 pm" in page.text


def test_an_evening_may_go_on_past_midnight(lead):
    evening = {**WHERE, "starts": "19:00", "ends": "00:30", "check_in_opens": "18:00"}

    page = lead.fill_in(f"{NEW}/learning_session", **evening)

    assert "Learning session 1 is planned." in page.text
    assert the_event().ends_at == datetime(2026, 6, 11, 23, 30, tzinfo=UTC)
    page = lead.fill_in("/organise/together/events/learning-session-1/settings", venue="Town Hall")
    assert page.status == 200
    assert the_event().ends_at == datetime(2026, 6, 11, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"ends": "9.00"}, "The end must be later than the start."),
        ({"starts": "half past"}, "Enter a time such as 9.30 am."),
        ({"day": ""}, "Enter the date."),
        ({"check_in_opens": "23:00"}, "Check-in must open before the event ends."),
        ({"changes_close_on": "2026-06-12"}, "Changes must close on the day of the event"),
        ({"capacity": "0"}, "Enter a number from 1 to 5,000."),
        ({"venue": " "}, "Enter where it is"),
    ],
)
def test_a_wrong_answer_is_named(lead, answers, message):
    page = lead.fill_in(f"{NEW}/summit", **{**WHERE, **answers})

    assert page.status == 422
    assert message in page.text


def test_a_new_place_raises_the_number_that_calendars_go_by(lead, programme):
    an_event(programme)

    lead.fill_in("/organise/together/events/summit/settings", venue="Town Hall")

    assert (the_event().venue, the_event().calendar_sequence) == ("Town Hall", 1)


def test_saving_without_a_change_moves_nobody(lead, programme):
    an_event(programme)

    page = lead.fill_in("/organise/together/events/summit/settings")

    assert "Saved." in page.text
    assert "e-mail" not in page.text.split("Saved.")[1][:40]
    assert the_event().calendar_sequence == 0


def test_cancelling_asks_for_a_reason(lead, programme):
    an_event(programme)

    page = lead.fill_in("/organise/together/events/summit/cancellation", reason="")

    assert page.status == 422
    assert the_event().cancelled_at is None


def test_a_cancelled_event_says_so_and_cannot_be_cancelled_again(lead, programme):
    an_event(programme)

    page = lead.fill_in("/organise/together/events/summit/cancellation", reason="Snow")
    assert "This event is cancelled" in page.text

    again = lead.fill_in("/organise/together/events/summit/cancellation", reason="Snow")
    assert again.status == 409


def test_two_events_of_one_name_have_two_addresses(lead):
    for _ in range(2):
        lead.fill_in(f"{NEW}/other", title="Site visit", **WHERE)

    assert sorted(db.session.scalars(select(Event.slug))) == ["site-visit", "site-visit-2"]


def test_everybody_on_the_list_hears_once_of_a_new_place(lead, programme):
    summit = an_event(programme)
    booked = a_registration(summit)
    invited = a_registration(summit, status=Status.INVITED, confirmed_at=None)
    a_registration(summit, status=Status.CANCELLED)

    lead.fill_in("/organise/together/events/summit/settings", venue="Town Hall")
    run_due(now)
    with transaction():
        enqueue("registration.tell_of_change", due_at=now(), event_id=str(summit.id))
    run_due(now)

    letters = {letter.to_address: letter for letter in db.session.scalars(select(Letter))}
    assert set(letters) == {booked.person.email, invited.person.email}
    assert "Town Hall" in letters[booked.person.email].text
    assert "Give your place back" in letters[booked.person.email].text
    assert "Say yes or no" in letters[invited.person.email].text
    (file,) = enclosures_of(letters[booked.person.email])
    assert b"SEQUENCE:1" in file.content
    assert b"METHOD:REQUEST" in file.content


def test_everybody_on_the_list_hears_why_an_event_is_cancelled(lead, programme):
    booked = a_registration(an_event(programme))

    lead.fill_in("/organise/together/events/summit/cancellation", reason="Snow on all roads")
    run_due(now)

    (letter,) = db.session.scalars(select(Letter)).all()
    assert letter.to_address == booked.person.email
    assert "Snow on all roads" in letter.text
    assert "Snow on all roads" in letter.html
    (file,) = enclosures_of(letter)
    assert b"METHOD:CANCEL" in file.content


def test_nobody_is_written_to_about_an_event_that_is_over(lead, programme):
    a_registration(an_event(programme, starts_at=A_MONTH_BEFORE - timedelta(days=7)))

    page = lead.fill_in("/organise/together/events/summit/settings", venue="Town Hall")
    run_due(now)

    assert "e-mail with the new time" not in page.text
    assert db.session.scalars(select(Letter)).all() == []


def test_a_cancelled_event_is_not_changed(lead, programme):
    an_event(programme, cancelled_at=datetime(2026, 3, 1, tzinfo=UTC))

    page = lead.fill_in("/organise/together/events/summit/settings", venue="Town Hall")

    assert page.status == 409
    assert the_event().venue == "Council Chamber"
