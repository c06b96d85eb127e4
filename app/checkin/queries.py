"""Questions about doors, presence and the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.checkin.models import (
    Attendance,
    AttendanceEvent,
    CheckinPoint,
    DoorDevice,
    DoorLink,
    DoorRole,
    HeadCount,
    PointKind,
)
from app.checkin.rules import (
    COUNTS_AS_SEEN,
    FLAG_WORDS,
    METHOD_WORDS,
    OUTCOME_WORDS,
    Flag,
    Kind,
    Method,
    Outcome,
    Presence,
    ReadCode,
    Tally,
)
from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import clock_words, day_words
from app.kernel.codes import digest
from app.kernel.names import sorting_name
from app.kernel.text import counted
from app.people.models import Person
from app.plumbing.database import ask, db
from app.programmes.models import Programme, Team
from app.programmes.rules import Role
from app.registration.models import PersonalCode, Registration, Status


class DeskState(Enum):
    """Whether a door may be used at this moment."""

    OPEN = auto()
    NOT_YET = auto()
    OVER = auto()
    REVOKED = auto()


class Hours(Protocol):
    """What must be known of a door to say whether it is open."""

    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def revoked_at(self) -> datetime | None: ...


def door_state(hours: Hours, *, at: datetime) -> tuple[DeskState, str]:
    """Say whether a door is open, with the sentence for when it is not."""
    if hours.revoked_at is not None:
        when = clock_words(hours.revoked_at)
        return DeskState.REVOKED, f"This link was switched off at {when}. Ask the desk."
    if at < hours.opens_at:
        when = f"{day_words(hours.opens_at)} at {clock_words(hours.opens_at)}"
        return DeskState.NOT_YET, f"Not open yet. This door opens on {when}."
    if at > hours.closes_at:
        return DeskState.OVER, "This door has closed. Ask the organiser for a new link."
    return DeskState.OPEN, ""


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
        return door_state(self, at=at)

    @property
    def is_supervisor(self) -> bool:
        """Say whether this is the desk, which may also search, register and undo."""
        return self.role is Role.SUPERVISOR

    @property
    def actor(self) -> Actor:
        """Return who this is for the log: the device, with the first name typed at enrolment."""
        return Actor("door", self.device_id, self.steward_name)


def desk_with_key(key: str) -> Desk | None:
    """Return the desk that a device's key opens, in one query."""
    row = ask(_desk(), key_hash=digest(key)).one_or_none()
    if row is None:
        return None
    facts = row._asdict()
    role = Role.SUPERVISOR if facts.pop("door_role") is DoorRole.SUPERVISOR else Role.STEWARD
    return Desk(role=role, **facts)


# The questions of a scan are put together once: SQLAlchemy takes longer to write than SQLite to answer.


@cache
def _desk() -> Select[*tuple[Any, ...]]:  # the fields of Desk, by their names
    return (
        select(
            DoorDevice.id.label("device_id"),
            DoorDevice.steward_name,
            DoorDevice.enrolled_at,
            DoorLink.role.label("door_role"),
            DoorLink.opens_at,
            DoorLink.closes_at,
            DoorLink.revoked_at,
            CheckinPoint.id.label("point_id"),
            CheckinPoint.name.label("point_name"),
            Event.id.label("event_id"),
            Event.programme_id,
            Event.title.label("event_title"),
            Event.starts_at,
            Event.ends_at,
            Event.check_in_opens_at,
            Event.cancelled_at,
        )
        .join(DoorLink, DoorDevice.door_link_id == DoorLink.id)
        .join(CheckinPoint, DoorLink.point_id == CheckinPoint.id)
        .join(Event, CheckinPoint.event_id == Event.id)
        .where(DoorDevice.key_hash == bindparam("key_hash"))
    )


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


