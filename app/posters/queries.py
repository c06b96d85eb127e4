"""Questions about posters."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from app.events.models import Event
from app.plumbing.database import db
from app.posters.models import Poster
from app.programmes.models import Team


def posters_at(event: Event) -> Mapping[UUID, Poster]:
    """Return the posters that are handed in for an event, by team."""
    rows = select(Poster).where(Poster.event_id == event.id, Poster.withdrawn_at.is_(None))
    return {poster.team_id: poster for poster in db.session.scalars(rows)}


def poster_of(team: Team, event: Event) -> Poster | None:
    """Return a team's poster for an event, handed in or taken back."""
    return db.session.scalar(
        select(Poster).where(Poster.event_id == event.id, Poster.team_id == team.id)
    )
