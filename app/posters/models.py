"""Marketplaces, posters with their versions and ways in, and everything that visitors leave at a poster."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.models import Event
from app.kernel.codes import random_code
from app.people.models import Person
from app.plumbing.database import Model, one_of, short
from app.posters.rules import (
    Aspect,
    Attribution,
    CardSize,
    FileKind,
    SignalKind,
    VersionState,
    Visibility,
)
from app.programmes.models import Team
from app.registration.models import Registration

CODE_LENGTH = 8
"""Of a poster's lasting address, printed beside its QR code: no secret, who may see it is asked there."""


class Marketplace(Model):
    """What holds for all posters of one event: when they are handed in and shown, what visitors may do."""

    __tablename__ = "marketplace"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), unique=True)
    uploads_close_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility))
    takes_feedback: Mapped[bool] = mapped_column(default=True)
    is_moderated: Mapped[bool] = mapped_column(default=False)
    guests_may_write: Mapped[bool] = mapped_column(default=False)
    ballot_opens_at: Mapped[datetime | None]
    ballot_closes_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()


class Poster(Model):
    """A team's poster for an event: its words, its stand, and who may see it.

    It counts from the moment it was handed in, as a file or (said by an organiser) on paper.
    """

    __tablename__ = "poster"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), index=True)
    code: Mapped[str] = mapped_column(
        short(12), unique=True, default=lambda: random_code(CODE_LENGTH)
    )
    stand: Mapped[int | None]
    title: Mapped[str] = mapped_column(short(200), default="")
    theme: Mapped[str] = mapped_column(short(80), default="")
    aim: Mapped[str] = mapped_column(default="")
    changes: Mapped[str] = mapped_column(default="")
    findings: Mapped[str] = mapped_column(default="")
    next_time: Mapped[str] = mapped_column(default="")
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility), default=Visibility.ATTENDEES)
    visible_from: Mapped[datetime | None]
    takes_feedback: Mapped[bool] = mapped_column(default=True)
    hidden_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    at_stand_since: Mapped[datetime | None]
    at_stand_name: Mapped[str] = mapped_column(short(80), default="")

    event: Mapped[Event] = relationship()
    team: Mapped[Team] = relationship()

    __table_args__ = (
        UniqueConstraint("event_id", "team_id"),
        UniqueConstraint("event_id", "stand"),
    )

    @property
    def is_handed_in(self) -> bool:
        """Say whether the poster is there."""
        return self.submitted_at is not None and self.withdrawn_at is None


class PosterVersion(Model):
    """One file that a team handed in; earlier ones are kept, the newest that is ready is shown.

    `file_key` is the cleaned file, once there is one; `raw_key` what arrived, until then.
    """

    __tablename__ = "poster_version"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(one_of(VersionState))
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind))
    filename: Mapped[str] = mapped_column(short(200))
    raw_key: Mapped[str | None] = mapped_column(short(200))
    file_key: Mapped[str | None] = mapped_column(short(200))
    size: Mapped[int]
    pages: Mapped[int]
    sha256: Mapped[str] = mapped_column(short(64))
    width: Mapped[int]
    height: Mapped[int]
    small_width: Mapped[int] = mapped_column(default=0)
    small_height: Mapped[int] = mapped_column(default=0)
    large_width: Mapped[int] = mapped_column(default=0)
    large_height: Mapped[int] = mapped_column(default=0)
    tile_columns: Mapped[int] = mapped_column(default=0)
    tile_rows: Mapped[int] = mapped_column(default=0)
    advice: Mapped[str] = mapped_column(default="")
    refusal: Mapped[str] = mapped_column(default="")
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(short(80))
    prepared_at: Mapped[datetime | None]

    poster: Mapped[Poster] = relationship()

    __table_args__ = (UniqueConstraint("poster_id", "number"),)


