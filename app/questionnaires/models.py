"""A programme's questionnaire, its versions, its rounds, and what people answered under a pseudonym."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.events.models import Event
from app.plumbing.database import Model, short
from app.programmes.models import Programme
from app.questionnaires.rules.sheets import Sheet, from_data
from app.questionnaires.rules.timing import RoundState, closes_at, round_state


class Questionnaire(Model):
    """What a programme asks its people about their skills; the draft is what the lead is editing."""

    __tablename__ = "questionnaire"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), unique=True)
    draft: Mapped[dict[str, Any]]
    smallest_group: Mapped[int]
    changed_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship()


class QuestionnaireVersion(Model):
    """A questionnaire as it was put into use: never changed, because answers stand on it."""

    __tablename__ = "questionnaire_version"

    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]

    questionnaire: Mapped[Questionnaire] = relationship()

    __table_args__ = (UniqueConstraint("questionnaire_id", "number"),)

    @property
    def sheet(self) -> Sheet:
        """Return what is asked."""
        return from_data(self.content)


class Wave(Model):
    """One round of a questionnaire, at an event: it opens with check-in and closes by rule.

    `figures` is what is published about it: made once, when it closes, and never again. `gone` holds
    for each person who took their answers back where they stood among it, and no more than that.
    """

    __tablename__ = "wave"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), unique=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire_version.id"), index=True)
    days_open: Mapped[int]
    asks_then: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any] | None]
    gone: Mapped[list[Any]] = mapped_column(default=list)
    planned_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    version: Mapped[QuestionnaireVersion] = relationship()

    @property
    def closes_at(self) -> datetime:
        """Return when the round closes, or did."""
        return self.closed_at or closes_at(self.event.ends_at, days_open=self.days_open)

    def state(self, at: datetime) -> RoundState:
        """Say where the round is."""
        return round_state(
            opens_at=self.event.check_in_opens_at,
            closes_at=self.closes_at,
            closed_at=self.closed_at,
            at=at,
        )


class RatingChoice(Model):
    """What somebody chose once, before their first answer; it holds no answers."""

    __tablename__ = "rating_choice"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    keeps_together: Mapped[bool]
    shows_small_team: Mapped[bool]
    chosen_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("programme_id", "person_id"),)


class Response(Model):
    """One person's answers in a round. `respondent` is a pseudonym; nobody's name or id stands here.

    `late` holds what arrived after the round closed: kept for the person, and in no figure.
    """

    __tablename__ = "response"

    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.id"))
    respondent: Mapped[str] = mapped_column(short(64))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    is_linked: Mapped[bool]
    ratings: Mapped[dict[str, Any]]
    then_ratings: Mapped[dict[str, Any]]
    late: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    panels: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("wave_id", "respondent"),
        Index("ix_response_respondent", "respondent"),
        Index("ix_response_team", "team_id"),
    )


class EventFeedback(Model):
    """What somebody said about an event, under a pseudonym; or that they would rather say nothing."""

    __tablename__ = "event_feedback"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    respondent: Mapped[str] = mapped_column(short(64))
    useful: Mapped[int | None]
    best: Mapped[str] = mapped_column(default="")
    better: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("event_id", "respondent"),)


class FeedbackDemand(Model):
    """An accreditor who accepts an event's certificates only from people who said how it was."""

    __tablename__ = "feedback_demand"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), unique=True)
    accreditor: Mapped[str]
    demanded_at: Mapped[datetime]
