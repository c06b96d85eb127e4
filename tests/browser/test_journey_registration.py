"""Journeys 1 and 2 up to the door: booked by oneself, by invitation, and on somebody's behalf."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.mail import Letter
from app.programmes.rules import Role
from app.registration.actions.invitations import invite
from app.registration.models import Registration, Status
from tests.browser.conftest import LAPTOP, PHONE, check_page
from tests.factories.events import an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member, a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration
from tests.registration.test_booking import ORGANISER

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
PUBLIC = "/events/together/summit"
ORGANISE = "/organise/together/events/summit"


@pytest.fixture
def summit(live):
    programme = a_programme()
    for name in ("Riverside Surgery", "Hill Top Practice"):
        a_team(programme, name)
    starts_at = (now() + timedelta(days=30)).replace(hour=9, minute=30, second=0, microsecond=0)
    event = an_event(programme, starts_at=starts_at, summary="See what every team has achieved.")
    db.session.rollback()
    return event


def newest_letter():
    db.session.rollback()
    letter = db.session.scalars(select(Letter).order_by(Letter.created_at.desc())).first()
    text = letter.text
    db.session.rollback()
    return text


def link_in(text, way):
    return re.search(rf"https?://[^/\s]+(/l/\S+/{way})$", text, re.MULTILINE)[1]


def status_of(email):
    db.session.rollback()
    rows = db.session.scalars(select(Registration)).all()
    found = next(row.status for row in rows if row.person.email == email)
    db.session.rollback()
    return found


@BOTH
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_journey_2_somebody_registers_by_themselves(windows, summit, size, scripts):
    page = windows.open(size, scripts=scripts, allow=("422",))
    check = check_page if scripts else lambda *_, **__: None

    page.goto("/events")
    check(page, picture="events")
    page.get_by_role("link", name="Summit").click()
    check(page, picture="event")
    page.get_by_role("button", name="Register").or_(
        page.get_by_role("link", name="Register")
    ).click()
    check(page, picture="register")

    page.get_by_label("Your name", exact=True).fill("Dr Siân O'Connor")
    page.get_by_label("Something else", exact=True).check()
    page.get_by_label("Call me about this", exact=False).check()
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.get_by_label("Your name", exact=True).input_value() == "Dr Siân O'Connor"
    check(page, picture="register-wrong")

    page.get_by_label("Your e-mail address").fill("sian@riverside.example")
    page.get_by_label("Your practice").select_option("Riverside Surgery")
    page.get_by_label("What can you eat or not eat?").fill("No celery")
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="Look in your e-mail").wait_for()
    check(page, picture="register-sent")

    page.goto(link_in(newest_letter(), "pass"))
    assert "O'Connor" not in page.content()
    check(page, picture="letter-link")
    page.get_by_role("button", name="Open my pass").click()
    page.get_by_text("Dr Siân O'Connor").first.wait_for()
    assert "/l/" not in page.url
    check(page, picture="pass-new")


@BOTH
def test_journey_2_an_invitation_is_accepted_changed_and_given_back(windows, summit, size):
    gwen = a_person("Gwen Price", email="gwen@hilltop.example")
    team = a_team(summit.programme, "Canal Street Medical Centre")
    a_member(team, gwen)
    with transaction():
        invite(summit, gwen, team=team, role="Nurse", by=ORGANISER, at=now())
    db.session.rollback()
    page = windows.open(size)

    # 1: the link, then the form with what we know
    for _ in range(3):
        page.goto(link_in(newest_letter(), "answer"))
    assert status_of("gwen@hilltop.example") is Status.INVITED
    page.get_by_role("button", name="Go to my place").click()
    page.get_by_text("Booking for Gwen Price").wait_for()
    assert page.get_by_label("Name on your certificate").input_value() == "Gwen Price"
    assert page.get_by_label("No photos of me").is_checked()
    check_page(page, picture="invitation")

    # 2: booked, with the pass at once
    page.get_by_role("button", name="Confirm my place").click()
    page.get_by_text("You're booked.").wait_for()
    check_page(page, picture="invitation-accepted")

    # 3: diet changed
    page.get_by_role("link", name="Change my answers").click()
    page.get_by_label("Vegan").check()
    check_page(page, picture="change")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()

    page.goto("/my/data")
    page.get_by_text("Vegan").wait_for()
    check_page(page, picture="my-data")
    page.goto("/my")
    check_page(page, picture="my-page-booked")
    page.get_by_role("link", name="Change the name on your certificates").click()
    check_page(page, picture="certificate-name")
    page.get_by_label("Name on your certificate").fill("Gwén Price")
    page.get_by_role("button", name="This is right").click()
    page.get_by_text("Your certificates will read Gwén Price.").wait_for()

    page.get_by_role("link", name="Change or cancel").click()
    page.get_by_role("link", name="Cancel your place").click()
    check_page(page, picture="cancel")
    page.get_by_role("button", name="Cancel my place").click()
    page.get_by_text("Your place at Summit is given back.").wait_for()
    check_page(page, picture="my-page-empty")
    assert status_of("gwen@hilltop.example") is Status.CANCELLED

    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You have left your pages on this device.").wait_for()
    check_page(page, picture="left")


@BOTH
def test_journey_1_an_organiser_registers_people_and_arranges_what_they_need(
    windows, live, summit, size
):
    jon = a_registration(summit, a_person("Jon Bell", email="jon@oldmill.example"))
    visit = a_visit_of(jon.person, at=now())
    account = a_member_of_staff(summit.programme, Role.ORGANISER, "Priya Nair")
    uniquifier = account.fs_uniquifier
    db.session.rollback()
    attendee = windows.open(PHONE)
    attendee.context.add_cookies([{"name": "hooray-visit", "value": visit, "url": live.address}])
    attendee.goto("/my/together/summit/change")
    attendee.get_by_label("Your practice").select_option("None of these")
    attendee.get_by_label("Step-free way in").check()
    attendee.get_by_label("Call me about this", exact=False).check()
    attendee.get_by_label("Phone number").fill("07700 900123")
    attendee.get_by_role("button", name="Save").click()
    attendee.get_by_text("Saved.").wait_for()
    page = as_staff(windows, live, uniquifier, size)

    page.goto(f"{ORGANISE}/registrations")
    check_page(page, picture="registrations")
    page.get_by_role("button", name="Register a person").or_(
        page.get_by_role("link", name="Register a person")
    ).click()
    check_page(page, picture="register-somebody")
    page.get_by_label("Name", exact=True).fill("Jo Lund")
    page.get_by_label("E-mail address").fill("jo@limes.example")
    page.get_by_label("Practice").select_option("Hill Top Practice")
    page.get_by_role("button", name="Register this person").click()
    page.get_by_text("Jo Lund is booked.").wait_for()
    check_page(page, picture="registration")
    assert "booked a place for you" in newest_letter()

    page.goto(f"{ORGANISE}/catering")
    page.get_by_text("2 people booked").wait_for()
    assert "Jon" not in page.locator("main").inner_text()
    check_page(page, picture="catering")

    # 10: a call is a task until it is done
    page.goto(f"{ORGANISE}/access-needs")
    page.get_by_text("Jon Bell asks for a call on 07700 900123").wait_for()
    check_page(page, picture="access-needs")
    page.get_by_role("link", name="Done").click()
    check_page(page, picture="call")
    page.get_by_label("What was agreed").fill("Table by the door")
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Jon Bell was called on").wait_for()
    check_page(page, picture="access-needs-done")


def as_staff(windows, live, uniquifier, size):
    """Open a window in which a member of staff is signed in."""
    page = windows.open(size)
    client = live.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = uniquifier, True
    cookie = client.get_cookie("hooray")
    page.context.add_cookies([{"name": "hooray", "value": cookie.value, "url": live.address}])
    return page
