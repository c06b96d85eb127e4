"""Questions about events."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.events.models import Event
from app.plumbing.database import db
from app.programmes.models import Programme


def event_called(programme: Programme, slug: str) -> Event | None:
    """Return the event at this address, if it belongs to this programme."""
    return db.session.scalar(
        select(Event).where(Event.programme_id == programme.id, Event.slug == slug)
    )


def events_of(programme: Programme) -> Sequence[Event]:
    """Return a programme's events in the order of their dates."""
    return db.session.scalars(
        select(Event).where(Event.programme_id == programme.id).order_by(Event.starts_at, Event.id)
    ).all()


def coming_events(at: datetime, *, limit: int = 50) -> Sequence[Event]:
    """Return public events that are not over, the next one first."""
    return db.session.scalars(
        select(Event)
        .where(Event.ends_at > at, Event.is_open_to_all, Event.cancelled_at.is_(None))
        .order_by(Event.starts_at)
        .limit(limit)
    ).all()


def event_with_id(event_id: UUID) -> Event | None:
    """Return an event that a door or a room stands for."""
    return db.session.get(Event, event_id)
