"""Somebody opened a poster's page: that it happened is kept, who it was is not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app.plumbing.database import db, insert_new
from app.posters.models import PosterVisits


def note_visit(poster_id: UUID, *, at: datetime) -> None:
    """Count one more browser at a poster."""
    if insert_new(PosterVisits(poster_id=poster_id, count=1, first_at=at, last_at=at)):
        return
    db.session.execute(
        update(PosterVisits)
        .where(PosterVisits.poster_id == poster_id)
        .values(count=PosterVisits.count + 1, last_at=at)
    )
