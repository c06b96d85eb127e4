"""The round at an event: planned, changed, and closed before its time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.queue import enqueue
from app.questionnaires.actions.closing import settle
from app.questionnaires.actions.editing import questionnaire_for
from app.questionnaires.models import Wave
from app.questionnaires.queries.answers import version_in_use, wave_of
from app.questionnaires.rules.timing import RoundState


class RoundPlanned(Refusal):
    """An event has one round."""


class RoundIsClosed(Refusal):
    """A round that has closed stays as it is: its figures were published."""


class RoundIsNotOpen(Refusal):
    """A round is answered from check-in on."""


def plan_round(event: Event, *, days_open: int, asks_then: bool, by: Actor, at: datetime) -> Wave:
    """Plan a round at an event; it opens with check-in and closes so many days after the end."""
    if wave_of(event) is not None:
        raise RoundPlanned(f"{event.title} has a round already.")
    version = version_in_use(questionnaire_for(event.programme, at=at))
    wave = Wave(
        id=uuid4(),
        event_id=event.id,
        version_id=version.id,
        days_open=days_open,
        asks_then=asks_then,
        planned_at=at,
    )
    db.session.add(wave)
    try:
        db.session.flush()
    except IntegrityError as twice:
        raise RoundPlanned(f"{event.title} has a round already.") from twice
    enqueue("questionnaires.close", due_at=max(at, wave.closes_at), wave_id=str(wave.id))
    note("planned", wave, by, at, after={"days_open": days_open, "asks_then": asks_then})
    return wave


def change_round(wave: Wave, *, days_open: int, asks_then: bool, by: Actor, at: datetime) -> None:
    """Change when a round closes, and before it opens also what it asks."""
    hold(wave)
    state = wave.state(at)
    if state is RoundState.CLOSED:
        raise RoundIsClosed("This round has closed and stays as it is.")
    before = {"days_open": wave.days_open, "asks_then": wave.asks_then}
    wave.days_open = days_open
    if state is RoundState.PLANNED:
        wave.asks_then = asks_then
    after = {"days_open": wave.days_open, "asks_then": wave.asks_then}
    if after == before:
        return
    enqueue("questionnaires.close", due_at=max(at, wave.closes_at), wave_id=str(wave.id))
    note("changed", wave, by, at, before=before, after=after)


def close_now(wave: Wave, *, by: Actor, at: datetime) -> None:
    """Close a round before its time, and publish its figures."""
    hold(wave)
    if wave.state(at) is RoundState.PLANNED:
        raise RoundIsNotOpen("This round has not opened yet. Change it, or leave it.")
    if settle(wave, closed_at=min(at, wave.closes_at)):
        note("closed", wave, by, at)


def note(
    verb: str,
    wave: Wave,
    by: Actor,
    at: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down what was done to a round."""
    programme_id = wave.event.programme_id
    record(verb, wave, by=by, at=at, programme_id=programme_id, before=before, after=after)
