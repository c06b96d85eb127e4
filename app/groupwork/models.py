"""A session of group work: its questions and tables, cards and themes, votes, agreements and what became of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.models import Event
from app.groupwork.rules.agreeing import Outcome
from app.groupwork.rules.stages import Position, Stage
from app.groupwork.rules.tables import Seating
from app.groupwork.rules.voting import Voters
from app.groupwork.rules.words import Source
from app.kernel.codes import random_code
from app.plumbing.database import Model, one_of, short
from app.programmes.models import Team
from app.registration.models import Registration

CODE_LENGTH = 6
"""Of a table's code, short enough to be typed from the wall; what it opens lasts for the day."""


class GroupWork(Model):
    """The group work of an event: where it stands, and what the wall shows.

    `steps` counts its moves; `revision` everything that changes what is shown, but not new cards and
    votes, which are counted instead so that many can arrive at once.
    """

    __tablename__ = "group_work"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), unique=True)
    stage: Mapped[Stage] = mapped_column(one_of(Stage), default=Stage.REHEARSAL)
    question: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime | None]
    steps: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    is_moderated: Mapped[bool] = mapped_column(default=False)
    seating: Mapped[Seating] = mapped_column(one_of(Seating), default=Seating.BY_TEAM)
    voters: Mapped[Voters] = mapped_column(one_of(Voters), default=Voters.TABLES)
    dots: Mapped[int] = mapped_column(default=3)
    wall_first: Mapped[int] = mapped_column(default=0)
    wall_since: Mapped[datetime]
    wall_is_paused: Mapped[bool] = mapped_column(default=False)
    reading: Mapped[int | None]
    prepared_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()

    @property
    def position(self) -> Position:
        """Return where it stands, whatever the clock says."""
        return Position(self.stage, self.question)


class Step(Model):
    """One move of a session, with what it can be taken back to."""

    __tablename__ = "group_step"

    group_work_id: Mapped[UUID] = mapped_column(ForeignKey("group_work.id", ondelete="CASCADE"))
    number: Mapped[int]
    move: Mapped[str] = mapped_column(short(20))
    from_stage: Mapped[Stage] = mapped_column(one_of(Stage))
    from_question: Mapped[int]
    from_ends_at: Mapped[datetime | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(short(80))
    undone_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("group_work_id", "number"),)


class Prompt(Model):
    """A question to the tables; votes on its themes are counted from `counted_at` on."""

    __tablename__ = "group_prompt"

    group_work_id: Mapped[UUID] = mapped_column(ForeignKey("group_work.id", ondelete="CASCADE"))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(short(200))
    minutes: Mapped[int]
    counted_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("group_work_id", "place"),)


class Table(Model):
    """A seated group, with the code on its card; one that has joined another writes for that one."""

    __tablename__ = "group_table"

    group_work_id: Mapped[UUID] = mapped_column(
        ForeignKey("group_work.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    code: Mapped[str] = mapped_column(
        short(12), unique=True, default=lambda: random_code(CODE_LENGTH)
    )
    joined_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_table.id"))

    group_work: Mapped[GroupWork] = relationship()
    team: Mapped[Team | None] = relationship()
    joined: Mapped["Table | None"] = relationship(remote_side="Table.id")

    __table_args__ = (UniqueConstraint("group_work_id", "number"),)

    @property
    def name(self) -> str:
        """Return what the table is called in the room."""
        return f"Table {self.number}"

    @property
    def writes_for(self) -> "Table":
        """Return the table that its cards count for."""
        return self.joined or self


class Scribe(Model):
    """A phone that writes for a table; the one without an end holds the pen."""

    __tablename__ = "group_scribe"

    table_id: Mapped[UUID] = mapped_column(
        ForeignKey("group_table.id", ondelete="CASCADE"), index=True
    )
    key_hash: Mapped[str] = mapped_column(short(64), unique=True)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    table: Mapped[Table] = relationship()


class Seat(Model):
    """Where somebody sits."""

    __tablename__ = "group_seat"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), unique=True
    )
    table_id: Mapped[UUID] = mapped_column(
        ForeignKey("group_table.id", ondelete="CASCADE"), index=True
    )

    registration: Mapped[Registration] = relationship()
    table: Mapped[Table] = relationship()


class Card(Model):
    """One captured thought; an anonymous one has no author and no table, anywhere.

    A card without a question was written in the rehearsal. `written_at` of an anonymous one is a
    whole hour, so that the time tells nobody who it was.
    """

    __tablename__ = "group_card"

    group_work_id: Mapped[UUID] = mapped_column(ForeignKey("group_work.id", ondelete="CASCADE"))
    prompt_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_prompt.id"), index=True)
    table_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_table.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    source: Mapped[Source] = mapped_column(one_of(Source))
    text: Mapped[str]
    submission_id: Mapped[UUID] = mapped_column(unique=True)
    written_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    table: Mapped[Table | None] = relationship()

    __table_args__ = (Index("ix_group_card_work", "group_work_id", "prompt_id"),)


