"""Doors and rooms, the append-only log of check-ins, and the presence derived from it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.checkin.rules.log import Kind, Method, Outcome
from app.checkin.rules.presence import Presence
from app.events.models import Event
from app.plumbing.database import Model, one_of, short
from app.registration.models import Registration


class PointKind(StrEnum):
    """What sort of place a check-in point is."""

    DOOR = "door"
    ROOM = "room"


class CheckinPoint(Model):
    """A door, desk or room where people check in; a room has the key of its rotating code."""

    __tablename__ = "checkin_point"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    kind: Mapped[PointKind] = mapped_column(one_of(PointKind))
    name: Mapped[str] = mapped_column(short(80))
    address_code: Mapped[str] = mapped_column(short(12), unique=True)
    code_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]

    event: Mapped[Event] = relationship()

    __table_args__ = (UniqueConstraint("event_id", "name"),)


class DoorRole(StrEnum):
    """What a door link allows: scanning only, or also search, walk-ins and undo."""

    STEWARD = "steward"
    SUPERVISOR = "supervisor"


class DoorLink(Model):
    """An address that turns a volunteer's phone into a door, for some hours; only its hash is kept."""

    __tablename__ = "door_link"

    point_id: Mapped[UUID] = mapped_column(ForeignKey("checkin_point.id"), index=True)
    role: Mapped[DoorRole] = mapped_column(one_of(DoorRole))
    label: Mapped[str] = mapped_column(short(80))
    token_hash: Mapped[str] = mapped_column(short(64), unique=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    point: Mapped[CheckinPoint] = relationship()


class DoorDevice(Model):
    """A phone or tablet that somebody opened a door link on."""

    __tablename__ = "door_device"

    door_link_id: Mapped[UUID] = mapped_column(ForeignKey("door_link.id"), index=True)
    key_hash: Mapped[str] = mapped_column(short(64), unique=True)
    steward_name: Mapped[str] = mapped_column(short(80))
    enrolled_at: Mapped[datetime]

    door_link: Mapped[DoorLink] = relationship()


class AttendanceEvent(Model):
    """One line of the check-in log: what was seen or decided; never changed, never deleted.

    `sender` is whoever carries the scan id: a door device, a person's browser, or an account.
    """

    __tablename__ = "attendance_event"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    registration_id: Mapped[UUID | None] = mapped_column(ForeignKey("registration.id"), index=True)
    sender: Mapped[UUID]
    scan_id: Mapped[UUID]
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome))
    method: Mapped[Method] = mapped_column(one_of(Method))
    point_id: Mapped[UUID | None] = mapped_column(ForeignKey("checkin_point.id"))
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("door_device.id"))
    actor_kind: Mapped[str] = mapped_column(short(20))
    actor_id: Mapped[UUID | None]
    actor_label: Mapped[str] = mapped_column(short(80), default="")
    recorded_at: Mapped[datetime]
    scanned_at: Mapped[datetime | None]
    happened_at: Mapped[datetime]
    is_doubtful: Mapped[bool] = mapped_column(default=False)
    flag: Mapped[str] = mapped_column(short(40), default="")
    undoes_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendance_event.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")

    registration: Mapped[Registration | None] = relationship()
    point: Mapped[CheckinPoint | None] = relationship()

    __table_args__ = (
        UniqueConstraint("sender", "scan_id"),
        Index("ix_attendance_event_event", "event_id", "recorded_at"),
    )


class Attendance(Model):
    """Whether somebody is, was or was not at an event: derived from the log, one row per place."""

    __tablename__ = "attendance"

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"), unique=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    status: Mapped[Presence] = mapped_column(one_of(Presence))
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    method: Mapped[Method | None] = mapped_column(one_of(Method))
    flag: Mapped[str] = mapped_column(short(40), default="")
    changed_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship()

    __table_args__ = (Index("ix_attendance_event_status", "event_id", "status"),)


class HeadCount(Model):
    """How many people somebody counted in the room, and what was made of the difference."""

    __tablename__ = "head_count"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    counted: Mapped[int]
    here: Mapped[int]
    counted_at: Mapped[datetime]
    counted_by: Mapped[str] = mapped_column(short(80))
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str] = mapped_column(short(80), default="")
    resolution: Mapped[str] = mapped_column(default="")

    @property
    def is_open(self) -> bool:
        """Say whether a difference is still to be explained."""
        return self.counted != self.here and self.resolved_at is None
