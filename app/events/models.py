"""The dated gatherings of a programme."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.rules import EventKind
from app.plumbing.database import Model, one_of, short
from app.programmes.models import Programme

__all__ = ["Event", "EventKind"]


class Event(Model):
    """One dated gathering of a programme."""

    __tablename__ = "event"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    slug: Mapped[str] = mapped_column(short(60))
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    title: Mapped[str] = mapped_column(short(200))
    summary: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    venue: Mapped[str] = mapped_column(short(200))
    address: Mapped[str] = mapped_column(default="")
    capacity: Mapped[int | None]
    is_open_to_all: Mapped[bool] = mapped_column(default=True)
    changes_close_at: Mapped[datetime]
    check_in_opens_at: Mapped[datetime]
    shows_posters: Mapped[bool] = mapped_column(default=False)
    gives_certificates: Mapped[bool] = mapped_column(default=True)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship()

    __table_args__ = (
        UniqueConstraint("programme_id", "slug"),
        Index("ix_event_starts_at", "starts_at"),
    )
