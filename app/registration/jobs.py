"""Later work of registration."""

from uuid import UUID

from app.events.models import Event
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.queue import CannotRunYet, job
from app.registration.actions.needs import purge_needs


@job("registration.purge_care_needs")
def purge_care_needs(event_id: str) -> None:
    """Delete dietary and access needs once an event is over for as long as was promised."""
    with transaction():
        event = db.session.get(Event, UUID(event_id))
        assert event is not None, "events are cancelled, never deleted"
        wait = purge_needs(event, at=now())
    if wait is not None:
        raise CannotRunYet(wait)
