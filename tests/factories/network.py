"""Members of the network for tests."""

from datetime import datetime

from flask import Flask

from app.events.models import Event
from app.network.actions.joining import Shown, join, show
from app.network.models import NetworkMember
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.programmes.models import Programme, Team
from app.registration.models import PersonalCode, Registration
from tests.factories.people import LONG_AGO, a_person, a_visit_of
from tests.factories.programmes import a_member
from tests.factories.registration import a_registration, the_code_of
from tests.visitor import Visitor


def a_member_of_the_network(
    programme: Programme, person: Person, *, at: datetime = LONG_AGO, **shown: object
) -> NetworkMember:
    """Somebody who joined and shows what is said here, or their practice alone."""
    facts: dict[str, object] = {
        "team": True,
        "role": False,
        "email": False,
        "about": "",
        "topics": [],
        "gets_digest": True,
    }
    with transaction():
        member = join(programme, person, at=at)
        show(programme, person, Shown(**{**facts, **shown}), at=at)
    return member


def a_guest(event: Event, team: Team, name: str, **membership: object) -> Person:
    """Somebody of a team with a place at an event."""
    person = a_person(name)
    a_member(team, person, **membership)
    a_registration(event, person, team, role="Nurse")
    return person


def a_phone_of(app: Flask, person: Person, *, at: datetime) -> Visitor:
    """Somebody's phone, on which their own pages are open."""
    return Visitor(app).carry(visit=a_visit_of(person, at=at))


def badge_of(person: Person) -> PersonalCode:
    """The code on somebody's only badge."""
    place = db.session.query(Registration).filter_by(person_id=person.id).one()
    return the_code_of(place)
