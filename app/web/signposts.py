"""Signs from a room to one above it or beside it, which it may not know by itself."""

from flask import Flask, url_for

from app.events.models import Event
from app.kernel.clock import now
from app.people.models import Person
from app.questionnaires.queries.answers import open_round_of


def register(app: Flask) -> None:
    """Let every page show the signs."""
    app.add_template_global(questionnaire_at)


def questionnaire_at(me: Person, event: Event) -> str | None:
    """Return where somebody answers the questionnaire of an event, while its round is open."""
    at = now()
    if at < event.check_in_opens_at or event.cancelled_at is not None:
        return None
    if open_round_of(me.id, event, at=at) is None:
        return None
    return url_for(
        "attendee.questionnaires.start",
        programme_slug=event.programme.slug,
        event_slug=event.slug,
    )
