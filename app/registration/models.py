"""A person's place at an event, the code on their pass, and what they need (kept apart)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.models import Event
from app.people.models import Person
from app.plumbing.database import Model, one_of, short
from app.plumbing.spreadsheets import Row
from app.programmes.models import Programme, Team
from app.registration.rules.columns import Field


class Status(StrEnum):
    """How a registration stands."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """How somebody came onto the list."""

    SELF = "self"
    INVITATION = "invitation"
    ORGANISER = "organiser"
    WALK_IN = "walk_in"


class Registration(Model):
    """One person's place at one event; there is only ever one."""

    __tablename__ = "registration"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    status: Mapped[Status] = mapped_column(one_of(Status))
    source: Mapped[Source] = mapped_column(one_of(Source))
    role: Mapped[str] = mapped_column(short(100), default="")
    photo_consent: Mapped[bool] = mapped_column(default=False)
    submission_id: Mapped[UUID | None] = mapped_column(unique=True)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    booked_by_kind: Mapped[str] = mapped_column(short(20))
    booked_by_id: Mapped[UUID | None]
    invited_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    team: Mapped[Team | None] = relationship()

    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_registration_event_status", "event_id", "status"),
    )


class PersonalCode(Model):
    """The code on somebody's pass, valid for the whole programme; only its hash is kept.

    The long code in the QR is derived from the server's key and this row's id, so it can be drawn
    again; the short one is what a person types when the QR will not scan.
    """

    __tablename__ = "personal_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    code_hash: Mapped[str] = mapped_column(short(64), unique=True)
    short_code: Mapped[str] = mapped_column(short(6))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    programme: Mapped[Programme] = relationship()

    __table_args__ = (
        UniqueConstraint("programme_id", "short_code"),
        UniqueConstraint("person_id", "programme_id", "version"),
    )


class AccessNeed(Model):
    """Somebody's dietary and access needs for one event: health data, kept apart and not for long."""

    __tablename__ = "access_need"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), unique=True
    )
    diet: Mapped[str] = mapped_column(short(40), default="")
    diet_other: Mapped[str] = mapped_column(default="")
    adjustments: Mapped[list[Any]]
    access_other: Mapped[str] = mapped_column(default="")
    wants_call: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(short(40), default="")
    call_due_at: Mapped[datetime | None]
    call_done_at: Mapped[datetime | None]
    call_note: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship()


class InvitationList(Model):
    """A list of people that was uploaded and is looked at before anybody is invited.

    A row is `{"number", "cells"}` until the list is sent, and from then on a verdict as
    `rules.importing.kept` writes it. `outcome` holds how the file was read and, once sent, how many
    rows came to what.
    """

    __tablename__ = "invitation_list"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    filename: Mapped[str] = mapped_column(short(255))
    headers: Mapped[list[Any]]
    rows: Mapped[list[Any]]
    columns: Mapped[dict[str, Any]]
    uploaded_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]]

    event: Mapped[Event] = relationship()

    @property
    def mapping(self) -> dict[Field, int | None]:
        """Return for each field the column that holds it, if one does."""
        return {field: self.columns.get(field) for field in Field}

    @property
    def read_rows(self) -> tuple[Row, ...]:
        """Return the rows as they were read from the file."""
        return tuple(Row(row["number"], tuple(row["cells"])) for row in self.rows)

    @property
    def read_as(self) -> str:
        """Return in words how the file was read."""
        return str(self.outcome.get("read_as", ""))

    @property
    def counts(self) -> dict[str, int]:
        """Return, once the list is sent, how many rows came to which outcome."""
        return dict(self.outcome.get("counts", {}))

    @property
    def is_worked_off(self) -> bool:
        """Say whether everybody on a list that was sent has been invited."""
        return bool(self.outcome.get("worked_off"))
