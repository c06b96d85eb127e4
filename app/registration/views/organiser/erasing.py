"""Erasing somebody: what goes, what stays and why, and one last question."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.actions import CannotErase, traces_of
from app.people.models import Person
from app.plumbing.database import transaction
from app.programmes.queries import Staff, all_programmes, staff_at
from app.registration.actions.erasing import erase_person, programmes_that_know
from app.registration.forms import Erasing
from app.registration.queries import registration_at
from app.registration.views.organiser.blueprint import pages


@pages.route(
    "/<programme_slug>/events/<event_slug>/registrations/<uuid:registration_id>/erase",
    methods=["GET", "POST"],
)
@needs(Permission.ERASE_PEOPLE)
def erase(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Show what erasing somebody takes away and what stays, and do it once a reason is given."""
    found = registration_at(event, registration_id) or abort(404)
    form, sentence, status = Erasing(), "", 200
    if form.validate_on_submit():
        try:
            _refuse_known_elsewhere(found.person)
            with transaction():
                erase_person(found, reason=form.reason_given, by=staff.actor, at=now())
        except CannotErase as refusal:
            sentence, status = str(refusal), 409
        else:
            flash("Erased. Only numbers are left.", "success")
            return redirect(
                url_for(
                    ".registrations", programme_slug=event.programme.slug, event_slug=event.slug
                )
            )
    page = render_template(
        "registration/organiser/erase.html",
        event=event,
        registration=found,
        traces=traces_of(found.person),
        form=form,
        sentence=sentence,
    )
    return page, 422 if form.errors else status


def _refuse_known_elsewhere(person: Person) -> None:
    known_at = programmes_that_know(person)
    for programme in all_programmes():
        if programme.id in known_at:
            staff = staff_at(current_user, programme)
            if staff is None or not staff.may(Permission.ERASE_PEOPLE):
                raise CannotErase(
                    f"{person.name} also takes part in a programme that you do not lead. "
                    "Ask an administrator who leads both."
                )
