"""Write-ups with their versions and pictures, who is named in them, and what readers comment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.models import Event
from app.people.models import LONGEST_NAME, Account, Person
from app.plumbing.database import Model, one_of, short
from app.programmes.models import Team
from app.writeups.rules.commenting import CommentStatus
from app.writeups.rules.picturing import PictureState

USUAL_COMMENT_DAYS = 60
USUAL_LINKS = 2


class WriteUp(Model):
    """The public story of one event: which version everybody reads, and how comments are taken.

    `edit` counts what editors saved, `revision` whatever readers could see change.
    """

    __tablename__ = "write_up"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), unique=True)
    edit: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    published_number: Mapped[int | None]
    first_published_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    takes_comments: Mapped[bool] = mapped_column(default=True)
    comment_days: Mapped[int] = mapped_column(default=USUAL_COMMENT_DAYS)
    most_links: Mapped[int] = mapped_column(default=USUAL_LINKS)
    held_words: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    event: Mapped[Event] = relationship()

    @property
    def is_public(self) -> bool:
        """Say whether everybody can read it."""
        return self.published_number is not None and self.withdrawn_at is None


class WriteUpVersion(Model):
    """A text as it was saved; what was published once is never written over.

    One that is aside was not saved over another: somebody else had saved one in between.
    """

    __tablename__ = "write_up_version"

    write_up_id: Mapped[UUID] = mapped_column(ForeignKey("write_up.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(short(200))
    summary: Mapped[str] = mapped_column(short(300), default="")
    text: Mapped[str]
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(short(LONGEST_NAME))
    published_at: Mapped[datetime | None]
    is_aside: Mapped[bool] = mapped_column(default=False)

    write_up: Mapped[WriteUp] = relationship()

    __table_args__ = (UniqueConstraint("write_up_id", "number"),)


class WriteUpPicture(Model):
    """A picture for a write-up, with the words for whoever cannot see it."""

    __tablename__ = "write_up_picture"

    write_up_id: Mapped[UUID] = mapped_column(ForeignKey("write_up.id"))
    number: Mapped[int]
    alt: Mapped[str] = mapped_column(short(300))
    state: Mapped[PictureState] = mapped_column(one_of(PictureState))
    kind: Mapped[str] = mapped_column(short(8))
    filename: Mapped[str] = mapped_column(short(200))
    raw_key: Mapped[str | None] = mapped_column(short(200))
    sha256: Mapped[str] = mapped_column(short(64))
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str] = mapped_column(default="")
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(short(LONGEST_NAME))
    removed_at: Mapped[datetime | None]

    write_up: Mapped[WriteUp] = relationship()

    __table_args__ = (UniqueConstraint("write_up_id", "number"),)


class PicturedPerson(Model):
    """Somebody who can be recognised in a picture; it is shown only while all of them agree."""

    __tablename__ = "pictured_person"

    picture_id: Mapped[UUID] = mapped_column(ForeignKey("write_up_picture.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)

    picture: Mapped[WriteUpPicture] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("picture_id", "person_id"),)


class Mention(Model):
    """Somebody was asked whether a write-up may name them, and what they answered."""

    __tablename__ = "mention"

    write_up_id: Mapped[UUID] = mapped_column(ForeignKey("write_up.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    agrees: Mapped[bool | None]

    write_up: Mapped[WriteUp] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("write_up_id", "person_id"),)


class TeamPart(Model):
    """What a team would like to be told of it in an event's story; editors take it up or leave it."""

    __tablename__ = "team_part"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    team: Mapped[Team] = relationship()

    __table_args__ = (UniqueConstraint("event_id", "team_id"),)


class Comment(Model):
    """What a reader wrote; nothing but its status says whether everybody reads it.

    The address is never shown. It is emptied when nothing has to be sent to it any more.
    """

    __tablename__ = "comment"

    write_up_id: Mapped[UUID] = mapped_column(ForeignKey("write_up.id"))
    name: Mapped[str] = mapped_column(short(80))
    email: Mapped[str] = mapped_column(short(320), index=True)
    text: Mapped[str]
    status: Mapped[CommentStatus] = mapped_column(one_of(CommentStatus))
    held_because: Mapped[str] = mapped_column(short(200), default="")
    wants_word: Mapped[bool] = mapped_column(default=True)
    wants_others: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str] = mapped_column(short(64), unique=True)
    submission_id: Mapped[UUID] = mapped_column(unique=True)
    written_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(short(LONGEST_NAME), default="")

    write_up: Mapped[WriteUp] = relationship()

    __table_args__ = (Index("ix_comment_write_up", "write_up_id", "status", "written_at"),)


class ModerationLink(Model):
    """A mailed way to decide about one comment, once; only its hash is kept."""

    __tablename__ = "moderation_link"

    comment_id: Mapped[UUID] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(short(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    comment: Mapped[Comment] = relationship()
    account: Mapped[Account] = relationship()
