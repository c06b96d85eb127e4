from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.groupwork.models import GroupWork, Table
from app.programmes.rules import Role
from tests.factories.events import an_event
from tests.factories.groupwork import a_group_work, a_pen, a_table
from tests.factories.people import a_person, a_visit_of
from tests.factories.programmes import a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration
from tests.factories.voices import here
from tests.visitor import Visitor

AT = datetime(2026, 3, 26, 11, 0, tzinfo=UTC)
"""During the summit, when the group work begins."""


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as travelling:
        yield travelling


@pytest.fixture
def summit(app, clock):
    return an_event(
        a_programme(), starts_at=AT - timedelta(minutes=90), ends_at=AT + timedelta(hours=4)
    )


@pytest.fixture
def gwen(summit):
    """Somebody who is here, with a team."""
    place = a_registration(
        summit, a_person("Gwen Price"), a_team(summit.programme, "Old Mill Surgery")
    )
    return here(place, at=AT)


@pytest.fixture
def work(summit, gwen) -> GroupWork:
    return a_group_work(summit, at=AT)


@pytest.fixture
def table(work) -> Table:
    return a_table(work)


@pytest.fixture
def facilitator(app, summit) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.FACILITATOR))


@pytest.fixture
def scribe(app, table) -> Visitor:
    """The phone that holds table 1's pen."""
    return Visitor(app).carry(scribe=a_pen(table, at=AT))


@pytest.fixture
def attendee(app, gwen) -> Visitor:
    return Visitor(app).carry(visit=a_visit_of(gwen.person, at=AT))
