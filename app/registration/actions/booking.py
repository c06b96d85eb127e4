"""Places: taken, changed and given back; one for each person and event, never more than there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.events.models import Event
from app.kernel.actor import STRANGER, Actor
from app.kernel.clock import london
from app.kernel.names import clean_name
from app.kernel.refusal import Refusal
from app.kernel.text import counted
from app.people.actions import correct_person, meet, mint_link
from app.people.models import Person
from app.people.queries import account_of, person_with_email
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.mail import letters_about
from app.programmes.models import Team
from app.registration import messages
from app.registration.actions.codes import give_code
from app.registration.actions.needs import NOTHING, Needs, forget_needs, keep_needs
from app.registration.models import Registration, Source, Status
from app.registration.queries import (
    free_places,
    registration_of,
    registration_sent_as,
)
from app.registration.rules.places import link_ends_at


class EventIsFull(Refusal):
    """Every place of the event is taken."""


class RegistrationIsClosed(Refusal):
    """The event has begun, is over or was called off."""


class AlreadyBooked(Refusal):
    """The person has a place at this event."""


class AddressIsTheirOwn(Refusal):
    """The address signs somebody in as staff and is not an organiser's to change."""


class ChangesAreClosed(Refusal):
    """It is too late to change one's own registration."""


@dataclass(frozen=True, kw_only=True)
class Booking:
    """What somebody answers when they take a place."""

    team: Team | None = None
    role: str = ""
    photo_consent: bool = False
    certificate_name: str = ""
    needs: Needs = NOTHING


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """How somebody whom we may not know yet introduces themselves."""

    name: str
    email: str | None


def ask_for_place(
    event: Event,
    newcomer: Newcomer,
    booking: Booking,
    *,
    at: datetime,
    submission_id: UUID,
) -> None:
    """Book whoever fills in the public form, or write to the person whose address they gave.

    Anybody can type anybody's address. So the form answers the same whether we know the address
    or not, shows nothing of what we hold, and gives no way into anybody's pages: the way in goes
    by e-mail, to whoever reads the mail of that address. A person we know is not changed; they
    get a letter in which one press takes the place. A person we meet here is booked at once, and
    their pass is in the letter; the browser that typed the address gets no pass and no cookie,
    or it could wait inside somebody else's pages until that person comes.
    """
    hold(event)
    if registration_sent_as(submission_id) or letters_about(_about(submission_id)):
        return
    require_open(event, at)
    _require_place(event)
    known = person_with_email(newcomer.email or "")
    if known is not None:
        token = mint_link(known, at=at, expires_at=link_ends_at(event.ends_at))
        messages.one_more_step(event, known, token, about=_about(submission_id), at=at)
        return
    person = meet(name=newcomer.name, email=newcomer.email, at=at)
    registration = _take(event, person, booking, Source.SELF, by=STRANGER, at=at)
    registration.submission_id = submission_id
    _write(messages.confirmed, registration, at)


def register(
    event: Event,
    person: Person,
    booking: Booking,
    *,
    by: Actor,
    at: datetime,
    submission_id: UUID | None = None,
) -> Registration:
    """Give somebody we know a place and their pass, and write to them.

    Sent twice with the same id it is one act; the second time changes nothing and writes nothing.
    """
    hold(event)
    standing = registration_of(person.id, event.id)
    if standing is not None and standing.status is Status.CONFIRMED:
        if by.kind == "attendee" or _is_repeat(standing, submission_id):
            return standing
        raise AlreadyBooked(f"{person.name} already has a place at {event.title}.")
    require_open(event, at)
    _require_place(event)

    source = Source.ORGANISER if by.kind == "staff" else Source.SELF
    registration = _take(event, person, booking, source, by=by, at=at)
    registration.submission_id = _unused(submission_id)
    _write(messages.booked_for_you if by.kind == "staff" else messages.confirmed, registration, at)
    return registration