def place_as(registration: Registration) -> Place:
    """Return somebody's place that was found in another way than by its code."""
    return Place(
        id=registration.id,
        status=registration.status,
        photo_consent=registration.photo_consent,
        ended_at=registration.ended_at,
        person_name=registration.person.name,
        team_name=registration.team.name if registration.team else None,
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


@dataclass(frozen=True)
class Line:
    """One line of the log, as far as a further one depends on it."""

    id: UUID
    registration_id: UUID | None
    sender: UUID
    scan_id: UUID
    kind: Kind
    outcome: Outcome
    method: Method
    device_id: UUID | None
    recorded_at: datetime
    happened_at: datetime
    is_doubtful: bool
    flag: str
    undoes_id: UUID | None
    point_name: str | None


def lines_about(registration_id: UUID | None, *, sender: UUID, scan_id: UUID) -> Sequence[Line]:
    """Return the log of one place, together with whatever line this scan left before."""
    rows = ask(_lines(), registration_id=registration_id, sender=sender, scan_id=scan_id)
    return [Line(*row) for row in rows]


@cache
def _lines() -> Select[*tuple[Any, ...]]:  # the fields of Line, in their order
    is_repeat = and_(
        AttendanceEvent.sender == bindparam("sender"),
        AttendanceEvent.scan_id == bindparam("scan_id"),
    )
    # A scan of nobody's code is asked with NULL, which equals no registration.
    is_theirs = AttendanceEvent.registration_id == bindparam("registration_id")
    return (
        select(
            AttendanceEvent.id,
            AttendanceEvent.registration_id,
            AttendanceEvent.sender,
            AttendanceEvent.scan_id,
            AttendanceEvent.kind,
            AttendanceEvent.outcome,
            AttendanceEvent.method,
            AttendanceEvent.device_id,
            AttendanceEvent.recorded_at,
            AttendanceEvent.happened_at,
            AttendanceEvent.is_doubtful,
            AttendanceEvent.flag,
            AttendanceEvent.undoes_id,
            CheckinPoint.name,
        )
        .outerjoin(AttendanceEvent.point)
        .where(or_(is_theirs, is_repeat))
        .order_by(AttendanceEvent.recorded_at, AttendanceEvent.id)
    )


def lines_of(registration: Registration) -> Sequence[AttendanceEvent]:
    """Return the log of one place, the oldest line first."""
    return db.session.scalars(
        select(AttendanceEvent)
        .options(joinedload(AttendanceEvent.point))
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
    return Counts(*ask(_counts(), event_id=event_id).one())


@cache
def _counts() -> Select[int, int]:
    expected = (
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.event_id == bindparam("event_id"),
            Registration.status == Status.CONFIRMED,
        )
    )
    here = (
        select(func.count())
        .select_from(Attendance)
        .where(Attendance.event_id == bindparam("event_id"), Attendance.status == Presence.PRESENT)
    )
    return select(expected.scalar_subquery(), here.scalar_subquery())


def door_link_with(token: str) -> DoorLink | None:
    """Return the door link of this token, open or not, with its point and event."""
    return db.session.scalar(
        select(DoorLink)
        .join(DoorLink.point)
        .join(CheckinPoint.event)
        .options(contains_eager(DoorLink.point).contains_eager(CheckinPoint.event))
        .where(DoorLink.token_hash == digest(token))
    )


def door_link_at(event: Event, link_id: UUID) -> DoorLink | None:
    """Return this door link, if it belongs to this event."""
    return db.session.scalar(
        select(DoorLink)
        .join(DoorLink.point)
        .options(contains_eager(DoorLink.point))
        .where(DoorLink.id == link_id, CheckinPoint.event_id == event.id)
    )


@dataclass(frozen=True)
class Device:
    """A phone at a door: whose, since when, and when it last sent anything."""

    steward_name: str
    enrolled_at: datetime
    last_seen_at: datetime


def door_links_of(event: Event) -> Sequence[tuple[DoorLink, Sequence[Device]]]:
    """Return an event's door links, the newest first, each with the devices behind it."""
    links = db.session.scalars(
        select(DoorLink)
        .join(DoorLink.point)
        .options(contains_eager(DoorLink.point))
        .where(CheckinPoint.event_id == event.id)
        .order_by(DoorLink.created_at.desc(), DoorLink.id)
    ).all()
    rows = db.session.execute(
        select(
            DoorDevice,
            func.coalesce(func.max(AttendanceEvent.recorded_at), DoorDevice.enrolled_at),
        )
        .join(DoorLink, DoorDevice.door_link_id == DoorLink.id)
        .join(CheckinPoint, DoorLink.point_id == CheckinPoint.id)
        .outerjoin(
            AttendanceEvent,
            (AttendanceEvent.device_id == DoorDevice.id) & (AttendanceEvent.event_id == event.id),
        )
        .where(CheckinPoint.event_id == event.id)
        .group_by(DoorDevice.id)
        .order_by(DoorDevice.enrolled_at)
    ).all()
    return [
        (
            link,
            [
                Device(device.steward_name, device.enrolled_at, last)
                for device, last in rows
                if device.door_link_id == link.id
            ],
        )
        for link in links
    ]


def point_called(event: Event, name: str) -> CheckinPoint | None:
    """Return the door, desk or room of this name at an event."""
    return db.session.scalar(
        select(CheckinPoint).where(CheckinPoint.event_id == event.id, CheckinPoint.name == name)
    )


def rooms_of(event: Event) -> Sequence[CheckinPoint]:
    """Return the rooms of an event that have a code on their wall."""
    return db.session.scalars(
        select(CheckinPoint)
        .where(CheckinPoint.event_id == event.id, CheckinPoint.kind == PointKind.ROOM)
        .order_by(CheckinPoint.name)
    ).all()


def room_at(event: Event, address_code: str) -> CheckinPoint | None:
    """Return the room at this address, if it belongs to this event."""
    room = room_with_address(address_code)
    return room if room is not None and room.event_id == event.id else None


def room_with_address(address_code: str) -> CheckinPoint | None:
    """Return the room at this address, with its event."""
    return db.session.scalar(
        select(CheckinPoint)
        .join(CheckinPoint.event)
        .options(contains_eager(CheckinPoint.event))
        .where(CheckinPoint.address_code == address_code, CheckinPoint.kind == PointKind.ROOM)
    )


def room_with_id(point_id: UUID) -> CheckinPoint | None:
    """Return the room that an arrival pass speaks of, with its event."""
    return db.session.scalar(
        select(CheckinPoint)
        .join(CheckinPoint.event)
        .options(contains_eager(CheckinPoint.event))
        .where(CheckinPoint.id == point_id, CheckinPoint.kind == PointKind.ROOM)
    )


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


@dataclass(frozen=True)
class Listed:
    """A place at an event with what is known of the person's presence."""

    registration: Registration
    attendance: Attendance | None

    @property
    def status(self) -> Presence:
        """Return how the attendance stands."""
        return self.attendance.status if self.attendance else Presence.EXPECTED

    @property
    def flag(self) -> Flag:
        """Return what needs a look."""
        return Flag(self.attendance.flag) if self.attendance else Flag.NONE


def places_found(event_id: UUID, text: str, *, limit: int = 20) -> Sequence[Listed]:
    """Return whoever at an event has all these parts in their name."""
    parts = [sorting_name(word) for word in text.split()]
    return _listed(
        select(Registration, Attendance)
        .where(
            Registration.event_id == event_id,
            *(Person.sorting_name.contains(part, autoescape=True) for part in parts if part),
        )
        .limit(limit)
    )


def people_at(event: Event) -> Sequence[Listed]:
    """Return everybody who has a place at an event or was seen there, by name."""
    return _listed(
        select(Registration, Attendance).where(
            Registration.event_id == event.id,
            or_(Registration.status == Status.CONFIRMED, Attendance.id.is_not(None)),
        )
    )


def _listed(wanted: Select[Registration, Attendance]) -> Sequence[Listed]:
    rows = db.session.execute(
        wanted.join(Registration.person)
        .outerjoin(Registration.team)
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .options(contains_eager(Registration.person), contains_eager(Registration.team))
        .order_by(Person.sorting_name, Registration.id)
    ).all()
    return [Listed(registration, attendance) for registration, attendance in rows]


def line_at(event_id: UUID, line_id: UUID) -> AttendanceEvent | None:
    """Return this line of the log, if it is about a place at this event."""
    return db.session.scalar(
        select(AttendanceEvent)
        .join(AttendanceEvent.registration)
        .where(AttendanceEvent.id == line_id, AttendanceEvent.event_id == event_id)
    )


@dataclass(frozen=True)
class LogEntry:
    """A line of the log as the door reads it: who, and whether it was taken back since."""

    line: AttendanceEvent
    name: str
    undone_reason: str | None

    @property
    def words(self) -> str:
        """Return what happened, in a few words."""
        return f"{OUTCOME_WORDS[self.line.outcome]}, {METHOD_WORDS[self.line.method]}"

    @property
    def can_be_undone(self) -> bool:
        """Say whether the line counts, and so can be taken back."""
        return self.undone_reason is None and self.line.outcome in COUNTS_AS_SEEN


def log_of(desk: Desk, *, since: datetime, limit: int = 60) -> Sequence[LogEntry]:
    """Return what a steward did just now or, at the desk, what every door of the event did."""
    undoing = aliased(AttendanceEvent)
    mine = true() if desk.is_supervisor else AttendanceEvent.device_id == desk.device_id
    recent = true() if desk.is_supervisor else AttendanceEvent.recorded_at >= since
    rows = db.session.execute(
        select(AttendanceEvent, Person.name, undoing.reason)
        .join(Registration, AttendanceEvent.registration_id == Registration.id)
        .join(Person, Registration.person_id == Person.id)
        .outerjoin(undoing, undoing.undoes_id == AttendanceEvent.id)
        .where(
            AttendanceEvent.event_id == desk.event_id,
            AttendanceEvent.kind == Kind.ENTERED,
            mine,
            recent,
        )
        .order_by(AttendanceEvent.recorded_at.desc(), AttendanceEvent.id)
        .limit(limit)
    ).all()
    return [LogEntry(line, name, reason) for line, name, reason in rows]


def tallies_of(event_id: UUID) -> Sequence[Tally]:
    """Count who is expected, here, left and missing in each team, by name, in one query."""

    def how_many(*presences: Presence) -> ColumnElement[int]:
        return func.count().filter(Attendance.status.in_(presences))

    rows = db.session.execute(
        select(
            func.coalesce(Team.name, "No practice"),
            func.count().filter(Registration.status == Status.CONFIRMED),
            how_many(Presence.PRESENT),
            how_many(Presence.LEFT),
            how_many(Presence.EXCUSED, Presence.MADE_UP),
        )
        .select_from(Registration)
        .outerjoin(Team, Registration.team_id == Team.id)
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .where(
            Registration.event_id == event_id,
            or_(Registration.status == Status.CONFIRMED, Attendance.id.is_not(None)),
        )
        .group_by(Team.id, Team.name)
        .order_by(Team.name.is_(None), Team.name)
    ).all()
    return [
        Tally(name=name, expected=expected, here=here, left=left, excused=excused)
        for name, expected, here, left, excused in rows
    ]


def total_of(tallies: Sequence[Tally]) -> Tally:
    """Add the teams up."""
    return Tally(
        expected=sum(tally.expected for tally in tallies),
        here=sum(tally.here for tally in tallies),
        left=sum(tally.left for tally in tallies),
        excused=sum(tally.excused for tally in tallies),
    )


def revision_of(event_id: UUID) -> str:
    """Return a word that changes whenever who is expected or here may have changed, cheaply.

    The log only grows, so its length is enough; bookings may also go.
    """
    lines = (
        select(func.count())
        .select_from(AttendanceEvent)
        .where(AttendanceEvent.event_id == event_id)
    )
    booked = (
        select(func.count())
        .select_from(Registration)
        .where(Registration.event_id == event_id, Registration.status == Status.CONFIRMED)
    )
    row = db.session.execute(select(lines.scalar_subquery(), booked.scalar_subquery())).one()
    return "-".join(str(number) for number in row)


def head_counts_of(event: Event) -> Sequence[HeadCount]:
    """Return the counts of heads at an event, the newest first."""
    return db.session.scalars(
        select(HeadCount)
        .where(HeadCount.event_id == event.id)
        .order_by(HeadCount.counted_at.desc(), HeadCount.id)
    ).all()


def head_count_at(event: Event, count_id: UUID) -> HeadCount | None:
    """Return this count of heads, if it was made at this event."""
    return db.session.scalar(
        select(HeadCount).where(HeadCount.id == count_id, HeadCount.event_id == event.id)
    )


def flagged_at(event_id: UUID) -> Sequence[Listed]:
    """Return whose presence at an event needs a look."""
    return _listed(
        select(Registration, Attendance).where(
            Registration.event_id == event_id, Attendance.flag != Flag.NONE.value
        )
    )


def unresolved(event: Event) -> list[str]:
    """Say what stands between an event and its certificates, a sentence for each."""
    sentences = [
        f"{listed.registration.person.name}: {FLAG_WORDS[listed.flag]}."
        for listed in flagged_at(event.id)
    ]
    newest = next(iter(head_counts_of(event)), None)
    if newest is not None and newest.is_open:
        difference = counted(abs(newest.counted - newest.here), "person", "people")
        sentences.append(
            f"Head count: {newest.counted} counted, {newest.here} on the list: "
            f"a difference of {difference}."
        )
    return sentences
