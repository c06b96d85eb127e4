from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.programmes.rules import Role
from tests.factories.events import an_event
from tests.factories.programmes import a_member_of_staff, a_programme
from tests.visitor import Visitor

AT = datetime(2026, 3, 27, 10, 0, tzinfo=UTC)
"""The day after the summit."""


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as travelling:
        yield travelling


@pytest.fixture
def summit(app, clock):
    return an_event(
        a_programme(),
        shows_posters=True,
        starts_at=AT - timedelta(days=1),
        ends_at=AT - timedelta(hours=18),
    )


@pytest.fixture
def organiser(app, summit) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.ORGANISER, "Priya Nair"))


@pytest.fixture
def facilitator(app, summit) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.FACILITATOR, "Mo Facey"))
