"""What people need: counts for the kitchen without names, and tasks for those who arrange it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes.queries import Staff
from app.registration.actions.needs import needs_end, note_call
from app.registration.forms import CallNote
from app.registration.models import AccessNeed
from app.registration.queries import need_at, needs_at, taken_places
from app.registration.rules.places import ADJUSTMENTS, DIETS
from app.registration.views.organiser.blueprint import pages


@pages.get("/<programme_slug>/events/<event_slug>/catering")
@needs(Permission.SEE_CARE_NEEDS)
def catering(staff: Staff, event: Event) -> ResponseReturnValue:
    """Count the diets for the kitchen; no name is on this page."""
    told = needs_at(event)
    booked = taken_places(event)
    return render_template(
        "registration/organiser/catering.html",
        event=event,
        booked=booked,
        diets=_counted(told, booked),
        others=sorted(need.diet_other for need in told if need.diet == "other"),
        at=now(),
        deleted_at=needs_end(event),
    )


@pages.get("/<programme_slug>/events/<event_slug>/access-needs")
@needs(Permission.SEE_CARE_NEEDS)
def access_needs(
    staff: Staff,
    event: Event,
) -> ResponseReturnValue:
    """List who asked for a call and who needs what to take part."""
    told = needs_at(event)
    calls = [need for need in told if need.wants_call]
    return render_template(
        "registration/organiser/access_needs.html",
        event=event,
        waiting=_by_due_day(calls),
        called=[need for need in calls if need.call_done_at is not None],
        needing=[need for need in told if need.adjustments or need.access_other],
        counts=_adjustments(told),
        adjustments=ADJUSTMENTS,
        today=london_day(now()),
        deleted_at=needs_end(event),
    )


@pages.route(
    "/<programme_slug>/events/<event_slug>/access-needs/<uuid:need_id>", methods=["GET", "POST"]
)
@needs(Permission.SEE_CARE_NEEDS)
def call(staff: Staff, event: Event, need_id: UUID) -> ResponseReturnValue:
    """Show whom to call, and take down what was agreed."""
    need = need_at(event, need_id)
    if need is None or not need.wants_call:
        abort(404)
    form = CallNote(data={"note": need.call_note})
    page = "registration/organiser/call.html"
    if not form.is_submitted():
        return render_template(page, event=event, need=need, form=form, adjustments=ADJUSTMENTS)
    if not form.validate():
        shown = render_template(page, event=event, need=need, form=form, adjustments=ADJUSTMENTS)
        return shown, 422

    with transaction():
        note_call(need, note=form.note_given, by=staff.actor, at=now())
    flash(f"Done: {need.registration.person.name} was called.", "success")
    return redirect(
        url_for(".access_needs", programme_slug=event.programme.slug, event_slug=event.slug)
    )


def _by_due_day(calls: Sequence[AccessNeed]) -> list[tuple[AccessNeed, date]]:
    waiting = [need for need in calls if need.call_done_at is None]
    due = [(need, london_day(need.call_due_at or need.changed_at)) for need in waiting]
    return sorted(due, key=lambda one: one[1])


def _counted(told: Sequence[AccessNeed], booked: int) -> list[tuple[str, int]]:
    counts = Counter(need.diet for need in told if need.diet)
    special = [(DIETS[diet], counts[diet]) for diet in DIETS if counts[diet]]
    return [(DIETS[""], booked - counts.total()), *special]


def _adjustments(told: Sequence[AccessNeed]) -> list[tuple[str, int]]:
    counts = Counter(adjustment for need in told for adjustment in need.adjustments)
    return [(words, counts[key]) for key, words in ADJUSTMENTS.items() if counts[key]]
