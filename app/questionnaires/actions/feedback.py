"""What people say about an event."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import london_day
from app.kernel.refusal import Refusal
from app.people.models import Person
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.plumbing.queue import enqueue
from app.questionnaires.models import EventFeedback, FeedbackDemand
from app.questionnaires.queries.answers import critic_at, feedback_of
from app.questionnaires.queries.demands import demand_at
from app.questionnaires.rules.timing import ANSWERS_KEPT_FOR, day_alone


class FeedbackIsAskedFor(Refusal):
    """An accreditor asks for feedback, so it cannot be skipped."""


def demand_feedback(event: Event, accreditor: str, *, by: Actor, at: datetime) -> None:
    """Write down which accreditor asks for feedback before the certificate; without a name nobody does."""
    insert_new(FeedbackDemand(id=uuid4(), event_id=event.id, accreditor="", demanded_at=at))
    row = demand_at(event)
    assert row is not None, "just made"
    hold(row)
    before = row.accreditor
    row.accreditor, row.demanded_at = accreditor, at
    if not accreditor:
        db.session.delete(row)
    if accreditor != before:
        record(
            "changed who asks for feedback",
            event,
            by=by,
            at=at,
            programme_id=event.programme_id,
            before={"accreditor": before},
            after={"accreditor": accreditor},
        )


def give_feedback(
    event: Event, person: Person, *, useful: int | None, best: str, better: str, at: datetime
) -> None:
    """Keep what somebody says about an event, or that they would rather not; saying it again replaces it."""
    demand = demand_at(event)
    if useful is None and demand is not None:
        raise FeedbackIsAskedFor(f"{demand.accreditor} asks for this, so it cannot be skipped.")
    insert_new(
        EventFeedback(
            id=uuid4(),
            event_id=event.id,
            respondent=critic_at(event, person.id),
            useful=None,
            best="",
            better="",
            given_at=day_alone(at),
        )
    )
    row = feedback_of(event, person.id)
    assert row is not None, "just made"
    row.useful, row.best, row.better, row.given_at = useful, best, better, day_alone(at)
    enqueue(
        "questionnaires.forget_feedback",
        due_at=at + ANSWERS_KEPT_FOR,
        unique_key=f"feedback:{event.id}:{london_day(at)}",
        event_id=str(event.id),
    )


def forget_feedback(event: Event, *, at: datetime) -> timedelta | None:
    """Delete what people said about an event a year after its programme, or say how long to wait."""
    wait = event.programme.ends_on + ANSWERS_KEPT_FOR - london_day(at)
    if wait > timedelta():
        return wait
    db.session.execute(delete(EventFeedback).where(EventFeedback.event_id == event.id))
    return None
