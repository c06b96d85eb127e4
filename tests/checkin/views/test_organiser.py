import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.checkin.models import CheckinPoint, DoorLink, HeadCount
from app.checkin.queries.attendance import attendance_of, unresolved
from app.checkin.rules.codes import room_code
from app.checkin.rules.presence import Presence
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db
from app.programmes.rules import Role
from tests.checkin.conftest import AT, the_pass_of
from tests.factories.checkin import a_desk, scanned
from tests.factories.events import an_event
from tests.factories.people import a_person
from tests.factories.programmes import a_member_of_staff, a_team
from tests.factories.registration import a_registration
from tests.statements import count_statements
from tests.visitor import Visitor

SUMMIT = "/organise/together/events/summit"


def part(visitor, path, etag=None):
    """Ask for a part of a page, as its script does."""
    return visitor.client.get(path, headers={"If-None-Match": etag} if etag else {})


def how_many(model):
    return db.session.scalar(select(func.count()).select_from(model))


def verbs():
    return db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.at)).all()


def test_a_door_link_is_made_for_the_events_day_and_shown_once(lead, summit, app):
    page = lead.fill_in(f"{SUMMIT}/doors", door="Front door", role="supervisor")

    address = re.search(r"http://localhost(/d/[0-9A-Z]{26})", page.text)[1]
    link = db.session.scalars(select(DoorLink)).one()
    assert link.label == "Front door (supervisor)"
    assert (link.opens_at.hour, link.closes_at.hour) == (8, 16)
    assert "svg" in page.html
    assert address not in lead.open(f"{SUMMIT}/doors").html
    assert "Start at this door" in Visitor(app).open(address).html
    assert verbs() == ["door_link.made"]


def test_a_double_click_makes_one_door_link_with_one_address(lead, summit):
    page = lead.open(f"{SUMMIT}/doors")

    pages = {lead.submit(page, f"{SUMMIT}/doors", door="Desk").text for _ in range(2)}

    assert len(pages) == 1
    assert how_many(DoorLink) == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"door": ""}, "Give the door a name"),
        ({"door": "Desk", "opens": "10:00", "closes": "09:00"}, "has to close after it opens"),
        ({"door": "Desk", "opens": "soon"}, "Not a valid time value."),
        ({"door": "Desk", "role": "chief"}, "Not a valid choice."),
    ],
)
def test_a_door_link_that_lacks_something_says_what(lead, values, message):
    page = lead.fill_in(f"{SUMMIT}/doors", **values)

    assert page.status == 422
    assert message in page.text
    assert how_many(DoorLink) == 0


def test_a_door_that_is_switched_off_ends_for_every_phone(lead, summit, app):
    made = lead.fill_in(f"{SUMMIT}/doors", door="Front door")
    phone = Visitor(app)
    phone.fill_in(re.search(r"http://localhost(/d/\S{26})", made.text)[1], first_name="Bea")
    listed = lead.open(f"{SUMMIT}/doors")
    assert "Bea, last seen 9.21 am" in listed.text
    way = next(href for words, href in listed.links() if words.startswith("Switch off"))

    page = lead.fill_in(way)

    assert "Front door (steward) is switched off." in page.text
    assert "This link was switched off at 9.21 am." in phone.open("/door/").text


@pytest.mark.parametrize("links", [1, 3])
def test_the_list_of_doors_asks_the_same_however_long_it_is(lead, summit, app, links):
    for number in range(links):
        made = lead.fill_in(f"{SUMMIT}/doors", door=f"Door {number}")
        path = re.search(r"http://localhost(/d/\S{26})", made.text)[1]
        Visitor(app).fill_in(path, first_name="Bea")

    with count_statements() as asked:
        lead.open(f"{SUMMIT}/doors")

    assert len(asked) == 7, asked


def test_a_room_gets_a_code_for_its_wall(lead, summit):
    page = lead.fill_in(f"{SUMMIT}/room-code")

    assert "Scan to check in" in page.text
    room = db.session.scalars(select(CheckinPoint)).one()
    assert room.name == summit.venue
    assert summit.venue in lead.open(f"{SUMMIT}/room-code").text


def test_the_wall_never_shows_its_code_in_letters(lead, room):
    page = lead.open(f"{SUMMIT}/room-code/{room.address_code}")

    assert room_code(room.code_key, AT) not in page.html
    assert f"/r/{room.address_code}" not in page.text


def test_the_wall_turns_every_thirty_seconds_and_says_nothing_in_between(lead, room, clock):
    path = f"{SUMMIT}/room-code/{room.address_code}/now"
    first = part(lead, path)
    etag = first.headers["ETag"]

    clock.move_to(AT + timedelta(seconds=29))
    assert part(lead, path, etag).status_code == 304

    clock.move_to(AT + timedelta(seconds=30))
    turned = part(lead, path, etag)
    assert turned.status_code == 200
    assert turned.text != first.text


