"""Forgetting somebody: when they came stays as evidence for others' figures, without their name."""

from datetime import datetime

from sqlalchemy import func, select, update

from app.checkin.models import Attendance, AttendanceEvent
from app.kernel.actor import Actor
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import Traces, counted
from app.plumbing.database import db
from app.registration.models import Registration


def _traces(person: Person) -> Traces:
    times = db.session.scalar(
        select(func.count())
        .select_from(Attendance)
        .join(Registration, Registration.id == Attendance.registration_id)
        .where(Registration.person_id == person.id)
    )
    return Traces(
        stays=[
            f"That somebody came, {line}, without a name: the team's completion rests on it"
            for line in counted(times or 0, "time", "times")
        ]
    )


def _forget(person: Person, _by: Actor, _at: datetime) -> None:
    own = update(AttendanceEvent).where(
        AttendanceEvent.actor_kind == "attendee", AttendanceEvent.actor_id == person.id
    )
    db.session.execute(own.values(actor_label=""))
    theirs = select(Registration.id).where(Registration.person_id == person.id)
    about = update(AttendanceEvent).where(AttendanceEvent.registration_id.in_(theirs))
    db.session.execute(about.values(reason=""))


MEMORY = Memory(traces=_traces, forget=_forget)
