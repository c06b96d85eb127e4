from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.checkin.models import AttendanceEvent, DoorDevice, DoorLink, DoorRole
from app.checkin.queries.attendance import attendance_of
from app.checkin.rules.codes import room_code
from app.checkin.rules.log import Method
from app.checkin.rules.presence import Flag, Presence
from app.kernel.codes import digest
from app.plumbing.database import db, transaction
from app.registration.models import Status
from tests.checkin.conftest import AT
from tests.factories.checkin import a_point
from tests.factories.people import a_person, a_visit_of
from tests.factories.registration import a_registration, the_code_of
from tests.statements import count_statements
from tests.visitor import Visitor

MINUTE = timedelta(minutes=1)


def how_many(model=AttendanceEvent):
    return db.session.scalar(select(func.count()).select_from(model))


def a_link(summit, token="a-token-for-the-front-door", **values):
    facts = {
        "opens_at": AT - 60 * MINUTE,
        "closes_at": AT + 60 * MINUTE,
        "role": DoorRole.STEWARD,
        **values,
    }
    point = a_point(summit)
    with transaction():
        db.session.add(
            DoorLink(
                point_id=point.id,
                label="Front door (steward)",
                token_hash=digest(token),
                created_at=AT,
                **facts,
            )
        )
    return f"/d/{token}"


def test_opening_a_door_link_changes_nothing(visitor, summit, clock):
    path = a_link(summit)

    for _ in range(3):
        page = visitor.open(path)

    assert "You are a steward" in page.text
    assert how_many(DoorDevice) == 0


def test_a_door_link_turns_a_phone_into_a_door(visitor, summit, clock):
    page = visitor.fill_in(a_link(summit), first_name="Bea")

    assert "Bea, steward" in page.text
    assert "0 of 0 here" in page.text
    assert visitor.open("/door/").status == 200


def test_a_door_link_asks_who_stands_there(visitor, summit, clock):
    page = visitor.fill_in(a_link(summit), first_name="")

    assert page.status == 422
    assert "Type your first name" in page.text


@pytest.mark.parametrize(
    ("values", "status", "sentence"),
    [
        (
            {"opens_at": AT + 60 * MINUTE, "closes_at": AT + 90 * MINUTE},
            403,
            "Not open yet. This door opens on 26 March at 10.21 am.",
        ),
        ({"closes_at": AT - MINUTE}, 410, "This door has closed."),
        ({"revoked_at": AT - MINUTE}, 410, "This link was switched off at 9.20 am. Ask the desk."),
    ],
)
def test_a_door_link_outside_its_hours_says_so(visitor, summit, clock, values, status, sentence):
    page = visitor.open(a_link(summit, **values))

    assert page.status == status
    assert sentence in page.text


def test_an_unknown_door_link_is_not_there(visitor, clock):
    assert visitor.open("/d/nothing-like-it").status == 404


def page_of(room):
    return f"/r/{room.address_code}"


def wall_of(room, at=AT):
    return f"/r/{room.address_code}/{room_code(room.code_key, at)}"


def test_scanning_the_wall_asks_first_and_writes_nothing(gwens_phone, room, gwen):
    with count_statements() as asked:
        page = gwens_phone.open(wall_of(room))

    assert "Are you here for Summit?" in page.text
    assert "Welcome, Gwen Price" in page.text
    assert not [statement for statement in asked if not statement.startswith("SELECT")]
    assert attendance_of(gwen) is None


def test_saying_yes_checks_me_in_from_the_moment_of_the_scan(gwens_phone, room, gwen, clock):
    page = gwens_phone.open(wall_of(room))
    clock.move_to(AT + 9 * MINUTE)  # a slow phone: the code on the wall has turned many times

    page = gwens_phone.submit(page, "")

    assert "You’re checked in 9.21 am" in page.text
    assert "Gwen Price" in page.text
    attendance = attendance_of(gwen)
    assert (attendance.status, attendance.method) == (Presence.PRESENT, Method.ROOM_CODE)
    assert (attendance.arrived_at, attendance.flag) == (AT, "")


def test_saying_yes_twice_is_once(gwens_phone, room, gwen):
    page = gwens_phone.open(wall_of(room))

    for _ in range(3):
        gwens_phone.submit(page, "")

    assert how_many() == 1


def test_scanning_again_shows_that_i_am_checked_in(gwens_phone, room, gwen):
    gwens_phone.submit(gwens_phone.open(wall_of(room)), "")

    page = gwens_phone.open(wall_of(room))

    assert "You’re checked in" in page.text


def test_the_pass_of_arrival_ends_after_ten_minutes(gwens_phone, room, gwen, clock):
    page = gwens_phone.open(wall_of(room))
    clock.move_to(AT + 10 * MINUTE + timedelta(seconds=1))

    page = gwens_phone.submit(page, "")

    assert page.status == 410
    assert "This code has expired. If you are in the room, scan the one on the wall." in page.text
    assert how_many() == 0


