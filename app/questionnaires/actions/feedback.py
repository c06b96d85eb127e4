"""What people say about an event."""

from datetime import datetime
from uuid import uuid4

from app.events.models import Event
from app.people.models import Person
from app.plumbing.database import insert_new
from app.questionnaires.models import EventFeedback
from app.questionnaires.queries.answers import critic_at, feedback_of
from app.questionnaires.rules.timing import day_alone


def give_feedback(
    event: Event, person: Person, *, useful: int | None, best: str, better: str, at: datetime
) -> None:
    """Keep what somebody says about an event, or that they would rather not; saying it again replaces it."""
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
