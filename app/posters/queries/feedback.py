"""What visitors left at a poster, as its team may keep it, and the reports that tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from app.events.models import Event
from app.plumbing.database import db
from app.posters.models import FeedbackReport, Marketplace, Poster, PosterVisits, Reflection
from app.posters.queries.asking import Exchange, exchanges_for_team
from app.posters.queries.reflecting import author_of, reflections_for_team
from app.posters.queries.signalling import Contact, contacts_of, signal_counts
from app.posters.queries.voting import results_of, votes_for
from app.posters.rules import Aspect, Attribution, SignalKind


@dataclass(frozen=True)
class Told:
    """A reflection, with the name that its writer chose to give, if any."""

    text: str
    who: str
    is_for_team_only: bool
    may_be_quoted: bool

    @property
    def public_name(self) -> str:
        """Return who a quotation may be said to be from."""
        return "" if self.is_for_team_only else self.who


@dataclass(frozen=True)
class Outcome:
    """How a poster came out of the people's choice, a tie as a tie; without a vote it has no place."""

    votes: int
    total: int
    place: int | None
    shared_with: int


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """Everything that visitors left at a poster, as its report tells it."""

    visits: int
    exchanges: Sequence[Exchange]
    reflections: Mapping[Aspect, Sequence[Told]]
    signals: Mapping[SignalKind, int]
    contacts: Sequence[Contact]
    outcome: Outcome | None

    @property
    def quotes(self) -> Sequence[Told]:
        """Return the words that their writers have cleared for use."""
        return [told for each in self.reflections.values() for told in each if told.may_be_quoted]

    @property
    def reflected(self) -> int:
        """Return how many reflections there are."""
        return sum(len(each) for each in self.reflections.values())


def feedback_at(poster: Poster, market: Marketplace, *, at: datetime) -> Feedback:
    """Return what visitors left at a poster, in the order of the day; the ballot once it has closed."""
    visits = select(PosterVisits.count).where(PosterVisits.poster_id == poster.id)
    reflections = reflections_for_team(poster)
    return Feedback(
        visits=db.session.scalar(visits) or 0,
        exchanges=exchanges_for_team(poster)[::-1],
        reflections={
            aspect: [_told(reflection) for reflection in reflections.get(aspect, [])[::-1]]
            for aspect in Aspect
        },
        signals=signal_counts(poster),
        contacts=contacts_of(poster),
        outcome=_outcome(poster, market, at=at),
    )


def _told(reflection: Reflection) -> Told:
    is_anonymous = reflection.attribution is Attribution.ANONYMOUS
    return Told(
        reflection.text,
        who="" if is_anonymous else author_of(reflection),
        is_for_team_only=reflection.attribution is Attribution.TEAM,
        may_be_quoted=reflection.may_quote,
    )


def _outcome(poster: Poster, market: Marketplace, *, at: datetime) -> Outcome | None:
    places = results_of(poster.event, market, at=at)
    if not places:
        return None
    ours = votes_for(poster, places)
    return Outcome(
        votes=ours.votes if ours else 0,
        total=sum(place.votes * len(place.posters) for place in places),
        place=ours.number if ours else None,
        shared_with=len(ours.posters) - 1 if ours else 0,
    )


def report_with_id(report_id: UUID) -> FeedbackReport | None:
    """Return a report that a job is about."""
    return db.session.get(FeedbackReport, report_id)


def newest_report_of(poster: Poster) -> FeedbackReport | None:
    """Return the newest report of a poster that can be handed out."""
    return db.session.scalar(
        select(FeedbackReport)
        .where(FeedbackReport.poster_id == poster.id, FeedbackReport.file_key.is_not(None))
        .order_by(FeedbackReport.made_at.desc())
        .limit(1)
    )


def newest_reports_at(event: Event) -> Mapping[UUID, FeedbackReport]:
    """Return the newest report of every poster of an event that has one, by poster."""
    rows = db.session.scalars(
        select(FeedbackReport)
        .join(Poster)
        .where(Poster.event_id == event.id, FeedbackReport.file_key.is_not(None))
        .order_by(FeedbackReport.made_at)
    )
    return {report.poster_id: report for report in rows}


def newest_batch_at(event: Event) -> Sequence[FeedbackReport]:
    """Return the reports of an event that were asked for together last."""
    newest = db.session.scalar(
        select(FeedbackReport)
        .join(Poster)
        .where(Poster.event_id == event.id)
        .order_by(FeedbackReport.asked_at.desc(), FeedbackReport.id)
        .limit(1)
    )
    if newest is None:
        return []
    return db.session.scalars(
        select(FeedbackReport).where(FeedbackReport.batch == newest.batch)
    ).all()


def has_problems(batch: str) -> bool:
    """Say whether one of the reports that were asked for together could not be made."""
    return (
        db.session.scalar(
            select(exists().where(FeedbackReport.batch == batch, FeedbackReport.problem != ""))
        )
        or False
    )


def earlier_reports(report: FeedbackReport) -> Sequence[FeedbackReport]:
    """Return a poster's other reports that still have a file."""
    return db.session.scalars(
        select(FeedbackReport).where(
            FeedbackReport.poster_id == report.poster_id,
            FeedbackReport.id != report.id,
            FeedbackReport.file_key.is_not(None),
        )
    ).all()
