"""Questions about doors, presence and the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import contains_eager

from app.checkin.models import (
    Attendance,
    AttendanceEvent,
    CheckinPoint,
    DoorDevice,
    DoorLink,
    DoorRole,
)
from app.checkin.rules import Presence, ReadCode
from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import clock_words, day_words
from app.kernel.codes import digest
from app.people.models import Person
from app.plumbing.database import db
from app.programmes.models import Programme
from app.programmes.rules import Role
from app.registration.models import PersonalCode, Registration, Status


class DeskState(Enum):
    """Whether a door may be used at this moment."""

    OPEN = auto()
    NOT_YET = auto()
    OVER = auto()
    REVOKED = auto()


@dataclass(frozen=True)
class Desk:
    """A device at a door, for one event and some hours."""

    device_id: UUID
    event_id: UUID
    programme_id: UUID
    point_id: UUID
    point_name: str
    event_title: str
    steward_name: str
    role: Role
    opens_at: datetime
    closes_at: datetime
    revoked_at: datetime | None
    enrolled_at: datetime
    starts_at: datetime
    ends_at: datetime
    check_in_opens_at: datetime
    cancelled_at: datetime | None

    def state(self, at: datetime) -> tuple[DeskState, str]:
        """Say whether the door is open, with the sentence for when it is not."""
        if self.revoked_at is not None:
            when = clock_words(self.revoked_at)
            return DeskState.REVOKED, f"This link was switched off at {when}. Ask the desk."
        if at < self.opens_at:
            when = f"{day_words(self.opens_at)} at {clock_words(self.opens_at)}"
            return DeskState.NOT_YET, f"Not open yet. This door opens on {when}."
        if at > self.closes_at:
            return DeskState.OVER, "This door has closed. Ask the organiser for a new link."
        return DeskState.OPEN, ""

    @property
    def actor(self) -> Actor:
        """Return who this is for the log: the device, with the first name typed at enrolment."""
        return Actor("door", self.device_id, self.steward_name)


def desk_with_key(key: str) -> Desk | None:
    """Return the desk that a device's key opens, in one query."""
    row = db.session.execute(
        select(DoorDevice, DoorLink, CheckinPoint, Event)
        .join(DoorLink, DoorDevice.door_link_id == DoorLink.id)
        .join(CheckinPoint, DoorLink.point_id == CheckinPoint.id)
        .join(Event, CheckinPoint.event_id == Event.id)
        .where(DoorDevice.key_hash == digest(key))
    ).one_or_none()
    if row is None:
        return None
    device, link, point, event = row
    return Desk(
        device_id=device.id,
        event_id=event.id,
        programme_id=event.programme_id,
        point_id=point.id,
        point_name=point.name,
        event_title=event.title,
        steward_name=device.steward_name,
        role=Role.SUPERVISOR if link.role is DoorRole.SUPERVISOR else Role.STEWARD,
        opens_at=link.opens_at,
        closes_at=link.closes_at,
        revoked_at=link.revoked_at,
        enrolled_at=device.enrolled_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        check_in_opens_at=event.check_in_opens_at,
        cancelled_at=event.cancelled_at,
    )


@dataclass(frozen=True)
class Place:
    """Somebody's place at an event, found by the code on their pass."""

    registration: Registration
    code: PersonalCode


def place_with_code(code: ReadCode, *, event_id: UUID, programme_id: UUID) -> Place | None:
    """Return the place at this event that a code belongs to, locked until the transaction ends."""
    row = db.session.execute(
        select(Registration, PersonalCode)
        .join(Registration.person)
        .outerjoin(Registration.team)
        .join(PersonalCode, PersonalCode.person_id == Person.id)
        .options(contains_eager(Registration.person), contains_eager(Registration.team))
        .where(
            Registration.event_id == event_id,
            PersonalCode.programme_id == programme_id,
            _is_code(code),
        )
        .with_for_update(of=Registration)
    ).one_or_none()
    return Place(*row) if row is not None else None


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


def lines_about(
    registration_id: UUID | None, *, sender: UUID, scan_id: UUID
) -> Sequence[AttendanceEvent]:
    """Return the log of one place, together with whatever line this scan left before."""
    is_repeat = (AttendanceEvent.sender == sender) & (AttendanceEvent.scan_id == scan_id)
    is_theirs = AttendanceEvent.registration_id == registration_id if registration_id else false()
    return db.session.scalars(
        select(AttendanceEvent)
        .where(or_(is_theirs, is_repeat))
        .order_by(AttendanceEvent.recorded_at, AttendanceEvent.id)
    ).all()


def lines_of(registration: Registration) -> Sequence[AttendanceEvent]:
    """Return the log of one place, the oldest line first."""
    return db.session.scalars(
        select(AttendanceEvent)
        .where(AttendanceEvent.registration_id == registration.id)
        .order_by(AttendanceEvent.recorded_at, AttendanceEvent.id)
    ).all()


def attendance_of(registration: Registration) -> Attendance | None:
    """Return how somebody's attendance stands; None while nothing was ever recorded."""
    return db.session.scalar(
        select(Attendance).where(Attendance.registration_id == registration.id)
    )


def attendances_in(programme: Programme) -> Sequence[Attendance]:
    """Return everything recorded at a programme's events, with place, person and event, in one query."""
    return db.session.scalars(
        select(Attendance)
        .join(Attendance.registration)
        .join(Registration.person)
        .join(Registration.event)
        .options(
            contains_eager(Attendance.registration).contains_eager(Registration.person),
            contains_eager(Attendance.registration).contains_eager(Registration.event),
        )
        .where(Event.programme_id == programme.id)
        .order_by(Event.starts_at, Person.sorting_name, Attendance.id)
    ).all()


@dataclass(frozen=True)
class Counts:
    """How many are expected at an event, and how many of them are here."""

    expected: int
    here: int


def counts_at(event_id: UUID) -> Counts:
    """Count who is expected and who is here, from the indexes alone."""
    expected = (
        select(func.count())
        .select_from(Registration)
        .where(Registration.event_id == event_id, Registration.status == Status.CONFIRMED)
    )
    here = (
        select(func.count())
        .select_from(Attendance)
        .where(Attendance.event_id == event_id, Attendance.status == Presence.PRESENT)
    )
    row = db.session.execute(select(expected.scalar_subquery(), here.scalar_subquery())).one()
    return Counts(*row)
