"""Forgetting somebody: their bookings stay as numbers, without a word of theirs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.events.models import Event
from app.kernel.actor import Actor
from app.people.actions import Memory, erase
from app.people.models import Person
from app.people.queries import account_of
from app.people.rules import Traces, counted
from app.plumbing import audit
from app.plumbing.addresses import address_of
from app.plumbing.database import db, hold
from app.programmes.models import Programme
from app.programmes.queries import staff_of
from app.programmes.rules import Role
from app.registration import messages
from app.registration.actions.needs import forget_needs
from app.registration.models import InvitationList, PersonalCode, Registration, Status
from app.registration.queries import needs_of, registrations_of_person


def ask_to_be_erased(person: Person, *, by: Actor, at: datetime) -> None:
    """Tell the leads of somebody's programmes that they want to be erased; asking again changes nothing."""
    hold(person)
    if person.asked_to_be_erased_at is not None:
        return
    person.asked_to_be_erased_at = at
    audit.record("asked to be erased", person, by=by, at=at)
    newest: dict[UUID, Registration] = {}
    for registration in registrations_of_person(person):
        newest.setdefault(registration.event.programme_id, registration)
    for registration in newest.values():
        link = address_of(
            "organiser.registration.erase",
            programme_slug=registration.event.programme.slug,
            event_slug=registration.event.slug,
            registration_id=registration.id,
        )
        for held in staff_of(registration.event.programme):
            if held.role is Role.LEAD and held.account.active:
                messages.somebody_asks_to_be_erased(held.account, registration, link=link, at=at)


def programmes_that_know(person: Person) -> frozenset[UUID]:
    """Return the programmes at whose events somebody has a place."""
    return frozenset(r.event.programme_id for r in registrations_of_person(person))


def erase_person(registration: Registration, *, reason: str, by: Actor, at: datetime) -> None:
    """Erase whose registration this is, everywhere."""
    erase(registration.person, reason=reason, by=by, at=at)


def _traces(person: Person) -> Traces:
    registrations = registrations_of_person(person)
    needs = [r for r in registrations if needs_of(r) is not None]
    return Traces(
        goes=[
            "Every letter we wrote to them, and their passes",
            *counted(len(needs), "note of what they need", "notes of what they need"),
        ],
        stays=[
            f"{line} as numbers, without a name, so that counts stay true"
            for line in counted(len(registrations), "booking", "bookings")
        ],
    )


def _forget(person: Person, by: Actor, at: datetime) -> None:
    registrations = registrations_of_person(person)
    for registration in registrations:
        is_ahead = at < registration.event.starts_at
        if is_ahead and registration.status in {Status.CONFIRMED, Status.INVITED}:
            registration.status, registration.ended_at = Status.CANCELLED, at
        forget_needs(registration, by=by, at=at)
        registration.role, registration.end_reason = "", ""
        registration.photo_consent = False
    db.session.execute(delete(PersonalCode).where(PersonalCode.person_id == person.id))
    account = account_of(person.id)
    if account is not None:
        db.session.execute(delete(InvitationList).where(InvitationList.account_id == account.id))
    if person.email is not None:
        _take_off_lists(person.email, {r.event.programme_id for r in registrations})


def _take_off_lists(email: str, programme_ids: set[UUID]) -> None:
    listed = (
        select(InvitationList)
        .join(InvitationList.event)
        .join(Event.programme)
        .where(Programme.id.in_(programme_ids))
    )
    for one in db.session.scalars(listed):
        kept = [row for row in one.rows if email not in _texts(row)]
        if len(kept) < len(one.rows):
            one.rows = kept


def _texts(value: Any) -> Iterator[str]:
    # Any: a row is whatever JSON holds.
    if isinstance(value, str):
        yield value.strip().lower()
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


MEMORY = Memory(traces=_traces, forget=_forget)
