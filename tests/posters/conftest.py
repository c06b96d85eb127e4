from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.people.models import Person
from app.posters.models import Poster
from app.programmes.models import Team
from app.programmes.rules import Role
from tests.factories.events import an_event
from tests.factories.people import a_person, a_visit_of
from tests.factories.posters import a_marketplace, a_poster, a_team_key
from tests.factories.programmes import a_member, a_member_of_staff, a_programme, a_team
from tests.factories.registration import a_registration
from tests.visitor import Visitor

AT = datetime(2026, 3, 26, 10, 0, tzinfo=UTC)
"""During the summit, when the marketplace is open."""


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as travelling:
        yield travelling


@pytest.fixture
def summit(app, clock):
    event = an_event(
        a_programme(),
        shows_posters=True,
        starts_at=AT - timedelta(minutes=30),
        ends_at=AT + timedelta(hours=5),
    )
    a_marketplace(
        event, opens_at=AT - timedelta(minutes=30), uploads_close_at=AT + timedelta(hours=1)
    )
    return event


@pytest.fixture
def team(summit) -> Team:
    return a_team(summit.programme)


@pytest.fixture
def sian(summit, team) -> Person:
    person = a_person("Siân O'Connor")
    a_member(team, person)
    return person


@pytest.fixture
def poster(summit, team) -> Poster:
    return a_poster(team, summit)


@pytest.fixture
def organiser(app, summit) -> Visitor:
    return Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.ORGANISER))


@pytest.fixture
def at_the_stand(app, poster) -> Visitor:
    """Somebody of the team, with a phone that opened the team's own link."""
    return Visitor(app).carry(team=a_team_key(poster, at=AT))


@pytest.fixture
def attendee(app, summit) -> Visitor:
    """Somebody with a place at the event, of another team."""
    person = a_person("Gwen Price")
    a_registration(summit, person, a_team(summit.programme, "Old Mill Surgery"))
    return Visitor(app).carry(visit=a_visit_of(person, at=AT))
