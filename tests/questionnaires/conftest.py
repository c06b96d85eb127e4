from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.factories.events import SUMMIT_STARTS, an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member, a_member_of_staff, a_programme, a_team
from tests.factories.questionnaires import a_round
from tests.factories.registration import a_registration
from tests.visitor import Visitor

AT = SUMMIT_STARTS + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def programme(app):
    return a_programme()


@pytest.fixture
def launch(programme):
    return an_event(
        programme,
        "launch",
        title="Launch",
        kind="launch",
        starts_at=datetime(2025, 4, 10, 8, 30, tzinfo=UTC),
    )


@pytest.fixture
def summit(programme):
    return an_event(programme)


@pytest.fixture
def team(programme):
    return a_team(programme)


@pytest.fixture
def gwen(team, summit):
    person = a_person("Gwen Price")
    a_member(team, person)
    a_registration(summit, person, team)
    return person


@pytest.fixture
def wave(summit):
    return a_round(summit)


@pytest.fixture
def gwens_phone(app, gwen):
    return Visitor(app).carry(visit=a_visit_of(gwen, at=AT))


@pytest.fixture
def lead(app, programme):
    return Visitor(app).sign_in(a_member_of_staff(programme))
