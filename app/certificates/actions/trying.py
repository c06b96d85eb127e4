"""Trying the designs on a programme's own words and names, before anything is issued."""

from datetime import datetime

from sqlalchemy import delete

from app.certificates.actions.issuing import locked_register
from app.certificates.models import DesignTrial
from app.certificates.queries.trials import are_being_tried, trials_batch
from app.plumbing.database import db
from app.plumbing.queue import enqueue
from app.programmes.models import Programme


def try_designs(programme: Programme, *, at: datetime) -> None:
    """Let every design be tried anew; while they are being tried, asking again changes nothing."""
    locked_register(programme)
    if are_being_tried(programme):
        return

    db.session.execute(delete(DesignTrial).where(DesignTrial.programme_id == programme.id))
    enqueue(
        "certificates.try_designs",
        due_at=at,
        batch=trials_batch(programme),
        programme_id=str(programme.id),
    )


def note_tried(programme: Programme, *, fingerprint: str, refusal: str, at: datetime) -> None:
    """Keep how a trial went: what the designer or the organiser must change, or nothing."""
    db.session.add(
        DesignTrial(
            programme_id=programme.id, fingerprint=fingerprint, refusal=refusal, tried_at=at
        )
    )
