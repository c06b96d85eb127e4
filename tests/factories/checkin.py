"""Doors, desks and rooms for tests."""

from datetime import datetime, timedelta
from uuid import uuid4

from app.checkin.actions.checking_in import Scan, check_in
from app.checkin.models import CheckinPoint, DoorDevice, DoorLink, DoorRole, PointKind
from app.checkin.queries.doors import Desk, desk_with_key
from app.checkin.rules.answers import Answer
from app.events.models import Event
from app.kernel.codes import digest, new_secret, random_code
from app.plumbing.database import db, transaction
from tests.factories.people import LONG_AGO

HOST = "localhost"


def a_point(
    event: Event, name: str = "Front door", kind: PointKind = PointKind.DOOR
) -> CheckinPoint:
    point = CheckinPoint(
        event_id=event.id,
        kind=kind,
        name=name,
        address_code=random_code(8),
        code_key=bytes(range(32)),
        created_at=LONG_AGO,
    )
    with transaction():
        db.session.add(point)
    return point


def a_room(event: Event, name: str = "Council Chamber") -> CheckinPoint:
    return a_point(event, name, PointKind.ROOM)


def a_door_key(
    event: Event,
    role: DoorRole = DoorRole.STEWARD,
    *,
    point: CheckinPoint | None = None,
    **hours: datetime,
) -> str:
    """Return the key of a phone that was made a door, as its cookie carries it."""
    point = point or a_point(event, f"Door {uuid4().hex[:6]}")
    key = new_secret()
    facts: dict[str, object] = {
        "opens_at": event.check_in_opens_at - timedelta(hours=1),
        "closes_at": event.ends_at + timedelta(hours=1),
        **hours,
    }
    with transaction():
        link = DoorLink(
            point_id=point.id,
            role=role,
            label=f"{point.name} ({role.value})",
            token_hash=digest(new_secret()),
            created_at=LONG_AGO,
            **facts,
        )
        db.session.add(link)
        db.session.flush()
        db.session.add(
            DoorDevice(
                door_link_id=link.id,
                key_hash=digest(key),
                steward_name="Bea",
                enrolled_at=facts["opens_at"],
            )
        )
    return key


def a_desk(event: Event, role: DoorRole = DoorRole.STEWARD, **facts: object) -> Desk:
    desk = desk_with_key(a_door_key(event, role, **facts))
    assert desk is not None
    return desk


def scanned(code: str, desk: Desk, *, at: datetime, **facts: object) -> Answer:
    """Scan a code at a door, as the page does it."""
    scan = Scan(**{"scan_id": uuid4(), "code": code, **facts})
    with transaction():
        return check_in(scan, desk=desk, host=HOST, at=at)
