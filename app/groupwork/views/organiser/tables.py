"""The tables: who sits where, which joined another, what a table sees, and what it wrote on paper."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.groupwork import forms
from app.groupwork.actions import agreeing, paper, preparing, writing
from app.groupwork.actions import tables as seating
from app.groupwork.models import Table
from app.groupwork.queries.papers import flip_charts_of
from app.groupwork.queries.sessions import standing_of
from app.groupwork.queries.tables import seated_in, table_at, tables_of
from app.groupwork.rules.words import Source
from app.groupwork.views.finding import work_at
from app.groupwork.views.organiser.blueprint import HERE, pages
from app.groupwork.views.tables import own_table
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.kernel.refusal import Refusal
from app.plumbing.database import transaction
from app.plumbing.files import file_kept_with
from app.plumbing.pictures import UnfitFile
from app.programmes.queries import Staff

ONE = f"{HERE}/tables/<uuid:table_id>"


@pages.get(f"{HERE}/tables")
@needs(Permission.LEAD_GROUP_WORK)
def tables(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show who sits at which table."""
    work = work_at(event)
    return render_template(
        "groupwork/organiser/tables.html",
        event=event,
        work=work,
        tables=tables_of(work),
        seats=seated_in(work),
    )


@pages.post(f"{HERE}/tables/seats")
@needs(Permission.LEAD_GROUP_WORK)
def seat_people(event: Event, staff: Staff) -> ResponseReturnValue:
    """Give a seat to everybody who has none yet."""
    work = work_at(event)
    with transaction():
        preparing.seat_all(work)
    flash("Everybody with a place has a seat.", "success")
    return redirect(_to("tables", event))


@pages.get(ONE)
@needs(Permission.LEAD_GROUP_WORK)
def table(event: Event, staff: Staff, table_id: UUID) -> ResponseReturnValue:
    """Show what a table sees on its phone."""
    found = _table(event, table_id)
    work = found.group_work
    others = [t for t in tables_of(work) if t.joined_id is None and t.id != found.id]
    return render_template(
        "groupwork/organiser/table.html",
        **own_table(found, at=now(), is_own=False),
        joining=forms.Seating(formdata=None).offer(others) if others else None,
        charts=flip_charts_of(found),
    )


@pages.post(f"{ONE}/joining")
@needs(Permission.LEAD_GROUP_WORK)
def join_tables(event: Event, staff: Staff, table_id: UUID) -> ResponseReturnValue:
    """Let a table write for another one from now on."""
    found = _table(event, table_id)
    others = [t for t in tables_of(found.group_work) if t.joined_id is None and t.id != found.id]
    form = forms.Seating().offer(others)
    if not form.validate_on_submit():
        abort(400)
    other = form.chosen(others)
    with transaction():
        seating.join_tables(found, other, by=staff.actor, at=now())
    flash(f"{found.name} writes for {other.name} now. Its cards stay.", "success")
    return redirect(_to("tables", event))


@pages.post(f"{ONE}/separation")
@needs(Permission.LEAD_GROUP_WORK)
def separate(event: Event, staff: Staff, table_id: UUID) -> ResponseReturnValue:
    """Let a table write for itself again."""
    found = _table(event, table_id)
    with transaction():
        seating.separate(found, by=staff.actor, at=now())
    flash(f"{found.name} writes for itself again.", "success")
    return redirect(_to("tables", event))


@pages.route(f"{ONE}/paper", methods=["GET", "POST"])
@needs(Permission.LEAD_GROUP_WORK)
def enter_card(event: Event, staff: Staff, table_id: UUID) -> ResponseReturnValue:
    """Type up a card that a table wrote on paper."""
    found = _table(event, table_id)
    work = found.group_work
    form = forms.PaperCard(data={"question": str(work.question)}).offer(
        standing_of(work, at=now()).prompts
    )
    if not form.validate_on_submit():
        page = render_template(
            "groupwork/organiser/enter_card.html",
            event=event,
            table=found,
            form=form,
            charts=flip_charts_of(found),
        )
        return page, 422 if request.method == "POST" else 200
    with transaction():
        writing.write_card(work, form.written, source=Source.PAPER, table=found, at=now())
    flash(f"Entered for {found.name}, marked as written on paper.", "success")
    return redirect(_to("enter_card", event, table_id=found.id))


@pages.route(f"{ONE}/agreement", methods=["GET", "POST"])
@needs(Permission.LEAD_GROUP_WORK)
def enter_agreement(event: Event, staff: Staff, table_id: UUID) -> ResponseReturnValue:
    """Enter an agreement for a table that has no phone."""
    found, at = _table(event, table_id), now()
    form = forms.Proposal().offer(found, on=london_day(at))
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            with transaction():
                agreeing.propose(found.group_work, found, form.proposed, is_paper=True, at=at)
        except Refusal as why:
            form.form_errors, status = [str(why)], 409
        else:
            flash(f"Entered for {found.name}.", "success")
            return redirect(_to("agreements", event))
    page = render_template(
        "groupwork/organiser/enter_agreement.html", event=event, table=found, form=form
    )
    return page, status


@pages.route(f"{ONE}/photo", methods=["GET", "POST"])
@needs(Permission.LEAD_GROUP_WORK)
def photo(event: Event, staff: Staff, table_id: UUID) -> ResponseReturnValue:
    """Keep a photo of a table's flip chart, to be typed up later."""
    found = _table(event, table_id)
    form = forms.Photo()
    status = 422 if request.method == "POST" else 200
    if form.validate_on_submit():
        try:
            taken = paper.look_at_photo(form.content)
        except UnfitFile as why:
            form.refuse(str(why))
        else:
            with file_kept_with(taken.key, taken.content), transaction():
                paper.keep_chart(found, taken, at=now())
            flash("The photo is kept and shown here in a moment.", "success")
            return redirect(_to("enter_card", event, table_id=found.id))
    page = render_template("groupwork/organiser/photo.html", event=event, table=found, form=form)
    return page, status


def _table(event: Event, table_id: UUID) -> Table:
    return table_at(work_at(event), table_id) or abort(404)


def _to(page: str, event: Event, table_id: UUID | None = None) -> str:
    return url_for(
        f".{page}",
        programme_slug=event.programme.slug,
        event_slug=event.slug,
        table_id=table_id,
    )
