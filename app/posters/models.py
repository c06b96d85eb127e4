"""That a team has handed in its poster for an event."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.models import Event
from app.plumbing.database import Model, short
from app.programmes.models import Team


class Poster(Model):
    """A team's poster for an event's marketplace, from the moment it was handed in."""

    __tablename__ = "poster"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), index=True)
    title: Mapped[str] = mapped_column(short(200))
    submitted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    team: Mapped[Team] = relationship()

    __table_args__ = (UniqueConstraint("event_id", "team_id"),)
