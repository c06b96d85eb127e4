"""Questions about somebody's place at an event, by code and by name."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, select, true
from sqlalchemy.orm import contains_eager

from app.checkin.rules.codes import ReadCode
from app.events.models import Event
from app.kernel.codes import digest
from app.people.models import Person
from app.plumbing.database import ask, db
from app.programmes.models import Team
from app.registration.models import PersonalCode, Registration, Status


@dataclass(frozen=True)
class Place:
    """Somebody's place at an event, as far as the door needs to know it."""

    id: UUID
    status: Status
    photo_consent: bool
    ended_at: datetime | None
    person_name: str
    team_name: str | None
    code_revoked_at: datetime | None = None
    table_number: int | None = None


_tables: list[ScalarSelect[int]] = []


def tables_are_told_by(number_of_table: ScalarSelect[int]) -> None:
    """Say once, at start-up, what leads from a place to its table: the room beside this one knows.

    It is asked together with the place, so that a scan costs no more for it.
    """
    _tables[:] = [number_of_table]


def table_number_of(registration: Registration) -> int | None:
    """Return at which table somebody sits in the group work, if a seat was drawn for them."""
    for number in _tables:
        return db.session.scalar(select(number).where(Registration.id == registration.id))
    return None


def place_as(registration: Registration, *, table_number: int | None = None) -> Place:
    """Return somebody's place that was found in another way than by its code."""
    return Place(
        id=registration.id,
        status=registration.status,
        photo_consent=registration.photo_consent,
        ended_at=registration.ended_at,
        person_name=registration.person.name,
        team_name=registration.team.name if registration.team else None,
        table_number=table_number,
    )


def place_with_code(code: ReadCode, *, event_id: UUID, programme_id: UUID) -> Place | None:
    """Return the place at this event that a code belongs to, locked until the transaction ends."""
    given = code.text if code.is_short else digest(code.text)
    row = ask(
        _place(is_short=code.is_short), event_id=event_id, programme_id=programme_id, given=given
    ).one_or_none()
    return Place(*row) if row is not None else None


@cache
def _place(*, is_short: bool) -> Select[*tuple[Any, ...]]:  # the fields of Place, in their order
    column = PersonalCode.short_code if is_short else PersonalCode.code_hash
    return (
        select(
            Registration.id,
            Registration.status,
            Registration.photo_consent,
            Registration.ended_at,
            Person.name,
            Team.name,
            PersonalCode.revoked_at,
            *_tables,
        )
        .join(Registration.person)
        .outerjoin(Registration.team)
        .join(PersonalCode, PersonalCode.person_id == Person.id)
        .where(
            Registration.event_id == bindparam("event_id"),
            PersonalCode.programme_id == bindparam("programme_id"),
            column == bindparam("given"),
        )
        .with_for_update(of=Registration)
    )


@dataclass(frozen=True)
class StrayCode:
    """A code that has no place at an event: whose it is, and where it would open a door."""

    person_name: str
    programme_id: UUID
    other_event: Event | None


def stray_code(code: ReadCode, *, programme_id: UUID, at: datetime) -> StrayCode | None:
    """Return what is known of a code that has no place here, with the nearest event it is for."""
    rows = db.session.execute(
        select(PersonalCode.programme_id, Person.name, Event)
        .join(Person, PersonalCode.person_id == Person.id)
        .outerjoin(
            Registration,
            (Registration.person_id == Person.id) & (Registration.status == Status.CONFIRMED),
        )
        .outerjoin(
            Event,
            (Event.id == Registration.event_id) & (Event.programme_id == PersonalCode.programme_id),
        )
        .where(_is_code(code), _is_within(code, programme_id))
    ).all()
    if not rows:
        return None
    found: list[tuple[UUID, str, Event | None]] = [
        (whose, name, event) for whose, name, event in rows
    ]
    whose, name, _ = found[0]
    events = [event for *_, event in found if event is not None]
    nearest = min(events, key=lambda event: abs(event.starts_at - at), default=None)
    return StrayCode(name, whose, nearest)


def _is_code(code: ReadCode) -> ColumnElement[bool]:
    if code.is_short:
        return PersonalCode.short_code == code.text
    return PersonalCode.code_hash == digest(code.text)


def _is_within(code: ReadCode, programme_id: UUID) -> ColumnElement[bool]:
    """Short codes mean somebody within one programme only."""
    return PersonalCode.programme_id == programme_id if code.is_short else true()


def place_of(person_id: UUID, event_id: UUID) -> Registration | None:
    """Return somebody's place at an event."""
    return db.session.scalar(
        _places().where(Registration.person_id == person_id, Registration.event_id == event_id)
    )


def place_at(event_id: UUID, registration_id: UUID) -> Registration | None:
    """Return this place, if it is one at this event."""
    return db.session.scalar(
        _places().where(Registration.id == registration_id, Registration.event_id == event_id)
    )


def place_with_short_code(code: ReadCode, event: Event) -> Registration | None:
    """Return the place at an event of whoever has this code on a pass that is still good."""
    return db.session.scalar(
        _places()
        .join(PersonalCode, PersonalCode.person_id == Registration.person_id)
        .where(
            Registration.event_id == event.id,
            PersonalCode.programme_id == event.programme_id,
            PersonalCode.revoked_at.is_(None),
            _is_code(code),
        )
    )


def _places() -> Select[Registration]:
    return (
        select(Registration)
        .join(Registration.person)
        .join(Registration.event)
        .outerjoin(Registration.team)
        .options(
            contains_eager(Registration.person),
            contains_eager(Registration.event),
            contains_eager(Registration.team),
        )
    )
