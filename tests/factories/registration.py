"""Registrations for tests."""

from app.events.models import Event
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.programmes.models import Team
from app.registration.actions.codes import give_code
from app.registration.models import PersonalCode, Registration, Source, Status
from tests.factories.people import LONG_AGO, a_person


def a_registration(
    event: Event, person: Person | None = None, team: Team | None = None, **values: object
) -> Registration:
    """A booked place, with the pass that goes with it."""
    person = person or a_person()
    facts: dict[str, object] = {
        "status": Status.CONFIRMED,
        "source": Source.SELF,
        "created_at": LONG_AGO,
        "confirmed_at": LONG_AGO,
        "booked_by_kind": "attendee",
    }
    with transaction():
        registration = Registration(
            event_id=event.id,
            person_id=person.id,
            team_id=team.id if team else None,
            **{**facts, **values},
        )
        db.session.add(registration)
        give_code(person.id, event.programme_id, at=LONG_AGO)
    return registration


def the_code_of(registration: Registration) -> PersonalCode:
    return give_code(registration.person_id, registration.event.programme_id, at=LONG_AGO)
