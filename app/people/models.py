"""People, the links that let them in, and staff accounts."""

from datetime import datetime
from uuid import UUID

from flask_security.core import UserMixin
from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.plumbing.database import Model, short

LONGEST_NAME = 200


class Person(Model):
    """A human, once per installation."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(short(LONGEST_NAME))
    sorting_name: Mapped[str] = mapped_column(short(LONGEST_NAME), index=True)
    email: Mapped[str | None] = mapped_column(short(320), unique=True)
    certificate_name: Mapped[str | None] = mapped_column(short(LONGEST_NAME))
    certificate_name_confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    asked_to_be_erased_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @property
    def name_on_certificate(self) -> str:
        """Return the name as it will be printed: the one its owner gave, else the plain name."""
        return self.certificate_name or self.name


class PersonalLink(Model):
    """A mailed address that lets one person reach their own pages; only its hash is kept."""

    __tablename__ = "personal_link"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(short(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    __table_args__ = (Index("ix_personal_link_person", "person_id", "created_at"),)

    def is_live(self, *, at: datetime) -> bool:
        """Say whether the link still opens anything."""
        return self.revoked_at is None and at < self.expires_at


class Visit(Model):
    """A browser that came in by a personal link, until it leaves; only the cookie's hash is kept."""

    __tablename__ = "visit"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(short(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    proven_until: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    def is_proven(self, *, at: datetime) -> bool:
        """Say whether this browser showed a short while ago that it reads its owner's mail."""
        return self.proven_until is not None and at < self.proven_until


class MailedCode(Model):
    """A code mailed to somebody who visits, to be typed into the same browser; itself not kept."""

    __tablename__ = "mailed_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    new_address: Mapped[str | None] = mapped_column(short(320))
    """The address to which it went, if its owner wants to have that from now on."""

    __table_args__ = (Index("ix_mailed_code_person", "person_id", "created_at"),)


class Account(Model, UserMixin):  # type: ignore[misc]  # Flask-Security's mixin carries no types
    """A member of staff's way in: password, second factor, and whether they run the server."""

    __tablename__ = "account"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(short(320), unique=True)
    password: Mapped[str | None] = mapped_column(short(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(short(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    is_administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    tf_primary_method: Mapped[str | None] = mapped_column(short(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(short(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))

    person: Mapped[Person] = relationship(lazy="joined")