def test_the_wall_shows_no_code_before_check_in_opens(app, room, clock, summit):
    clock.move_to(summit.check_in_opens_at - timedelta(minutes=1))
    early = Visitor(app).sign_in(a_member_of_staff(summit.programme))

    page = early.open(f"{SUMMIT}/room-code/{room.address_code}")

    assert "Check-in opens at 8 am on 26 March" in page.text
    assert "room-wall__code" not in page.html


def test_attendance_counts_everybody_and_each_team(lead, summit, gwen):
    riverside = a_team(summit.programme, "Riverside Surgery")
    a_registration(summit, a_person("Lee Grant"), riverside)
    scanned(the_pass_of(gwen), a_desk(summit), at=AT)

    page = lead.open(f"{SUMMIT}/attendance")

    assert "1 here 2 expected 1 missing 0 left" in page.text
    assert "Hill Top 1 of 1" in page.text
    assert "Riverside Surgery 0 of 1" in page.text


def test_attendance_of_nobody_says_whether_a_filter_hides_them(lead, summit):
    assert "Nobody is booked yet" in lead.open(f"{SUMMIT}/attendance").text
    assert "Choose another filter" in lead.open(f"{SUMMIT}/attendance?show=here").text


def test_the_counts_answer_nothing_new_after_one_cheap_question(lead, summit, gwen):
    path = f"{SUMMIT}/attendance/counts"
    etag = part(lead, path).headers["ETag"]

    assert part(lead, path, etag).status_code == 304

    scanned(the_pass_of(gwen), a_desk(summit), at=AT)
    fresh = part(lead, path, etag)
    assert fresh.status_code == 200
    assert ">1</span>" in fresh.text


@pytest.mark.parametrize("people", [1, 3])
def test_the_attendance_page_asks_the_same_however_many_came(lead, summit, people):
    desk = a_desk(summit)
    for number in range(people):
        team = a_team(summit.programme, f"Team {number}")
        scanned(the_pass_of(a_registration(summit, team=team)), desk, at=AT)

    with count_statements() as asked:
        lead.open(f"{SUMMIT}/attendance")

    assert len(asked) == 8, asked


@pytest.mark.parametrize(
    ("query", "names"),
    [("", {"Gwen Price", "Lee Grant"}), ("?show=here", {"Gwen Price"}), ("?q=lee", {"Lee Grant"})],
)
def test_the_list_can_be_narrowed(lead, summit, gwen, query, names):
    a_registration(summit, a_person("Lee Grant"))
    scanned(the_pass_of(gwen), a_desk(summit), at=AT)

    page = lead.open(f"{SUMMIT}/attendance{query}")

    assert {words for words, _ in page.links()} & {"Gwen Price", "Lee Grant"} == names


def test_a_long_list_comes_in_pages(lead, summit):
    for number in range(101):
        a_registration(summit, a_person(f"Person {number:03}"))

    first, second = (lead.open(f"{SUMMIT}/attendance?page={page}") for page in (1, 2))

    assert "1 to 100 of 101 people" in first.text
    assert "Person 100" not in first.text
    assert "Person 100" in second.text


def page_of(place):
    return f"{SUMMIT}/attendance/{place.id}"


def test_a_correction_gives_its_reason_and_stays_in_the_log(lead, gwen, clock):
    clock.move_to(AT + timedelta(hours=2))

    page = lead.fill_in(
        f"{page_of(gwen)}/correction", kind="entered", at="09:45", reason="Sat at table 4"
    )

    assert "Gwen Price: here." in page.text
    assert "Sat at table 4" in page.text
    assert attendance_of(gwen).arrived_at == AT + timedelta(minutes=24)
    assert verbs() == ["attendance.entered"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"reason": "Seen"}, "Choose what is right."),
        ({"kind": "excused", "reason": ""}, "Say why, and how you know"),
        ({"kind": "left", "reason": "Train"}, "Give the time: it counts towards certificates."),
    ],
)
def test_a_correction_that_lacks_something_says_what(lead, gwen, values, message):
    page = lead.fill_in(f"{page_of(gwen)}/correction", **values)

    assert page.status == 422
    assert message in page.text


def test_a_time_to_come_is_refused(lead, gwen):
    page = lead.fill_in(f"{page_of(gwen)}/correction", kind="entered", at="15:00", reason="Surely")

    assert page.status == 409
    assert "That time has not come yet." in page.text
    assert attendance_of(gwen) is None


