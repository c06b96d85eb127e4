"""Questions about how many: expected, here, and counted by heads."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from app.checkin.models import Attendance, AttendanceEvent, HeadCount
from app.checkin.rules.presence import Presence, Tally
from app.events.models import Event
from app.plumbing.database import ask, db
from app.programmes.models import Team
from app.registration.models import Registration, Status


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
