from datetime import timedelta

import pytest

from app.checkin.queries.attendance import attendance_of
from app.checkin.queries.log import lines_of
from app.checkin.rules.codes import room_code
from app.checkin.rules.presence import Flag, Presence
from app.events.models import EventKind
from app.groupwork.actions.tables import sit_down
from app.network.models import NetworkMember
from app.plumbing.database import db, transaction
from tests.checkin.conftest import AT, the_pass_of
from tests.factories.checkin import a_desk, scanned
from tests.factories.groupwork import a_group_work, a_table
from tests.factories.people import a_person
from tests.factories.registration import a_registration, the_code_of


@pytest.fixture
def ed(summit):
    return a_registration(summit, a_person("Ed Marsh"))


@pytest.fixture
def checked_in(gwens_phone, room):
    """Gwen's phone, after she said yes."""
    page = gwens_phone.open(f"/r/{room.address_code}/{room_code(room.code_key, AT)}")
    gwens_phone.submit(page, "")
    return gwens_phone


def test_a_colleague_without_a_phone_hears_of_their_table(checked_in, ed):
    table = a_table(a_group_work(ed.event, at=ed.event.starts_at), 3)
    with transaction():
        sit_down(ed, table)

    page = checked_in.fill_in("/my/arrival/colleague", code=the_code_of(ed).short_code)

    assert "They sit at table 3." in page.text


def test_a_colleague_without_a_phone_is_checked_in_and_marked(checked_in, gwen, ed):
    page = checked_in.fill_in("/my/arrival/colleague", code=the_code_of(ed).short_code)

    assert "Ed Marsh checked in. The desk may say hello." in page.text
    assert (attendance_of(ed).status, attendance_of(ed).flag) == (
        Presence.PRESENT,
        Flag.SAME_DEVICE,
    )
    assert lines_of(ed)[0].actor_id == gwen.person_id
    assert attendance_of(gwen).flag == Flag.NONE


def test_a_scan_at_the_door_ends_the_doubt(checked_in, ed, summit):
    checked_in.fill_in("/my/arrival/colleague", code=the_code_of(ed).short_code)

    scanned(the_pass_of(ed), a_desk(summit), at=AT)

    assert attendance_of(ed).flag == Flag.NONE


@pytest.mark.parametrize("code", ["ZZZ-ZZZ", "nothing", "https://elsewhere.example/"])
def test_a_code_that_nobody_has_says_so(checked_in, code):
    page = checked_in.fill_in("/my/arrival/colleague", code=code)

    assert page.status == 422
    assert "Nobody at this event has this code." in page.text


def test_a_colleague_needs_a_phone_that_scanned_the_wall(gwens_phone, ed):
    page = gwens_phone.open("/my/arrival/colleague")

    assert page.status == 410
    assert "scan the one on the wall" in page.text


def test_helping_ends_with_the_pass_of_arrival(checked_in, ed, clock):
    clock.move_to(AT + timedelta(minutes=11))

    assert checked_in.open("/my/arrival/colleague").status == 410
    page = checked_in.open("/my/arrival")
    assert "You’re checked in" in page.text
    assert "Check in someone with me" not in page.text


def test_checking_in_needs_a_personal_link(visitor, clock):
    assert visitor.open("/my/arrival").status == 401


def test_the_name_on_the_certificate_is_confirmed_with_one_press(checked_in, gwen):
    page = checked_in.open("/my/arrival")
    assert "Your certificate will read Gwen Price" in page.text

    page = checked_in.submit(page, "/my/arrival", action="/my/arrival/name")

    assert "Thank you." in page.text
    assert gwen.person.certificate_name_confirmed_at == AT
    assert "Yes, that is right" not in page.text


def test_at_the_summit_one_press_keeps_somebody_in_touch(checked_in, gwen):
    page = checked_in.open("/my/arrival")
    assert "Stay in touch after today" in page.text

    page = checked_in.submit(page, "/my/arrival", action="/joining")

    assert "You are in the network" in page.text
    assert [member.person_id for member in db.session.query(NetworkMember)] == [gwen.person_id]
    assert "Stay in touch after today" not in checked_in.open("/my/arrival").text


def test_earlier_events_do_not_ask_to_stay_in_touch(checked_in, summit):
    with transaction():
        summit.kind = EventKind.LEARNING_SESSION

    assert "Stay in touch after today" not in checked_in.open("/my/arrival").text
