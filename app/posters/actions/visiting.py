"""Somebody opened a poster's page: that it happened is kept, who it was is not."""

from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Update, bindparam, update

from app.plumbing.database import db, insert_new
from app.posters.models import PosterVisits


def note_visit(poster_id: UUID, *, at: datetime) -> None:
    """Count one more browser at a poster."""
    first = PosterVisits(poster_id=poster_id, count=1, first_at=at, last_at=at)
    if not (_is_counted(poster_id, at=at) or insert_new(first)):
        _is_counted(poster_id, at=at)  # somebody else's was the first, in the same moment


def _is_counted(poster_id: UUID, *, at: datetime) -> bool:
    counted = db.session.connection().execute(_one_more(), {"poster": poster_id, "at": at})
    return counted.rowcount > 0


@cache
def _one_more() -> Update:
    return (
        update(PosterVisits)
        .where(PosterVisits.poster_id == bindparam("poster"))
        .values(count=PosterVisits.count + 1, last_at=bindparam("at"))
    )
