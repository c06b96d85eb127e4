"""Who came to the sample's events: written with the same verbs that doors and organisers use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select

from app.checkin.actions.correcting import Correction, correct
from app.checkin.rules.log import Kind
from app.events.models import Event
from app.kernel.actor import Actor
from app.people.models import Person
from app.plumbing.database import db
from app.registration.models import Registration
from app.web.sample.cast import PRACTICES, STAFF, SUMMIT, Somebody

SIGN_IN_SHEET = "Sign-in sheet of the day"
APOLOGIES = "Sent apologies"
MAKE_UP = "Watched the recording and brought a test of change to the coach"


def record_past_attendance(
    events: Mapping[str, Event], people: Mapping[str, Person], *, at: datetime
) -> None:
    """Record who came to the events that are done, who sent apologies and who made up for it."""
    organiser = people[STAFF[1].name]
    by = Actor("staff", organiser.id, organiser.name)
    places = places_at([event for name, event in events.items() if name != SUMMIT])
    for place, member in enumerate(m for practice in PRACTICES for m in practice.members):
        for name, event in events.items():
            if name != SUMMIT:
                registration = places[people[member.name].id, event.id]
                _record(registration, member, name, event, by=by, minutes=place % 13 - 8)
    assert at >= max(event.ends_at for name, event in events.items() if name != SUMMIT)


def places_at(events: list[Event]) -> dict[tuple[UUID, UUID], Registration]:
    """Return every place at these events, by person and event."""
    rows = db.session.scalars(
        select(Registration).where(Registration.event_id.in_([event.id for event in events]))
    )
    return {(row.person_id, row.event_id): row for row in rows}


def _record(
    registration: Registration,
    member: Somebody,
    name: str,
    event: Event,
    *,
    by: Actor,
    minutes: int,
) -> None:
    if name not in member.missed:
        came_at = event.starts_at + timedelta(minutes=minutes)
        decide(registration, Kind.ENTERED, SIGN_IN_SHEET, came_at, by=by)
        return
    decide(registration, Kind.EXCUSED, APOLOGIES, event.starts_at, by=by)
    if name in member.made_up:
        decide(registration, Kind.MADE_UP, MAKE_UP, event.ends_at + timedelta(days=20), by=by)


def decide(
    registration: Registration, kind: Kind, reason: str, happened_at: datetime, *, by: Actor
) -> None:
    """Write one decision into the log, under an id of its own that makes a repeat harmless."""
    correction = Correction(
        kind=kind,
        reason=reason,
        submission_id=uuid5(NAMESPACE_URL, f"{registration.id}/{kind}"),
        happened_at=happened_at,
    )
    correct(registration, correction, by=by, at=happened_at)
