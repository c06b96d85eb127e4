"""Questions about the lines of the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from app.checkin.models import AttendanceEvent, CheckinPoint
from app.checkin.queries.doors import Desk
from app.checkin.rules.log import COUNTS_AS_SEEN, METHOD_WORDS, OUTCOME_WORDS, Kind, Method, Outcome
from app.people.models import Person
from app.plumbing.database import ask, db
from app.registration.models import Registration


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
