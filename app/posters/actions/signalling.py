"""Visitors give a quick word: we could use this, tell us more, well measured."""

from datetime import datetime

from app.plumbing.database import db, hold, insert_new
from app.posters.actions.forgetting import plan_forgetting
from app.posters.actions.writing import Author, admit
from app.posters.models import Poster, Signal
from app.posters.queries.signalling import Giver, signal_of
from app.posters.rules import SignalKind


def give_signal(
    poster: Poster, kind: SignalKind, giver: Giver, *, agrees_to_contact: bool, at: datetime
) -> None:
    """Keep a quick word, once from each giver, with their address only if they agree to be written to."""
    if agrees_to_contact:
        hold(poster)  # the forgetting of addresses is planned once
    admit(poster, Author(person=giver.person), at=at)
    insert_new(
        Signal(
            poster_id=poster.id,
            kind=kind,
            person_id=giver.person_id,
            guest_key=giver.guest_key,
            given_at=at,
        )
    )
    standing = signal_of(poster, kind, giver)
    assert standing is not None, "it is there: we or the same form a moment ago wrote it"
    person = giver.person if agrees_to_contact else None
    standing.agrees_to_contact = person is not None and person.email is not None
    standing.contact_name = person.name if person and person.email else ""
    standing.contact_email = (person.email or "") if person else ""
    if standing.contact_email:
        plan_forgetting(poster, at=at)


def take_signal_back(poster: Poster, kind: SignalKind, giver: Giver) -> None:
    """Take a quick word back, and the address with it."""
    standing = signal_of(poster, kind, giver)
    if standing is not None:
        db.session.delete(standing)
