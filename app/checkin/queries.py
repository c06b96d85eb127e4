"""Questions about doors, presence and the log."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from sqlalchemy import select

from app.checkin.models import CheckinPoint, DoorDevice, DoorLink, DoorRole
from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import london
from app.kernel.codes import digest
from app.plumbing.database import db
from app.programmes.rules import Role


class DeskState(Enum):
    """Whether a door may be used at this moment."""

    OPEN = auto()
    NOT_YET = auto()
    OVER = auto()
    REVOKED = auto()


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

    def state(self, at: datetime) -> tuple[DeskState, str]:
        """Say whether the door is open, with the sentence for when it is not."""
        if self.revoked_at is not None:
            when = f"{london(self.revoked_at):%H.%M}"
            return DeskState.REVOKED, f"This link was switched off at {when}. Ask the desk."
        if at < self.opens_at:
            when = f"{london(self.opens_at):%-d %B at %H.%M}"
            return DeskState.NOT_YET, f"Not open yet. This door opens on {when}."
        if at > self.closes_at:
            return DeskState.OVER, "This door has closed. Ask the organiser for a new link."
        return DeskState.OPEN, ""

    @property
    def actor(self) -> Actor:
        """Return who this is for the log: the device, with the first name typed at enrolment."""
        return Actor("door", self.device_id, self.steward_name)


def desk_with_key(key: str) -> Desk | None:
    """Return the desk that a device's key opens, in one query."""
    row = db.session.execute(
        select(DoorDevice, DoorLink, CheckinPoint, Event)
        .join(DoorLink, DoorDevice.door_link_id == DoorLink.id)
        .join(CheckinPoint, DoorLink.point_id == CheckinPoint.id)
        .join(Event, CheckinPoint.event_id == Event.id)
        .where(DoorDevice.key_hash == digest(key))
    ).one_or_none()
    if row is None:
        return None
    device, link, point, event = row
    return Desk(
        device_id=device.id,
        event_id=event.id,
        programme_id=event.programme_id,
        point_id=point.id,
        point_name=point.name,
        event_title=event.title,
        steward_name=device.steward_name,
        role=Role.SUPERVISOR if link.role is DoorRole.SUPERVISOR else Role.STEWARD,
        opens_at=link.opens_at,
        closes_at=link.closes_at,
        revoked_at=link.revoked_at,
    )
