"""Questions about what people wrote for themselves: asked for themselves alone."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.groupwork.models import Note
from app.people.models import Person
from app.plumbing.database import db
from app.registration.models import Registration


def note_of(place: Registration) -> Note | None:
    """Return what somebody wrote for themselves at an event."""
    return db.session.scalar(select(Note).where(Note.registration_id == place.id))


def notes_of(person: Person) -> Sequence[Note]:
    """Return everything that somebody wrote for themselves, the newest first: for their own pages."""
    return db.session.scalars(
        select(Note)
        .join(Note.registration)
        .options(contains_eager(Note.registration))
        .where(Registration.person_id == person.id)
        .order_by(Note.changed_at.desc())
    ).all()
