"""The sample's clock: from the morning, when nobody has arrived, to ten past one."""

from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from app.checkin.actions.checking_in import Arrival, check_in_in_the_room
from app.checkin.models import Attendance, CheckinPoint, HeadCount, PointKind
from app.events.models import Event
from app.events.queries import event_called
from app.kernel.actor import Actor
from app.kernel.clock import from_london, london_day
from app.people.models import Person
from app.plumbing.database import db, hold
from app.programmes.models import Programme
from app.registration.models import Registration, Status
from app.web.sample.cast import ED, PRACTICES, SIAN, SUMMIT
from app.web.sample.voices import leave_voices

TEN_PAST_ONE = timedelta(hours=3, minutes=40)  # after the summit's start at 9.30
COUNTED = 36


def is_afternoon(sample: Programme) -> bool:
    """Say whether the sample's summit has its head count already."""
    summit = _summit(sample)
    return (
        db.session.scalar(select(HeadCount.id).where(HeadCount.event_id == summit.id).limit(1))
        is not None
    )


def skip_to_the_afternoon(sample: Programme, *, at: datetime) -> None:
    """Let everybody arrive who is booked, and make now ten past one of the summit's day.

    Ed comes in on Siân's phone, two people come late, and the head count is one short, as in the
    story. At the posters people have asked, reflected and voted. Whoever was checked in by hand
    stays so.
    """
    summit = _summit(sample)
    # Two who press at once: the second waits here, and then finds the head count.
    hold(summit)
    if is_afternoon(sample):
        return
    _move(summit, starts_at=at - TEN_PAST_ONE)
    room = db.session.scalars(
        select(CheckinPoint).where(
            CheckinPoint.event_id == summit.id, CheckinPoint.kind == PointKind.ROOM
        )
    ).one()
    late = {m.name: m.arrives for p in PRACTICES for m in p.members if m.arrives}
    sian = db.session.scalars(select(Person).where(Person.name == SIAN)).one()
    for place, registration in enumerate(_expected(summit)):
        name = registration.person.name
        minutes = late.get(name, place % 17 - 14)
        _arrive(
            registration,
            room,
            summit.starts_at + timedelta(minutes=minutes),
            on_phone_of=sian if name == ED else registration.person,
        )
    db.session.add(
        HeadCount(
            event_id=summit.id,
            counted=COUNTED,
            here=_here(summit),
            counted_at=summit.starts_at + timedelta(minutes=30),
            counted_by="Desk",
        )
    )
    db.session.flush()
    leave_voices(summit, at=at)


def _summit(sample: Programme) -> Event:
    summit = event_called(sample, SUMMIT)
    assert summit is not None, "The sample is loaded whole."
    return summit


def _move(summit: Event, *, starts_at: datetime) -> None:
    lasts = summit.ends_at - summit.starts_at
    summit.starts_at, summit.ends_at = starts_at, starts_at + lasts
    midnight = from_london(datetime.combine(london_day(starts_at), time()))
    opens_at = max(starts_at - timedelta(hours=2), midnight)
    summit.check_in_opens_at = min(summit.check_in_opens_at, opens_at)


def _expected(summit: Event) -> list[Registration]:
    rows = db.session.scalars(
        select(Registration)
        .join(Person, Registration.person_id == Person.id)
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .where(
            Registration.event_id == summit.id,
            Registration.status == Status.CONFIRMED,
            Attendance.id.is_(None),
        )
        .order_by(Person.sorting_name)
    )
    return list(rows)


def _arrive(
    registration: Registration, room: CheckinPoint, came_at: datetime, *, on_phone_of: Person
) -> None:
    check_in_in_the_room(
        registration,
        Arrival(point_id=room.id, scanned_at=came_at, first_person_id=on_phone_of.id),
        by=Actor("attendee", on_phone_of.id, on_phone_of.name),
        scan_id=uuid5(NAMESPACE_URL, f"{registration.id}/afternoon"),
        at=came_at,
    )


def _here(summit: Event) -> int:
    rows = select(Attendance.id).where(Attendance.event_id == summit.id)
    return len(db.session.scalars(rows).all())
