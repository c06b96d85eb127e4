"""Programmes, teams and their members over time, coaches, and the roles staff hold."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.people.models import Account, Person
from app.plumbing.database import Model, one_of, short
from app.programmes.rules import Role


class MemberRole(StrEnum):
    """What somebody is in a team."""

    LEAD = "lead"
    SPONSOR = "sponsor"
    MEMBER = "member"


class Programme(Model):
    """A funded, dated effort with aims, a cohort of teams, a series of events and coaching."""

    __tablename__ = "programme"

    slug: Mapped[str] = mapped_column(short(60), unique=True)
    title: Mapped[str] = mapped_column(short(200))
    certificate_prefix: Mapped[str] = mapped_column(short(12))
    host_organisation: Mapped[str] = mapped_column(short(200))
    commissioner: Mapped[str] = mapped_column(short(200))
    aims: Mapped[str]
    contact_email: Mapped[str] = mapped_column(short(320))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    signatory_name: Mapped[str] = mapped_column(short(200))
    signatory_role: Mapped[str] = mapped_column(short(200))
    care_needs_kept_days: Mapped[int] = mapped_column(default=14)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Team(Model):
    """People from one organisation taking part together, such as a GP practice."""

    __tablename__ = "team"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    slug: Mapped[str] = mapped_column(short(60))
    name: Mapped[str] = mapped_column(short(200))
    stage_order: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship()

    __table_args__ = (UniqueConstraint("programme_id", "slug"),)


class TeamMembership(Model):
    """Somebody's time in a team: when they joined, what they were, when they left."""

    __tablename__ = "team_membership"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(one_of(MemberRole), default=MemberRole.MEMBER)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]

    team: Mapped[Team] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("team_id", "person_id", "joined_on"),
        Index("ix_team_membership_team", "team_id"),
    )

    def covers(self, day: date) -> bool:
        """Say whether the person was in the team on a day."""
        return self.joined_on <= day and (self.left_on is None or day <= self.left_on)


class CoachAssignment(Model):
    """An improvement coach's time with a team."""

    __tablename__ = "coach_assignment"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    team: Mapped[Team] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("team_id", "person_id", "from_on"),)

    def covers(self, day: date) -> bool:
        """Say whether the person coached the team on a day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class StaffRole(Model):
    """A role that a member of staff holds in one programme."""

    __tablename__ = "staff_role"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    given_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
    programme: Mapped[Programme] = relationship()

    __table_args__ = (UniqueConstraint("account_id", "programme_id", "role"),)
