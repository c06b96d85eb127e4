"""The arrival pass: signed proof, in a browser's cookie, that it scanned the code on a wall."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import Request, Response
from itsdangerous import BadSignature, URLSafeSerializer

from app.checkin.actions.checking_in import Arrival
from app.checkin.rules.codes import ARRIVAL_LASTS
from app.plumbing.browser import ARRIVAL_COOKIE, give_cookie, read_cookie
from app.plumbing.keys import key_for

# The proof itself lasts ten minutes; who was first on this phone is remembered for the day.
REMEMBERED = 16 * 60 * 60


def give_arrival(response: Response, arrival: Arrival) -> None:
    """Give a browser its proof; nothing is written to the database."""
    said = [
        arrival.point_id.hex,
        arrival.scanned_at.isoformat(),
        arrival.first_person_id.hex if arrival.first_person_id else "",
    ]
    give_cookie(response, ARRIVAL_COOKIE, _signer().dumps(said), seconds=REMEMBERED)


def used_by(arrival: Arrival, person_id: UUID) -> Arrival:
    """Return the same proof, which now remembers who checked in with it first."""
    return replace(arrival, first_person_id=arrival.first_person_id or person_id)


def last_arrival(request: Request) -> Arrival | None:
    """Return the newest proof this browser got, however old."""
    try:
        point, scanned_at, first = _signer().loads(read_cookie(request, ARRIVAL_COOKIE) or "")
        return Arrival(
            point_id=UUID(point),
            scanned_at=datetime.fromisoformat(scanned_at),
            first_person_id=UUID(first) if first else None,
        )
    except (BadSignature, TypeError, ValueError):
        return None


def live_arrival(request: Request, *, at: datetime) -> Arrival | None:
    """Return the proof this browser got in the last ten minutes."""
    arrival = last_arrival(request)
    if arrival is None or not arrival.scanned_at <= at <= arrival.scanned_at + ARRIVAL_LASTS:
        return None
    return arrival


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(key_for("arrival pass"))
