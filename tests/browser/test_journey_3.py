"""Journey 3: a door volunteer with their own phone, and a desk supervisor, on the sample's summit."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.checkin.actions.checking_in import Arrival, check_in_in_the_room
from app.checkin.models import AttendanceEvent, CheckinPoint, DoorLink, HeadCount, PointKind
from app.checkin.queries.attendance import attendance_of
from app.checkin.rules.log import Method
from app.checkin.rules.presence import Presence
from app.events.models import Event
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import clock_words, now
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.registration.actions.booking import cancel_registration
from app.registration.models import Registration, Source
from app.registration.queries import pass_code
from app.web.sample.loading import load_sample, sample_token
from tests.browser.conftest import LAPTOP, PHONE, check_page
from tests.browser.film import film_of
from tests.factories.events import an_event
from tests.factories.programmes import a_programme
from tests.factories.registration import a_registration, the_code_of

pytestmark = pytest.mark.browser


@pytest.fixture
def summit(live):
    with transaction():
        load_sample(at=now())
    return db.session.scalars(select(Event).where(Event.slug == "summit")).one()


def place_of(name, summit):
    return db.session.scalars(
        select(Registration)
        .join(Person)
        .where(Person.name.endswith(name), Registration.event_id == summit.id)
    ).one()


def pass_of(name, summit):
    return pass_code(the_code_of(place_of(name, summit)))


def by_room_code(name, summit):
    """Check somebody in as journey 2 does, by the code on the wall."""
    place = place_of(name, summit)
    room = db.session.scalars(select(CheckinPoint).where(CheckinPoint.kind == PointKind.ROOM)).one()
    with transaction():
        check_in_in_the_room(
            place,
            Arrival(point_id=room.id, scanned_at=now()),
            by=Actor("attendee", place.person_id, place.person.name),
            scan_id=uuid4(),
            at=now(),
        )


def enrol(page, role, first_name):
    page.goto(f"/d/{sample_token(f'door:{role}')}")
    page.get_by_label("Your first name").fill(first_name)
    page.get_by_role("button", name="Start at this door").click()
    page.get_by_text(f"{first_name}, {role}").wait_for()


def type_code(page, code):
    page.get_by_label("Won't scan? Type the code").fill(code)
    page.get_by_role("button", name="Check in").click()


class Story:
    """The passes of the day, made ready before the door opens."""

    def __init__(self, summit, address):
        self.summit = summit
        booked = booked_people(summit)
        self.gwen, self.sian = pass_of("Gwen Price", summit), pass_of("O'Connor", summit)
        self.ed, self.eds_short = pass_of("Ed Marsh", summit), short_of("Ed Marsh", summit)
        leaver = next(n for n in booked if n.split()[-1] not in {"Price", "O'Connor", "Marsh"})
        self.cancelled = pass_of(leaver, summit)
        with transaction():
            cancel_registration(place_of(leaver, summit), reason="Ill", by=SYSTEM, at=now())
        self.expected = len(booked) - 1
        self.foreign = pass_code(the_code_of(a_registration(an_event(a_programme("elsewhere")))))
        by_room_code("O'Connor", summit)
        arrived_at = attendance_of(place_of("O'Connor", summit)).arrived_at
        self.sian_since = f"Already here since {clock_words(arrived_at)} (room code)"
        self.gwens_address = f"{address}/K/{self.gwen}".upper()
        db.session.rollback()


def test_the_door_on_the_day_of_the_summit(windows, live, film, summit):
    story = Story(summit, live.address)
    film_of(story.gwens_address, film)
    steward = windows.open(PHONE, allow=("401",))
    desk = windows.open(LAPTOP, allow=("409", "422"))

    the_steward_scans(steward, story)
    the_steward_meets_passes_that_do_not_open(steward, story)
    the_desk_searches_and_takes_a_walk_in(desk, story)
    the_desk_undoes_and_scans_by_hand(desk, story)
    the_desk_counts_heads(desk)
    the_organiser_switches_the_steward_off(steward, story)

    entries = db.session.scalars(
        select(AttendanceEvent).where(
            AttendanceEvent.registration_id == place_of("O'Connor", summit).id
        )
    ).all()
    assert [entry.outcome for entry in entries] == ["admitted", "already"]
    assert attendance_of(place_of("O'Connor", summit)).method is Method.ROOM_CODE
    assert db.session.scalars(select(HeadCount.counted)).all() == [3]


def the_steward_scans(steward, story):
    # 1  The steward scans the door link: no login, no list of people.
    enrol(steward, "steward", "Bea")
    steward.get_by_text(f"1 of {story.expected} here").wait_for()
    assert "Gwen" not in steward.content()
    assert steward.get_by_role("link", name="Search").count() == 0

    # 3  Gwen's code before the camera: green, tick, name and practice.
    steward.get_by_role("button", name="Start the camera").click()
    steward.get_by_role("heading", name="Gwen Price – Hill Top Practice").wait_for(timeout=15_000)
    check_page(steward, picture="journey-3-gwen")
    steward.get_by_role("button", name="Stop the camera").click()

    # 4  Siân used the room code: calm, one button, no second entry.
    type_code(steward, story.sian)
    steward.get_by_role("heading", name=story.sian_since).wait_for()
    steward.get_by_role("link", name="That's fine").click()
    steward.get_by_role("heading", name="Ready").wait_for()


def the_steward_meets_passes_that_do_not_open(steward, story):
    # 5, 6  A booking that was cancelled, and a pass of another programme.
    type_code(steward, story.cancelled)
    steward.get_by_role("heading", name="Booking cancelled on").wait_for()
    type_code(steward, story.foreign)
    steward.get_by_role("heading", name="Not for this event").wait_for()

    # 9  A battered printout: the short code in small letters with a blank.
    type_code(steward, f"{story.eds_short[:3]} {story.eds_short[3:]}".lower())
    steward.get_by_role("heading", name="Ed Marsh").wait_for()


def the_desk_searches_and_takes_a_walk_in(desk, story):
    # 10  The desk searches: three letters, practices, never an address; then it asks.
    enrol(desk, "supervisor", "Mo")
    desk.get_by_role("link", name="Search").click()
    desk.get_by_label("Part of their name").fill("pri")
    desk.get_by_role("button", name="Search").click()
    desk.get_by_role("link", name="Gwen Price Hill Top Practice").wait_for()
    assert "@" not in desk.locator("main").inner_text()

    # 12  A walk-in: name and practice, the code on the screen.
    desk.get_by_role("link", name="New person").click()
    desk.get_by_label("Name").fill("Jo Newcomer")
    desk.get_by_label("Practice").select_option("Station Road Surgery")
    desk.get_by_role("button", name="Check in").click()
    desk.get_by_role("heading", name="Jo Newcomer – Station Road Surgery").wait_for()
    assert place_of("Jo Newcomer", story.summit).source is Source.WALK_IN
    db.session.rollback()


def the_desk_undoes_and_scans_by_hand(desk, story):
    # 13  The wrong person: undone with a reason, struck through, the counter one less.
    desk.goto("/door/log")
    desk.get_by_role("link", name="Undo Ed Marsh").click()
    desk.get_by_label("Why").fill("Wrong person")
    desk.get_by_role("button", name="Undo it").click()
    desk.get_by_text("Undone: Wrong person").wait_for()
    check_page(desk, picture="journey-3-log")
    assert attendance_of(place_of("Ed Marsh", story.summit)).status is Presence.EXPECTED
    db.session.rollback()

    # 14  The handheld scanner on the desk's tablet: no cursor needed.
    desk.goto("/door/")
    desk.get_by_role("heading", name="Ready").wait_for()
    desk.keyboard.type(story.ed, delay=2)
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name="Ed Marsh").wait_for()
    desk.get_by_text(f"4 of {story.expected + 1} here").wait_for()


def the_desk_counts_heads(desk):
    # 15  The head count differs by one.
    desk.goto("/door/head-count")
    desk.get_by_label("People in the room").fill("3")
    desk.get_by_role("button", name="Compare with the list").click()
    desk.get_by_text("Here: 4. Counted: 3. Difference 1.").wait_for()


def the_organiser_switches_the_steward_off(steward, story):
    # 16  The organiser switches the steward's link off: the phone says when, the scan is kept.
    with transaction():
        for link in db.session.scalars(select(DoorLink).where(DoorLink.label.contains("steward"))):
            link.revoked_at = now()
    type_code(steward, story.gwen)
    steward.get_by_text("This link was switched off at").wait_for()
    steward.get_by_text("1 scan is kept on this device.").wait_for()
    check_page(steward, picture="journey-3-switched-off")
    db.session.rollback()


def booked_people(summit):
    return db.session.scalars(
        select(Person.name)
        .join(Registration)
        .where(Registration.event_id == summit.id, Registration.status == "confirmed")
        .order_by(Person.sorting_name)
    ).all()


def short_of(name, summit):
    return the_code_of(place_of(name, summit)).short_code
