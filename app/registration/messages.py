"""What registration writes to people: each letter complete in plain text, with HTML beside it."""

from datetime import datetime

from app.events.models import Event
from app.kernel.codes import grouped
from app.people.models import Account, Person
from app.plumbing.addresses import address_of
from app.plumbing.calendars import CalendarEntry, Method, event_calendar
from app.plumbing.mail import Enclosure, mail_settings, post
from app.plumbing.qr import qr_png
from app.plumbing.stationery import written
from app.registration.models import Registration
from app.registration.queries import feed_token, live_code, pass_code

SHORT_CODE_GROUP = 3


def confirmed(registration: Registration, token: str, *, at: datetime) -> None:
    """Send somebody their pass: the QR, the short code, and the calendar file."""
    _send_pass("confirmed", registration, token, at)


def booked_for_you(registration: Registration, token: str, *, at: datetime) -> None:
    """Tell somebody that an organiser booked them, with their pass and the way to say no."""
    _send_pass("booked_for_you", registration, token, at)


def changed(registration: Registration, token: str, *, at: datetime) -> None:
    """Tell somebody what their registration says now."""
    _send_pass("changed", registration, token, at)


def cancelled(registration: Registration, token: str, *, at: datetime) -> None:
    """Confirm to somebody that their place is given back, and take it out of their calendar."""
    _send("cancelled", registration, token, at, [_calendar(registration, "CANCEL", at)])


def cancelled_for_you(registration: Registration, token: str, *, at: datetime) -> None:
    """Tell somebody that an organiser gave their place back."""
    _send("cancelled_for_you", registration, token, at, [_calendar(registration, "CANCEL", at)])


def invited(registration: Registration, token: str, *, at: datetime) -> None:
    """Invite somebody, with the ways to say yes and no."""
    _send("invited", registration, token, at, [_calendar(registration, "PUBLISH", at)])


def moved(registration: Registration, token: str, *, at: datetime, about: str) -> None:
    """Tell somebody that the event is at another time or place, and put their calendar right."""
    is_booked = registration.confirmed_at is not None
    calendar = _calendar(registration, "REQUEST" if is_booked else "PUBLISH", at)
    _send("moved", registration, token, at, [calendar], about=about, is_booked=is_booked)


def called_off(
    registration: Registration, token: str, *, reason: str, at: datetime, about: str
) -> None:
    """Tell somebody that the event does not take place, and take it out of their calendar."""
    calendar = _calendar(registration, "CANCEL", at)
    _send("called_off", registration, token, at, [calendar], about=about, reason=reason)


def reminder(registration: Registration, token: str, *, at: datetime) -> None:
    """Ask somebody once more for a yes or a no."""
    _send("reminder", registration, token, at, [_calendar(registration, "PUBLISH", at)])


def one_more_step(event: Event, person: Person, token: str, *, about: str, at: datetime) -> None:
    """Tell somebody we know that their address was typed into an event's form."""
    words = written(
        "registration/email/one_more_step",
        event=event,
        person=person,
        answer=_link(event, token, "answer"),
    )
    assert person.email is not None
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=about,
        programme_id=event.programme_id,
    )


def somebody_asks_to_be_erased(
    lead: Account, registration: Registration, *, link: str, at: datetime
) -> None:
    """Tell a lead that somebody wants to be erased, and lead them to where it is done."""
    words = written(
        "registration/email/somebody_asks_to_be_erased",
        lead=lead.person,
        programme=registration.event.programme,
        link=link,
    )
    post(
        words,
        to_name=lead.person.name,
        to_address=lead.email,
        at=at,
        about=f"person:{registration.person_id}",
        programme_id=registration.event.programme_id,
    )


def pass_address(secret: str) -> str:
    """Return the address in a pass's QR, in capitals so that the code is small."""
    return address_of("public.registration.ticket", code=secret).upper()


def calendar_entry(registration: Registration, *, at: datetime) -> CalendarEntry:
    """Return what somebody's calendar holds about an event."""
    event, person = registration.event, registration.person
    entry = event_entry(event, at=at)
    return CalendarEntry(
        **{
            **entry.__dict__,
            "sequence": event.calendar_sequence + registration.calendar_sequence,
            "attendee_name": person.name,
            "attendee_email": person.email or "",
            "has_accepted": registration.confirmed_at is not None,
            "is_cancelled": event.cancelled_at is not None or registration.ended_at is not None,
        }
    )


def event_entry(event: Event, *, at: datetime) -> CalendarEntry:
    """Return what anybody's calendar may hold about an event."""
    programme = event.programme
    address = address_of(
        "public.registration.event", programme_slug=programme.slug, event_slug=event.slug
    )
    return CalendarEntry(
        uid=f"{event.id}@{mail_settings().sender.rpartition('@')[2]}",
        sequence=event.calendar_sequence,
        stamped_at=at,
        title=f"{event.title} – {programme.title}",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        place=", ".join(part for part in (event.venue, event.address) if part),
        description=event.summary,
        url=address,
        organiser_name=programme.host_organisation,
        organiser_email=programme.contact_email,
        is_cancelled=event.cancelled_at is not None,
    )


def _send_pass(letter: str, registration: Registration, token: str, at: datetime) -> None:
    code = live_code(registration.person_id, registration.event.programme_id)
    assert code is not None, "who is booked has a pass"
    picture = Enclosure("pass.png", "image/png", qr_png(pass_address(pass_code(code))), cid="pass")
    _send(
        letter,
        registration,
        token,
        at,
        [picture, _calendar(registration, "REQUEST", at)],
    )


def _send(
    letter: str,
    registration: Registration,
    token: str,
    at: datetime,
    enclosures: list[Enclosure],
    *,
    about: str = "",
    **facts: object,
) -> None:
    event, person = registration.event, registration.person
    assert person.email is not None, "who has no address gets no letter"
    code = live_code(person.id, event.programme_id)
    words = written(
        f"registration/email/{letter}",
        registration=registration,
        event=event,
        person=person,
        may_change=at < event.changes_close_at,
        short_code=grouped(code.short_code, SHORT_CODE_GROUP) if code else "",
        feed=address_of("public.registration.feed", token=feed_token(code)) if code else "",
        links={
            way: _link(event, token, way)
            for way in ("pass", "answer", "change", "cancel", "decline")
        },
        **facts,
    )
    post(
        words,
        to_name=person.name,
        to_address=person.email,
        at=at,
        about=about or f"registration:{registration.id}",
        programme_id=event.programme_id,
        enclosures=enclosures,
    )


def _link(event: Event, token: str, way: str) -> str:
    return address_of(
        "public.registration.letter",
        token=token,
        programme_slug=event.programme.slug,
        event_slug=event.slug,
        way=way,
    )


def _calendar(registration: Registration, method: Method, at: datetime) -> Enclosure:
    content = event_calendar(calendar_entry(registration, at=at), method=method)
    return Enclosure("event.ics", f"text/calendar; charset=utf-8; method={method}", content)
