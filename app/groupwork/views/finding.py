"""The session that a page is about."""

from flask import abort

from app.events.models import Event
from app.groupwork.models import GroupWork
from app.groupwork.queries.sessions import group_work_of


def work_at(event: Event) -> GroupWork:
    """Return an event's group work; where none is prepared there is no page."""
    return group_work_of(event) or abort(404)