def register_walk_in(  # noqa: PLR0913 - what the door asks, and who asks it
    event: Event,
    *,
    name: str,
    team: Team | None,
    email: str | None,
    by: Actor,
    at: datetime,
    submission_id: UUID,
) -> Registration:
    """Book somebody who stands at the door, even when the event is full: they are here.

    The steward sees who it is, so somebody we know by their address simply gets their place.
    """
    hold(event)
    sent_before = registration_sent_as(submission_id)
    if sent_before is not None and sent_before.event_id == event.id:
        return sent_before
    person = meet(name=name, email=email, at=at)
    standing = registration_of(person.id, event.id)
    if standing is not None and standing.status is Status.CONFIRMED:
        return standing

    registration = _take(event, person, Booking(team=team), Source.WALK_IN, by=by, at=at)
    registration.submission_id = _unused(submission_id)
    _write(messages.confirmed, registration, at)
    return registration


def change_registration(
    registration: Registration, booking: Booking, *, by: Actor, at: datetime
) -> bool:
    """Write down other answers; return whether anything is new, and tell the person if so."""
    if by.kind == "attendee":
        _require_changes_open(registration.event, at)
    before = _facts(registration)
    registration.team_id = booking.team.id if booking.team else None
    registration.role, registration.photo_consent = booking.role, booking.photo_consent
    after = _facts(registration)
    new_needs = keep_needs(registration, booking.needs, by=by, at=at)
    new_name = confirm_name_on_certificate(
        registration.person, booking.certificate_name, by=by, at=at
    )
    if after == before and not new_needs and not new_name:
        return False

    _record("changed", registration, by=by, at=at, before=before, after=after)
    db.session.flush()
    db.session.refresh(registration, ["team"])
    _write(messages.changed, registration, at)
    return True


def cancel_registration(
    registration: Registration, *, reason: str, by: Actor, at: datetime
) -> None:
    """Give a place back; the pass opens nothing any more and what the person needs is deleted.

    Cancelling what is cancelled already is the same act again.
    """
    hold(registration)
    if registration.status not in {Status.CONFIRMED, Status.INVITED}:
        return
    if by.kind == "attendee":
        _require_not_begun(registration.event, at)
    before = {"status": registration.status}
    registration.status = Status.CANCELLED
    registration.ended_at, registration.end_reason = at, reason
    registration.calendar_sequence += 1
    forget_needs(registration, by=by, at=at)
    # Why somebody cancels is theirs (they may be ill) and stays out of the record of changes.
    noted = reason if by.kind == "staff" else None
    _record("cancelled", registration, by=by, at=at, before=before, reason=noted)
    _write(
        messages.cancelled_for_you if by.kind == "staff" else messages.cancelled, registration, at
    )


def confirm_name_on_certificate(person: Person, name: str, *, by: Actor, at: datetime) -> bool:
    """Keep the name as somebody wants it printed; return whether it is another one than before."""
    wanted = clean_name(name)
    if not wanted:
        return False
    is_new = is_another_name(person, wanted)
    person.certificate_name = wanted
    if by.id == person.id:
        person.certificate_name_confirmed_at = at
    if not is_new:
        return False
    # The record outlives the person's data, so it says that the name changed and not to what.
    record("changed name on certificate", person, by=by, at=at)
    return True


def is_another_name(person: Person, name: str) -> bool:
    """Say whether certificates would read otherwise than they do with the name that stands."""
    wanted = clean_name(name)
    return bool(wanted) and wanted != person.name_on_certificate


def correct_contact(
    registration: Registration, *, name: str, email: str, by: Actor, at: datetime
) -> None:
    """Put somebody's name and address right, and send their letter to a new address."""
    person = registration.person
    is_other = email.strip().lower() != person.email
    if is_other and account_of(person.id) is not None:
        raise AddressIsTheirOwn(
            f"{person.name} is a member of staff, so only whoever keeps the accounts "
            "can change their address."
        )
    if correct_person(person, name=name, email=email, by=by, at=at):
        write_again(registration, by=by, at=at)


