"""The facilitator's page, made for the phone: where the session stands, and the next move."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.groupwork import forms
from app.groupwork.actions import leading, preparing
from app.groupwork.models import GroupWork
from app.groupwork.queries.agreements import open_before
from app.groupwork.queries.cards import cards_waiting
from app.groupwork.queries.rooms import tables_seen
from app.groupwork.queries.sessions import (
    group_work_of,
    revision_of,
    standing_of,
    undoable_step,
)
from app.groupwork.queries.tables import tables_in
from app.groupwork.rules.stages import Move
from app.groupwork.views.finding import work_at
from app.groupwork.views.organiser.blueprint import HERE, pages
from app.groupwork.views.words import MOVE_WORDS, STAGE_WORDS, UNDONE_WORDS
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer_at
from app.plumbing.database import transaction
from app.programmes.queries import Staff

LOOKED_AT_ANEW = 30
"""Seconds after which the facilitator's page is drawn again though nothing has been written."""


@pages.get(HERE)
@needs(Permission.LEAD_GROUP_WORK)
def session(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show where the session stands, the tables, and what leads on."""
    work = group_work_of(event)
    if work is None:
        return redirect(_to("settings", event))
    return render_template(
        "groupwork/organiser/session.html",
        event=event,
        form=forms.Seen(formdata=None, data={"seen": work.steps}),
        **_state(work),
    )


@pages.get(f"{HERE}/now")
@needs(Permission.LEAD_GROUP_WORK)
def session_now(event: Event, staff: Staff) -> ResponseReturnValue:
    """Give the page its tables of this moment, or say that nothing is new."""
    work, at = work_at(event), now()
    # That a table is quiet comes with time alone, so the few who lead are told anew now and then.
    return part_answer_at(
        f"{revision_of(event.id, at=at)}-{int(at.timestamp()) // LOOKED_AT_ANEW}",
        lambda: render_template(
            "groupwork/organiser/_session_now.html", event=event, **_state(work)
        ),
    )


def _state(work: GroupWork) -> Mapping[str, object]:
    at = now()
    standing = standing_of(work, at=at)
    return {
        "work": work,
        "standing": standing,
        "tables": tables_seen(standing),
        "stage_words": STAGE_WORDS,
        "move_words": MOVE_WORDS,
        "undoable": undoable_step(work, at=at),
        "undone_words": UNDONE_WORDS,
        "waiting": cards_waiting(standing) if work.is_moderated else 0,
        "before": open_before(work.event),
        "at": at,
    }


@pages.route(f"{HERE}/settings", methods=["GET", "POST"])
@needs(Permission.LEAD_GROUP_WORK)
def settings(event: Event, staff: Staff) -> ResponseReturnValue:
    """Ask for the questions and the tables, and prepare the session."""
    work = group_work_of(event)
    form = forms.Preparation(data=forms.plan_of(work, tables=tables_in(work) if work else 0))
    if not form.validate_on_submit():
        page = render_template(
            "groupwork/organiser/settings.html", event=event, form=form, work=work
        )
        return page, 422 if request.method == "POST" else 200
    with transaction():
        preparing.prepare(event, form.plan, by=staff.actor, at=now())
    flash("The group work is prepared. Print the table cards, then show the wall.", "success")
    return redirect(_to("session", event))


@pages.post(f"{HERE}/moves/<move>")
@needs(Permission.LEAD_GROUP_WORK)
def move(event: Event, staff: Staff, move: str) -> ResponseReturnValue:
    """Lead the session on."""
    if move not in set(Move):
        abort(404)
    work, form = work_at(event), forms.Seen()
    with transaction():
        leading.move(work, Move(move), seen=form.steps, by=staff.actor, at=now())
    return _back(event)


@pages.post(f"{HERE}/undo")
@needs(Permission.LEAD_GROUP_WORK)
def undo(event: Event, staff: Staff) -> ResponseReturnValue:
    """Take the last move back."""
    work, form = work_at(event), forms.Seen()
    with transaction():
        leading.undo(work, seen=form.steps, by=staff.actor, at=now())
    flash("Taken back. Nothing that was written is lost.", "success")
    return _back(event)


def _back(event: Event) -> Response:
    return redirect(_to("session", event))


def _to(page: str, event: Event) -> str:
    return url_for(f".{page}", programme_slug=event.programme.slug, event_slug=event.slug)
