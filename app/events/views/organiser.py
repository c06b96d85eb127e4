"""Planning, changing and cancelling an event."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events import actions, forms
from app.events.models import Event
from app.events.queries import events_of
from app.events.rules import DEFAULTS, EventKind, moves_people, suggested_title
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.plumbing.queue import enqueue
from app.programmes.models import Programme
from app.programmes.queries import Staff

pages = Blueprint("events", __name__)


@pages.get("/<programme_slug>/events/new")
@needs(Permission.EDIT_EVENTS)
def kinds(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Ask which kind of event is planned."""
    return render_template("events/organiser/kinds.html", programme=programme, kinds=DEFAULTS)


@pages.route("/<programme_slug>/events/new/<kind>", methods=["GET", "POST"])
@needs(Permission.EDIT_EVENTS)
def new_event(programme: Programme, kind: str, staff: Staff) -> ResponseReturnValue:
    """Plan an event; the form starts with what its kind usually has."""
    if kind not in set(EventKind):
        abort(404)
    chosen = EventKind(kind)
    standing = sum(event.kind is chosen for event in events_of(programme))
    title = suggested_title(chosen, standing=standing)
    form = forms.Event(data=forms.answers_for(chosen, title=title))
    if not form.validate_on_submit():
        page = render_template(
            "events/organiser/new_event.html",
            programme=programme,
            kind=DEFAULTS[chosen],
            form=form,
        )
        return page, 422 if form.errors else 200

    with transaction():
        event = actions.plan_event(programme, chosen, form.facts, by=staff.actor, at=now())
    flash(f"{event.title} is planned.", "success")
    return _to_event(event)


@pages.route("/<programme_slug>/events/<event_slug>/settings", methods=["GET", "POST"])
@needs(Permission.EDIT_EVENTS)
def settings(event: Event, staff: Staff) -> ResponseReturnValue:
    """Change an event; people who are booked hear of another time or place."""
    form = forms.Event(data=forms.answers_of(event))
    if not form.validate_on_submit():
        page = render_template("events/organiser/settings.html", event=event, form=form)
        return page, 422 if form.errors else 200

    with transaction():
        at = now()
        changed = actions.change_event(event, form.facts, by=staff.actor, at=at)
        # Who was at an event that is over need not come anywhere else.
        people_move = moves_people(changed) and event.ends_at > at
        if people_move:
            enqueue("registration.tell_of_change", due_at=at, event_id=str(event.id))
    if people_move:
        flash(
            "Saved. Everybody who is booked gets an e-mail with the new time or place.", "success"
        )
    else:
        flash("Saved.", "success")
    return _to_event(event)


@pages.route("/<programme_slug>/events/<event_slug>/cancellation", methods=["GET", "POST"])
@needs(Permission.EDIT_EVENTS)
def cancellation(event: Event, staff: Staff) -> ResponseReturnValue:
    """Ask for a reason and call an event off."""
    form = forms.Cancellation()
    if not form.validate_on_submit():
        page = render_template("events/organiser/cancellation.html", event=event, form=form)
        return page, 422 if form.errors else 200

    with transaction():
        at = now()
        actions.cancel_event(event, reason=form.reason_given, by=staff.actor, at=at)
        enqueue(
            "registration.tell_of_cancellation",
            due_at=at,
            event_id=str(event.id),
            reason=form.reason_given,
        )
    flash(f"{event.title} is cancelled. Everybody who is booked gets an e-mail.", "success")
    return _to_event(event)


def _to_event(event: Event) -> Response:
    return redirect(
        url_for(
            "organiser.reports.event",
            programme_slug=event.programme.slug,
            event_slug=event.slug,
        )
    )
