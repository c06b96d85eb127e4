from datetime import timedelta

import pytest
import time_machine

from app.programmes.models import MemberRole
from tests.factories.events import SUMMIT_STARTS, an_event
from tests.factories.network import a_guest, a_phone_of
from tests.factories.programmes import a_programme, a_team
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
def summit(programme):
    return an_event(programme, shows_posters=True)


@pytest.fixture
def hill_top(programme):
    return a_team(programme, "Hill Top")


@pytest.fixture
def gwen(hill_top, summit):
    return a_guest(summit, hill_top, "Gwen Price")


@pytest.fixture
def ed(programme, summit):
    return a_guest(summit, a_team(programme, "Old Mill"), "Ed Marsh", role=MemberRole.LEAD)


@pytest.fixture
def gwens_phone(app, gwen) -> Visitor:
    return a_phone_of(app, gwen, at=AT)


@pytest.fixture
def eds_phone(app, ed) -> Visitor:
    return a_phone_of(app, ed, at=AT)
