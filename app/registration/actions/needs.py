"""What people need to take part: kept apart from everything else, and not for long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.events.models import Event
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import london_day
from app.plumbing.audit import record
from app.plumbing.database import db
from app.plumbing.queue import enqueue
from app.registration.models import AccessNeed, Registration
from app.registration.queries import needs_of
from app.registration.rules.places import call_due_at, needs_end_at

LONGEST_WAIT = timedelta(days=1)
"""How often a deletion that waits looks again: an event may have been moved to an earlier day."""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What somebody needs at an event; empty when they need nothing special."""

    diet: str = ""
    diet_other: str = ""
    adjustments: tuple[str, ...] = ()
    access_other: str = ""
    wants_call: bool = False
    phone: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to keep."""
        return self == NOTHING


NOTHING = Needs()


def needs_end(event: Event) -> datetime:
    """Return when the needs of an event's people are deleted."""
    return needs_end_at(event.ends_at, kept_days=event.programme.care_needs_kept_days)


def said_needs(registration: Registration) -> Needs:
    """Return what somebody said they need."""
    return _said(needs_of(registration))


def keep_needs(registration: Registration, needs: Needs, *, by: Actor, at: datetime) -> bool:
    """Write down what somebody needs until it is deleted; return whether it is anything new."""
    standing = needs_of(registration)
    if _said(standing) == needs or at >= needs_end(registration.event):
        return False
    if needs.is_empty:
        forget_needs(registration, by=by, at=at)
        return True
    row = standing or AccessNeed(registration_id=registration.id)
    _note_call(row, needs, at)
    row.diet, row.diet_other = needs.diet, needs.diet_other
    row.adjustments, row.access_other = list(needs.adjustments), needs.access_other
    row.wants_call, row.phone, row.changed_at = needs.wants_call, needs.phone, at
    db.session.add(row)
    _plan_deletion(registration.event, at)
    _note(registration, "said what they need", by, at)
    return True


def forget_needs(registration: Registration, *, by: Actor, at: datetime) -> None:
    """Delete what somebody needs, because they come no more or took it back."""
    standing = needs_of(registration)
    if standing is not None:
        db.session.delete(standing)
        _note(registration, "took back what they need", by, at)


def note_call(need: AccessNeed, *, note: str, by: Actor, at: datetime) -> None:
    """Write down that somebody who asked for a call was called, and what was agreed."""
    need.call_done_at, need.call_note = at, note
    _note(need.registration, "called", by, at)


def purge_needs(event: Event, *, at: datetime) -> timedelta | None:
    """Delete the needs of an event's people, or return how long it is too early for that."""
    end = needs_end(event)
    if at < end:
        return min(end - at, LONGEST_WAIT)
    registrations = select(Registration.id).where(Registration.event_id == event.id)
    outdated = db.session.scalars(
        select(AccessNeed.id).where(AccessNeed.registration_id.in_(registrations))
    ).all()
    db.session.execute(delete(AccessNeed).where(AccessNeed.id.in_(outdated)))
    record(
        "deleted care needs",
        event,
        by=SYSTEM,
        at=at,
        programme_id=event.programme_id,
        after={"count": len(outdated)},
    )
    return None


def _said(row: AccessNeed | None) -> Needs:
    if row is None:
        return NOTHING
    return Needs(
        diet=row.diet,
        diet_other=row.diet_other,
        adjustments=tuple(row.adjustments),
        access_other=row.access_other,
        wants_call=row.wants_call,
        phone=row.phone,
    )


def _note_call(row: AccessNeed, needs: Needs, at: datetime) -> None:
    if not needs.wants_call:
        row.call_due_at = row.call_done_at = None
        row.call_note = ""
    elif not row.wants_call:
        row.call_due_at, row.call_done_at, row.call_note = call_due_at(at), None, ""


def _plan_deletion(event: Event, at: datetime) -> None:
    # An event that is moved gets a second row; whichever comes too early waits.
    enqueue(
        "registration.purge_care_needs",
        due_at=min(needs_end(event), at + LONGEST_WAIT),
        unique_key=f"purge:{event.id}:{london_day(event.ends_at)}",
        event_id=str(event.id),
    )


def _note(registration: Registration, verb: str, by: Actor, at: datetime) -> None:
    programme_id = registration.event.programme_id
    record(verb, registration, by=by, at=at, programme_id=programme_id)