class PosterLink(Model):
    """A mailed address that lets a team reach its poster without an account; only its hash is kept."""

    __tablename__ = "poster_link"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"))
    token_hash: Mapped[str] = mapped_column(short(64), unique=True)
    sent_to: Mapped[str] = mapped_column(short(200), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    poster: Mapped[Poster] = relationship()

    __table_args__ = (Index("ix_poster_link_poster", "poster_id", "created_at"),)


class PosterKey(Model):
    """A browser that opened a team's link; only the hash of its cookie is kept."""

    __tablename__ = "poster_key"

    link_id: Mapped[UUID] = mapped_column(ForeignKey("poster_link.id"), index=True)
    key_hash: Mapped[str] = mapped_column(short(64), unique=True)
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    link: Mapped[PosterLink] = relationship()


class StandSlot(Model):
    """A time at which a team says that somebody will be at its stand."""

    __tablename__ = "stand_slot"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    who: Mapped[str] = mapped_column(short(200))

    poster: Mapped[Poster] = relationship()


class PosterVisits(Model):
    """How many browsers opened a poster's page; who they were is not written down."""

    __tablename__ = "poster_visits"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"), unique=True)
    count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    poster: Mapped[Poster] = relationship()


class PosterQuestion(Model):
    """A question to a team; the public list shows it once it is cleared and unless it is hidden.

    Whoever asks is a person whom a personal link let in, or a guest who gave a name and an address.
    """

    __tablename__ = "poster_question"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"))
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    guest_name: Mapped[str] = mapped_column(short(200), default="")
    guest_email: Mapped[str] = mapped_column(short(320), default="")
    is_named: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str]
    submission_id: Mapped[UUID] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]

    poster: Mapped[Poster] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_poster_question_poster", "poster_id", "asked_at"),)


class PosterAnswer(Model):
    """What a team answered to a question."""

    __tablename__ = "poster_answer"

    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("poster_question.id", ondelete="CASCADE"), unique=True
    )
    text: Mapped[str]
    answered_by: Mapped[str] = mapped_column(short(200), default="")
    answered_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]

    question: Mapped[PosterQuestion] = relationship()


class Reflection(Model):
    """What a visitor wrote about one aspect of a poster; an anonymous one has no author anywhere.

    What was written in one form shares a submission. `written_at` of an anonymous one is a whole
    hour, so that the time tells nobody who it was.
    """

    __tablename__ = "reflection"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"))
    aspect: Mapped[Aspect] = mapped_column(one_of(Aspect))
    attribution: Mapped[Attribution] = mapped_column(one_of(Attribution))
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    guest_name: Mapped[str] = mapped_column(short(200), default="")
    text: Mapped[str]
    may_quote: Mapped[bool] = mapped_column(default=False)
    submission_id: Mapped[UUID]
    written_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]

    poster: Mapped[Poster] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        UniqueConstraint("submission_id", "aspect"),
        Index("ix_reflection_poster", "poster_id", "written_at"),
    )


class Signal(Model):
    """A visitor's quick word about a poster, with the address to write to if they agreed to that."""

    __tablename__ = "signal"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"))
    kind: Mapped[SignalKind] = mapped_column(one_of(SignalKind))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    guest_key: Mapped[str | None] = mapped_column(short(64))
    agrees_to_contact: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(short(200), default="")
    contact_email: Mapped[str] = mapped_column(short(320), default="")
    given_at: Mapped[datetime]

    poster: Mapped[Poster] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        UniqueConstraint("poster_id", "kind", "person_id"),
        UniqueConstraint("poster_id", "kind", "guest_key"),
    )


class Ballot(Model):
    """The one choice of somebody who is checked in; nobody is shown it, only counts once it closed."""

    __tablename__ = "ballot"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"), unique=True)
    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"))
    cast_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    registration: Mapped[Registration] = relationship()
    poster: Mapped[Poster] = relationship()


class ContributionReport(Model):
    """Somebody finds that a question or a reflection should not stand there; an organiser decides."""

    __tablename__ = "contribution_report"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"), index=True)
    question_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("poster_question.id", ondelete="CASCADE"), index=True
    )
    reflection_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("reflection.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str]
    reported_by: Mapped[str] = mapped_column(short(80))
    reported_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(default="")

    poster: Mapped[Poster] = relationship()
    question: Mapped[PosterQuestion | None] = relationship()
    reflection: Mapped[Reflection | None] = relationship()


class FeedbackReport(Model):
    """A PDF with everything that visitors left at a poster, as it stood when it was asked for."""

    __tablename__ = "feedback_report"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"), index=True)
    batch: Mapped[str] = mapped_column(short(80), default="", index=True)
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    file_key: Mapped[str | None] = mapped_column(short(200))
    problem: Mapped[str] = mapped_column(default="")

    poster: Mapped[Poster] = relationship()


class CardFile(Model):
    """One file for the printer with the cards of all stands of an event, made by later work.

    `fingerprint` is of what stood on the cards when it was asked for; the file is replaced.
    """

    __tablename__ = "card_file"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    size: Mapped[CardSize] = mapped_column(one_of(CardSize))
    fingerprint: Mapped[str] = mapped_column(short(64))
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    file_key: Mapped[str | None] = mapped_column(short(200))
    problem: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship()

    __table_args__ = (UniqueConstraint("event_id", "size"),)

    @property
    def is_in_the_making(self) -> bool:
        """Say whether the file is still to come."""
        return self.made_at is None and not self.problem
