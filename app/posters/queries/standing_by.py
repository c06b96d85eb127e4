"""Questions about who is at a stand, and when."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.plumbing.database import db
from app.posters.models import Poster, StandSlot


def slots_of(poster: Poster) -> Sequence[StandSlot]:
    """Return when somebody of the team will be at its stand."""
    return db.session.scalars(
        select(StandSlot)
        .where(StandSlot.poster_id == poster.id)
        .order_by(StandSlot.starts_at, StandSlot.who)
    ).all()


def slot_at(poster: Poster, slot_id: UUID) -> StandSlot | None:
    """Return one of a team's times at its stand."""
    return db.session.scalar(
        select(StandSlot).where(StandSlot.poster_id == poster.id, StandSlot.id == slot_id)
    )
