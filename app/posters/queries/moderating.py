"""Questions of organisers about what visitors wrote: what waits, what is reported, what is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.events.models import Event
from app.plumbing.database import db
from app.posters.models import ContributionReport, Poster, PosterQuestion, Reflection
from app.posters.queries.asking import asker_of
from app.posters.queries.reflecting import author_of
from app.posters.rules import Attribution

ANONYMOUS = "No name is stored"


class WordsState(StrEnum):
    """How something that a visitor wrote stands with the organisers."""

    REPORTED = "reported"
    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Contribution:
    """A question or a reflection as an organiser reads it, with the reports on it."""

    words: PosterQuestion | Reflection
    reports: Sequence[ContributionReport]

    @property
    def kind(self) -> str:
        """Return the word under which its address finds it."""
        return "question" if isinstance(self.words, PosterQuestion) else "reflection"

    @property
    def author(self) -> str:
        """Return the name that may be shown to organisers."""
        if isinstance(self.words, PosterQuestion):
            return asker_of(self.words)
        return author_of(self.words) or ANONYMOUS

    @property
    def came_at(self) -> datetime:
        """Return when it was written; of an anonymous reflection that is an hour."""
        words = self.words
        return words.asked_at if isinstance(words, PosterQuestion) else words.written_at

    @property
    def open_reports(self) -> Sequence[ContributionReport]:
        """Return the reports that nobody has decided on."""
        return [report for report in self.reports if report.decided_at is None]

    @property
    def state(self) -> WordsState:
        """Say how it stands."""
        if self.words.hidden_at is not None:
            return WordsState.HIDDEN
        if self.open_reports:
            return WordsState.REPORTED
        if self.words.cleared_at is None:
            return WordsState.WAITING
        return WordsState.SHOWN

    @property
    def is_for_team_alone(self) -> bool:
        """Say whether visitors never read it."""
        words = self.words
        return isinstance(words, Reflection) and words.attribution is Attribution.TEAM


def contributions_at(event: Event) -> Sequence[Contribution]:
    """Return all that visitors wrote at an event's posters, the newest first."""
    questions = db.session.scalars(
        select(PosterQuestion)
        .join(PosterQuestion.poster)
        .where(Poster.event_id == event.id)
        .options(
            contains_eager(PosterQuestion.poster).joinedload(Poster.team),
            joinedload(PosterQuestion.person),
        )
    )
    reflections = db.session.scalars(
        select(Reflection)
        .join(Reflection.poster)
        .where(Poster.event_id == event.id)
        .options(
            contains_eager(Reflection.poster).joinedload(Poster.team),
            joinedload(Reflection.person),
        )
    )
    reports = db.session.scalars(
        select(ContributionReport)
        .join(Poster)
        .where(Poster.event_id == event.id)
        .order_by(ContributionReport.reported_at)
    ).all()
    both: list[PosterQuestion | Reflection] = [*questions, *reflections]
    found = [
        Contribution(words, [r for r in reports if words.id in (r.question_id, r.reflection_id)])
        for words in both
    ]
    return sorted(found, key=lambda c: (c.came_at, str(c.words.id)), reverse=True)


def words_at(event: Event, kind: str, words_id: UUID) -> PosterQuestion | Reflection | None:
    """Return a question or a reflection that was written at an event."""
    if kind == "question":
        return db.session.scalar(
            select(PosterQuestion)
            .join(Poster)
            .where(Poster.event_id == event.id, PosterQuestion.id == words_id)
        )
    if kind != "reflection":
        return None
    return db.session.scalar(
        select(Reflection)
        .join(Poster)
        .where(Poster.event_id == event.id, Reflection.id == words_id)
    )


def open_reports_on(words: PosterQuestion | Reflection) -> Sequence[ContributionReport]:
    """Return the reports on something that nobody has decided on."""
    column = (
        ContributionReport.question_id
        if isinstance(words, PosterQuestion)
        else ContributionReport.reflection_id
    )
    return db.session.scalars(
        select(ContributionReport).where(
            column == words.id, ContributionReport.decided_at.is_(None)
        )
    ).all()


def waiting_at(event: Event) -> int:
    """Return how many things wait for an organiser: to be read first, or because of a report."""
    urgent = {WordsState.REPORTED, WordsState.WAITING}
    return sum(contribution.state in urgent for contribution in contributions_at(event))
