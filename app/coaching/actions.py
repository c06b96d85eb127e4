"""The verbs of coaching: a visit is recorded, put right, or withdrawn."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.coaching.messages import asked_to_record
from app.coaching.models import CoachVisit
from app.coaching.queries import coach_of, visit_submitted_as
from app.coaching.rules import is_possible_day, may_be_changed
from app.kernel.actor import Actor
from app.kernel.clock import london_day
from app.kernel.refusal import Refusal
from app.people.models import Person
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.programmes.models import Team

UNTOLD = frozenset(["private_notes", "shared_notes", "met_with"])
"""What the record of changes does not repeat: it says that they changed, not what they say."""


class ImpossibleDay(Refusal):
    """The visit lies in the future or before the programme."""


class NotYoursToChange(Refusal):
    """A record of a visit is changed by the coach who paid it."""


class TooLateToChange(Refusal):
    """The record has stood for too long to be changed."""


class NoCoach(Refusal):
    """A visit is recorded for a coach, and the team has none."""


class NobodyToAsk(Refusal):
    """The team has no coach who could be asked."""


@dataclass(frozen=True, kw_only=True)
class VisitFacts:
    """What a coach writes down about a visit."""

    visited_on: date
    minutes: int
    met_with: str
    tools_used: str
    shared_notes: str
    next_step: str
    next_visit_on: date | None
    private_notes: str = ""


def record_visit(
    team: Team, coach: Person, facts: VisitFacts, *, submission_id: UUID, by: Actor, at: datetime
) -> CoachVisit:
    """Write down a visit; sent twice by a phone it is recorded once."""
    standing = visit_submitted_as(submission_id)
    if standing is not None and standing.team_id == team.id:
        return standing
    _refuse_impossible_day(team, facts.visited_on, at=at)

    visit = CoachVisit(
        team_id=team.id,
        coach_id=coach.id,
        submission_id=submission_id,
        recorded_at=at,
        recorded_by=by.label,
        **asdict(facts),
    )
    db.session.add(visit)
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise ImpossibleDay("This visit was just recorded. Look at the list of visits.") from twice
    record(
        "recorded",
        visit,
        by=by,
        at=at,
        programme_id=team.programme_id,
        after={"team": team.name, "coach_id": coach.id, "visited_on": facts.visited_on},
    )
    return visit


def change_visit(visit: CoachVisit, facts: VisitFacts, *, by: Actor, at: datetime) -> None:
    """Put the record of a visit right."""
    # Two who change it at once: the second waits here, and then sees what the first wrote.
    hold(visit)
    _refuse_late_change(visit, at=at)
    _refuse_impossible_day(visit.team, facts.visited_on, at=at)
    values = asdict(facts)
    changed = {name: value for name, value in values.items() if getattr(visit, name) != value}
    if not changed:
        return

    before = {name: getattr(visit, name) for name in changed if name not in UNTOLD}
    for name, value in changed.items():
        setattr(visit, name, value)
    record(
        "changed",
        visit,
        by=by,
        at=at,
        programme_id=visit.team.programme_id,
        before=before,
        after={name: "changed" if name in UNTOLD else value for name, value in changed.items()},
    )


def withdraw_visit(visit: CoachVisit, *, by: Actor, at: datetime) -> None:
    """Take a record back; it no longer counts and stays in the record of changes."""
    _refuse_late_change(visit, at=at)

    visit.withdrawn_at = at
    record(
        "withdrew",
        visit,
        by=by,
        at=at,
        programme_id=visit.team.programme_id,
        before={"visited_on": visit.visited_on, "coach_id": visit.coach_id},
    )


def ask_coach(team: Team, *, by: Actor, at: datetime) -> Person:
    """Ask a team's coach by e-mail to record a visit that has no record, and return the coach."""
    coach = coach_of(team, on=london_day(at))
    if coach is None or coach.email is None:
        raise NobodyToAsk(f"{team.name} has no coach with an e-mail address. Assign one first.")

    asked_to_record(team, coach, asked_by=by.label, at=at)
    record(
        "asked coach",
        team,
        by=by,
        at=at,
        programme_id=team.programme_id,
        after={"coach_id": coach.id},
    )
    return coach


def _refuse_impossible_day(team: Team, visited_on: date, *, at: datetime) -> None:
    starts_on = team.programme.starts_on
    if not is_possible_day(visited_on, starts_on=starts_on, today=london_day(at)):
        raise ImpossibleDay(
            "A visit is recorded after it happened: choose a day since the programme began "
            "that is not in the future."
        )


def _refuse_late_change(visit: CoachVisit, *, at: datetime) -> None:
    recorded_on = london_day(visit.recorded_at)
    if not may_be_changed(
        visited_on=visit.visited_on, recorded_on=recorded_on, today=london_day(at)
    ):
        raise TooLateToChange(
            "This visit was recorded more than 30 days ago and stays as it is. "
            "Record another visit, or ask the programme lead."
        )
