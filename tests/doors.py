"""What a phone at a door sends, made ready to be sent by many at once."""

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.checkin.models import Attendance, AttendanceEvent
from app.checkin.rules.presence import Presence
from app.kernel.clock import now
from app.plumbing.browser import DOOR_COOKIE
from app.plumbing.database import db
from tests.bulk import Organisation, Ticket
from tests.load import Seen, Shot
from tests.running import Server

SCANS = "/door/scans"


def scans(
    server: Server, organisation: Organisation, tickets: Sequence[Ticket], *, copies: int = 2
) -> list[Shot]:
    """Return every ticket's scan so many times, the copies with one scan id, in a mixed order."""
    session, token = _a_door_page(server, organisation.door_keys[0])
    shots = []
    for number, ticket in enumerate(tickets):
        key = organisation.door_keys[number % len(organisation.door_keys)]
        shots += [_scan(ticket, key, session, token, scan_id=uuid4())] * copies
    random.Random(7).shuffle(shots)
    return shots


def _scan(ticket: Ticket, key: str, session: str, token: str, *, scan_id: UUID) -> Shot:
    said = {
        "scan_id": str(scan_id),
        "code": ticket.code,
        "scanned_at": now().isoformat(),
        "via": "camera",
    }
    return Shot(
        SCANS,
        "POST",
        json.dumps(said).encode(),
        {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Cookie": f"{DOOR_COOKIE}={key}; {session}",
            "X-CSRFToken": token,
        },
        key=(str(scan_id), ticket.registration_id),
    )


def _a_door_page(server: Server, key: str) -> tuple[str, str]:
    """Open the scanner as a phone does; return its session's cookie and its token."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Host": f"localhost:{server.port}", "Cookie": f"{DOOR_COOKIE}={key}"}
    connection.request("GET", "/door/", headers=headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    assert answer.status == 200, (answer.status, page[:500])
    token = re.search(r'data-csrf="([^"]+)"', page)
    assert token, "the scanner carries no token"
    connection.close()
    return (answer.headers["Set-Cookie"] or "").partition(";")[0], token[1]


def is_acknowledged(one: Seen) -> bool:
    """Say whether the server named this very scan as kept."""
    if one.status != 200:
        return False
    scan_id, _ = one.shot.key
    return json.loads(one.body).get("scan_id") == scan_id


@dataclass(frozen=True)
class Kept:
    """What the database holds of some scans."""

    lines_by_scan: dict[str, int]
    here: set[UUID]
    attendances: int


def kept(organisation: Organisation, *, since: datetime | None = None) -> Kept:
    """Look at what became of the scans at the event that is on."""
    lines = dict(
        db.session.execute(
            select(AttendanceEvent.scan_id, func.count())
            .where(AttendanceEvent.event_id == organisation.event_id)
            .group_by(AttendanceEvent.scan_id)
        ).all()
    )
    theirs = db.session.execute(
        select(Attendance.registration_id, Attendance.status).where(
            Attendance.event_id == organisation.event_id
        )
    ).all()
    return Kept(
        {str(scan_id): count for scan_id, count in lines.items()},
        {registration for registration, status in theirs if status is Presence.PRESENT},
        len(theirs),
    )


def check_kept(organisation: Organisation, seen: Iterable[Seen]) -> None:
    """Fail unless every acknowledged scan is kept, each once, with one presence for each person."""
    found = kept(organisation)
    acknowledged = [one.shot.key for one in seen if is_acknowledged(one)]
    lost = {scan_id for scan_id, _ in acknowledged} - set(found.lines_by_scan)
    assert not lost, f"{len(lost)} acknowledged scans are not in the log"
    absent = {registration for _, registration in acknowledged} - found.here
    assert not absent, f"{len(absent)} people were admitted and are not here"
    twice = [scan_id for scan_id, lines in found.lines_by_scan.items() if lines > 1]
    assert not twice, f"{len(twice)} scans left more than one line"
    assert found.attendances == len(found.here), "somebody is here twice"
