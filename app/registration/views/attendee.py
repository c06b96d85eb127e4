"""Somebody's own pages: their bookings, their pass, what they answered, and leaving again."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.events.queries import event_called
from app.kernel.actor import Actor
from app.kernel.clock import london_day, now
from app.kernel.codes import grouped
from app.kernel.permission import Permission, needs
from app.people.actions import traces_of
from app.people.models import Person
from app.people.queries import visit_with
from app.plumbing.addresses import address_of
from app.plumbing.browser import VISIT_COOKIE, read_cookie
from app.plumbing.calendars import event_calendar
from app.plumbing.database import transaction
from app.plumbing.qr import qr_svg
from app.programmes.queries import programme_called, team_of, teams_of
from app.registration import messages
from app.registration.actions import erasing
from app.registration.actions.booking import (
    EventIsFull,
    RegistrationIsClosed,
    cancel_registration,
    change_registration,
    confirm_name_on_certificate,
    is_another_name,
    register,
)
from app.registration.actions.invitations import decline_invitation
from app.registration.actions.needs import NOTHING, needs_end, said_needs
from app.registration.forms import (
    CERTIFICATE_NAME,
    NEEDS,
    Answers,
    CertificateName,
    Leaving,
    known_answers,
)
from app.registration.models import Registration, Status
from app.registration.queries import (
    feed_token,
    free_places,
    live_code,
    needs_of,
    pass_code,
    registration_of,
    registrations_of_person,
)
from app.registration.rules.places import ADJUSTMENTS, DIETS
from app.registration.views.public import calendar_answer

pages = Blueprint("registration", __name__)


@dataclass(frozen=True, kw_only=True)
class May:
    """What may be seen and changed at this moment of what opens with a mailed code."""

    see_needs: bool
    name_themselves: bool


@pages.get("")
@needs(Permission.SEE_OWN_RECORD)
def mine(me: Person) -> ResponseReturnValue:
    """Show somebody's coming events and those that are over."""
    at = now()
    registrations = registrations_of_person(me)
    coming = [r for r in registrations if r.event.ends_at > at and _still_concerns(r)]
    over = [r for r in registrations if r.event.ends_at <= at and r.status is Status.CONFIRMED]
    return render_template(
        "registration/attendee/mine.html",
        me=me,
        coming=coming,
        over=over[::-1],
        certificates=_certificates(),
    )


