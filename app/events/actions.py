"""The verbs of events: planned, changed, cancelled."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from app.events.models import Event
from app.events.rules import EventKind, moves_people
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.kernel.text import free_slug
from app.plumbing.audit import record
from app.plumbing.database import db
from app.programmes.models import Programme


class AlreadyCancelled(Refusal):
    """The event was called off before."""


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """What an event says about itself."""

    title: str
    summary: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    address: str
    capacity: int | None
    is_open_to_all: bool
    changes_close_at: datetime
    check_in_opens_at: datetime
    shows_posters: bool
    gives_certificates: bool


def plan_event(
    programme: Programme, kind: EventKind, facts: EventFacts, *, by: Actor, at: datetime
) -> Event:
    """Put a new event into a programme."""
    taken = set(db.session.scalars(select(Event.slug).where(Event.programme_id == programme.id)))
    event = Event(
        programme_id=programme.id,
        slug=free_slug(facts.title, taken | {"new"}),
        kind=kind,
        created_at=at,
        **asdict(facts),
    )
    db.session.add(event)
    db.session.flush()
    record(
        "created",
        event,
        by=by,
        at=at,
        programme_id=programme.id,
        after={"kind": kind, **asdict(facts)},
    )
    return event


def change_event(event: Event, facts: EventFacts, *, by: Actor, at: datetime) -> frozenset[str]:
    """Write what an event says about itself anew, and return which facts are new.

    Another time or place raises the number that calendars go by.
    """
    if event.cancelled_at is not None:
        raise AlreadyCancelled(f"{event.title} was cancelled and stays as it is. Plan a new event.")
    values = asdict(facts)
    before = {name: getattr(event, name) for name in values}
    changed = frozenset(name for name, value in values.items() if before[name] != value)
    if not changed:
        return changed

    for name in changed:
        setattr(event, name, values[name])
    if moves_people(changed):
        event.calendar_sequence += 1
    record(
        "changed",
        event,
        by=by,
        at=at,
        programme_id=event.programme_id,
        before={name: before[name] for name in changed},
        after={name: values[name] for name in changed},
    )
    return changed


def cancel_event(event: Event, *, reason: str, by: Actor, at: datetime) -> None:
    """Call an event off."""
    if event.cancelled_at is not None:
        raise AlreadyCancelled(f"{event.title} was cancelled before.")

    event.cancelled_at = at
    event.calendar_sequence += 1
    record("cancelled", event, by=by, at=at, programme_id=event.programme_id, reason=reason)
