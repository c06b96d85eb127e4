"""Feedback reports are asked for, for all teams at once, and kept when they are made."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.permission import Permission
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db
from app.plumbing.queue import enqueue
from app.posters import messages
from app.posters.models import FeedbackReport, Poster
from app.posters.queries.feedback import (
    earlier_reports,
    has_problems,
    newest_batch_at,
    newest_report_of,
)
from app.posters.queries.posters import is_handed_in, poster_of
from app.programmes.models import Team
from app.programmes.queries import accounts_who_may


class NothingToReport(Refusal):
    """No team has handed in a poster."""


class NoReportYet(Refusal):
    """What visitors told a team has not been put on paper."""


def report_of(team: Team, event: Event) -> FeedbackReport:
    """Return the newest report of a team, or say that there is none yet."""
    poster = poster_of(team, event)
    found = newest_report_of(poster) if poster else None
    if found is None:
        raise NoReportYet(f"There is no feedback report of {team.name} for {event.title} yet.")
    return found


def ask_for_reports(event: Event, *, by: Actor, at: datetime) -> int:
    """Let a report be made for every poster that is handed in; return how many there will be.

    While such reports are being made, asking again leads to them.
    """
    posters = db.session.scalars(
        select(Poster).where(Poster.event_id == event.id, is_handed_in()).with_for_update()
    ).all()
    if not posters:
        raise NothingToReport("No team has handed in a poster yet, so there is nothing to report.")
    standing = newest_batch_at(event)
    if any(is_in_the_making(report) for report in standing):
        return len(standing)

    batch = f"feedback:{uuid4()}"
    for poster in posters:
        _ask(poster, batch=batch, at=at)
    record(
        "asked for feedback reports",
        event,
        by=by,
        at=at,
        programme_id=event.programme_id,
        after={"posters": len(posters)},
    )
    return len(posters)


def is_in_the_making(report: FeedbackReport) -> bool:
    """Say whether a report is still to come."""
    return report.made_at is None and not report.problem


def _ask(poster: Poster, *, batch: str, at: datetime) -> None:
    report = FeedbackReport(poster_id=poster.id, batch=batch, asked_at=at)
    db.session.add(report)
    db.session.flush()
    enqueue("posters.draw_report", due_at=at, batch=batch, report_id=str(report.id))


def report_key(report_id: UUID) -> str:
    """Return under which key a report is kept."""
    return f"feedback/{report_id}.pdf"


def note_made(report: FeedbackReport, *, file_key: str, at: datetime) -> list[str]:
    """Keep where a report lies, and return the keys of earlier ones, which it replaces."""
    report.file_key, report.made_at, report.problem = file_key, at, ""
    replaced = earlier_reports(report)
    keys = [old.file_key for old in replaced if old.file_key]
    for old in replaced:
        old.file_key = None
    return keys


def note_problem(report: FeedbackReport, why: str, *, at: datetime) -> None:
    """Keep why a report cannot be made, and tell the organisers once for all of a batch."""
    is_first = not has_problems(report.batch)
    report.problem = why[:500]
    if is_first:
        event = report.poster.event
        for account in accounts_who_may(event.programme, Permission.MANAGE_POSTERS):
            messages.reports_not_made(event, account, why=report.problem, at=at)
