"""Journey 2 on the day of the summit: an attendee with a phone, and a wall with a code."""

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from app.checkin.queries.attendance import attendance_of
from app.checkin.rules.log import Method
from app.checkin.rules.presence import Flag, Presence
from app.events.models import Event
from app.kernel.clock import now
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.registration.actions.codes import give_code
from app.registration.models import Registration
from app.registration.queries import pass_code
from app.web.sample import cast
from app.web.sample.loading import load_sample, sample_token
from tests.browser.conftest import LAPTOP, PHONE, check_page

pytestmark = pytest.mark.browser

SAMPLE = f"/organise/{cast.SLUG}"
SUMMIT = f"{SAMPLE}/events/summit"


@pytest.fixture
def sample(live):
    """The sample programme on the morning of its summit."""
    with transaction():
        load_sample(at=now())
    db.session.rollback()
    return live


def place_of(name):
    """Return somebody's place at the sample's summit; nothing stays open behind it."""
    return db.session.scalars(
        select(Registration)
        .join(Event)
        .join(Person, Registration.person_id == Person.id)
        .where(Person.name == name, Event.slug == "summit")
    ).one()


def code_of(name):
    place = place_of(name)
    code = give_code(place.person_id, place.event.programme_id, at=now())
    short, long = code.short_code, pass_code(code)
    db.session.rollback()
    return short, long


def presence_of(name):
    db.session.rollback()
    found = attendance_of(place_of(name))
    facts = (found.status, found.method, found.flag) if found else None
    db.session.rollback()
    return facts


def staff(windows, who=cast.STAFF[0], size=LAPTOP, allow=()):
    """Open a window and sign in as a member of staff."""
    page = windows.open(size, allow=allow)
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(who.email)
    page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Sign out").or_(
        page.get_by_role("button", name="Sign out")
    ).first.wait_for()
    return page


def sian(windows, *, scripts=True, allow=()):
    """Open the personal link of Dr Siân O'Connor on a phone."""
    phone = windows.open(PHONE, scripts=scripts, allow=allow)
    phone.goto(f"/l/{sample_token('attendee')}")
    phone.get_by_role("button").filter(has_text=re.compile("pages|Open", re.I)).click()
    phone.get_by_role("heading", name="My page").wait_for()
    return phone


def read_code(page):
    """Read the QR code on a screen with a reader that is not ours."""
    found = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot())))
    assert len(found) == 1, "no code on the screen"
    return found[0].text


def the_wall(windows):
    """Show the room code on the projector."""
    laptop = staff(windows)
    laptop.goto(f"{SUMMIT}/room-code")
    check_page(laptop, picture="room-code")
    laptop.get_by_role("link", name=re.compile("Show", re.I)).first.click()
    laptop.get_by_role("heading", name="Scan to check in").wait_for()
    laptop.locator(".room-wall__code svg").wait_for()
    check_page(laptop, picture="room-wall")
    return laptop


def test_journey_2_an_attendee_checks_in_from_the_room(windows, sample):
    wall = the_wall(windows)
    phone = sian(windows)
    check_page(phone, picture="my-page")

    # 4 and 5: she scans the wall, reads slowly, and is in
    phone.goto(read_code(wall))
    phone.get_by_role("heading", name="Are you here for Summit?").wait_for()
    check_page(phone, picture="room-question")
    phone.get_by_role("button", name="Yes, check me in").click()
    phone.get_by_role("heading", name="You’re checked in").wait_for()
    phone.get_by_text("Dr Siân O'Connor").last.wait_for()
    check_page(phone, picture="room-checked-in")
    assert presence_of(cast.SIAN) == (Presence.PRESENT, Method.ROOM_CODE, Flag.NONE)

    # 6: Ed beside her has no phone
    phone.get_by_role("link", name="Check in someone with me").click()
    check_page(phone, picture="room-colleague")
    phone.get_by_label(re.compile("code", re.I)).fill(code_of(cast.ED)[0].lower())
    phone.get_by_role("button", name="Check them in").click()
    phone.get_by_text("Ed Marsh checked in.").wait_for()
    assert presence_of(cast.ED) == (Presence.PRESENT, Method.ROOM_CODE, Flag.SAME_DEVICE)
    wall.get_by_text("2 of 37 here").wait_for(timeout=6_000)

    # 14: what is left to complete
    phone.goto("/my/certificates")
    phone.get_by_role("heading", level=1).wait_for()
    check_page(phone, picture="my-progress")


def test_journey_2_a_photo_of_the_wall_has_expired(windows, sample):
    wall = the_wall(windows)
    old = read_code(wall)
    wall.wait_for_timeout(1_000)
    address, _, code = old.rpartition("/")

    phone = windows.open(PHONE, allow=("410",))
    phone.goto(f"{address}/{code[::-1]}")

    phone.get_by_text("If you are in the room, scan the one on the wall.").wait_for()
    check_page(phone, picture="room-expired")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_journey_2_the_pass_opens_on_any_phone(windows, sample, scripts):
    phone = sian(windows, scripts=scripts)

    phone.get_by_role("link", name="Show my pass").click()

    short, long = code_of(cast.SIAN)
    phone.get_by_text(f"{short[:3]}-{short[3:]}").first.wait_for()
    phone.locator("svg").first.scroll_into_view_if_needed()
    assert read_code(phone) == f"{sample.address}/K/{long}".upper()
    if scripts:
        check_page(phone, picture="pass")


def test_journey_2_a_scanner_that_opens_links_changes_nothing(windows, sample):
    phone = windows.open(PHONE, allow=("401",))
    link = f"/l/{sample_token('attendee')}"
    for _ in range(3):
        phone.goto(link)
    assert "O'Connor" not in phone.content(), "the page before the click names nobody"

    phone.goto("/my")
    phone.get_by_role("heading", name="Open your personal link").wait_for()
