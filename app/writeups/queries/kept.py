"""All that write-ups keep of somebody: leave to be named, pictures of them, and their comments."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.events.models import Event
from app.people.models import Person
from app.plumbing.database import db
from app.writeups.models import Comment, Mention, PicturedPerson, WriteUp, WriteUpPicture
from app.writeups.rules.commenting import CommentStatus


@dataclass(frozen=True)
class Kept:
    """What write-ups keep of somebody, the newest first."""

    mentions: Sequence[Mention]
    pictures: Sequence[WriteUpPicture]
    comments: Sequence[Comment]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing."""
        return not (self.mentions or self.pictures or self.comments)


def kept_of(person: Person) -> Kept:
    """Return all that write-ups keep of somebody."""
    return Kept(_mentions(person), _pictures(person), comments_by(person))


def _mentions(person: Person) -> Sequence[Mention]:
    return db.session.scalars(
        select(Mention)
        .where(Mention.person_id == person.id)
        .options(joinedload(Mention.write_up).joinedload(WriteUp.event).joinedload(Event.programme))
        .order_by(Mention.asked_at.desc(), Mention.id)
    ).all()


def _pictures(person: Person) -> Sequence[WriteUpPicture]:
    return db.session.scalars(
        select(WriteUpPicture)
        .join(PicturedPerson, PicturedPerson.picture_id == WriteUpPicture.id)
        .where(PicturedPerson.person_id == person.id, WriteUpPicture.removed_at.is_(None))
        .options(joinedload(WriteUpPicture.write_up).joinedload(WriteUp.event))
        .order_by(WriteUpPicture.uploaded_at.desc(), WriteUpPicture.id)
    ).all()


def comments_by(person: Person) -> Sequence[Comment]:
    """Return the comments from somebody's address; one that was not confirmed may be anybody's."""
    if not person.email:
        return []
    return db.session.scalars(
        select(Comment)
        .where(Comment.email == person.email, Comment.status != CommentStatus.UNCONFIRMED)
        .options(joinedload(Comment.write_up).joinedload(WriteUp.event))
        .order_by(Comment.written_at.desc(), Comment.id)
    ).all()
