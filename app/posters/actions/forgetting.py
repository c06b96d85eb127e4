"""Addresses that were left at a poster are forgotten two years after its event."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from app.kernel.actor import SYSTEM
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.files import drop_file
from app.plumbing.mail import Letter
from app.plumbing.queue import enqueue
from app.posters.models import FeedbackReport, Poster, PosterQuestion, Signal
from app.posters.rules import ADDRESS_KEPT_FOR

LONGEST_WAIT = timedelta(days=30)
"""Events are moved, and the day with them."""


def plan_forgetting(poster: Poster, *, at: datetime) -> None:
    """Let the addresses left at a poster be forgotten; planned again for each month in which one is."""
    enqueue(
        "posters.forget_addresses",
        due_at=at + LONGEST_WAIT,
        unique_key=f"forget-poster-addresses:{poster.id}:{at:%Y-%m}",
        poster_id=str(poster.id),
    )


def forget_addresses(poster: Poster, *, at: datetime) -> timedelta | None:
    """Empty the addresses left at a poster that are old enough, or return how long to wait still.

    Two years count from the event, or from a question that came later still: an archive is read on.
    The words stay, with the name if it stands beside them.
    """
    hold(poster)  # whoever asks at this moment comes after
    if at >= poster.event.ends_at + ADDRESS_KEPT_FOR:
        _forget_those_before(poster, at - ADDRESS_KEPT_FOR, at=at)
    newest = _newest_address(poster)
    if newest is None:
        return None
    return min(max(newest, poster.event.ends_at) + ADDRESS_KEPT_FOR - at, LONGEST_WAIT)


def _forget_those_before(poster: Poster, moment: datetime, *, at: datetime) -> None:
    asked = db.session.scalars(
        select(PosterQuestion.id).where(
            PosterQuestion.poster_id == poster.id,
            PosterQuestion.guest_email != "",
            PosterQuestion.asked_at <= moment,
        )
    ).all()
    agreed = db.session.scalars(
        select(Signal.id).where(
            Signal.poster_id == poster.id, Signal.contact_email != "", Signal.given_at <= moment
        )
    ).all()
    if not (asked or agreed):
        return
    db.session.execute(
        update(PosterQuestion).where(PosterQuestion.id.in_(asked)).values(guest_email="")
    )
    db.session.execute(
        update(Signal)
        .where(Signal.id.in_(agreed))
        .values(agrees_to_contact=False, contact_name="", contact_email="")
    )
    answers = [f"poster-question:{question_id}" for question_id in asked]
    db.session.execute(delete(Letter).where(Letter.about.in_(answers)))
    if agreed:
        _drop_reports(poster)
    record(
        "deleted addresses left at a poster",
        poster,
        by=SYSTEM,
        at=at,
        programme_id=poster.event.programme_id,
        after={"count": len(asked) + len(agreed)},
    )


def _drop_reports(poster: Poster) -> None:
    """Drop the papers that list whom the team may write to; they can be made again without."""
    reports = select(FeedbackReport).where(FeedbackReport.poster_id == poster.id)
    for report in db.session.scalars(reports):
        if report.file_key:
            drop_file(report.file_key)
        db.session.delete(report)


def _newest_address(poster: Poster) -> datetime | None:
    """Return when the newest address that still stands was left."""
    asked = db.session.scalar(
        select(func.max(PosterQuestion.asked_at)).where(
            PosterQuestion.poster_id == poster.id, PosterQuestion.guest_email != ""
        )
    )
    agreed = db.session.scalar(
        select(func.max(Signal.given_at)).where(
            Signal.poster_id == poster.id, Signal.contact_email != ""
        )
    )
    left = [moment for moment in (asked, agreed) if moment is not None]
    return max(left, default=None)
