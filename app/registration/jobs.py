"""Later work of registration."""

from uuid import UUID

from app.events.models import Event
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.queue import CannotRunYet, job
from app.registration.actions import event_news
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


@job("registration.tell_of_change")
def tell_of_change(event_id: str) -> None:
    """Write to everybody on the list that the event is at another time or place."""
    with transaction():
        event_news.tell_of_change(_event(event_id), at=now())


@job("registration.tell_of_cancellation")
def tell_of_cancellation(event_id: str, reason: str) -> None:
    """Write to everybody on the list that the event does not take place."""
    with transaction():
        event_news.tell_of_cancellation(_event(event_id), reason=reason, at=now())


def _event(event_id: str) -> Event:
    event = db.session.get(Event, UUID(event_id))
    assert event is not None, "events are cancelled, never deleted"
    return event
