"""Coach visits: the encounter record that lets a colleague take over."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.people.models import Person
from app.plumbing.database import Model, short
from app.programmes.models import Team


class CoachVisit(Model):
    """One visit of an improvement coach to a team, with notes and a next step."""

    __tablename__ = "coach_visit"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    visited_on: Mapped[date]
    minutes: Mapped[int]
    met_with: Mapped[str] = mapped_column(default="")
    tools_used: Mapped[str] = mapped_column(default="")
    shared_notes: Mapped[str] = mapped_column(default="")
    private_notes: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    next_visit_on: Mapped[date | None]
    submission_id: Mapped[UUID | None] = mapped_column(unique=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(short(200))
    withdrawn_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship()
    coach: Mapped[Person] = relationship()

    __table_args__ = (Index("ix_coach_visit_team", "team_id", "visited_on"),)
