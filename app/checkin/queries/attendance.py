"""Questions about who is here, and whose presence needs a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from app.checkin.models import Attendance
from app.checkin.queries.counting import head_counts_of
from app.checkin.rules.presence import FLAG_WORDS, Flag, Presence
from app.events.models import Event
from app.kernel.names import sorting_name
from app.kernel.text import counted
from app.people.models import Person
from app.plumbing.database import db
from app.programmes.models import Programme
from app.registration.models import Registration, Status


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


def was_seen(registration_id: UUID) -> bool:
    """Say whether somebody with this place checked in, also if they have left again."""
    seen = select(Attendance.id).where(
        Attendance.registration_id == registration_id,
        Attendance.status.in_([Presence.PRESENT, Presence.LEFT]),
    )
    return db.session.scalar(seen) is not None


def places_come(event_id: UUID) -> dict[UUID, bool]:
    """Return the places at an event whose people came, and whether they are still here."""
    rows = db.session.execute(
        select(Attendance.registration_id, Attendance.status).where(
            Attendance.event_id == event_id,
            Attendance.status.in_([Presence.PRESENT, Presence.LEFT]),
        )
    )
    return {place_id: status is Presence.PRESENT for place_id, status in rows}