class Theme(Model):
    """A named cluster of cards about one question."""

    __tablename__ = "group_theme"

    prompt_id: Mapped[UUID] = mapped_column(ForeignKey("group_prompt.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(short(80))
    place: Mapped[int]

    prompt: Mapped[Prompt] = relationship()

    __table_args__ = (Index("ix_group_theme_prompt", "prompt_id", "place"),)


class ThemeCard(Model):
    """A card in a theme; a card may carry two."""

    __tablename__ = "group_theme_card"

    theme_id: Mapped[UUID] = mapped_column(ForeignKey("group_theme.id", ondelete="CASCADE"))
    card_id: Mapped[UUID] = mapped_column(
        ForeignKey("group_card.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (UniqueConstraint("theme_id", "card_id"),)


class Arrangement(Model):
    """How the themes of a question stood before somebody rearranged them, to take that back."""

    __tablename__ = "group_arrangement"

    prompt_id: Mapped[UUID] = mapped_column(
        ForeignKey("group_prompt.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    before: Mapped[list[Any]]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("prompt_id", "number"),)


class Dots(Model):
    """What a table or a person spends on a theme; counted and shown only once the vote has closed."""

    __tablename__ = "group_dots"

    prompt_id: Mapped[UUID] = mapped_column(ForeignKey("group_prompt.id", ondelete="CASCADE"))
    theme_id: Mapped[UUID] = mapped_column(ForeignKey("group_theme.id", ondelete="CASCADE"))
    table_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_table.id", ondelete="CASCADE"))
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE")
    )
    number: Mapped[int]

    __table_args__ = (
        UniqueConstraint("theme_id", "table_id"),
        UniqueConstraint("theme_id", "registration_id"),
        Index("ix_group_dots_prompt", "prompt_id"),
    )


class Agreement(Model):
    """What a table undertakes: what, who, by when, how sure; and whether the owner says yes to it."""

    __tablename__ = "group_agreement"

    group_work_id: Mapped[UUID] = mapped_column(
        ForeignKey("group_work.id", ondelete="CASCADE"), index=True
    )
    table_id: Mapped[UUID] = mapped_column(ForeignKey("group_table.id"))
    number: Mapped[int]
    text: Mapped[str]
    owner_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True
    )
    owner_team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    due_on: Mapped[date]
    strength: Mapped[int | None]
    is_paper: Mapped[bool] = mapped_column(default=False)
    submission_id: Mapped[UUID] = mapped_column(unique=True)
    written_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    declined_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome))
    outcome_at: Mapped[datetime | None]
    letters_end_at: Mapped[datetime | None]

    group_work: Mapped[GroupWork] = relationship()
    table: Mapped[Table] = relationship()
    owner: Mapped[Registration | None] = relationship()
    owner_team: Mapped[Team | None] = relationship()

    __table_args__ = (UniqueConstraint("group_work_id", "number"),)

    @property
    def owner_name(self) -> str:
        """Return who undertakes it."""
        if self.owner is not None:
            return self.owner.person.name
        return self.owner_team.name if self.owner_team else "Nobody any more"


class FollowUp(Model):
    """A letter that asks, months later, what became of an agreement, and what was answered."""

    __tablename__ = "group_follow_up"

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("group_agreement.id", ondelete="CASCADE"))
    months: Mapped[int]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome))
    words: Mapped[str] = mapped_column(default="")

    agreement: Mapped[Agreement] = relationship()

    __table_args__ = (UniqueConstraint("agreement_id", "months"),)


class FlipChart(Model):
    """A photo of what a table wrote on paper, to be typed up later."""

    __tablename__ = "group_flip_chart"

    table_id: Mapped[UUID] = mapped_column(
        ForeignKey("group_table.id", ondelete="CASCADE"), index=True
    )
    prompt_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("group_prompt.id", ondelete="CASCADE")
    )
    raw_key: Mapped[str | None] = mapped_column(short(200))
    file_key: Mapped[str | None] = mapped_column(short(200))
    kind: Mapped[str] = mapped_column(short(8))
    refusal: Mapped[str] = mapped_column(default="")
    taken_at: Mapped[datetime]

    table: Mapped[Table] = relationship()


class Note(Model):
    """What somebody writes for themselves at an event; nobody else is shown it."""

    __tablename__ = "group_note"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), unique=True
    )
    text: Mapped[str]
    changed_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship()
