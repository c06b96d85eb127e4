"""Questions about the rooms that have a code on their wall."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.checkin.models import CheckinPoint, PointKind
from app.events.models import Event
from app.plumbing.database import db


def rooms_of(event: Event) -> Sequence[CheckinPoint]:
    """Return the rooms of an event that have a code on their wall."""
    return db.session.scalars(
        select(CheckinPoint)
        .where(CheckinPoint.event_id == event.id, CheckinPoint.kind == PointKind.ROOM)
        .order_by(CheckinPoint.name)
    ).all()


def room_at(event: Event, address_code: str) -> CheckinPoint | None:
    """Return the room at this address, if it belongs to this event."""
    room = room_with_address(address_code)
    return room if room is not None and room.event_id == event.id else None


def room_with_address(address_code: str) -> CheckinPoint | None:
    """Return the room at this address, with its event."""
    return db.session.scalar(
        select(CheckinPoint)
        .join(CheckinPoint.event)
        .options(contains_eager(CheckinPoint.event))
        .where(CheckinPoint.address_code == address_code, CheckinPoint.kind == PointKind.ROOM)
    )


def room_with_id(point_id: UUID) -> CheckinPoint | None:
    """Return the room that an arrival pass speaks of, with its event."""
    return db.session.scalar(
        select(CheckinPoint)
        .join(CheckinPoint.event)
        .options(contains_eager(CheckinPoint.event))
        .where(CheckinPoint.id == point_id, CheckinPoint.kind == PointKind.ROOM)
    )
