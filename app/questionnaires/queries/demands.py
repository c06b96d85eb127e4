"""Which accreditors ask for feedback, and who may have a certificate without it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from app.events.models import Event
from app.plumbing.database import db
from app.questionnaires.models import FeedbackDemand
from app.questionnaires.queries.answers import feedback_of


def demand_at(event: Event) -> FeedbackDemand | None:
    """Return what an accreditor asks for at an event, if one does."""
    return db.session.scalar(select(FeedbackDemand).where(FeedbackDemand.event_id == event.id))


def accreditors_of(events: Iterable[Event]) -> Mapping[UUID, str]:
    """Return who asks for feedback about which of these events."""
    ids = [event.id for event in events]
    rows = db.session.scalars(select(FeedbackDemand).where(FeedbackDemand.event_id.in_(ids)))
    return {row.event_id: row.accreditor for row in rows}


def owes_feedback(event: Event, person_id: UUID) -> bool:
    """Say whether somebody gets their certificate of an event only once they said how it was."""
    if demand_at(event) is None:
        return False
    said = feedback_of(event, person_id)
    return said is None or said.useful is None
