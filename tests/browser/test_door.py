"""The door as a volunteer meets it: a real camera page, a film of a pass, a network that comes and goes."""

import pytest
from sqlalchemy import func, select

from app.checkin.models import AttendanceEvent, DoorRole
from app.checkin.queries.attendance import attendance_of
from app.checkin.rules.log import Method
from app.checkin.rules.presence import Presence
from app.kernel.clock import now
from app.plumbing.browser import DOOR_COOKIE
from app.plumbing.database import db
from app.registration.queries import pass_code
from tests.browser.conftest import LAPTOP, PHONE, check_page
from tests.browser.film import film_of
from tests.factories.checkin import a_door_key
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.programmes import a_programme, a_team
from tests.factories.registration import a_registration, the_code_of

pytestmark = pytest.mark.browser


@pytest.fixture
def summit(live):
    """A summit that is on at this moment."""
    return an_event(a_programme(), starts_at=now())


@pytest.fixture
def gwen(summit):
    return a_registration(
        summit, a_person("Gwen Price"), a_team(summit.programme, "Hill Top"), photo_consent=True
    )


def at_the_door(windows, summit, role=DoorRole.STEWARD, size=PHONE, **options):
    key = a_door_key(summit, role)
    page = windows.open(size, **options)
    page.context.add_cookies(
        [{"name": DOOR_COOKIE, "value": key, "url": windows.address, "httpOnly": True}]
    )
    page.goto("/door/")
    return page


def the_address_of(place, live):
    return f"{live.address}/K/{pass_code(the_code_of(place))}".upper()


def the_short_code_of(place):
    short = the_code_of(place).short_code
    db.session.rollback()  # an open reading would keep the door waiting
    return short


def test_the_camera_reads_a_pass_and_the_door_says_who_came(windows, live, film, summit, gwen):
    film_of(the_address_of(gwen, live), film)
    db.session.rollback()
    page = at_the_door(windows, summit)

    page.get_by_role("button", name="Start the camera").click()

    page.get_by_role("heading", name="Gwen Price – Hill Top").wait_for(timeout=15_000)
    page.get_by_text("1 of 1 here").wait_for()
    check_page(page, picture="door-admitted")
    page.wait_for_timeout(4_000)  # the code stays in view, and nothing more happens
    db.session.rollback()
    assert attendance_of(gwen).status is Presence.PRESENT
    assert db.session.scalar(select(func.count()).select_from(AttendanceEvent)) == 1


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_a_code_that_will_not_scan_is_typed(windows, summit, gwen, size):
    page = at_the_door(windows, summit, DoorRole.SUPERVISOR, size)
    check_page(page, picture="door-ready")
    short = the_short_code_of(gwen)

    page.get_by_label("Won't scan? Type the code").fill(f"{short[:3]} {short[3:]}".lower())
    page.get_by_role("button", name="Check in").click()
    page.get_by_role("heading", name="Gwen Price – Hill Top").wait_for()

    page.get_by_label("Won't scan? Type the code").fill("ZZZ ZZZ")
    page.get_by_role("button", name="Check in").click()
    page.get_by_role("heading", name="Code not known").wait_for()
    check_page(page, picture="door-unknown")

    page.get_by_label("Won't scan? Type the code").fill(short)
    page.get_by_role("button", name="Check in").click()
    page.get_by_role("heading", name="Already here since").wait_for()
    check_page(page, picture="door-already")


def test_a_handheld_scanner_types_where_nobody_has_put_the_cursor(windows, live, summit, gwen):
    page = at_the_door(windows, summit, DoorRole.SUPERVISOR, LAPTOP)

    address = the_address_of(gwen, live)
    db.session.rollback()

    page.keyboard.type(address, delay=2)
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Gwen Price – Hill Top").wait_for()
    db.session.rollback()
    assert attendance_of(gwen).method is Method.DOOR_SCAN


def test_scans_without_a_network_wait_and_keep_their_time(windows, summit, gwen):
    page = at_the_door(windows, summit, allow=("ERR_INTERNET_DISCONNECTED",))
    page.context.set_offline(True)
    page.get_by_label("Won't scan? Type the code").fill(the_short_code_of(gwen))
    page.get_by_role("button", name="Check in").click()
    page.get_by_text("1 scan waiting, none lost").wait_for()
    check_page(page, picture="door-waiting")

    page.context.set_offline(False)

    page.get_by_role("heading", name="Gwen Price – Hill Top").wait_for(timeout=20_000)
    db.session.rollback()
    line = db.session.scalars(select(AttendanceEvent)).one()
    assert line.happened_at < line.recorded_at
    assert not line.is_doubtful


def test_the_door_works_without_any_script(windows, summit, gwen):
    page = at_the_door(windows, summit, scripts=False)
    page.get_by_label("Won't scan? Type the code").fill(the_short_code_of(gwen))

    page.get_by_role("button", name="Check in").click()

    assert page.get_by_role("heading", name="Gwen Price – Hill Top").is_visible()
