"""Telling everybody who is booked or invited what has become of an event."""

from collections.abc import Sequence
from datetime import datetime

from app.events.models import Event
from app.people.actions import mint_link
from app.plumbing.mail import letters_about
from app.registration import messages
from app.registration.models import Registration, Status
from app.registration.queries import registrations_of
from app.registration.rules.places import link_ends_at


def tell_of_change(event: Event, *, at: datetime) -> None:
    """Write to everybody that the event is at another time or place; once for each change."""
    for registration, about in _still_to_tell(event, "moved"):
        messages.moved(registration, _link(registration, at=at), at=at, about=about)


def tell_of_cancellation(event: Event, *, reason: str, at: datetime) -> None:
    """Write to everybody that the event does not take place, and why; once."""
    for registration, about in _still_to_tell(event, "called-off"):
        token = _link(registration, at=at)
        messages.called_off(registration, token, reason=reason, at=at, about=about)


def _still_to_tell(event: Event, news: str) -> Sequence[tuple[Registration, str]]:
    # The letter's own name carries the number of the change, so that a job done twice writes once.
    expected = [
        registration
        for status in (Status.CONFIRMED, Status.INVITED)
        for registration in registrations_of(event, status=status)
        if registration.person.email is not None
    ]
    named = [
        (registration, f"{news}:{registration.id}:{event.calendar_sequence}")
        for registration in expected
    ]
    told = letters_about(*(about for _, about in named))
    return [(registration, about) for registration, about in named if about not in told]


def _link(registration: Registration, *, at: datetime) -> str:
    ends_at = link_ends_at(registration.event.ends_at)
    return mint_link(registration.person, at=at, expires_at=ends_at)
