"""Questions about doors: the links to them, the devices behind them, and whether they are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import contains_eager

from app.checkin.models import AttendanceEvent, CheckinPoint, DoorDevice, DoorLink, DoorRole
from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import clock_words, day_words
from app.kernel.codes import digest
from app.plumbing.database import ask, db
from app.programmes.rules import Role


class DeskState(Enum):
    """Whether a door may be used at this moment."""

    OPEN = auto()
    NOT_YET = auto()
    OVER = auto()
    REVOKED = auto()


class Hours(Protocol):
    """What must be known of a door to say whether it is open."""

    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def revoked_at(self) -> datetime | None: ...


def door_state(hours: Hours, *, at: datetime) -> tuple[DeskState, str]:
    """Say whether a door is open, with the sentence for when it is not."""
    if hours.revoked_at is not None:
        when = clock_words(hours.revoked_at)
        return DeskState.REVOKED, f"This link was switched off at {when}. Ask the desk."
    if at < hours.opens_at:
        when = f"{day_words(hours.opens_at)} at {clock_words(hours.opens_at)}"
        return DeskState.NOT_YET, f"Not open yet. This door opens on {when}."
    if at > hours.closes_at:
        return DeskState.OVER, "This door has closed. Ask the organiser for a new link."
    return DeskState.OPEN, ""


@dataclass(frozen=True)
class Desk:
    """A device at a door, for one event and some hours."""

    device_id: UUID
    event_id: UUID
    programme_id: UUID
    point_id: UUID
    point_name: str
    event_title: str
    steward_name: str
    role: Role
    opens_at: datetime
    closes_at: datetime
    revoked_at: datetime | None
    enrolled_at: datetime
    starts_at: datetime
    ends_at: datetime
    check_in_opens_at: datetime
    cancelled_at: datetime | None

    def state(self, at: datetime) -> tuple[DeskState, str]:
        """Say whether the door is open, with the sentence for when it is not."""
        return door_state(self, at=at)

    @property
    def is_supervisor(self) -> bool:
        """Say whether this is the desk, which may also search, register and undo."""
        return self.role is Role.SUPERVISOR

    @property
    def actor(self) -> Actor:
        """Return who this is for the log: the device, with the first name typed at enrolment."""
        return Actor("door", self.device_id, self.steward_name)


def desk_with_key(key: str) -> Desk | None:
    """Return the desk that a device's key opens, in one query."""
    row = ask(_desk(), key_hash=digest(key)).one_or_none()
    if row is None:
        return None
    facts = row._asdict()
    role = Role.SUPERVISOR if facts.pop("door_role") is DoorRole.SUPERVISOR else Role.STEWARD
    return Desk(role=role, **facts)


# Put together once, like every question of a scan: writing it takes longer than SQLite's answer.
@cache
def _desk() -> Select[*tuple[Any, ...]]:  # the fields of Desk, by their names
    return (
        select(
            DoorDevice.id.label("device_id"),
            DoorDevice.steward_name,
            DoorDevice.enrolled_at,
            DoorLink.role.label("door_role"),
            DoorLink.opens_at,
            DoorLink.closes_at,
            DoorLink.revoked_at,
            CheckinPoint.id.label("point_id"),
            CheckinPoint.name.label("point_name"),
            Event.id.label("event_id"),
            Event.programme_id,
            Event.title.label("event_title"),
            Event.starts_at,
            Event.ends_at,
            Event.check_in_opens_at,
            Event.cancelled_at,
        )
        .join(DoorLink, DoorDevice.door_link_id == DoorLink.id)
        .join(CheckinPoint, DoorLink.point_id == CheckinPoint.id)
        .join(Event, CheckinPoint.event_id == Event.id)
        .where(DoorDevice.key_hash == bindparam("key_hash"))
    )


def door_link_with(token: str) -> DoorLink | None:
    """Return the door link of this token, open or not, with its point and event."""
    return db.session.scalar(
        select(DoorLink)
        .join(DoorLink.point)
        .join(CheckinPoint.event)
        .options(contains_eager(DoorLink.point).contains_eager(CheckinPoint.event))
        .where(DoorLink.token_hash == digest(token))
    )


def door_link_at(event: Event, link_id: UUID) -> DoorLink | None:
    """Return this door link, if it belongs to this event."""
    return db.session.scalar(
        select(DoorLink)
        .join(DoorLink.point)
        .options(contains_eager(DoorLink.point))
        .where(DoorLink.id == link_id, CheckinPoint.event_id == event.id)
    )


@dataclass(frozen=True)
class Device:
    """A phone at a door: whose, since when, and when it last sent anything."""

    steward_name: str
    enrolled_at: datetime
    last_seen_at: datetime


def door_links_of(event: Event) -> Sequence[tuple[DoorLink, Sequence[Device]]]:
    """Return an event's door links, the newest first, each with the devices behind it."""
    links = db.session.scalars(
        select(DoorLink)
        .join(DoorLink.point)
        .options(contains_eager(DoorLink.point))
        .where(CheckinPoint.event_id == event.id)
        .order_by(DoorLink.created_at.desc(), DoorLink.id)
    ).all()
    rows = db.session.execute(
        select(
            DoorDevice,
            func.coalesce(func.max(AttendanceEvent.recorded_at), DoorDevice.enrolled_at),
        )
        .join(DoorLink, DoorDevice.door_link_id == DoorLink.id)
        .join(CheckinPoint, DoorLink.point_id == CheckinPoint.id)
        .outerjoin(
            AttendanceEvent,
            (AttendanceEvent.device_id == DoorDevice.id) & (AttendanceEvent.event_id == event.id),
        )
        .where(CheckinPoint.event_id == event.id)
        .group_by(DoorDevice.id)
        .order_by(DoorDevice.enrolled_at)
    ).all()
    return [
        (
            link,
            [
                Device(device.steward_name, device.enrolled_at, last)
                for device, last in rows
                if device.door_link_id == link.id
            ],
        )
        for link in links
    ]


def point_called(event: Event, name: str) -> CheckinPoint | None:
    """Return the door, desk or room of this name at an event."""
    return db.session.scalar(
        select(CheckinPoint).where(CheckinPoint.event_id == event.id, CheckinPoint.name == name)
    )
