"""Agreements: collected, read back, and what became of them months later."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.groupwork import forms
from app.groupwork.actions import agreeing, leading
from app.groupwork.models import Agreement
from app.groupwork.queries.agreements import (
    agreement_at,
    agreements_of,
    follow_ups_of,
    open_before,
    tally_of,
)
from app.groupwork.queries.sessions import standing_of
from app.groupwork.queries.tables import tables_of
from app.groupwork.rules.agreeing import OUTCOME_WORDS, STRENGTH_WORDS
from app.groupwork.views.finding import work_at
from app.groupwork.views.organiser.blueprint import HERE, pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.programmes.queries import Staff

ONE = f"{HERE}/agreements/<uuid:agreement_id>"


@pages.get(f"{HERE}/agreements")
@needs(Permission.LEAD_GROUP_WORK)
def agreements(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show what was agreed, who said yes, and what became of it."""
    work = work_at(event)
    found = agreements_of(work)
    asked = follow_ups_of(work)
    return render_template(
        "groupwork/organiser/agreements.html",
        event=event,
        work=work,
        standing=standing_of(work, at=now()),
        agreements=found,
        tally=tally_of(found),
        barriers=[one for one in asked if one.words],
        sent={
            one.id: max(
                (f.months for f in asked if f.agreement_id == one.id and f.sent_at), default=0
            )
            for one in found
        },
        tables=[table for table in tables_of(work) if table.joined_id is None],
        before=open_before(event),
        outcomes=OUTCOME_WORDS,
        strengths=STRENGTH_WORDS,
    )


@pages.post(f"{HERE}/agreements/reading")
@needs(Permission.LEAD_GROUP_WORK)
def read_back(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show one agreement on the wall, large, the next one, or all again."""
    work = work_at(event)
    said = request.form.get("number", "")
    number = int(said) if said.isdecimal() and len(said) < 5 else None
    with transaction():
        leading.read_back(work, number, at=now())
    return redirect(_to("agreements", event) + "#read-back")


@pages.post(f"{ONE}/withdrawal")
@needs(Permission.LEAD_GROUP_WORK)
def withdraw_agreement(event: Event, staff: Staff, agreement_id: UUID) -> ResponseReturnValue:
    """Take an agreement off the list while they are collected."""
    work, found = work_at(event), _agreement(event, agreement_id)
    with transaction():
        agreeing.withdraw_agreement(work, found, by=staff.actor, at=now())
    flash("The agreement is taken back.", "success")
    return _back(event)


@pages.route(f"{ONE}/outcome", methods=["GET", "POST"])
@needs(Permission.LEAD_GROUP_WORK)
def outcome(event: Event, staff: Staff, agreement_id: UUID) -> ResponseReturnValue:
    """Write down what became of an agreement, told in person."""
    found = _agreement(event, agreement_id)
    form = forms.Outcome(data={"outcome": found.outcome.value if found.outcome else None})
    if not form.validate_on_submit():
        page = render_template(
            "groupwork/organiser/outcome.html", event=event, agreement=found, form=form
        )
        return page, 422 if request.method == "POST" else 200
    with transaction():
        agreeing.set_outcome(found, form.chosen, by=staff.actor, at=now())
    flash("Written down.", "success")
    return _back(event)


def _agreement(event: Event, agreement_id: UUID) -> Agreement:
    return agreement_at(work_at(event), agreement_id) or abort(404)


def _back(event: Event) -> Response:
    return redirect(_to("agreements", event))


def _to(page: str, event: Event) -> str:
    return url_for(f".{page}", programme_slug=event.programme.slug, event_slug=event.slug)
