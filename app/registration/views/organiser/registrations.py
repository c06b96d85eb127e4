"""An event's list: who is booked, each registration, and what organisers do for people."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.actions import AddressIsTaken, meet
from app.plumbing.audit import lines_about
from app.plumbing.browser import page_asked
from app.plumbing.database import transaction
from app.plumbing.mail import letters_about
from app.plumbing.spreadsheets import csv_export
from app.programmes.queries import Staff, teams_of
from app.registration.actions.booking import (
    AddressIsTheirOwn,
    AlreadyBooked,
    EventIsFull,
    RegistrationIsClosed,
    cancel_registration,
    change_registration,
    correct_contact,
    register,
    write_again,
)
from app.registration.actions.codes import replace_code
from app.registration.actions.needs import said_needs
from app.registration.forms import NO_PRACTICE, CancelFor, Correction, ForSomebody, OnBehalf
from app.registration.models import Registration, Status
from app.registration.queries import (
    counts_by_status,
    found_registrations,
    free_places,
    live_code,
    people_to_remind,
    registration_at,
    registrations_of,
)
from app.registration.views.organiser.blueprint import pages
from app.registration.views.organiser.wording import SOURCES, STATUSES, history

PAGE_SIZE = 50


@pages.get("/<programme_slug>/events/<event_slug>/registrations")
@needs(Permission.SEE_ATTENDEES)
def registrations(staff: Staff, event: Event) -> ResponseReturnValue:
    """List who is booked, invited or gone, with filters and a search."""
    status = _status(request.args.get("status", ""))
    words = request.args.get("q", "").strip()[:100]
    page = page_asked(request)
    rows, total = found_registrations(event, status=status, words=words, page=page, size=PAGE_SIZE)
    counts = counts_by_status(event)
    return render_template(
        "registration/organiser/registrations.html",
        event=event,
        staff=staff,
        rows=rows,
        total=total,
        page_number=page,
        page_size=PAGE_SIZE,
        words=words,
        status=status.value if status else "",
        chips=_chips(counts),
        counts=counts,
        free=free_places(event),
        statuses=STATUSES,
        may_see_contact=staff.may(Permission.SEE_CONTACT_DETAILS),
        may_register=staff.may(Permission.REGISTER_PEOPLE),
        may_export=staff.may(Permission.EXPORT_PEOPLE),
        to_remind=_to_remind(staff, event),
    )


def _to_remind(staff: Staff, event: Event) -> int:
    may_remind = staff.may(Permission.MAIL_ATTENDEES)
    return len(people_to_remind(event, at=now())) if may_remind else 0


@pages.get("/<programme_slug>/events/<event_slug>/registrations.csv")
@needs(Permission.EXPORT_PEOPLE)
def registrations_file(staff: Staff, event: Event) -> ResponseReturnValue:
    """Hand out the whole list as a spreadsheet; what people need is never in it."""
    header = ["Name", "Name on certificate", "Practice", "Role", "Status", "Photos"]
    with_contact = staff.may(Permission.SEE_CONTACT_DETAILS)
    rows = [
        [*_exported(row), *([row.person.email or ""] if with_contact else [])]
        for row in registrations_of(event)
    ]
    content = csv_export([*header, *(["E-mail"] if with_contact else [])], rows)
    response = Response(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="registrations-{event.slug}.csv"'
    )
    return response


@pages.route("/<programme_slug>/events/<event_slug>/registrations/new", methods=["GET", "POST"])
@needs(Permission.REGISTER_PEOPLE)
def new_registration(staff: Staff, event: Event) -> ResponseReturnValue:
    """Register a person on their behalf; they are told and can say no."""
    form = OnBehalf()
    form.offer(teams_of(event.programme))
    if not form.is_submitted():
        return _new(event, form)
    if not form.validate():
        return _new(event, form, status=422)

    try:
        with transaction():
            at = now()
            person = meet(name=form.newcomer.name, email=form.newcomer.email, at=at)
            made = register(
                event,
                person,
                form.booking,
                by=staff.actor,
                at=at,
                submission_id=form.form_id,
            )
    except (EventIsFull, AlreadyBooked, RegistrationIsClosed) as refusal:
        return _new(event, form, sentence=str(refusal), status=409)
    flash(f"{made.person.name} is booked. The letter with the pass is on its way.", "success")
    return redirect(_at("registration", event, made))


@pages.get("/<programme_slug>/events/<event_slug>/registrations/<uuid:registration_id>")
@needs(Permission.SEE_ATTENDEES)
def registration(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Show one registration: its facts, its letter and its history."""
    found = registration_at(event, registration_id) or abort(404)
    about = f"registration:{found.id}"
    code = live_code(found.person_id, event.programme_id)
    subjects = [found, found.person, *([code] if code else [])]
    may_register = staff.may(Permission.REGISTER_PEOPLE)
    return render_template(
        "registration/organiser/registration.html",
        event=event,
        staff=staff,
        registration=found,
        status=STATUSES[found.status],
        source=SOURCES[found.source],
        code=code,
        letter=letters_about(about).get(about),
        history=history(lines_about(*subjects)) if may_register else [],
        may_see_contact=staff.may(Permission.SEE_CONTACT_DETAILS),
        may_see_needs=staff.may(Permission.SEE_CARE_NEEDS),
        may_register=may_register,
        may_erase=staff.may(Permission.ERASE_PEOPLE),
        is_live=found.status in {Status.CONFIRMED, Status.INVITED},
    )


