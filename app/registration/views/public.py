"""What anybody may open: coming events, their forms, links from letters, passes that were found."""

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask import url_for as page_at
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.events.queries import coming_events, event_called
from app.kernel.clock import now
from app.kernel.codes import SECRET_LENGTH, normal_code
from app.kernel.permission import Permission, needs
from app.kernel.refusal import NotThere
from app.people.actions import VISIT, live_link, open_visit
from app.people.queries import person_visiting
from app.plumbing.browser import VISIT_COOKIE, lead_in, read_cookie
from app.plumbing.calendars import event_calendar, feed_calendar
from app.plumbing.database import transaction
from app.plumbing.limits import A_MAILBOX, counting_misses, did_something, limiter, mailbox_typed
from app.programmes.queries import programme_called, teams_of
from app.registration import messages
from app.registration.actions.booking import EventIsFull, RegistrationIsClosed, ask_for_place
from app.registration.forms import Place
from app.registration.queries import (
    code_of_feed,
    code_with,
    free_places,
    registration_of,
    registrations_of_person,
)

pages = Blueprint("registration", __name__)

WAYS = {
    "pass": ("attendee.registration.show_pass", "Open my pass"),
    "answer": ("attendee.registration.place", "Go to my place"),
    "decline": ("attendee.registration.decline", "Go on to decline"),
    "change": ("attendee.registration.change", "Go to my answers"),
    "cancel": ("attendee.registration.cancel", "Go on to cancel"),
    # Floors above: their pages are named, not imported.
    "skills": ("attendee.questionnaires.start", "Go to the questionnaire"),
    "story": ("attendee.writeups.mention", "See the write-up"),
}
"""Where the links in letters lead, and what their one button says."""


@pages.get("/events")
@needs(Permission.SEE_PUBLIC_PAGES)
def events() -> ResponseReturnValue:
    """List the events that anybody may come to."""
    return render_template("registration/public/events.html", events=coming_events(now()))


@pages.get("/events/<programme_slug>/<event_slug>")
@needs(Permission.SEE_PUBLIC_PAGES)
def event(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Show one event: when, where, what, and whether there are places."""
    found = _public_event(programme_slug, event_slug)
    return render_template(
        "registration/public/event.html",
        event=found,
        free=free_places(found),
        is_over=now() >= found.ends_at,
    )


@pages.get("/events/<programme_slug>/<event_slug>/event.ics")
@needs(Permission.SEE_PUBLIC_PAGES)
def event_file(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Hand out the calendar file of an event."""
    found = _public_event(programme_slug, event_slug)
    return calendar_answer(
        event_calendar(messages.event_entry(found, at=now()), method="PUBLISH"), found.slug
    )


@pages.route("/events/<programme_slug>/<event_slug>/registration", methods=["GET", "POST"])
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit("300 per minute", methods=["POST"])
@limiter.limit(A_MAILBOX, key_func=mailbox_typed, methods=["POST"], deduct_when=did_something)
def register(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Ask what a booking needs, and answer the same to known and unknown addresses."""
    found = _public_event(programme_slug, event_slug)
    form = Place()
    form.offer(teams_of(found.programme))
    if not form.is_submitted():
        return _form(found, form)
    if not form.validate():
        return _form(found, form, status=422)

    try:
        with transaction():
            ask_for_place(
                found,
                form.newcomer,
                form.booking,
                at=now(),
                submission_id=form.form_id,
            )
    except (EventIsFull, RegistrationIsClosed) as refusal:
        return _form(found, form, sentence=str(refusal), status=409)
    return redirect(page_at(".sent", programme_slug=programme_slug, event_slug=event_slug))


@pages.get("/events/<programme_slug>/<event_slug>/sent")
@needs(Permission.SEE_PUBLIC_PAGES)
def sent(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Say what happens next, in the same words to everybody."""
    found = _public_event(programme_slug, event_slug)
    return render_template("registration/public/sent.html", event=found)


@pages.get(
    "/l/<token>/<programme_slug>/<event_slug>/<any(pass,answer,decline,change,cancel,skills,story):way>"
)
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def letter(token: str, programme_slug: str, event_slug: str, way: str) -> ResponseReturnValue:
    """Show the event and one button, and nobody's name: programs that read mail open links too."""
    link = live_link(token, at=now())
    found = _event_known_to(link.person_id, programme_slug, event_slug)
    endpoint, label = WAYS[way]
    key = read_cookie(request, VISIT_COOKIE)
    visiting = person_visiting(key, at=now()) if key else None
    if visiting is not None and visiting.id == link.person_id:
        return redirect(page_at(endpoint, programme_slug=programme_slug, event_slug=event_slug))
    return render_template("registration/public/letter.html", event=found, label=label)


@pages.post(
    "/l/<token>/<programme_slug>/<event_slug>/<any(pass,answer,decline,change,cancel,skills,story):way>"
)
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def come_in(token: str, programme_slug: str, event_slug: str, way: str) -> ResponseReturnValue:
    """Swap the link for a cookie and go on to an address without it."""
    link = live_link(token, at=now())
    _event_known_to(link.person_id, programme_slug, event_slug)
    with transaction():
        key = open_visit(token, at=now())
    endpoint, _ = WAYS[way]
    to = page_at(endpoint, programme_slug=programme_slug, event_slug=event_slug)
    return lead_in(to, VISIT_COOKIE, key, lasts=VISIT)


@pages.get("/K/<code>")
@pages.get("/k/<code>", endpoint="ticket_in_small_letters")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def ticket(code: str) -> ResponseReturnValue:
    """Say what a pass is for, to whoever scanned it; never whose it is."""
    normal = normal_code(code)
    found = code_with(normal) if len(normal) == SECRET_LENGTH else None
    if found is None:
        raise NotThere
    return render_template(
        "registration/public/ticket.html", programme=found.programme, code=normal
    )


@pages.get("/calendar/<token>.ics")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def feed(token: str) -> ResponseReturnValue:
    """Hand a calendar program all events of a programme that somebody is booked on."""
    code = code_of_feed(token)
    if code is None:
        raise NotThere
    at = now()
    entries = [
        messages.calendar_entry(registration, at=at)
        for registration in registrations_of_person(code.person)
        if registration.event.programme_id == code.programme_id and registration.confirmed_at
    ]
    return calendar_answer(feed_calendar(entries, code.programme.title), code.programme.slug)


def calendar_answer(content: bytes, name: str) -> Response:
    """Return a calendar file as a browser or a calendar program takes it."""
    response = Response(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _event(programme_slug: str, event_slug: str) -> Event:
    programme = programme_called(programme_slug) or abort(404)
    return event_called(programme, event_slug) or abort(404)


def _public_event(programme_slug: str, event_slug: str) -> Event:
    found = _event(programme_slug, event_slug)
    return found if found.is_open_to_all else abort(404)


def _event_known_to(person_id: UUID, programme_slug: str, event_slug: str) -> Event:
    """Return an event that anybody may come to, or on whose list this person is."""
    found = _event(programme_slug, event_slug)
    is_theirs = found.is_open_to_all or registration_of(person_id, found.id) is not None
    return found if is_theirs else abort(404)


def _form(
    found: Event, form: Place, *, sentence: str | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "registration/public/register.html",
        event=found,
        form=form,
        free=free_places(found),
        is_over=now() >= found.ends_at,
        sentence=sentence,
    )
    return page, status
