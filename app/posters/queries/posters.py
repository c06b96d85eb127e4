"""Questions about posters."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from app.events.models import Event
from app.plumbing.database import db
from app.posters.models import Poster
from app.programmes.models import Team


def is_handed_in() -> ColumnElement[bool]:
    """Return the condition that a poster is there."""
    return and_(Poster.submitted_at.is_not(None), Poster.withdrawn_at.is_(None))


def posters_at(event: Event) -> Mapping[UUID, Poster]:
    """Return the posters that are handed in for an event, by team."""
    rows = select(Poster).where(Poster.event_id == event.id, is_handed_in())
    return {poster.team_id: poster for poster in db.session.scalars(rows)}


def poster_of(team: Team, event: Event) -> Poster | None:
    """Return a team's poster for an event, handed in or not."""
    return db.session.scalar(
        select(Poster).where(Poster.event_id == event.id, Poster.team_id == team.id)
    )
