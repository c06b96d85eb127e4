"""Later work of people."""

from uuid import UUID

from app.kernel.clock import now
from app.people import actions
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.plumbing.journal import note_erased
from app.plumbing.queue import job


@job("people.send_link")
def send_link(person_id: str) -> None:
    """Mail somebody a new link; nobody when the address that was typed is nobody's."""
    if not person_id:
        return
    with transaction():
        person = db.session.get(Person, UUID(person_id))
        if person is not None:
            actions.send_link(person, at=now())


@job("people.forget_new_address")
def forget_new_address(code_id: str) -> None:
    """Delete the address to which a code went, once it opens nothing any more. Safe to do twice."""
    with transaction():
        actions.forget_new_address(UUID(code_id))


@job("people.note_erasure")
def note_erasure(person_id: str) -> None:
    """Write down beside the database that somebody was erased. Safe to do twice."""
    note_erased(UUID(person_id))
