"""Invitations: sent, accepted, declined; an invitation holds no place until it is accepted."""

from datetime import datetime
from uuid import UUID

from app.events.models import Event
from app.kernel.actor import Actor
from app.people.actions import mint_link
from app.people.models import Person
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.queue import enqueue
from app.programmes.models import Team
from app.registration import messages
from app.registration.actions.booking import Booking, register
from app.registration.models import Registration, Source, Status
from app.registration.queries import people_to_remind, registration_of
from app.registration.rules.places import link_ends_at


def invite(
    event: Event, person: Person, *, team: Team | None, role: str, by: Actor, at: datetime
) -> Registration:
    """Invite somebody and write to them; whoever is on the list already is left as they are."""
    hold(event)
    standing = registration_of(person.id, event.id)
    if standing is not None:
        return standing
    registration = Registration(
        event_id=event.id,
        person_id=person.id,
        team_id=team.id if team else None,
        status=Status.INVITED,
        source=Source.INVITATION,
        role=role,
        created_at=at,
        invited_at=at,
        booked_by_kind=by.kind,
        booked_by_id=by.id,
    )
    db.session.add(registration)
    db.session.flush()
    _record("invited", registration, by, at)
    if person.email is not None:
        token = mint_link(person, at=at, expires_at=link_ends_at(event.ends_at))
        messages.invited(registration, token, at=at)
    return registration


def accept_invitation(
    registration: Registration, booking: Booking, *, by: Actor, at: datetime
) -> Registration:
    """Take the place somebody was invited to, while there is one."""
    return register(registration.event, registration.person, booking, by=by, at=at)


def decline_invitation(registration: Registration, *, reason: str, by: Actor, at: datetime) -> None:
    """Write down that somebody cannot come; declining again is the same act."""
    if registration.status is not Status.INVITED:
        return
    registration.status = Status.DECLINED
    registration.ended_at, registration.end_reason = at, reason
    _record("declined", registration, by, at)


def plan_reminders(event: Event, *, by: Actor, at: datetime) -> None:
    """Have everybody reminded who was invited and has not answered."""
    enqueue(
        "registration.remind_unanswered",
        due_at=at,
        event_id=str(event.id),
        account_id=str(by.id),
    )


def remind_some(event_id: UUID, *, most: int, account_id: UUID, at: datetime) -> int:
    """Write to some of those who have not answered, and return how many that were.

    Nobody is written to who had a letter about it in the last day, so this may be done again.
    """
    event = db.session.get_one(Event, event_id)
    hold(event)
    by = Actor("staff", account_id)
    due = people_to_remind(event, at=at)[:most]
    for registration in due:
        token = mint_link(registration.person, at=at, expires_at=link_ends_at(event.ends_at))
        messages.reminder(registration, token, at=at)
        _record("reminded", registration, by, at)
    return len(due)


def _record(verb: str, registration: Registration, by: Actor, at: datetime) -> None:
    record(verb, registration, by=by, at=at, programme_id=registration.event.programme_id)
