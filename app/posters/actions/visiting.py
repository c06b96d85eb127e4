"""Somebody opened a poster's page: that it happened is kept, who it was is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Update, bindparam, update

from app.plumbing.database import db, insert_new
from app.posters.models import Poster, PosterVisits


@dataclass(frozen=True, kw_only=True)
class Visits:
    """How many browsers opened a poster's page, and when the first and the last of them did."""

    count: int
    first_at: datetime
    last_at: datetime

    def with_more(self, more: "Visits") -> "Visits":
        """Return these visits together with others at the same poster."""
        return Visits(
            count=self.count + more.count,
            first_at=min(self.first_at, more.first_at),
            last_at=max(self.last_at, more.last_at),
        )


def note_visits(visits: Mapping[UUID, Visits]) -> None:
    """Add visits to what is counted at each poster."""
    for poster_id in sorted(visits):  # or two processes that write could wait for each other
        _note(poster_id, visits[poster_id])


def _note(poster_id: UUID, visits: Visits) -> None:
    if _are_added(poster_id, visits) or db.session.get(Poster, poster_id) is None:
        return
    first = PosterVisits(
        poster_id=poster_id,
        count=visits.count,
        first_at=visits.first_at,
        last_at=visits.last_at,
    )
    if not insert_new(first):
        _are_added(poster_id, visits)  # somebody else's were the first, in the same moment


def _are_added(poster_id: UUID, visits: Visits) -> bool:
    added = db.session.connection().execute(
        _addition(), {"poster": poster_id, "more": visits.count, "at": visits.last_at}
    )
    return added.rowcount > 0


@cache
def _addition() -> Update:
    return (
        update(PosterVisits)
        .where(PosterVisits.poster_id == bindparam("poster"))
        .values(count=PosterVisits.count + bindparam("more"), last_at=bindparam("at"))
    )
