"""Pictures come into a write-up and leave it, with the words for whoever cannot see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.pictures import Pictures
from app.plumbing.queue import enqueue
from app.writeups.actions.writing import show_again
from app.writeups.models import PicturedPerson, WriteUp, WriteUpPicture
from app.writeups.queries.write_ups import next_picture_number
from app.writeups.rules.picturing import PictureState

MOST_PICTURES = 60


class TooManyPictures(Refusal):
    """A write-up is no album."""


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A picture that arrived and was looked at: where it is kept, what it is, and what it shows."""

    key: str
    kind: str
    filename: str
    sha256: str
    alt: str
    people: Sequence[UUID]


def raw_key(write_up_id: UUID) -> str:
    """Return where a picture lies as it arrived, until it is made anew."""
    return f"writeups/{write_up_id}/{uuid4()}.raw"


def picture_key(picture: WriteUpPicture) -> str:
    """Return where a picture lies as it is shown."""
    return f"writeups/{picture.write_up_id}/{picture.number}.webp"


def add_picture(write_up: WriteUp, arrived: Arrived, *, by: Actor, at: datetime) -> WriteUpPicture:
    """Take a picture; it can be shown once it was made anew, without what cameras write into it."""
    hold(write_up)
    number = next_picture_number(write_up)
    if number > MOST_PICTURES:
        raise TooManyPictures(f"This write-up has had {MOST_PICTURES} pictures, which is the most.")
    picture = WriteUpPicture(
        id=uuid4(),
        write_up_id=write_up.id,
        number=number,
        alt=arrived.alt,
        state=PictureState.WAITING,
        kind=arrived.kind,
        filename=arrived.filename,
        raw_key=arrived.key,
        sha256=arrived.sha256,
        uploaded_at=at,
        uploaded_by=by.label,
    )
    db.session.add(picture)
    db.session.flush()
    for person_id in arrived.people:
        db.session.add(PicturedPerson(picture_id=picture.id, person_id=person_id))
    enqueue("writeups.prepare_picture", due_at=at, picture_id=str(picture.id))
    record(
        "added a picture",
        write_up,
        by=by,
        at=at,
        programme_id=write_up.event.programme_id,
        after={"number": number, "people": len(arrived.people)},
    )
    return picture


def note_ready(picture: WriteUpPicture, made: Pictures) -> None:
    """Show a picture from now on, wherever the text names it."""
    picture.state, picture.raw_key = PictureState.READY, None
    picture.width, picture.height = made.small_size
    show_again(picture.write_up)


def note_refused(picture: WriteUpPicture, why: str) -> None:
    """Say why a picture cannot be shown."""
    picture.state, picture.raw_key, picture.refusal = PictureState.REFUSED, None, why


def remove_picture(picture: WriteUpPicture, *, by: Actor, at: datetime) -> None:
    """Take a picture out of a write-up for good; texts that name it show its words no more."""
    if picture.removed_at is not None:
        return
    picture.removed_at = at
    show_again(picture.write_up)
    enqueue("writeups.drop_picture", due_at=at, picture_id=str(picture.id))
    record(
        "removed a picture",
        picture.write_up,
        by=by,
        at=at,
        programme_id=picture.write_up.event.programme_id,
        after={"number": picture.number},
    )