def test_somebody_in_doubt_is_confirmed_and_nothing_is_left_to_look_at(lead, gwen, summit):
    scanned(the_pass_of(gwen), a_desk(summit), at=AT, scanned_at=AT + timedelta(days=2))
    assert unresolved(summit) == ["Gwen Price: the time of arrival is in doubt."]
    assert "To look at before certificates" in lead.open(f"{SUMMIT}/attendance").text

    page = lead.fill_in(f"{page_of(gwen)}/confirmation", reason="Seen at the desk")

    assert "Gwen Price is confirmed as here." in page.text
    assert unresolved(summit) == []


def test_a_line_is_undone_by_another_line(lead, gwen, summit):
    scanned(the_pass_of(gwen), a_desk(summit), at=AT)
    way = next(h for words, h in lead.open(page_of(gwen)).links() if words.startswith("Undo"))

    page = lead.fill_in(way, reason="Wrong person")

    assert "Wrong person" in page.text
    assert attendance_of(gwen).status is Presence.EXPECTED
    assert not [words for words, _ in page.links() if words.startswith("Undo")]


def test_a_head_count_that_differs_holds_certificates_until_it_is_explained(lead, gwen, summit):
    scanned(the_pass_of(gwen), a_desk(summit), at=AT)

    page = lead.fill_in(f"{SUMMIT}/attendance", action="/head-counts", counted="2")
    assert "2 counted, 1 on the list: difference 1" in page.text
    assert len(unresolved(summit)) == 1

    way = next(h for words, h in page.links() if words == "Resolve or waive it")
    page = lead.fill_in(way, reason="The speaker was counted")
    assert "The speaker was counted" in page.text
    assert unresolved(summit) == []


def test_a_head_count_sent_twice_is_one(lead, summit):
    page = lead.open(f"{SUMMIT}/attendance")

    for _ in range(2):
        lead.submit(page, "", action="/head-counts", counted="2")

    assert how_many(HeadCount) == 1


def test_a_head_count_that_is_no_number_asks_again(lead, summit):
    page = lead.fill_in(f"{SUMMIT}/attendance", action="/head-counts", counted="many")

    assert page.status == 422
    assert how_many(HeadCount) == 0


def test_the_wall_of_who_is_here_shows_no_names(lead, summit, gwen):
    scanned(the_pass_of(gwen), a_desk(summit), at=AT)

    page = lead.open(f"{SUMMIT}/attendance/wall")

    assert "1 of 1 here" in page.text
    assert "Gwen" not in page.html


@pytest.mark.parametrize(
    ("path", "facilitator", "coach"),
    [
        ("doors", 403, 403),
        ("room-code", 200, 403),
        ("attendance", 200, 403),
        ("attendance/wall", 200, 403),
    ],
)
def test_each_role_opens_what_it_may(app, summit, clock, path, facilitator, coach):
    for role, status in [(Role.FACILITATOR, facilitator), (Role.COACH, coach)]:
        staff = Visitor(app).sign_in(a_member_of_staff(summit.programme, role))
        assert staff.open(f"{SUMMIT}/{path}").status == status


def test_what_belongs_to_another_event_is_not_there(lead, summit):
    elsewhere = a_registration(an_event(summit.programme, "ls3", title="Learning session 3"))

    assert lead.open(page_of(elsewhere)).status == 404
    assert lead.open(f"{page_of(elsewhere)}/correction").status == 404
    assert lead.open(f"{SUMMIT}/attendance/lines/{uuid4()}/undo").status == 404
    assert lead.open(f"{SUMMIT}/doors/{uuid4()}/revocation").status == 404
    assert lead.open(f"{SUMMIT}/room-code/NOWHERE0").status == 404


def test_a_press_sent_twice_gets_the_same_answer(lead, summit):
    lead.fill_in(f"{SUMMIT}/doors", door="Front door")
    lead.fill_in(f"{SUMMIT}/attendance", action="/head-counts", counted="2")
    off = next(h for w, h in lead.open(f"{SUMMIT}/doors").links() if w.startswith("Switch off"))
    why = next(h for w, h in lead.open(f"{SUMMIT}/attendance").links() if w.startswith("Resolve"))

    for path, values in [(off, {}), (why, {"reason": "The speaker was counted"})]:
        page = lead.open(path)
        answers = [lead.submit(page, path, **values) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 200]

    assert verbs() == ["door_link.made", "door_link.switched_off", "head_count.resolved"]


def test_a_head_count_is_explained_once(lead, summit):
    lead.fill_in(f"{SUMMIT}/attendance", action="/head-counts", counted="2")
    why = next(h for w, h in lead.open(f"{SUMMIT}/attendance").links() if w.startswith("Resolve"))
    page = lead.open(why)
    lead.submit(page, why, reason="The speaker was counted")

    second = lead.submit(page, why, reason="No, it was the caterer")

    assert second.status == 409
    assert "has resolved this already" in second.text
