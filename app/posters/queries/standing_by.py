"""Questions about who is at a stand, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from app.plumbing.database import ask, db
from app.posters.models import Poster, StandSlot


def slots_of(poster: Poster) -> Sequence[StandSlot]:
    """Return when somebody of the team will be at its stand."""
    return db.session.scalars(
        select(StandSlot)
        .where(StandSlot.poster_id == poster.id)
        .order_by(StandSlot.starts_at, StandSlot.who)
    ).all()


@dataclass(frozen=True)
class TimeAtStand:
    """A time at which somebody of the team says to be at its stand."""

    starts_at: datetime
    ends_at: datetime
    who: str


def times_ahead(poster: Poster, *, at: datetime) -> Sequence[TimeAtStand]:
    """Return when somebody of the team is or will be at its stand, as visitors read it."""
    return [TimeAtStand(*row) for row in ask(_ahead(), poster_id=poster.id, at=at)]


@cache
def _ahead() -> Select[datetime, datetime, str]:
    return (
        select(StandSlot.starts_at, StandSlot.ends_at, StandSlot.who)
        .where(StandSlot.poster_id == bindparam("poster_id"), StandSlot.ends_at > bindparam("at"))
        .order_by(StandSlot.starts_at, StandSlot.who)
    )


def slot_at(poster: Poster, slot_id: UUID) -> StandSlot | None:
    """Return one of a team's times at its stand."""
    return db.session.scalar(
        select(StandSlot).where(StandSlot.poster_id == poster.id, StandSlot.id == slot_id)
    )
