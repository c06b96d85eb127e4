"""A form that arrives twice: one effect, and the same way on."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.clock import now
from app.people.actions import mint_link
from app.people.models import Visit
from app.plumbing.audit import AuditEntry
from app.plumbing.browser import VISIT_COOKIE
from app.plumbing.database import db, transaction
from app.plumbing.presses import KEPT_FOR, Press, forget_presses
from app.programmes.models import Programme, Team
from app.programmes.rules import Role
from app.registration.models import InvitationList
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.visitor import Visitor

NEW_TEAM = "/organise/together/teams/new"
NEW_LIST = "/organise/together/events/summit/invitations/lists/new"
PEOPLE = b"Name,Email,Practice\nNia Pugh,nia@practice.example,Riverside Surgery\n"


@pytest.fixture
def programme(app) -> Programme:
    return a_programme()


@pytest.fixture
def lead(app, programme) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(programme, Role.LEAD))


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_form_sent_twice_has_one_effect_and_leads_to_the_same_place(lead):
    page = lead.open(NEW_TEAM)

    first = lead.submit(page, NEW_TEAM, name="Riverside Surgery", follow=False)
    lines = count(AuditEntry)
    second = lead.submit(page, NEW_TEAM, name="Riverside Surgery", follow=False)

    assert (first.status, second.status) == (302, 302)
    assert first.location == second.location
    assert (count(Team), count(AuditEntry)) == (1, lines)


def test_a_form_changed_after_a_step_back_is_another_press(lead):
    page = lead.open(NEW_TEAM)

    lead.submit(page, NEW_TEAM, name="Riverside Surgery")
    lead.submit(page, NEW_TEAM, name="Harbour Practice")

    assert count(Team) == 2


def test_a_form_that_was_not_taken_may_be_sent_again(lead):
    page = lead.open(NEW_TEAM)

    refused = lead.submit(page, NEW_TEAM, name="")
    taken = lead.submit(page, NEW_TEAM, name="Riverside Surgery")

    assert (refused.status, taken.status) == (422, 200)
    assert count(Team) == 1


def test_the_same_file_twice_is_one_list_and_a_corrected_one_another(lead, programme):
    an_event(programme)
    page = lead.open(NEW_LIST)
    form = next(form for form in page.forms if "file" in form.names)

    def send(contents: bytes) -> str | None:
        data = {**form.values, "file": (BytesIO(contents), "people.csv")}
        return lead.send(NEW_LIST, data=data, follow=False).location

    first, again, corrected = send(PEOPLE), send(PEOPLE), send(PEOPLE.replace(b"Nia", b"Mia"))

    assert first == again
    assert corrected not in {None, first}
    assert count(InvitationList) == 2


def test_a_form_whose_first_answer_never_came_is_said_to_be_done(lead):
    page = lead.open(NEW_TEAM)
    lead.submit(page, NEW_TEAM, name="Riverside Surgery")
    with transaction():
        db.session.execute(update(Press).values(led_to=None))

    again = lead.submit(page, NEW_TEAM, name="Riverside Surgery")

    assert again.status == 409
    assert "It counts once" in again.text
    assert count(Team) == 1


def test_a_page_that_gives_a_cookie_gives_it_each_time(app):
    gwen = a_person()
    with transaction():
        token = mint_link(gwen, at=now(), expires_at=now() + timedelta(days=1))
    link = f"/l/{token}"
    visitor = Visitor(app)
    page = visitor.open(link)

    answers = [visitor.submit(page, link, follow=False).response for _ in range(2)]

    assert all(VISIT_COOKIE in answer.headers["Set-Cookie"] for answer in answers)
    assert count(Visit) == 2


def test_old_presses_are_forgotten(lead):
    lead.fill_in(NEW_TEAM, name="Riverside Surgery")
    with transaction():
        forget_presses(at=now() + KEPT_FOR - timedelta(minutes=1))
    assert count(Press) == 1

    with transaction():
        forget_presses(at=now() + KEPT_FOR + timedelta(minutes=1))

    assert count(Press) == 0


def test_what_somebody_else_did_at_the_same_moment_is_said_calmly(app, programme):
    with pytest.raises(IntegrityError) as two_at_once:
        a_programme()

    with app.test_request_context("/"):
        answer = app.make_response(app.handle_user_exception(two_at_once.value))

    assert answer.status_code == 409
    assert "at the same moment" in answer.get_data(as_text=True)
