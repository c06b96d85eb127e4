"""Rounds and answers for tests."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

from app.events.models import Event
from app.kernel.actor import Actor
from app.people.models import Person
from app.plumbing.database import transaction
from app.questionnaires.actions.answering import Given, answer, choose
from app.questionnaires.actions.closing import settle
from app.questionnaires.actions.rounds import plan_round
from app.questionnaires.models import Wave
from app.questionnaires.rules.sheets import STANDARD

HELEN = Actor("staff", uuid4(), "Helen Shaw")


def whole(rating: int = 3, **others: int) -> dict[str, int]:
    """Ratings of every standard item: this one, but for the areas named."""
    return {item.id: others.get(area.id, rating) for area in STANDARD.areas for item in area.items}


def a_round(event: Event, *, asks_then: bool = False) -> Wave:
    with transaction():
        at = event.starts_at - timedelta(days=1)
        return plan_round(event, days_open=1, asks_then=asks_then, by=HELEN, at=at)


def answered(
    wave: Wave,
    person: Person,
    ratings: Mapping[str, int] | None = None,
    *,
    then: Mapping[str, int] | None = None,
    keeps_together: bool = True,
    shows_small_team: bool = False,
) -> None:
    """Let somebody who is booked answer during the event."""
    at = wave.event.starts_at
    with transaction():
        choose(
            person,
            wave.event.programme,
            keeps_together=keeps_together,
            shows_small_team=shows_small_team,
            at=at,
        )
        answer(person, wave, Given(ratings or whole(), then or {}), at=at)


def closed(wave: Wave) -> Wave:
    with transaction():
        settle(wave, closed_at=wave.closes_at)
    return wave
