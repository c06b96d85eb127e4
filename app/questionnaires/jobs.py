"""Later work of questionnaires."""

from uuid import UUID

from app.events.models import Event
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.queue import CannotRunYet, job
from app.questionnaires.actions.closing import forget_answers, settle
from app.questionnaires.actions.feedback import forget_feedback
from app.questionnaires.actions.reminding import remind_some
from app.questionnaires.models import Wave

AT_ONCE = 25


@job("questionnaires.close")
def close(wave_id: str) -> None:
    """Publish a round's figures once it has closed by its rule; later if its event was moved."""
    at = now()
    with transaction():
        wave = db.session.get_one(Wave, UUID(wave_id))
        ends_at = wave.closes_at
        if ends_at <= at:
            settle(wave, closed_at=ends_at)
    if ends_at > at:
        raise CannotRunYet(ends_at - at)


@job("questionnaires.remind")
def remind(wave_id: str) -> None:
    """Write to everybody who has not answered a round. Safe to do twice."""
    written = AT_ONCE
    while written == AT_ONCE:
        at = now()
        with transaction():
            written = remind_some(UUID(wave_id), most=AT_ONCE, at=at)


@job("questionnaires.forget")
def forget(wave_id: str) -> None:
    """Delete a round's answers once they have been kept for as long as was promised."""
    with transaction():
        wait = forget_answers(db.session.get_one(Wave, UUID(wave_id)), at=now())
    if wait is not None:
        raise CannotRunYet(wait)


@job("questionnaires.forget_feedback")
def forget_event_feedback(event_id: str) -> None:
    """Delete what people said about an event once it has been kept for as long as was promised."""
    with transaction():
        wait = forget_feedback(db.session.get_one(Event, UUID(event_id)), at=now())
    if wait is not None:
        raise CannotRunYet(wait)
