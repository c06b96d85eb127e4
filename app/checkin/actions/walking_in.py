"""Letting in somebody who came without a booking."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.checkin.actions.checking_in import check_in_found
from app.checkin.queries.counting import counts_at
from app.checkin.queries.doors import Desk
from app.checkin.rules.answers import Answer
from app.checkin.rules.log import Method
from app.events.models import Event
from app.kernel.refusal import Refusal
from app.programmes.models import Team
from app.registration.actions.booking import register_walk_in
from app.registration.models import Registration
from app.registration.queries import registration_sent_as


class OverCapacity(Refusal):
    """One more than the room was planned for; somebody has to say that it is fine."""


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What the desk asks of a walk-in."""

    name: str
    email: str | None
    team: Team | None
    submission_id: UUID
    is_agreed: bool


def walk_in(
    newcomer: Newcomer, *, desk: Desk, event: Event, at: datetime
) -> tuple[Registration, Answer]:
    """Give somebody a place on the spot and check them in; sent twice, it is one person."""
    if registration_sent_as(newcomer.submission_id) is None and not newcomer.is_agreed:
        _ask_when_full(event)
    registration = register_walk_in(
        event,
        name=newcomer.name,
        team=newcomer.team,
        email=newcomer.email,
        by=desk.actor,
        at=at,
        submission_id=newcomer.submission_id,
    )
    answer = check_in_found(
        registration, scan_id=newcomer.submission_id, method=Method.WALK_IN, desk=desk, at=at
    )
    return registration, answer


def _ask_when_full(event: Event) -> None:
    if event.capacity is None:
        return
    over = counts_at(event.id).expected + 1 - event.capacity
    if over > 0:
        raise OverCapacity(f"Over capacity by {over} – let in?")
