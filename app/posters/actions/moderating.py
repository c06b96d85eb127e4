"""What visitors wrote is reported, read by an organiser, and shown or hidden."""

from datetime import datetime
from uuid import UUID

from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db
from app.posters.models import ContributionReport, PosterQuestion, Reflection
from app.posters.queries.moderating import open_reports_on
from app.posters.rules import Attribution, whole_hour

Words = PosterQuestion | Reflection
"""What an organiser may show or hide. The record of changes never holds the words themselves."""


class NotShownAnyway(Refusal):
    """What nobody reads needs no report."""


def report(words: Words, *, reason: str, reported_by: str, at: datetime) -> None:
    """Ask an organiser to look at something; it stays where it is until they decide."""
    if words.hidden_at is not None:
        raise NotShownAnyway("This is hidden already.")
    if any(standing.reason == reason for standing in open_reports_on(words)):
        return
    db.session.add(
        ContributionReport(
            poster_id=words.poster_id,
            question_id=words.id if isinstance(words, PosterQuestion) else None,
            reflection_id=words.id if isinstance(words, Reflection) else None,
            reason=reason,
            reported_by=reported_by,
            reported_at=at,
        )
    )


def show(words: Words, *, by: Actor, at: datetime) -> None:
    """Let visitors read something, for the first time or again; reports on it are answered so."""
    if words.hidden_at is None and words.cleared_at is not None and not open_reports_on(words):
        return
    words.hidden_at = None
    words.cleared_at = words.cleared_at or _moment_of(words, at)
    _decide(words, "Shown", at=at)
    record("showed", words, by=by, at=at, programme_id=_programme_of(words))


def hide_words(words: Words, *, reason: str, by: Actor, at: datetime) -> None:
    """Take something out of sight of visitors and of the team, and keep why."""
    if words.hidden_at is not None:
        return
    words.hidden_at = _moment_of(words, at)
    _decide(words, f"Hidden: {reason}", at=at)
    record("hid", words, by=by, at=at, programme_id=_programme_of(words), reason=reason)


def _decide(words: Words, decision: str, *, at: datetime) -> None:
    for standing in open_reports_on(words):
        standing.decided_at, standing.decision = at, decision


def _moment_of(words: Words, at: datetime) -> datetime:
    is_anonymous = isinstance(words, Reflection) and words.attribution is Attribution.ANONYMOUS
    return whole_hour(at) if is_anonymous else at


def _programme_of(words: Words) -> UUID:
    return words.poster.event.programme_id
