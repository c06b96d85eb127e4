"""Phones take and hand over the pen of a table; tables join each other; people sit down."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import update

from app.groupwork.models import Scribe, Seat, Table
from app.groupwork.queries.tables import scribe_of, seat_of, tables_of
from app.kernel.actor import Actor
from app.kernel.codes import digest, new_secret
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.registration.models import Registration


class CannotJoin(Refusal):
    """A table cannot join that one."""


def take_pen(table: Table, *, at: datetime) -> str:
    """Let a phone write for a table in the place of the one before, and return its key."""
    hold(table.group_work)
    standing = scribe_of(table)
    if standing is not None:
        standing.ended_at = at
    key = new_secret()
    db.session.add(Scribe(id=uuid4(), table_id=table.id, key_hash=digest(key), since=at))
    table.group_work.revision += 1
    return key


def join_tables(table: Table, other: Table, *, by: Actor, at: datetime) -> None:
    """Let a table write for another one from now on; what it wrote goes along."""
    work = table.group_work
    hold(work)
    if table.id == other.id or other.joined_id is not None:
        raise CannotJoin(f"{table.name} cannot join {other.name}. Choose another table.")
    for one in tables_of(work):
        if one.id == table.id or one.joined_id == table.id:
            one.joined_id = other.id
    _take_along(table, other)
    work.revision += 1
    record(
        "joined tables",
        work,
        by=by,
        at=at,
        programme_id=work.event.programme_id,
        after={"table": table.number, "joined": other.number},
    )


def _take_along(table: Table, other: Table) -> None:
    """Let what a table wrote and agreed, and who sits there, be the other table's."""
    from_here, to_there = Seat.table_id == table.id, {"table_id": other.id}
    db.session.execute(update(Seat).where(from_here).values(to_there))


def separate(table: Table, *, by: Actor, at: datetime) -> None:
    """Let a table that had joined another write for itself again."""
    work = table.group_work
    hold(work)
    if table.joined_id is None:
        return
    table.joined_id = None
    work.revision += 1
    record("separated tables", work, by=by, at=at, programme_id=work.event.programme_id)


def sit_down(place: Registration, table: Table) -> None:
    """Give somebody a seat at a table, in the place of the one they had."""
    seat = seat_of(place)
    if seat is None:
        insert_new(Seat(id=uuid4(), registration_id=place.id, table_id=table.id))
        seat = seat_of(place)
    assert seat is not None, "it is there: we or the same form a moment ago wrote it"
    seat.table_id = table.id
