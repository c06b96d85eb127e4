"""Finding a write-up by its public address, cheaply: this is asked for hundreds of times a second."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from app.events.models import Event
from app.plumbing.database import ask, db
from app.programmes.models import Programme
from app.writeups.models import WriteUp


@dataclass(frozen=True)
class Found:
    """A write-up at its address: which state of it everybody reads, and whether they still may."""

    id: UUID
    revision: int
    is_withdrawn: bool


def write_up_at(programme_slug: str, event_slug: str) -> Found | None:
    """Return the write-up at a public address, if it was ever published."""
    row = ask(_found(), programme=programme_slug, event=event_slug).one_or_none()
    if row is None:
        return None
    return Found(row.id, row.revision, row.withdrawn_at is not None)


def events_told_of(*, limit: int = 6) -> Sequence[Event]:
    """Return the events whose stories everybody can read, the newest story first."""
    return db.session.scalars(
        select(Event)
        .join(WriteUp, WriteUp.event_id == Event.id)
        .options(joinedload(Event.programme))
        .where(WriteUp.published_number.is_not(None), WriteUp.withdrawn_at.is_(None))
        .order_by(WriteUp.first_published_at.desc(), WriteUp.id)
        .limit(limit)
    ).all()


@cache
def _found() -> Select[*tuple[Any, ...]]:  # the columns of a write-up that `Found` is made of
    return (
        select(WriteUp.id, WriteUp.revision, WriteUp.withdrawn_at)
        .join(Event, Event.id == WriteUp.event_id)
        .join(Programme, Programme.id == Event.programme_id)
        .where(
            Programme.slug == bindparam("programme"),
            Event.slug == bindparam("event"),
            WriteUp.published_number.is_not(None),
        )
    )
