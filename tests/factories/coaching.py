"""Visits and posters for tests."""

from datetime import date
from uuid import uuid4

from app.coaching.models import CoachVisit
from app.events.models import Event
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.posters.models import Poster
from app.programmes.models import Team
from tests.factories.people import LONG_AGO


def a_coach_visit(team: Team, coach: Person, **values: object) -> CoachVisit:
    facts: dict[str, object] = {
        "visited_on": date(2026, 3, 3),
        "minutes": 60,
        "recorded_at": LONG_AGO,
        "recorded_by": coach.name,
        "submission_id": uuid4(),
    }
    visit = CoachVisit(team_id=team.id, coach_id=coach.id, **{**facts, **values})
    with transaction():
        db.session.add(visit)
    return visit


def a_handed_in_poster(team: Team, event: Event, title: str = "Fewer missed calls") -> Poster:
    poster = Poster(event_id=event.id, team_id=team.id, title=title, submitted_at=LONG_AGO)
    with transaction():
        db.session.add(poster)
    return poster
