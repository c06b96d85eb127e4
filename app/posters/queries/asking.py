"""Questions about what visitors asked and teams answered."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from app.people.models import Person
from app.plumbing.database import ask, db
from app.posters.models import Poster, PosterAnswer, PosterQuestion

SOMEBODY = "Somebody at the marketplace"


class Asker(Protocol):
    """What must be known of whoever asks, to find what they asked before."""

    @property
    def person(self) -> Person | None: ...
    @property
    def guest_email(self) -> str: ...


@dataclass(frozen=True)
class Exchange:
    """A question beside its answer, if there is one."""

    question: PosterQuestion
    answer: PosterAnswer | None

    @property
    def asker(self) -> str:
        """Return the name beside a question, which only its asker may have put there."""
        return asker_of(self.question)

    @property
    def text(self) -> str:
        """Return what is asked."""
        return self.question.text

    @property
    def asked_at(self) -> datetime:
        """Return when it was asked."""
        return self.question.asked_at

    @property
    def reply(self) -> str | None:
        """Return what the team answered, if it has."""
        return self.answer.text if self.answer else None

    @property
    def answered_by(self) -> str:
        """Return who of the team answered, where they said so."""
        return self.answer.answered_by if self.answer else ""


def asker_of(question: PosterQuestion) -> str:
    """Return the name beside a question, or a word for somebody who does not give theirs."""
    if not question.is_named:
        return SOMEBODY
    return question.person.name if question.person else question.guest_name or SOMEBODY


def question_sent_as(submission_id: UUID) -> PosterQuestion | None:
    """Return the question that a form has asked, if it arrived before."""
    return db.session.scalar(
        select(PosterQuestion).where(PosterQuestion.submission_id == submission_id)
    )


def questions_by(asker: Asker, poster: Poster) -> Sequence[PosterQuestion]:
    """Return what somebody has asked at a poster."""
    wanted = select(PosterQuestion).where(PosterQuestion.poster_id == poster.id)
    if asker.person is not None:
        return db.session.scalars(wanted.where(PosterQuestion.person_id == asker.person.id)).all()
    return db.session.scalars(
        wanted.where(
            PosterQuestion.person_id.is_(None), PosterQuestion.guest_email == asker.guest_email
        )
    ).all()


def question_at(poster: Poster, question_id: UUID) -> PosterQuestion | None:
    """Return a question asked at a poster."""
    return db.session.scalar(
        select(PosterQuestion)
        .where(PosterQuestion.poster_id == poster.id, PosterQuestion.id == question_id)
        .options(joinedload(PosterQuestion.person))
    )


def answer_to(question: PosterQuestion) -> PosterAnswer | None:
    """Return what the team answered."""
    return db.session.scalar(select(PosterAnswer).where(PosterAnswer.question_id == question.id))


def exchanges_for_team(poster: Poster) -> Sequence[Exchange]:
    """Return what a team is asked, the newest first.

    It may read a question before visitors do, but of a guest only what an organiser has cleared.
    """
    return _exchanges(
        _of(poster)
        .where(_reaches_team())
        .order_by(PosterQuestion.asked_at.desc(), PosterQuestion.id)
    )


def _reaches_team() -> ColumnElement[bool]:
    return or_(PosterQuestion.cleared_at.is_not(None), PosterQuestion.guest_email == "")


def exchanges_by(person: Person) -> Sequence[Exchange]:
    """Return what somebody has asked at posters and what they were answered, the newest first."""
    return _exchanges(
        select(PosterQuestion, PosterAnswer)
        .outerjoin(PosterAnswer, PosterAnswer.question_id == PosterQuestion.id)
        .where(PosterQuestion.person_id == person.id)
        .options(
            joinedload(PosterQuestion.poster).options(
                joinedload(Poster.team), joinedload(Poster.event)
            )
        )
        .order_by(PosterQuestion.asked_at.desc(), PosterQuestion.id)
    )


@dataclass(frozen=True, kw_only=True)
class ShownExchange:
    """A question that visitors read, and what the team answered."""

    question_id: UUID
    text: str
    asker: str
    asked_at: datetime
    reply: str | None
    answered_by: str


def exchanges_shown(poster: Poster, *, most: int) -> Sequence[ShownExchange]:
    """Return the newest questions and answers that visitors read, the newest first."""
    rows = ask(_shown(), poster_id=poster.id, most=most)
    return [
        ShownExchange(
            question_id=question_id,
            text=text,
            asker=(name or guest_name or SOMEBODY) if is_named else SOMEBODY,
            asked_at=asked_at,
            reply=reply,
            answered_by=answered_by or "",
        )
        for question_id, text, is_named, name, guest_name, asked_at, reply, answered_by in rows
    ]


@cache
def _shown() -> Select[*tuple[Any, ...]]:  # in the order in which they are taken above
    return (
        select(
            PosterQuestion.id,
            PosterQuestion.text,
            PosterQuestion.is_named,
            Person.name,
            PosterQuestion.guest_name,
            PosterQuestion.asked_at,
            PosterAnswer.text,
            PosterAnswer.answered_by,
        )
        .outerjoin(PosterAnswer, PosterAnswer.question_id == PosterQuestion.id)
        .outerjoin(Person, Person.id == PosterQuestion.person_id)
        .where(*_is_shown())
        .order_by(PosterQuestion.asked_at.desc(), PosterQuestion.id)
        .limit(bindparam("most", type_=Integer))
    )


def questions_shown(poster: Poster) -> int:
    """Return how many questions visitors can read."""
    return db.session.scalar(_count_shown(), {"poster_id": poster.id}) or 0


@cache
def _count_shown() -> Select[int]:
    return select(func.count()).select_from(PosterQuestion).where(*_is_shown())


def _is_shown() -> tuple[ColumnElement[bool], ...]:
    return (
        PosterQuestion.poster_id == bindparam("poster_id"),
        PosterQuestion.cleared_at.is_not(None),
        PosterQuestion.hidden_at.is_(None),
    )


def _of(poster: Poster) -> Select[PosterQuestion, PosterAnswer]:
    return (
        select(PosterQuestion, PosterAnswer)
        .outerjoin(PosterAnswer, PosterAnswer.question_id == PosterQuestion.id)
        .where(PosterQuestion.poster_id == poster.id, PosterQuestion.hidden_at.is_(None))
        .options(joinedload(PosterQuestion.person))
    )


def _exchanges(wanted: Select[PosterQuestion, PosterAnswer]) -> Sequence[Exchange]:
    return [Exchange(question, answer) for question, answer in db.session.execute(wanted)]


def revision_of_questions(poster: Poster) -> str:
    """Return a word that changes with every question, answer or hiding; nothing of who asked is in it."""
    rows = ask(
        select(
            PosterQuestion.id,
            PosterQuestion.cleared_at,
            PosterAnswer.answered_at,
            PosterAnswer.changed_at,
        )
        .outerjoin(PosterAnswer, PosterAnswer.question_id == PosterQuestion.id)
        .where(
            PosterQuestion.poster_id == poster.id,
            PosterQuestion.hidden_at.is_(None),
            _reaches_team(),
        )
        .order_by(PosterQuestion.asked_at, PosterQuestion.id)
    ).all()
    return hashlib.sha256(repr([tuple(map(str, row)) for row in rows]).encode()).hexdigest()[:24]


def unanswered_questions(poster: Poster) -> int:
    """Return how many questions wait for the team's answer."""
    wanted = (
        select(func.count())
        .select_from(PosterQuestion)
        .outerjoin(PosterAnswer, PosterAnswer.question_id == PosterQuestion.id)
        .where(
            PosterQuestion.poster_id == poster.id,
            PosterQuestion.hidden_at.is_(None),
            _reaches_team(),
            PosterAnswer.id.is_(None),
        )
    )
    return db.session.scalar(wanted) or 0
