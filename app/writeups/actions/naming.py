"""Somebody is asked whether a write-up may name them, and answers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from app.kernel.actor import Actor
from app.people.actions import mint_link
from app.people.models import Person
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.registration.rules.places import link_ends_at
from app.writeups import messages
from app.writeups.actions.writing import show_again
from app.writeups.models import Mention, WriteUp
from app.writeups.queries.naming import mention_of


def ask_people(write_up: WriteUp, people: Sequence[Person], *, by: Actor, at: datetime) -> int:
    """Mail a preview to people who were not asked before; return how many were."""
    asked = [person for person in people if person.email and _is_new(write_up, person, at)]
    for person in asked:
        ends_at = link_ends_at(max(write_up.event.ends_at, at))
        token = mint_link(person, at=at, expires_at=ends_at)
        messages.asked_to_be_named(write_up, person, token, at=at)
    if asked:
        record(
            "asked people whether they may be named",
            write_up,
            by=by,
            at=at,
            programme_id=write_up.event.programme_id,
            after={"count": len(asked)},
        )
    return len(asked)


def _is_new(write_up: WriteUp, person: Person, at: datetime) -> bool:
    row = Mention(
        id=uuid4(),
        write_up_id=write_up.id,
        person_id=person.id,
        asked_at=at,
        answered_at=None,
        agrees=None,
    )
    return insert_new(row)


def answer(write_up: WriteUp, person: Person, *, agrees: bool, by: Actor, at: datetime) -> None:
    """Keep whether somebody may be named; what everybody reads follows at once."""
    mention = mention_of(write_up, person)
    if mention is None:
        insert_new(
            Mention(
                id=uuid4(), write_up_id=write_up.id, person_id=person.id, asked_at=at, agrees=None
            )
        )
        mention = mention_of(write_up, person)
    assert mention is not None, "it was written just now"
    hold(mention)
    if mention.agrees is agrees:
        return
    mention.agrees, mention.answered_at = agrees, at
    db.session.flush()
    show_again(write_up)
    record(
        "agreed to be named" if agrees else "would rather not be named",
        write_up,
        by=by,
        at=at,
        programme_id=write_up.event.programme_id,
    )
