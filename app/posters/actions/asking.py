"""Visitors ask a team; the team answers, on the day and afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.posters import messages
from app.posters.actions.forgetting import plan_forgetting
from app.posters.actions.writing import Author, admit, is_read_first, sent_as
from app.posters.models import Poster, PosterAnswer, PosterQuestion
from app.posters.queries.asking import answer_to, question_sent_as, questions_by
from app.posters.rules import same_words


class AskedBefore(Refusal):
    """The same person asked the same question before."""


class AlreadyAnswered(Refusal):
    """Somebody else of the team was faster."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody asks, and whether their name stands beside it."""

    text: str
    is_named: bool
    form_id: UUID


def ask(poster: Poster, asked: Asked, author: Author, *, at: datetime) -> PosterQuestion:
    """Put a question to a team; the same form sent again is the same question."""
    # Two of one person's phones: the second waits here, and then finds what the first asked.
    hold(poster)
    sent = sent_as(asked.form_id, str(poster.id), asked.text)
    standing = question_sent_as(sent)
    if standing is not None:
        return standing
    market = admit(poster, author, at=at)
    if any(same_words(asked.text, other.text) for other in questions_by(author, poster)):
        raise AskedBefore("You have asked this already. The answer will come to you by e-mail.")

    question = PosterQuestion(
        id=uuid4(),
        poster_id=poster.id,
        person_id=author.person_id,
        guest_name=author.guest_name,
        guest_email=author.guest_email,
        is_named=asked.is_named,
        text=asked.text,
        submission_id=sent,
        asked_at=at,
        cleared_at=None if is_read_first(market, author) else at,
    )
    db.session.add(question)
    if question.guest_email:
        plan_forgetting(poster, at=at)
    return question


def answer(
    question: PosterQuestion, text: str, *, answered_by: str, by: Actor, at: datetime
) -> None:
    """Answer a question, and mail the answer to whoever asked."""
    row = PosterAnswer(
        id=uuid4(),
        question_id=question.id,
        text=text,
        answered_by=answered_by,
        answered_at=at,
    )
    if not insert_new(row):
        raise AlreadyAnswered("Somebody of your team has just answered this question.")
    given = answer_to(question)
    assert given is not None, "it was written just now"
    messages.answered(question, given, at=at)
    record("answered", question, by=by, at=at, programme_id=_programme_of(question))


def change_answer(
    question: PosterQuestion, text: str, *, answered_by: str, by: Actor, at: datetime
) -> None:
    """Put other words in the place of an answer; whoever asked keeps the letter they have."""
    given = answer_to(question)
    assert given is not None, "only what was answered is changed"
    if (given.text, given.answered_by) == (text, answered_by):
        return
    given.text, given.answered_by, given.changed_at = text, answered_by, at
    record("changed the answer", question, by=by, at=at, programme_id=_programme_of(question))


def _programme_of(question: PosterQuestion) -> UUID:
    return question.poster.event.programme_id
