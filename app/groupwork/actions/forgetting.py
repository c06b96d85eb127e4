"""A year after a programme its group work forgets who sat, wrote and voted; words and counts stay."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, func, or_, select, update

from app.events.models import Event
from app.groupwork.models import Card, Dots, GroupWork, Note, Scribe, Seat, Table
from app.groupwork.rules.keeping import KEPT_FOR, forgotten_at, note_goes_at
from app.kernel.clock import london_day
from app.plumbing.database import db
from app.plumbing.queue import enqueue
from app.programmes.models import Programme
from app.registration.models import Registration


def plan_forgetting(programme: Programme, *, at: datetime) -> None:
    """Let what is kept from now on be forgotten in time; planned twice on a day it is once."""
    enqueue(
        "groupwork.forget",
        due_at=note_goes_at(programme.ends_on, changed_at=at),
        unique_key=f"group-work:{programme.id}:{london_day(at)}",
        programme_id=str(programme.id),
    )


def forget(programme: Programme, *, at: datetime) -> timedelta | None:
    """Forget who did what in a programme's group work, or return how long to wait for what is left."""
    wait = forgotten_at(programme.ends_on) - at
    if wait > timedelta():
        return wait
    works = (
        select(GroupWork.id)
        .join(Event, GroupWork.event_id == Event.id)
        .where(Event.programme_id == programme.id)
    )
    _forget_people_in(works)
    places = (
        select(Registration.id)
        .join(Event, Registration.event_id == Event.id)
        .where(Event.programme_id == programme.id)
    )
    votes = update(Dots).where(Dots.registration_id.in_(places))
    db.session.execute(votes.values(registration_id=None))
    return _forget_notes_at(places, at=at)


def _forget_people_in(works: Select[UUID]) -> None:
    """Delete seats, pens and what the room never read; leave other cards without a writer."""
    tables = select(Table.id).where(Table.group_work_id.in_(works))
    db.session.execute(delete(Seat).where(Seat.table_id.in_(tables)))
    db.session.execute(delete(Scribe).where(Scribe.table_id.in_(tables)))
    unread = or_(
        Card.prompt_id.is_(None), Card.withdrawn_at.is_not(None), Card.hidden_at.is_not(None)
    )
    db.session.execute(delete(Card).where(Card.group_work_id.in_(works), unread))
    cards = update(Card).where(Card.group_work_id.in_(works))
    db.session.execute(cards.values(person_id=None))


def _forget_notes_at(places: Select[UUID], *, at: datetime) -> timedelta | None:
    """Delete the notes that were kept for long enough, or return when the next one is due."""
    theirs = Note.registration_id.in_(places)
    db.session.execute(delete(Note).where(theirs, Note.changed_at <= at - KEPT_FOR))
    next_changed_at = db.session.scalar(select(func.min(Note.changed_at)).where(theirs))
    return next_changed_at + KEPT_FOR - at if next_changed_at else None
