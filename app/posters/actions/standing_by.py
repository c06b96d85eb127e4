"""A team says who is at its stand now, and when somebody will be."""

from dataclasses import dataclass
from datetime import datetime

from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db
from app.posters.models import Poster, StandSlot
from app.posters.queries.standing_by import slots_of

MOST_SLOTS = 20


class TooManySlots(Refusal):
    """A team has said often enough when it is at its stand."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Who is at the stand from when to when."""

    starts_at: datetime
    ends_at: datetime
    who: str


def come_to_stand(poster: Poster, who: str, *, at: datetime) -> None:
    """Say that somebody is at the stand from now on."""
    poster.at_stand_since, poster.at_stand_name = at, who


def leave_stand(poster: Poster) -> None:
    """Say that nobody is at the stand now."""
    poster.at_stand_since, poster.at_stand_name = None, ""


def add_slot(poster: Poster, slot: Slot, *, by: Actor, at: datetime) -> None:
    """Say when somebody will be at the stand; the same again changes nothing."""
    standing = slots_of(poster)
    if any(
        (s.starts_at, s.ends_at, s.who) == (slot.starts_at, slot.ends_at, slot.who)
        for s in standing
    ):
        return
    if len(standing) >= MOST_SLOTS:
        raise TooManySlots(f"{MOST_SLOTS} times are enough. Remove one first.")
    db.session.add(
        StandSlot(poster_id=poster.id, starts_at=slot.starts_at, ends_at=slot.ends_at, who=slot.who)
    )
    record(
        "said when it is at its stand", poster, by=by, at=at, programme_id=poster.event.programme_id
    )


def remove_slot(slot: StandSlot, *, by: Actor, at: datetime) -> None:
    """Take back that somebody will be at the stand."""
    record(
        "took back a time at its stand",
        slot.poster,
        by=by,
        at=at,
        programme_id=slot.poster.event.programme_id,
    )
    db.session.delete(slot)
