"""Questions about visits and who coaches whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.coaching.models import CoachVisit
from app.people.models import Person
from app.plumbing.database import db
from app.programmes.models import Programme, Team
from app.programmes.queries import coaches_of, coaching_in, teams_of


def visits_of(team: Team) -> Sequence[CoachVisit]:
    """Return a team's visits that stand, the latest first."""
    return db.session.scalars(
        select(CoachVisit)
        .options(joinedload(CoachVisit.coach))
        .where(CoachVisit.team_id == team.id, CoachVisit.withdrawn_at.is_(None))
        .order_by(CoachVisit.visited_on.desc(), CoachVisit.recorded_at.desc())
    ).all()


def visit_at(team: Team, visit_id: UUID) -> CoachVisit | None:
    """Return a visit, if it was paid to this team and stands."""
    return db.session.scalar(
        select(CoachVisit).where(
            CoachVisit.team_id == team.id,
            CoachVisit.id == visit_id,
            CoachVisit.withdrawn_at.is_(None),
        )
    )


def visit_submitted_as(submission_id: UUID) -> CoachVisit | None:
    """Return the visit that a form with this id has recorded before."""
    return db.session.scalar(select(CoachVisit).where(CoachVisit.submission_id == submission_id))


def coach_of(team: Team, *, on: date) -> Person | None:
    """Return who coaches a team on a day; of several, the one assigned last."""
    current = [assignment.person for assignment in coaches_of(team) if assignment.covers(on)]
    return current[-1] if current else None


@dataclass(frozen=True)
class Round:
    """A team on a coach's round: how often it was visited, when last, and when next."""

    team: Team
    coaches: Sequence[str]
    visits: int
    last_on: date | None
    next_on: date | None


def rounds_in(programme: Programme, *, on: date) -> Sequence[Round]:
    """Return every team with its visits at a glance, in three statements."""
    visits: dict[UUID, list[CoachVisit]] = {}
    for visit in db.session.scalars(
        select(CoachVisit)
        .join(Team)
        .where(Team.programme_id == programme.id, CoachVisit.withdrawn_at.is_(None))
        .order_by(CoachVisit.visited_on, CoachVisit.recorded_at)
    ):
        visits.setdefault(visit.team_id, []).append(visit)
    coaches: dict[UUID, list[str]] = {}
    for assignment in coaching_in(programme):
        if assignment.covers(on):
            coaches.setdefault(assignment.team_id, []).append(assignment.person.name)
    return [
        Round(
            team,
            coaches.get(team.id, []),
            len(paid := visits.get(team.id, [])),
            paid[-1].visited_on if paid else None,
            paid[-1].next_visit_on if paid else None,
        )
        for team in teams_of(programme)
    ]