@pages.route(
    "/<programme_slug>/events/<event_slug>/registrations/<uuid:registration_id>/change",
    methods=["GET", "POST"],
)
@needs(Permission.REGISTER_PEOPLE)
def change(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Change what a registration says; what the person needs stays as they said."""
    found = registration_at(event, registration_id) or abort(404)
    form = ForSomebody(data=_known(found))
    form.offer(teams_of(event.programme))
    page = "registration/organiser/change.html"
    if not form.is_submitted():
        return render_template(page, event=event, registration=found, form=form)
    if not form.validate():
        return render_template(page, event=event, registration=found, form=form), 422

    with transaction():
        booking = form.booking_with(said_needs(found))
        is_new = change_registration(found, booking, by=staff.actor, at=now())
    told = f"Saved. {found.person.name} is told by e-mail." if found.person.email else "Saved."
    flash(told if is_new else "Nothing was different, so nothing was changed.", "success")
    return redirect(_at("registration", event, found))


@pages.route(
    "/<programme_slug>/events/<event_slug>/registrations/<uuid:registration_id>/person",
    methods=["GET", "POST"],
)
@needs(Permission.REGISTER_PEOPLE)
def correct(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Put somebody's name or address right; a new address gets the pass."""
    found = registration_at(event, registration_id) or abort(404)
    form = Correction(data={"name": found.person.name, "email": found.person.email})
    if not form.is_submitted():
        return _correct(event, found, form)
    if not form.validate():
        return _correct(event, found, form, status=422)

    try:
        with transaction():
            correct_contact(
                found,
                name=form.newcomer.name,
                email=form.newcomer.email or "",
                by=staff.actor,
                at=now(),
            )
    except (AddressIsTaken, AddressIsTheirOwn) as refusal:
        return _correct(event, found, form, sentence=str(refusal), status=409)
    flash("Saved.", "success")
    return redirect(_at("registration", event, found))


@pages.route(
    "/<programme_slug>/events/<event_slug>/registrations/<uuid:registration_id>/cancellation",
    methods=["GET", "POST"],
)
@needs(Permission.REGISTER_PEOPLE)
def cancel(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Ask before somebody's place is given back."""
    found = registration_at(event, registration_id) or abort(404)
    form = CancelFor()
    page = "registration/organiser/cancel.html"
    if not form.is_submitted():
        return render_template(page, event=event, registration=found, form=form)
    if not form.validate():
        return render_template(page, event=event, registration=found, form=form), 422

    with transaction():
        cancel_registration(found, reason=form.reason_given, by=staff.actor, at=now())
    flash(f"The place of {found.person.name} is given back.", "success")
    return redirect(_at("registration", event, found))


@pages.post("/<programme_slug>/events/<event_slug>/registrations/<uuid:registration_id>/letter")
@needs(Permission.REGISTER_PEOPLE)
def send_letter(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Mail somebody their pass or invitation once more."""
    found = registration_at(event, registration_id) or abort(404)
    if found.person.email is None or found.status not in {Status.CONFIRMED, Status.INVITED}:
        abort(404)
    with transaction():
        write_again(found, by=staff.actor, at=now())
    flash(f"The letter to {found.person.name} is on its way.", "success")
    return redirect(_at("registration", event, found))


@pages.post("/<programme_slug>/events/<event_slug>/registrations/<uuid:registration_id>/pass")
@needs(Permission.REGISTER_PEOPLE)
def new_pass(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Make somebody's pass worthless and give them another one."""
    found = registration_at(event, registration_id) or abort(404)
    if found.status is not Status.CONFIRMED:
        abort(404)
    with transaction():
        at = now()
        code = live_code(found.person_id, event.programme_id)
        assert code is not None, "who is booked has a pass"
        replace_code(code, by=staff.actor, at=at)
        write_again(found, by=staff.actor, at=at)
    flash(f"{found.person.name} has a new pass. The old one no longer works.", "success")
    return redirect(_at("registration", event, found))


def _at(page: str, event: Event, found: Registration) -> str:
    return url_for(
        f".{page}",
        programme_slug=event.programme.slug,
        event_slug=event.slug,
        registration_id=found.id,
    )


def _status(given: str) -> Status | None:
    return Status(given) if given in set(Status) else None


def _chips(counts: Mapping[Status, int]) -> list[tuple[str, str, int]]:
    everybody = ("", "All", sum(counts.values()))
    return [everybody, *((s.value, words, counts.get(s, 0)) for s, (words, _) in STATUSES.items())]


def _exported(row: Registration) -> list[str]:
    return [
        row.person.name,
        row.person.name_on_certificate,
        row.team.name if row.team else "",
        row.role,
        STATUSES[row.status][0],
        "Yes" if row.photo_consent else "No",
    ]


def _known(found: Registration) -> dict[str, object]:
    return {
        "practice": found.team.slug if found.team else NO_PRACTICE,
        "role": found.role,
        "certificate_name": found.person.name_on_certificate,
        "photo": "yes" if found.photo_consent else "no",
    }


def _correct(
    event: Event,
    found: Registration,
    form: Correction,
    *,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "registration/organiser/correct.html",
        event=event,
        registration=found,
        form=form,
        sentence=sentence,
    )
    return page, status


def _new(
    event: Event, form: OnBehalf, *, sentence: str | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "registration/organiser/new_registration.html",
        event=event,
        form=form,
        sentence=sentence,
        free=free_places(event),
    )
    return page, status
