"""The acceptance stories, told in a real browser with the sample programme.

Journey 2 (an attendee's phone) and journey 3 (the door) run on the day of the sample's summit.
"""

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from app.checkin.models import AttendanceEvent
from app.checkin.queries import attendance_of
from app.checkin.rules import Flag, Method, Presence
from app.events.models import Event
from app.kernel.actor import SYSTEM
from app.kernel.clock import now
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.registration.actions.booking import cancel_registration
from app.registration.actions.codes import give_code
from app.registration.models import Registration
from app.registration.queries import pass_code
from app.web.sample import cast
from app.web.sample.loading import load_sample, sample_token
from tests.browser.conftest import LAPTOP, PHONE, check_page
from tests.browser.film import film_of

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


def at_the_door(windows, role, name, size=PHONE, **options):
    page = windows.open(size, **options)
    page.goto(f"/d/{sample_token(f'door:{role}')}")
    check_page(page, picture=f"door-link-{role}")
    page.get_by_label("Your first name").fill(name)
    page.get_by_role("button", name="Start at this door").click()
    page.get_by_text(re.compile(r"^0 of 3\d here")).wait_for()
    return page


def type_code(page, code):
    page.get_by_label("Won't scan? Type the code").fill(code)
    page.get_by_role("button", name="Check in").click()


def test_journey_3_the_steward_scans_at_the_door(windows, sample, film):
    gwen_short, gwen_long = code_of(cast.GWEN)
    film_of(f"{sample.address}/K/{gwen_long}".upper(), film)
    with transaction():
        carol = place_of("Chloe Baxter")
        cancel_registration(carol, reason="Cannot come", by=SYSTEM, at=now())
    chloe_short, _ = code_of("Chloe Baxter")

    # 1: no login, no list of people
    steward = at_the_door(windows, "steward", "Mo")
    for name in ("Gwen Price", "Ed Marsh"):
        assert name not in steward.content()
    check_page(steward, picture="journey-door")

    # 3: a pass is scanned with the camera
    steward.get_by_role("button", name="Start the camera").click()
    steward.get_by_role("heading", name="Gwen Price – Hill Top Practice").wait_for(timeout=15_000)
    steward.get_by_text("No photo", exact=False).first.wait_for()
    steward.get_by_text("1 of 36 here").wait_for()
    assert presence_of(cast.GWEN) == (Presence.PRESENT, Method.DOOR_SCAN, Flag.NONE)

    # 4 to 6 and 9: the same again, cancelled, unknown
    type_code(steward, f"{gwen_short[:3]} {gwen_short[3:]}".lower())
    steward.get_by_role("heading", name=re.compile("Already here since")).wait_for()
    type_code(steward, chloe_short)
    steward.get_by_role("heading", name=re.compile("Booking cancelled on")).wait_for()
    check_page(steward, picture="journey-door-cancelled")
    type_code(steward, "ZZZ-ZZZ")
    steward.get_by_role("heading", name="Code not known").wait_for()


def test_journey_3_the_supervisor_at_the_desk(windows, sample):
    desk = at_the_door(windows, "supervisor", "Asha", size=LAPTOP)

    # 10: search shows nobody before three letters, and never an address
    desk.get_by_role("link", name=re.compile("Search|Find", re.I)).first.click()
    check_page(desk, picture="desk-search")
    desk.get_by_label(re.compile("name", re.I)).fill("mar")
    desk.get_by_role("button", name=re.compile("Search|Find", re.I)).first.click()
    desk.get_by_text("Mark Ellis").first.wait_for()
    desk.get_by_text("Ed Marsh").first.wait_for()
    assert "@" not in desk.locator("main").inner_text()
    check_page(desk, picture="desk-found")
    desk.get_by_role("link", name=re.compile("Mark Ellis")).click()
    check_page(desk, picture="desk-sure")
    desk.get_by_role("button", name=re.compile("Check in|Yes", re.I)).click()
    desk.get_by_text("Mark Ellis").first.wait_for()
    assert presence_of("Mark Ellis")[:2] == (Presence.PRESENT, Method.SEARCH)

    # 12: a new person
    desk.get_by_role("link", name=re.compile("New person", re.I)).first.click()
    check_page(desk, picture="desk-new-person")
    desk.get_by_label(re.compile("Name", re.I)).first.fill("Paul Ncube")
    desk.get_by_role("button", name="Check in").click()
    desk.get_by_text("Paul Ncube").first.wait_for()
    check_page(desk, picture="desk-walked-in")
    assert presence_of("Paul Ncube")[0] is Presence.PRESENT

    # 13: it was the wrong Mark
    desk.goto("/door/log")
    check_page(desk, picture="desk-log")
    line = desk.get_by_role("listitem").filter(has_text="Mark Ellis")
    line.first.get_by_role("link", name=re.compile("Undo", re.I)).click()
    desk.get_by_label(re.compile("why|reason", re.I)).fill("Wrong person")
    check_page(desk, picture="desk-undo")
    desk.get_by_role("button", name=re.compile("Undo", re.I)).click()
    desk.get_by_role("heading", level=1).wait_for()
    assert presence_of("Mark Ellis")[0] is Presence.EXPECTED
    db.session.rollback()
    assert (
        len(
            db.session.scalars(
                select(AttendanceEvent.id).where(AttendanceEvent.undoes_id.is_not(None))
            ).all()
        )
        == 1
    )
    db.session.rollback()

    # 15: the head count
    desk.goto("/door/")
    desk.get_by_role("link", name="Head count").click()
    desk.get_by_label(re.compile("counted|How many|people", re.I)).fill("3")
    desk.get_by_role("button", name="Compare with the list").click()
    desk.get_by_text(re.compile("Difference 2|2 more|difference", re.I)).first.wait_for()
    check_page(desk, picture="desk-head-count")


def test_journey_3_a_revoked_link_says_so(windows, sample):
    steward = at_the_door(windows, "steward", "Mo", allow=("401",))
    laptop = staff(windows)
    laptop.goto(f"{SUMMIT}/doors")
    check_page(laptop, picture="doors")

    laptop.get_by_role("link", name=re.compile("Revoke|Switch off", re.I)).first.click()
    check_page(laptop, picture="door-revoke")
    laptop.get_by_role("button", name="Switch it off").click()

    steward.goto("/door/")
    steward.get_by_text(re.compile("This link was switched off at")).wait_for()
    check_page(steward, picture="door-revoked")