def write_again(registration: Registration, *, by: Actor, at: datetime) -> None:
    """Mail somebody their pass, or their invitation, once more; older links go on working."""
    if registration.status not in {Status.CONFIRMED, Status.INVITED}:
        return
    _record("wrote again", registration, by=by, at=at)
    is_invited = registration.status is Status.INVITED
    _write(messages.invited if is_invited else messages.confirmed, registration, at)


def is_closed(event: Event, at: datetime) -> bool:
    """Say whether an event is over or was called off."""
    return event.cancelled_at is not None or at >= event.ends_at


def require_open(event: Event, at: datetime) -> None:
    """Refuse to add anybody to an event that is over or was called off."""
    if event.cancelled_at is not None:
        raise RegistrationIsClosed(f"{event.title} was cancelled.")
    if at >= event.ends_at:
        raise RegistrationIsClosed(f"{event.title} is over.")


def _take(
    event: Event, person: Person, booking: Booking, source: Source, *, by: Actor, at: datetime
) -> Registration:
    standing = registration_of(person.id, event.id)
    registration = standing or Registration(
        event_id=event.id, person_id=person.id, created_at=at, source=source
    )
    before = {"status": standing.status} if standing else None
    if standing is not None and standing.status is not Status.INVITED:
        registration.source = source
        registration.calendar_sequence += 1
    registration.status = Status.CONFIRMED
    registration.team_id = booking.team.id if booking.team else None
    registration.role, registration.photo_consent = booking.role, booking.photo_consent
    registration.booked_by_kind, registration.booked_by_id = by.kind, by.id
    registration.confirmed_at, registration.ended_at, registration.end_reason = at, None, ""
    db.session.add(registration)
    db.session.flush()
    give_code(person.id, event.programme_id, at=at)
    keep_needs(registration, booking.needs, by=by, at=at)
    confirm_name_on_certificate(person, booking.certificate_name, by=by, at=at)
    _record("booked", registration, by=by, at=at, before=before, after=_facts(registration))
    return registration


def _write(letter: Callable[..., None], registration: Registration, at: datetime) -> None:
    person = registration.person
    if person.email is None:
        return
    token = mint_link(person, at=at, expires_at=link_ends_at(registration.event.ends_at))
    letter(registration, token, at=at)


def _about(submission_id: UUID) -> str:
    return f"submission:{submission_id}"


def _unused(submission_id: UUID | None) -> UUID | None:
    if submission_id is None or registration_sent_as(submission_id) is not None:
        return None
    return submission_id


def _is_repeat(standing: Registration, submission_id: UUID | None) -> bool:
    return submission_id is not None and standing.submission_id == submission_id


def _require_place(event: Event) -> None:
    if free_places(event) == 0:
        raise EventIsFull(
            f"{event.title} is full: {counted(event.capacity or 0, 'place is', 'places are')} taken. "
            f"Write to {event.programme.contact_email} to hear when one comes free."
        )


def _require_changes_open(event: Event, at: datetime) -> None:
    if at >= event.changes_close_at:
        raise ChangesAreClosed(
            f"Changes closed on {london(event.changes_close_at):%-d %B at %H.%M}. "
            f"Write to {event.programme.contact_email} and we will see what can be done."
        )


def _require_not_begun(event: Event, at: datetime) -> None:
    if at >= event.starts_at:
        raise RegistrationIsClosed(f"{event.title} has begun, so its places stand as they are.")


def _facts(registration: Registration) -> dict[str, object]:
    return {
        "status": registration.status,
        "team_id": registration.team_id,
        "role": registration.role,
        "photo_consent": registration.photo_consent,
    }


def _record(  # noqa: PLR0913 - a line of the record has that many columns
    verb: str,
    registration: Registration,
    *,
    by: Actor,
    at: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str | None = None,
) -> None:
    record(
        verb,
        registration,
        by=by,
        at=at,
        programme_id=registration.event.programme_id,
        before=before,
        after=after,
        reason=reason,
    )