@pytest.mark.parametrize(("seconds", "is_good"), [(0, True), (29, True), (59, True), (61, False)])
def test_a_code_is_good_while_it_shows_and_one_turn_after(visitor, room, clock, seconds, is_good):
    shown_at = AT.replace(second=0)
    clock.move_to(shown_at + timedelta(seconds=seconds))

    page = visitor.open(wall_of(room, shown_at))

    assert (page.status == 200) is is_good
    assert ("This code has expired." in page.text) is not is_good
    assert how_many() == 0


def test_a_photo_of_the_code_is_worth_nothing_three_minutes_later(gwens_phone, room, clock):
    path = wall_of(room)
    clock.move_to(AT + 3 * MINUTE)

    page = gwens_phone.open(path)

    assert page.status == 410
    assert "scan the one on the wall" in page.text
    assert how_many() == 0


def test_a_code_of_a_time_to_come_opens_nothing(visitor, room, clock):
    assert visitor.open(wall_of(room, AT + 5 * MINUTE)).status == 410


@pytest.mark.parametrize("minutes", [-2 * 60, 7 * 60])
def test_nobody_checks_in_when_it_is_not_open(gwens_phone, room, summit, clock, minutes):
    at = summit.starts_at + minutes * MINUTE
    clock.move_to(at)

    page = gwens_phone.open(wall_of(room, at))

    assert page.status == 409
    assert "Check-in is closed" in page.text


def test_the_code_in_capitals_is_the_same_code(gwens_phone, room):
    assert gwens_phone.open("/R" + wall_of(room)[2:]).status == 200


def test_a_room_that_is_not_there_is_not_found(visitor, clock):
    assert visitor.open("/r/NOWHERE0/AAAAAAAA").status == 404


def test_the_page_of_a_room_opens_only_after_scanning_its_wall(visitor, room, clock):
    assert visitor.open(f"/r/{room.address_code}").status == 410


def test_an_unknown_phone_says_who_it_is_by_code_and_surname(visitor, room, gwen, clock):
    page = visitor.open(wall_of(room))
    assert "We do not know this phone yet." in page.text

    page = visitor.submit(
        page, page_of(room), code=the_code_of(gwen).short_code.lower(), surname="price"
    )

    assert "You’re checked in 9.21 am Gwen Price" in page.text
    assert attendance_of(gwen).flag == Flag.NONE


@pytest.mark.parametrize(
    ("name", "surname", "is_right"),
    [
        ("Dr Siân O'Connor", "OConnor", True),
        ("Dr Siân O'Connor", "o'connor", True),
        ("Dr Siân O'Connor", "Siân", False),
        ("Dr Siân O'Connor", "O", False),
        ("Anna van den Berg", "van den Berg", True),
        ("Łukasz Wróbel", "Wrobel", True),
        ("Gwen Price", "Prices", False),
        ("Gwen Price", "'", False),
    ],
)
def test_a_surname_is_known_however_it_is_typed(
    visitor, room, summit, clock, name, surname, is_right
):
    place = a_registration(summit, a_person(name))
    page = visitor.open(wall_of(room))

    page = visitor.submit(page, page_of(room), code=the_code_of(place).short_code, surname=surname)

    assert (page.status == 200) is is_right
    assert (attendance_of(place) is not None) is is_right


def test_guessing_is_answered_alike_and_ends_soon(visitor, room, gwen, clock):
    page = visitor.open(wall_of(room))
    right, wrong = the_code_of(gwen).short_code, "ZZZZZZ"

    guesses = [
        visitor.submit(page, page_of(room), code=code, surname="Nobody")
        for code in [right, *[wrong] * 15]
    ]

    assert [guess.status for guess in guesses] == [422] * 15 + [429]
    assert len({guess.text.replace(right, wrong) for guess in guesses[:15]}) == 1


def test_the_second_person_on_one_phone_is_marked(visitor, room, gwen, summit, clock):
    ed = a_registration(summit, a_person("Ed Marsh"))
    for place, surname in [(gwen, "Price"), (ed, "Marsh")]:
        page = visitor.open(wall_of(room))
        visitor.submit(page, page_of(room), code=the_code_of(place).short_code, surname=surname)

    assert attendance_of(gwen).flag == Flag.NONE
    assert attendance_of(ed).flag == Flag.SAME_DEVICE


def test_whoever_has_no_booking_is_sent_to_the_desk(app, room, summit, clock):
    lee = a_person("Lee Grant")
    phone = Visitor(app).carry(visit=a_visit_of(lee, at=AT))

    page = phone.open(wall_of(room))

    assert "we have no booking for you at this event" in page.text


def test_a_cancelled_booking_checks_nobody_in(app, room, summit, clock):
    place = a_registration(summit, a_person("Lee Grant"), status=Status.CANCELLED, ended_at=AT)
    phone = Visitor(app)

    page = phone.open(wall_of(room))
    page = phone.submit(page, page_of(room), code=the_code_of(place).short_code, surname="Grant")

    assert "Booking cancelled on 26 March" in page.text
    assert attendance_of(place) is None


def test_three_hundred_phones_behind_one_address_all_get_in(app, room, summit, clock):
    path = wall_of(room)

    statuses = {app.test_client().get(path).status_code for _ in range(300)}

    assert statuses == {302}
