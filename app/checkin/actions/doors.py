"""Doors and rooms: making links and codes, letting phones in, switching links off."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.checkin.models import CheckinPoint, DoorDevice, DoorLink, DoorRole, PointKind
from app.checkin.queries.doors import DeskState, door_state, point_called
from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.codes import derived_code, digest, new_secret, random_code
from app.kernel.refusal import Refusal
from app.plumbing import audit
from app.plumbing.database import db, hold, insert_new
from app.plumbing.keys import key_for

ADDRESS_LENGTH = 8
ROOM_KEY_BYTES = 32


class DoorNotOpen(Refusal):
    """The link is known, and opens nothing at this moment."""


class SentElsewhere(Refusal):
    """A wish arrives under the id of another door's link."""


class NameTaken(Refusal):
    """A door and a room cannot share a name."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The door link that an organiser asks for; its id makes asking twice harmless."""

    id: UUID
    door: str
    role: DoorRole
    opens_at: datetime
    closes_at: datetime


def door_token(link: DoorLink) -> str:
    """Return the word in a door link's address; it can be made again but is not kept."""
    return derived_code(key_for("door link"), str(link.id))


def make_door_link(event: Event, wish: Wish, *, by: Actor, at: datetime) -> DoorLink:
    """Make a link that turns a phone into a door; the same wish gets the same link."""
    point = _point(event, wish.door, PointKind.DOOR, at=at)
    link = DoorLink(
        id=wish.id,
        point_id=point.id,
        role=wish.role,
        label=f"{wish.door} ({wish.role.value})",
        opens_at=wish.opens_at,
        closes_at=wish.closes_at,
        created_at=at,
    )
    link.token_hash = digest(door_token(link))
    is_new = insert_new(link)
    link = db.session.get_one(DoorLink, wish.id)
    if link.point_id != point.id:
        raise SentElsewhere("This link was made for another door. Open the page again.")
    if not is_new:
        return link
    audit.record(
        "door_link.made",
        link,
        by=by,
        at=at,
        programme_id=event.programme_id,
        after={"door": wish.door, "role": wish.role.value, "until": wish.closes_at.isoformat()},
    )
    return link


def switch_off(link: DoorLink, *, by: Actor, at: datetime) -> None:
    """End a door link at once, with every phone behind it; once it is off, it stays off."""
    # Two who switch it off at once: the second waits here, and then finds it off.
    hold(link)
    if link.revoked_at is not None:
        return
    link.revoked_at = at
    audit.record(
        "door_link.switched_off", link, by=by, at=at, programme_id=link.point.event.programme_id
    )


def enrol(link: DoorLink, *, steward_name: str, at: datetime) -> str:
    """Make a phone a door and return its key, for the cookie; only its hash is kept."""
    state, sentence = door_state(link, at=at)
    if state is not DeskState.OPEN:
        raise DoorNotOpen(sentence)
    key = new_secret()
    db.session.add(
        DoorDevice(
            door_link_id=link.id,
            key_hash=digest(key),
            steward_name=steward_name,
            enrolled_at=at,
        )
    )
    return key


def open_room(event: Event, name: str, *, at: datetime) -> CheckinPoint:
    """Give a room a code for its wall, or return the room that has one."""
    return _point(event, name, PointKind.ROOM, at=at)


def _point(event: Event, name: str, kind: PointKind, *, at: datetime) -> CheckinPoint:
    point = point_called(event, name)
    if point is None:
        insert_new(
            CheckinPoint(
                event_id=event.id,
                kind=kind,
                name=name,
                address_code=random_code(ADDRESS_LENGTH),
                code_key=secrets.token_bytes(ROOM_KEY_BYTES),
                created_at=at,
            )
        )
        point = point_called(event, name)
        assert point is not None, "it is there: we or somebody at the same moment wrote it"
    if point.kind is not kind:
        raise NameTaken(f"There is a {point.kind.value} called {name} already. Give another name.")
    return point
