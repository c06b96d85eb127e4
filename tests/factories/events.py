"""Events for tests; the summit is on Thursday 26 March 2026."""

from datetime import UTC, datetime, timedelta

from app.events.models import Event, EventKind
from app.plumbing.database import db, transaction
from app.programmes.models import Programme
from tests.factories.people import LONG_AGO

SUMMIT_STARTS = datetime(2026, 3, 26, 9, 30, tzinfo=UTC)


def an_event(programme: Programme, slug: str = "summit", **values: object) -> Event:
    starts_at = values.pop("starts_at", SUMMIT_STARTS)
    facts: dict[str, object] = {
        "kind": EventKind.SUMMIT,
        "title": "Summit",
        "ends_at": starts_at + timedelta(hours=6),
        "venue": "Council Chamber",
        "address": "1 Market Square, Northvale",
        "capacity": 60,
        "changes_close_at": starts_at - timedelta(days=3),
        "check_in_opens_at": starts_at - timedelta(hours=1, minutes=30),
        "created_at": LONG_AGO,
    }
    event = Event(programme_id=programme.id, slug=slug, starts_at=starts_at, **{**facts, **values})
    with transaction():
        db.session.add(event)
    return event
