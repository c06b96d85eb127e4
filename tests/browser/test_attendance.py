"""The wall, one's own check-in and the attendance pages, looked at in two sizes."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.checkin.actions.correcting import Correction, correct
from app.checkin.models import DoorRole
from app.checkin.queries.log import lines_of
from app.checkin.rules.codes import room_code
from app.checkin.rules.log import Kind
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.plumbing.browser import DOOR_COOKIE, VISIT_COOKIE
from app.plumbing.database import db, transaction
from app.registration.queries import pass_code
from tests.browser.conftest import LAPTOP, PHONE, check_page
from tests.factories.checkin import a_desk, a_door_key, a_room, scanned
from tests.factories.events import an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration, the_code_of

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
TEAMS = {
    "Hill Top Practice": ["Gwen Price", "Mark Bell", "Marta Diaz"],
    "Riverside Surgery": ["Dr Siân O'Connor", "Ed Marsh", "Łukasz Wróbel"],
    "Old Mill Surgery": ["Lee Grant", "Ivy Ng"],
}


class Day:
    """A summit that is on, with some people here, one in doubt and one gone."""

    def __init__(self) -> None:
        at = now()
        self.event = an_event(a_programme(), starts_at=at - timedelta(hours=1))
        self.room = a_room(self.event)
        self.places = {}
        for team_name, names in TEAMS.items():
            team = a_team(self.event.programme, team_name)
            for name in names:
                self.places[name] = a_registration(
                    self.event, a_person(name, email=f"{uuid4().hex[:8]}@x.example"), team
                )
        desk = a_desk(self.event, DoorRole.SUPERVISOR)
        for name in ["Gwen Price", "Dr Siân O'Connor", "Lee Grant"]:
            scanned(self.code_of(name), desk, at=at - timedelta(minutes=50))
        scanned(self.code_of("Mark Bell"), desk, at=at, scanned_at=at - timedelta(days=1))
        staff = Actor("staff", uuid4(), "Helen Shaw")
        for name, kind in [("Lee Grant", Kind.LEFT), ("Ivy Ng", Kind.EXCUSED)]:
            wish = Correction(kind=kind, reason="Told the desk", submission_id=uuid4())
            with transaction():
                correct(self.places[name], wish, by=staff, at=at)
        self.account = a_member_of_staff(self.event.programme)
        self.desk_key = a_door_key(self.event, DoorRole.SUPERVISOR)
        self.visit = a_visit_of(self.places["Marta Diaz"].person, at=at)
        self.short_code = the_code_of(self.places["Ed Marsh"]).short_code
        self.first_line = lines_of(self.places["Gwen Price"])[0].id
        self.in_doubt = self.places["Mark Bell"].id
        self.wall = f"/r/{self.room.address_code}/{room_code(self.room.code_key, now())}"
        self.room_path = f"room-code/{self.room.address_code}"
        db.session.rollback()

    def code_of(self, name):
        return pass_code(the_code_of(self.places[name]))


@pytest.fixture
def day(live):
    return Day()


def looked_at(page, path, picture):
    page.goto(path)
    page.wait_for_load_state("networkidle")
    check_page(page, picture=picture)


@SIZES
def test_organisers_pages(windows, live, day, size):
    page = signed_in(windows, live, day, size)
    here = "/organise/together/events/summit"
    line, doubt = day.first_line, day.in_doubt

    for path, picture in [
        ("attendance", "attendance"),
        (f"attendance/{doubt}", "presence"),
        (f"attendance/{doubt}/correction", "correction"),
        (f"attendance/{doubt}/confirmation", "confirmation"),
        (f"attendance/lines/{line}/undo", "undo-line"),
        ("attendance/wall", "attendance-wall"),
        ("doors", "doors"),
        ("room-code", "room-code"),
        (day.room_path, "room-wall"),
    ]:
        looked_at(page, f"{here}/{path}", picture)

    page.goto(f"{here}/doors")
    page.get_by_label("Name of the door").fill("Front door")
    page.get_by_label("Opens at").fill("00:00")
    page.get_by_label("Closes at").fill("23:59")
    page.get_by_role("button", name="Make the link").click()
    page.get_by_text("Copy or show it now").wait_for()
    check_page(page, picture="door-link")
    address = page.locator("[data-copy-text]").inner_text()
    page.goto(f"{here}/doors")
    page.get_by_role("link", name="Switch off Front door").click()
    check_page(page, picture="revoke-door")
    phone = windows.open(size)
    looked_at(phone, address, "enrol")


def signed_in(windows, live, day, size, **options):
    page = windows.open(size, **options)
    client = live.app.test_client()
    with client.session_transaction(base_url=live.address) as session:
        session["_user_id"] = day.account.fs_uniquifier
        session["_fresh"] = True
    db.session.rollback()
    cookie = next(iter(client._cookies.values()))
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.address}])
    return page


@SIZES
def test_the_desks_pages(windows, day, size):
    page = windows.open(size, allow=("422", "409"))
    page.context.add_cookies([{"name": DOOR_COOKIE, "value": day.desk_key, "url": windows.address}])
    for path, picture in [
        ("", "desk"),
        ("log", "door-log"),
        ("search", "door-search"),
        ("search?q=mar", "door-found"),
        ("walk-in", "walk-in"),
        ("head-count", "door-head-count"),
    ]:
        looked_at(page, f"/door/{path}", picture)

    page.goto("/door/log")
    page.get_by_role("link", name="Undo Gwen").first.click()
    check_page(page, picture="door-undo")
    page.get_by_role("button", name="Undo it").click()
    page.get_by_text("Say why").first.wait_for()
    check_page(page, picture="door-undo-wrong")
    page.goto("/door/search?q=marta")
    page.get_by_role("link", name="Marta").click()
    check_page(page, picture="door-sure")
    page.goto("/door/walk-in")
    page.get_by_label("Name").fill("Jo Lund")
    page.get_by_role("button", name="Check in").click()
    page.get_by_text("Their code").wait_for()
    check_page(page, picture="walked-in")
    page.goto("/door/head-count")
    page.get_by_label("People in the room").fill("2")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("Difference").wait_for()
    check_page(page, picture="head-counted")


@SIZES
def test_ones_own_check_in(windows, day, size):
    me = windows.open(size)
    me.context.add_cookies([{"name": VISIT_COOKIE, "value": day.visit, "url": windows.address}])
    looked_at(me, day.wall, "question")
    me.get_by_role("button", name="Yes, check me in").click()
    me.get_by_role("heading", name="You’re checked in").wait_for()
    check_page(me, picture="arrived")
    me.get_by_role("link", name="Check in someone with me").click()
    check_page(me, picture="colleague")
    me.get_by_label("Short code").fill(day.short_code)
    me.get_by_role("button", name="Check them in").click()
    me.get_by_text("Ed Marsh checked in.").wait_for()
    check_page(me, picture="colleague-in")

    stranger = windows.open(size, allow=("410", "404"))
    looked_at(stranger, day.wall, "own-code")
    looked_at(stranger, f"{day.wall[:-8]}AAAAAAAA", "expired")


def test_a_scan_reaches_the_attendance_page_within_three_seconds(windows, live, day):
    page = signed_in(windows, live, day, LAPTOP)
    page.goto("/organise/together/events/summit/attendance")
    assert page.locator("#teams").get_by_text("3 of 3").count() == 0
    code, desk = day.code_of("Marta Diaz"), a_desk(day.event)

    scanned(code, desk, at=now())
    db.session.rollback()

    page.locator("#teams").get_by_text("3 of 3").wait_for(timeout=3_000)


def test_the_wall_turns_by_itself(windows, live, day):
    page = signed_in(windows, live, day, LAPTOP)
    page.goto(f"/organise/together/events/summit/{day.room_path}")
    first = page.locator(".room-wall__code").get_attribute("id")

    page.wait_for_function(
        "first => document.querySelector('.room-wall__code').id !== first",
        arg=first,
        timeout=35_000,
    )
