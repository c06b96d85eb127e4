"""Write-ups for tests."""

import hashlib
from datetime import datetime, timedelta
from uuid import uuid4

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.codes import digest, new_secret
from app.people.models import Account, Person
from app.plumbing.database import db, transaction
from app.plumbing.files import keep_file
from app.registration.queries import registration_of
from app.writeups.actions import commenting, writing
from app.writeups.actions.commenting import Said
from app.writeups.actions.picturing import picture_key
from app.writeups.actions.writing import Text
from app.writeups.models import (
    Comment,
    Mention,
    ModerationLink,
    PicturedPerson,
    WriteUp,
    WriteUpPicture,
)
from app.writeups.queries.write_ups import next_picture_number, write_up_of
from app.writeups.rules.picturing import PictureState
from tests.factories.people import LONG_AGO

PRIYA = Actor("staff", uuid4(), "Priya Nair")


def a_write_up(event: Event, text: str = "It was a good day.", *, at=LONG_AGO, **facts) -> WriteUp:
    """A write-up with a text of its own; not published."""
    with transaction():
        writing.begin(event, [], by=PRIYA, at=at)
        write_up = write_up_of(event)
        words = Text(title="What we learnt", summary="Calls, calls, calls.", text=text)
        writing.save(write_up, words, edit=0, by=PRIYA, at=at)
        for name, value in facts.items():
            setattr(write_up, name, value)
    return write_up_of(event)


def a_published_write_up(event: Event, text: str = "It was a good day.", *, at=LONG_AGO, **facts):
    """A write-up that everybody can read."""
    write_up = a_write_up(event, text, at=at, **facts)
    with transaction():
        writing.publish(write_up, edit=write_up.edit, by=PRIYA, at=at)
    return write_up_of(event)


def a_comment(write_up: WriteUp, *, at: datetime, is_confirmed: bool = True, **facts) -> Comment:
    """A comment that waits to be read, or for its writer to confirm the address."""
    said = {
        "name": "Nia Pugh",
        "email": "nia@practice.example",
        "text": "Well told. Thank you.",
        "wants_word": True,
        "wants_others": True,
        "held_because": "",
        "form_id": uuid4(),
        **facts,
    }
    with transaction():
        comment = commenting.comment(write_up, Said(**said), at=at)
        if is_confirmed:
            commenting.confirm(comment, at=at)
    return comment


def a_moderation_token(comment: Comment, account: Account, *, at: datetime) -> str:
    """The way in a letter by which somebody of the team decides about a comment."""
    token = new_secret()
    link = ModerationLink(
        comment_id=comment.id,
        account_id=account.id,
        token_hash=digest(token),
        expires_at=at + timedelta(days=14),
    )
    with transaction():
        db.session.add(link)
    return token


def a_picture(write_up: WriteUp, *people: Person, **facts) -> WriteUpPicture:
    """A small picture that can be shown, with these people in it, who agree."""
    given = {
        "number": next_picture_number(write_up),
        "alt": "Four people around a table",
        "state": PictureState.READY,
        "kind": "png",
        "filename": "table.png",
        "sha256": hashlib.sha256(uuid4().bytes).hexdigest(),
        "width": 8,
        "height": 6,
        "uploaded_at": LONG_AGO,
        "uploaded_by": PRIYA.label,
        **facts,
    }
    picture = WriteUpPicture(id=uuid4(), write_up_id=write_up.id, **given)
    keep_file(picture_key(picture), b"RIFF....WEBP")
    with transaction():
        db.session.add(picture)
        db.session.flush()
        for person in people:
            db.session.add(PicturedPerson(picture_id=picture.id, person_id=person.id))
            registration = registration_of(person.id, write_up.event_id)
            if registration is not None:
                registration.photo_consent = True
    return picture


def a_mention(write_up: WriteUp, person: Person, *, agrees: bool | None = None) -> Mention:
    """Somebody was asked whether they may be named."""
    mention = Mention(
        write_up_id=write_up.id, person_id=person.id, asked_at=LONG_AGO, agrees=agrees
    )
    with transaction():
        db.session.add(mention)
    return mention
