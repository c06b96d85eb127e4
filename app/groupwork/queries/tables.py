"""Questions about tables: who sits there, and which phone holds the pen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.events.models import Event
from app.groupwork.models import GroupWork, Scribe, Seat, Table
from app.kernel.codes import digest
from app.people.models import Person
from app.plumbing.database import db
from app.registration.models import Registration
from app.registration.queries import places_here


def tables_of(work: GroupWork) -> Sequence[Table]:
    """Return a session's tables by number."""
    return db.session.scalars(_tables().where(Table.group_work_id == work.id)).all()


def table_at(work: GroupWork, table_id: UUID) -> Table | None:
    """Return this table, if it is one of this session."""
    return db.session.scalar(_tables().where(Table.group_work_id == work.id, Table.id == table_id))


def table_with_code(code: str) -> Table | None:
    """Return the table whose card shows this code."""
    return db.session.scalar(
        _tables()
        .join(Table.group_work)
        .options(contains_eager(Table.group_work).joinedload(GroupWork.event))
        .where(Table.code == code)
    )


def _tables() -> Select[Table]:
    return (
        select(Table)
        .options(joinedload(Table.team), joinedload(Table.joined))
        .order_by(Table.number)
    )


def scribe_with_key(key: str) -> Scribe | None:
    """Return the phone with this key, whether it still holds the pen or not."""
    return db.session.scalar(
        select(Scribe).where(Scribe.key_hash == digest(key)).options(joinedload(Scribe.table))
    )


def scribe_of(table: Table) -> Scribe | None:
    """Return the phone that holds a table's pen."""
    return db.session.scalar(
        select(Scribe).where(Scribe.table_id == table.id, Scribe.ended_at.is_(None))
    )


def scribes_in(work: GroupWork) -> Mapping[UUID, Scribe]:
    """Return the phones that hold a pen, by table."""
    rows = db.session.scalars(
        select(Scribe)
        .join(Table, Scribe.table_id == Table.id)
        .where(Table.group_work_id == work.id, Scribe.ended_at.is_(None))
    )
    return {scribe.table_id: scribe for scribe in rows}


def seat_of(registration: Registration) -> Seat | None:
    """Return where somebody sits."""
    return db.session.scalar(
        select(Seat)
        .where(Seat.registration_id == registration.id)
        .options(joinedload(Seat.table).joinedload(Table.joined))
    )


def number_of_table() -> ScalarSelect[int]:
    """Return what leads from a place to the number of its table, to be asked along with the place."""
    joined = aliased(Table)
    return (
        select(func.coalesce(joined.number, Table.number))
        .select_from(Seat)
        .join(Table, Seat.table_id == Table.id)
        .outerjoin(joined, Table.joined_id == joined.id)
        .where(Seat.registration_id == Registration.id)
        .correlate(Registration)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Seated:
    """Somebody at a table, and whether they are here."""

    registration: Registration
    table_id: UUID
    is_here: bool


def seated_in(work: GroupWork) -> Sequence[Seated]:
    """Return who sits at which table, by name."""
    here = places_here(work.event)
    rows = db.session.execute(
        select(Registration, Seat.table_id)
        .join(Seat, Seat.registration_id == Registration.id)
        .join(Table, Seat.table_id == Table.id)
        .join(Registration.person)
        .outerjoin(Registration.team)
        .options(contains_eager(Registration.person), contains_eager(Registration.team))
        .where(Table.group_work_id == work.id)
        .order_by(Person.sorting_name, Registration.id)
    )
    return [Seated(place, table_id, place.id in here) for place, table_id in rows]


def people_here(event: Event) -> Sequence[Registration]:
    """Return everybody who is at an event now, by name."""
    here = places_here(event)
    rows = db.session.scalars(
        select(Registration)
        .join(Registration.person)
        .outerjoin(Registration.team)
        .options(contains_eager(Registration.person), contains_eager(Registration.team))
        .where(Registration.event_id == event.id)
        .order_by(Person.sorting_name, Registration.id)
    )
    return [place for place in rows if place.id in here]


def tables_in(work: GroupWork) -> int:
    """Return how many tables there are that write for themselves."""
    count = select(func.count()).where(Table.group_work_id == work.id, Table.joined_id.is_(None))
    return db.session.scalar(count) or 0