@pages.get("/<programme_slug>/<event_slug>/pass")
@needs(Permission.SEE_OWN_RECORD)
def show_pass(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Show somebody's pass: large, readable in the sun, and all that the door needs."""
    event = _event(programme_slug, event_slug)
    registration = registration_of(me.id, event.id) or abort(404)
    if registration.status is not Status.CONFIRMED:
        return redirect(_at("place", event))
    code = live_code(me.id, event.programme_id)
    assert code is not None, "who is booked has a pass"
    return render_template(
        "registration/attendee/pass.html",
        me=me,
        event=event,
        registration=registration,
        picture=qr_svg(messages.pass_address(pass_code(code)), title=f"Pass for {event.title}"),
        short_code=grouped(code.short_code, messages.SHORT_CODE_GROUP),
        feed=address_of("public.registration.feed", token=feed_token(code)),
        may_change=now() < event.changes_close_at,
        has_begun=now() >= event.starts_at,
    )


@pages.route("/<programme_slug>/<event_slug>/place", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_RECORD)
def place(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Let somebody accept an invitation, or take a place, with what we know filled in."""
    event = _event(programme_slug, event_slug)
    registration = _own_or_open(me, event)
    if registration is not None and registration.status is Status.CONFIRMED:
        return redirect(_at("show_pass", event))
    is_proven = _is_proven()
    may = May(
        see_needs=is_proven or _has_told_nothing(registration),
        name_themselves=is_proven or me.certificate_name is None,
    )
    form = _answers(me, event, registration, may)
    if not (form.is_submitted() and form.validate()):
        return _place(me, event, registration, form)
    if _needs_code(me, form, may):
        return _place(me, event, registration, form, asks_code=True)

    try:
        with transaction():
            register(
                event,
                me,
                form.booking,
                by=_actor(me),
                at=now(),
                submission_id=form.form_id,
            )
    except (EventIsFull, RegistrationIsClosed) as refusal:
        return _place(me, event, registration, form, sentence=str(refusal))
    flash("You're booked. Your pass is in your e-mail too.", "success")
    return redirect(_at("show_pass", event))


@pages.route("/<programme_slug>/<event_slug>/decline", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_RECORD)
def decline(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Ask before an invitation is declined."""
    event = _event(programme_slug, event_slug)
    registration = registration_of(me.id, event.id) or abort(404)
    if registration.status is Status.CONFIRMED:
        return redirect(_at("cancel", event))
    form = Leaving()
    if not form.is_submitted():
        return render_template(
            "registration/attendee/decline.html", event=event, registration=registration, form=form
        )
    if not form.validate():
        return render_template(
            "registration/attendee/decline.html", event=event, registration=registration, form=form
        ), 422

    with transaction():
        decline_invitation(registration, reason=form.reason_given, by=_actor(me), at=now())
    flash(f"You declined {event.title}. Thank you for telling us.", "success")
    return redirect(url_for(".mine"))


@pages.route("/<programme_slug>/<event_slug>/change", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_RECORD)
def change(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Let somebody change what they answered, until changes close."""
    event = _event(programme_slug, event_slug)
    registration = registration_of(me.id, event.id) or abort(404)
    if registration.status is not Status.CONFIRMED:
        return redirect(_at("place", event))
    is_proven = _is_proven()
    may = May(see_needs=is_proven, name_themselves=is_proven)
    form = _answers(me, event, registration, may)
    if not (form.is_submitted() and form.validate()):
        return _change(me, event, form)
    if _needs_code(me, form, may) and now() < event.changes_close_at:
        return _change(me, event, form, asks_code=True)

    with transaction():
        is_new = change_registration(registration, form.booking, by=_actor(me), at=now())
    flash("Saved." if is_new else "Nothing was different, so nothing was changed.", "success")
    return redirect(_at("show_pass", event))


@pages.route("/<programme_slug>/<event_slug>/cancel", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_RECORD)
def cancel(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Ask before a place is given back."""
    event = _event(programme_slug, event_slug)
    registration = registration_of(me.id, event.id) or abort(404)
    if registration.status is not Status.CONFIRMED:
        return redirect(_at("place", event))
    form = Leaving()
    if not form.is_submitted():
        return _cancel(event, registration, form)
    if not form.validate():
        return _cancel(event, registration, form), 422

    with transaction():
        cancel_registration(registration, reason=form.reason_given, by=_actor(me), at=now())
    flash(f"Your place at {event.title} is given back. Thank you for telling us.", "success")
    return redirect(url_for(".mine"))


@pages.get("/<programme_slug>/<event_slug>/event.ics")
@needs(Permission.SEE_OWN_RECORD)
def event_file(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Hand out the calendar file of somebody's own place."""
    event = _event(programme_slug, event_slug)
    registration = registration_of(me.id, event.id) or abort(404)
    entry = messages.calendar_entry(registration, at=now())
    return calendar_answer(event_calendar(entry, method="PUBLISH"), event.slug)


@pages.route("/name-on-certificate", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_RECORD)
def name_on_certificate(me: Person) -> ResponseReturnValue:
    """Let somebody say how their name is printed."""
    is_proven = _is_proven()
    form = CertificateName(data={"name": me.name_on_certificate})
    if not form.is_submitted():
        return _name(me, form, asks_name=is_proven)
    # Sent without a name it is the one press that says: this is right.
    if "name" not in request.form:
        form.name.data = me.name_on_certificate
    elif not form.validate():
        return _name(me, form, status=422)
    if not is_proven and is_another_name(me, form.name_given):
        return _name(me, form, asks_code=True, status=409)

    with transaction():
        confirm_name_on_certificate(me, form.name_given, by=_actor(me), at=now())
    flash(f"Your certificates will read {me.name_on_certificate}.", "success")
    return redirect(url_for(".mine"))


@pages.get("/data")
@needs(Permission.SEE_OWN_RECORD)
def my_data(me: Person) -> ResponseReturnValue:
    """List what we hold about somebody, why, and until when."""
    registrations = registrations_of_person(me)
    kept = [r for r in registrations if needs_of(r) is not None]
    is_proven = _is_proven()
    return render_template(
        "registration/attendee/my_data.html",
        me=me,
        registrations=registrations,
        opens_needs=is_proven,
        kept=[(r, _needs_in_words(r) if is_proven else [], needs_end(r.event)) for r in kept],
    )


@pages.route("/data/erase", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_RECORD)
def ask_to_be_erased(me: Person) -> ResponseReturnValue:
    """Show somebody what erasing them means, and pass on that they want it."""
    if not _is_proven():
        return redirect(url_for("attendee.people.code", back=url_for(".ask_to_be_erased")))
    if request.method == "GET":
        return render_template(
            "registration/attendee/ask_to_be_erased.html", me=me, traces=traces_of(me)
        )
    with transaction():
        erasing.ask_to_be_erased(me, by=_actor(me), at=now())
    flash("We have passed it on. You hear from the organiser within one month.", "success")
    return redirect(url_for(".my_data"))


def _certificates() -> str | None:
    # Certificates stand a floor above; their page is named, not imported.
    there = "attendee.certificates.progress"
    return url_for(there) if there in current_app.view_functions else None


def _actor(me: Person) -> Actor:
    return Actor("attendee", me.id, me.name)


def _event(programme_slug: str, event_slug: str) -> Event:
    programme = programme_called(programme_slug) or abort(404)
    return event_called(programme, event_slug) or abort(404)


def _at(page: str, event: Event) -> str:
    return url_for(f".{page}", programme_slug=event.programme.slug, event_slug=event.slug)


def _still_concerns(registration: Registration) -> bool:
    return registration.status in {Status.CONFIRMED, Status.INVITED}


def _own_or_open(me: Person, event: Event) -> Registration | None:
    """Return somebody's registration, or None where anybody may come; else it is not theirs to see."""
    registration = registration_of(me.id, event.id)
    was_ended_by_others = registration is not None and registration.status is Status.CANCELLED
    if not event.is_open_to_all and (registration is None or was_ended_by_others):
        abort(404)
    return registration


def _is_proven() -> bool:
    """Say whether this browser showed a short while ago that it reads its owner's mail."""
    at = now()
    visit = visit_with(read_cookie(request, VISIT_COOKIE) or "", at=at)
    return visit is not None and visit.is_proven(at=at)


def _has_told_nothing(registration: Registration | None) -> bool:
    return registration is None or needs_of(registration) is None


def _answers(me: Person, event: Event, registration: Registration | None, may: May) -> Answers:
    told = said_needs(registration) if registration is not None else NOTHING
    team = team_of(me, event.programme, on=london_day(now()))
    form = Answers(data=known_answers(registration, me, team, told if may.see_needs else NOTHING))
    form.offer(teams_of(event.programme))
    if not _is_asked(NEEDS, on_opening=may.see_needs):
        form.leave_needs_out(told)
    if not _is_asked([CERTIFICATE_NAME], on_opening=may.name_themselves):
        form.leave_name_out()
    return form


def _is_asked(fields: Iterable[str], *, on_opening: bool) -> bool:
    # A page that comes back asks what it asked when it was opened, whatever was proven since:
    # what was typed while the code ran out is kept, and what was not asked is not emptied.
    return any(field in request.form for field in fields) if request.form else on_opening


def _needs_code(me: Person, form: Answers, may: May) -> bool:
    is_renamed = form.asks_name and is_another_name(me, form.name_to_print)
    return (form.asks_needs and not may.see_needs) or (is_renamed and not may.name_themselves)


def _place(
    me: Person,
    event: Event,
    registration: Registration | None,
    form: Answers,
    *,
    sentence: str | None = None,
    asks_code: bool = False,
) -> ResponseReturnValue:
    page = render_template(
        "registration/attendee/place.html",
        me=me,
        event=event,
        registration=registration,
        form=form,
        free=free_places(event),
        is_over=now() >= event.ends_at,
        sentence=sentence,
        asks_code=asks_code,
    )
    return page, 409 if sentence or asks_code else 422 if form.errors else 200


def _change(
    me: Person, event: Event, form: Answers, *, asks_code: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "registration/attendee/change.html",
        me=me,
        event=event,
        form=form,
        asks_code=asks_code,
        is_closed=now() >= event.changes_close_at,
    )
    return page, 409 if asks_code else 422 if form.errors else 200


def _name(
    me: Person,
    form: CertificateName,
    *,
    asks_name: bool = True,
    asks_code: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "registration/attendee/name_on_certificate.html",
        me=me,
        form=form,
        asks_name=asks_name,
        asks_code=asks_code,
    )
    return page, status


def _cancel(event: Event, registration: Registration, form: Leaving) -> str:
    return render_template(
        "registration/attendee/cancel.html",
        event=event,
        registration=registration,
        form=form,
        has_begun=now() >= event.starts_at,
    )


def _needs_in_words(registration: Registration) -> list[str]:
    needs = said_needs(registration)
    words = [DIETS[needs.diet]] if needs.diet else []
    words += [needs.diet_other] if needs.diet_other else []
    words += [ADJUSTMENTS.get(adjustment, adjustment) for adjustment in needs.adjustments]
    words += [needs.access_other] if needs.access_other else []
    return words + ([f"A call on {needs.phone}"] if needs.wants_call else [])
