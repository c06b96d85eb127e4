"""People write notes for themselves."""

from datetime import datetime
from uuid import uuid4

from app.groupwork.actions.forgetting import plan_forgetting
from app.groupwork.models import Note
from app.groupwork.queries.notes import note_of
from app.plumbing.database import db, insert_new
from app.registration.models import Registration


def keep_note(place: Registration, text: str, *, at: datetime) -> None:
    """Keep what somebody wrote for themselves; an emptied note is deleted. It enters no record."""
    if not text:
        standing = note_of(place)
        if standing is not None:
            db.session.delete(standing)
        return
    insert_new(Note(id=uuid4(), registration_id=place.id, text=text, changed_at=at))
    standing = note_of(place)
    assert standing is not None, "it is there: we or the same form a moment ago wrote it"
    standing.text, standing.changed_at = text, at
    plan_forgetting(place.event.programme, at=at)
