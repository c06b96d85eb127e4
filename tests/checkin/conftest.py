"""A summit with a door, a desk and a room, at 9.21 on its morning."""

from datetime import UTC, datetime

import pytest
import time_machine

from app.checkin.models import DoorRole
from app.registration.queries import pass_code
from tests.factories.checkin import HOST, a_door_key, a_point, a_room
from tests.factories.events import an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration, the_code_of
from tests.visitor import Visitor

AT = datetime(2026, 3, 26, 9, 21, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as travelled:
        yield travelled


@pytest.fixture
def summit(app):
    return an_event(a_programme())


@pytest.fixture
def gwen(summit):
    team = a_team(summit.programme, "Hill Top")
    return a_registration(summit, a_person("Gwen Price"), team, photo_consent=True)


@pytest.fixture
def steward(app, summit, clock):
    """A volunteer with a phone at the front door."""
    return Visitor(app).carry(door=a_door_key(summit, point=a_point(summit)))


@pytest.fixture
def supervisor(app, summit, clock):
    """A volunteer at the desk."""
    return Visitor(app).carry(door=a_door_key(summit, DoorRole.SUPERVISOR))


@pytest.fixture
def lead(app, summit, clock):
    """The programme lead, signed in."""
    return Visitor(app).sign_in(a_member_of_staff(summit.programme))


@pytest.fixture
def room(summit):
    return a_room(summit)


@pytest.fixture
def gwens_phone(app, gwen, clock):
    """Gwen's own phone, on which she opened her personal link before."""
    return Visitor(app).carry(visit=a_visit_of(gwen.person, at=AT))


def the_pass_of(registration):
    return f"HTTPS://{HOST}/K/{pass_code(the_code_of(registration))}"
