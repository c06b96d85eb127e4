"""Members of the network with what they show, whom they asked, and whose details they exchanged."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.network.rules import LONGEST_KEY, LONGEST_TOPIC
from app.people.models import Person
from app.plumbing.database import Model, short
from app.posters.models import Poster
from app.programmes.models import Programme, Team


class NetworkMember(Model):
    """Somebody who stays in touch with a programme's people; leaving deletes the row.

    The name is shown to the other members; every other item only if it was ticked.
    """

    __tablename__ = "network_member"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    shows_team: Mapped[bool] = mapped_column(default=False)
    shows_role: Mapped[bool] = mapped_column(default=False)
    shows_email: Mapped[bool] = mapped_column(default=False)
    about: Mapped[str] = mapped_column(default="")
    gets_digest: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship()
    person: Mapped[Person] = relationship()
    topics: Mapped[list["NetworkTopic"]] = relationship(
        cascade="all, delete-orphan", order_by="NetworkTopic.key", passive_deletes=True
    )

    __table_args__ = (UniqueConstraint("programme_id", "person_id"),)


class NetworkTopic(Model):
    """Something that a member works on and would talk about."""

    __tablename__ = "network_topic"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("network_member.id", ondelete="CASCADE"))
    word: Mapped[str] = mapped_column(short(LONGEST_TOPIC))
    key: Mapped[str] = mapped_column(short(LONGEST_KEY))

    __table_args__ = (UniqueConstraint("member_id", "key"),)


class TeamRequest(Model):
    """What a member asked a team, with the address to answer to only if they agreed to give it."""

    __tablename__ = "team_request"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text: Mapped[str]
    gives_address: Mapped[bool]
    asked_at: Mapped[datetime]

    team: Mapped[Team] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (Index("ix_team_request_person", "person_id", "asked_at"),)


class InterestLetter(Model):
    """A letter that told a team who would like to hear from it about its poster."""

    __tablename__ = "interest_letter"

    poster_id: Mapped[UUID] = mapped_column(ForeignKey("poster.id"))
    sent_at: Mapped[datetime]

    poster: Mapped[Poster] = relationship()

    __table_args__ = (Index("ix_interest_letter_poster", "poster_id", "sent_at"),)


class ContactExchange(Model):
    """Somebody asked for somebody's contact details by the code on their badge.

    Neither sees anything of the other before the one who was asked says yes; a no is kept, so that
    the same person does not ask again.
    """

    __tablename__ = "contact_exchange"

    asker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    asked_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]

    asker: Mapped[Person] = relationship(foreign_keys=[asker_id])
    asked: Mapped[Person] = relationship(foreign_keys=[asked_id])
    programme: Mapped[Programme] = relationship()

    __table_args__ = (
        UniqueConstraint("asker_id", "asked_id"),
        Index("ix_contact_exchange_asker", "asker_id", "asked_at"),
    )
