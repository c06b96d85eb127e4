"""Group work for tests."""

from datetime import datetime
from uuid import uuid4

from app.events.models import Event
from app.groupwork.actions.leading import move
from app.groupwork.actions.preparing import Plan, prepare
from app.groupwork.actions.tables import take_pen
from app.groupwork.actions.writing import Written, write_card
from app.groupwork.models import Card, GroupWork, Table
from app.groupwork.queries.tables import tables_of
from app.groupwork.rules.stages import Move
from app.groupwork.rules.tables import Seating
from app.groupwork.rules.words import Source
from app.kernel.actor import Actor
from app.plumbing.database import db, transaction

MARCUS = Actor("staff", None, "Marcus Reid")


def a_group_work(event: Event, *, at: datetime, **plan: object) -> GroupWork:
    """A prepared session, with three mixed tables unless told otherwise."""
    usual = {"seating": Seating.MIXED, "tables": 3}
    with transaction():
        return prepare(event, Plan(**{**usual, **plan}), by=MARCUS, at=at)


def led_on(work: GroupWork, *moves: Move, at: datetime) -> GroupWork:
    """The same session, after these moves."""
    for one in moves:
        db.session.rollback()
        with transaction():
            move(work, one, seen=work.steps, by=MARCUS, at=at)
    return work


def a_table(work: GroupWork, number: int = 1) -> Table:
    """The table of this number."""
    return next(table for table in tables_of(work) if table.number == number)


def a_pen(table: Table, *, at: datetime) -> str:
    """The key of a phone that writes for a table."""
    with transaction():
        return take_pen(table, at=at)


def a_card(table: Table, text: str, *, at: datetime, **how: object) -> Card:
    """A card for the question at hand, by the table's scribe unless told otherwise."""
    work = table.group_work
    written = Written(text=text, question=work.question, form_id=uuid4())
    with transaction():
        return write_card(work, written, at=at, **{"source": Source.SCRIBE, "table": table, **how})
