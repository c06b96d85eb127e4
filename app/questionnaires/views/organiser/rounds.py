"""The round at an event: planned, looked after while it is open, closed."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes.queries import Staff
from app.questionnaires import forms
from app.questionnaires.actions.feedback import demand_feedback
from app.questionnaires.actions.reminding import plan_reminders
from app.questionnaires.actions.rounds import change_round, close_now, plan_round
from app.questionnaires.models import Wave
from app.questionnaires.queries.answers import feedback_at, rate_of, wave_of
from app.questionnaires.queries.demands import demand_at
from app.questionnaires.rules.publishing import USUAL_SMALLEST
from app.questionnaires.rules.timing import RoundState
from app.questionnaires.views.organiser.blueprint import pages


@pages.route("/<programme_slug>/events/<event_slug>/skills", methods=["GET", "POST"])
@needs(Permission.EDIT_QUESTIONNAIRES)
def wave(event: Event, staff: Staff) -> ResponseReturnValue:
    """Plan the round of an event, or change it; while it is open only the response rate is known."""
    found = wave_of(event)
    form = forms.RoundRule(obj=found)
    if not form.validate_on_submit():
        return _page(event, found, form)

    with transaction():
        days, looks_back, by = form.days, form.looks_back, staff.actor
        if found is None:
            plan_round(event, days_open=days, asks_then=looks_back, by=by, at=now())
        else:
            change_round(found, days_open=days, asks_then=looks_back, by=by, at=now())
    flash("Saved." if found else "The round is planned. It opens with check-in.", "success")
    return _back(event)


def _page(
    event: Event, found: Wave | None, form: forms.RoundRule, wanted: forms.Demand | None = None
) -> ResponseReturnValue:
    wanted = wanted or forms.Demand(obj=demand_at(event), formdata=None)
    said = [row for row in feedback_at(event) if row.useful is not None]
    smallest = found.version.questionnaire.smallest_group if found else USUAL_SMALLEST
    page = render_template(
        "questionnaires/organiser/wave.html",
        event=event,
        wave=found,
        form=form,
        wanted=wanted,
        state=found.state(now()) if found else None,
        states=RoundState,
        rate=rate_of(found) if found else None,
        smallest=smallest,
        feedback=said if len(said) >= smallest and event.ends_at <= now() else [],
        given=len(said),
        useful=forms.Feedback().useful.choices,
    )
    return page, 422 if form.errors or wanted.errors else 200


@pages.route("/<programme_slug>/events/<event_slug>/skills/end", methods=["GET", "POST"])
@needs(Permission.EDIT_QUESTIONNAIRES)
def end_round(event: Event, staff: Staff) -> ResponseReturnValue:
    """Ask before a round is closed: it cannot be opened again."""
    found = wave_of(event)
    if found is None or found.state(now()) is not RoundState.OPEN:
        return _back(event)
    form = forms.Press()
    if not form.validate_on_submit():
        return render_template(
            "questionnaires/organiser/end_round.html", event=event, rate=rate_of(found), form=form
        )

    with transaction():
        close_now(found, by=staff.actor, at=now())
    flash("The round is closed, and its figures are published.", "success")
    return redirect(url_for(".skills", programme_slug=event.programme.slug))


@pages.post("/<programme_slug>/events/<event_slug>/skills/reminders")
@needs(Permission.EDIT_QUESTIONNAIRES)
def remind(event: Event, staff: Staff) -> ResponseReturnValue:
    """Have everybody written to who has not answered, without learning who that is."""
    found = wave_of(event)
    if found is None:
        return _back(event)
    with transaction():
        plan_reminders(found, by=staff.actor, at=now())
    flash("A reminder goes to everybody who has not answered and had none today.", "success")
    return _back(event)


@pages.post("/<programme_slug>/events/<event_slug>/skills/feedback")
@needs(Permission.EDIT_QUESTIONNAIRES)
def demand(event: Event, staff: Staff) -> ResponseReturnValue:
    """Say which accreditor asks for feedback before the certificate of attendance, or that none does."""
    form = forms.Demand()
    if not form.validate_on_submit():
        found = wave_of(event)
        return _page(event, found, forms.RoundRule(obj=found, formdata=None), form)

    with transaction():
        demand_feedback(event, form.name, by=staff.actor, at=now())
    flash("Saved.", "success")
    return _back(event)


def _back(event: Event) -> Response:
    return redirect(url_for(".wave", programme_slug=event.programme.slug, event_slug=event.slug))
