"""Somebody's own part in group work: their table, their own cards and votes, what they agree to, a note."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.events.queries import event_called
from app.groupwork import forms
from app.groupwork.actions import agreeing, noting, tables, voting, writing
from app.groupwork.models import GroupWork, Note, Table
from app.groupwork.queries.agreements import agreements_owned_by
from app.groupwork.queries.cards import cards_of_person
from app.groupwork.queries.notes import note_of
from app.groupwork.queries.sessions import group_work_of, scene_for, standing_of
from app.groupwork.queries.tables import seat_of, tables_of
from app.groupwork.queries.themes import themes_of
from app.groupwork.rules.keeping import note_goes_at
from app.groupwork.rules.stages import Stage
from app.groupwork.rules.voting import Voters
from app.groupwork.rules.words import Source, who_sees
from app.groupwork.views.tables import ballot_of, own_table, scene_at
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.kernel.refusal import Refusal
from app.people.models import Person
from app.plumbing.answers import part_answer_at
from app.plumbing.database import transaction
from app.programmes.queries import programme_called
from app.registration.models import Registration, Status
from app.registration.queries import registration_of

pages = Blueprint("groupwork", __name__)

HERE = "/<programme_slug>/<event_slug>"


@pages.get(f"{HERE}/table")
@needs(Permission.JOIN_GROUP_WORK)
def my_table(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Show somebody where they sit, and what they can do now."""
    place, work = _place(me, programme_slug, event_slug)
    table = _table(place)
    if table is None:
        return redirect(_to("sit_down", work.event))
    return _page(me, place, work, table, forms.OwnCard(formdata=None))


@pages.get(f"{HERE}/table/now")
@needs(Permission.JOIN_GROUP_WORK)
def my_table_now(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Give somebody's page its state of this moment, or say that nothing is new."""
    at = now()
    scene = scene_for(me.id, programme_slug=programme_slug, event_slug=event_slug, at=at)

    def draw() -> str:
        _, work = _place(me, programme_slug, event_slug)
        return render_template("groupwork/attendee/_table_now.html", **scene_at(work, at=at))

    return part_answer_at(scene or abort(404), draw)


@pages.route(f"{HERE}/seat", methods=["GET", "POST"])
@needs(Permission.JOIN_GROUP_WORK)
def sit_down(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Ask at which table somebody sits."""
    place, work = _place(me, programme_slug, event_slug)
    laid = [table for table in tables_of(work) if table.joined_id is None]
    form = forms.Seating().offer(laid)
    if not form.validate_on_submit():
        page = render_template(
            "groupwork/attendee/sit_down.html", me=me, event=work.event, form=form
        )
        return page, 422 if request.method == "POST" else 200
    with transaction():
        tables.sit_down(place, form.chosen(laid))
    return redirect(_to("my_table", work.event))


@pages.post(f"{HERE}/table/cards")
@needs(Permission.JOIN_GROUP_WORK)
def write_own(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Take a card of somebody's own; an anonymous one is kept without anything about them."""
    place, work = _place(me, programme_slug, event_slug)
    table = _table(place) or abort(404)
    form = forms.OwnCard()
    if not form.validate_on_submit():
        return _page(me, place, work, table, form), 422
    source = form.chosen_source
    try:
        with transaction():
            writing.write_card(work, form.written, source=source, table=table, person=me, at=now())
    except Refusal as why:
        form.form_errors = [str(why)]
        return _page(me, place, work, table, form), 409
    flash(f"Sent. {who_sees(source, table=table.writes_for.name)}", "success")
    return redirect(_to("my_table", work.event))


@pages.post(f"{HERE}/table/vote")
@needs(Permission.JOIN_GROUP_WORK)
def vote_myself(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Keep somebody's own dots."""
    place, work = _place(me, programme_slug, event_slug)
    table = _table(place) or abort(404)
    form, standing = forms.Vote(), standing_of(work, at=now())
    if not form.validate_on_submit():
        abort(400)
    dots = form.dots_on(themes_of(standing.prompt))
    try:
        with transaction():
            voting.vote(work, dots, place=place)
    except Refusal as why:
        own = forms.OwnCard(formdata=None)
        own.form_errors = [str(why)]
        return _page(me, place, work, table, own), 409
    flash(
        "Your dots are in. Nobody sees how you spent them; change them until the vote closes.",
        "success",
    )
    return redirect(_to("my_table", work.event))


@pages.post(f"{HERE}/agreements/<uuid:agreement_id>")
@needs(Permission.JOIN_GROUP_WORK)
def consent(
    me: Person, programme_slug: str, event_slug: str, agreement_id: UUID
) -> ResponseReturnValue:
    """Say yes or no to an agreement that somebody is to own, alone or with their team."""
    _, work = _place(me, programme_slug, event_slug)
    owned = agreements_owned_by(me, work, on=london_day(now()))
    found = next((one for one in owned if one.id == agreement_id), None) or abort(404)
    says_yes = request.form.get("say") == "yes"
    with transaction():
        agreeing.consent(found, me, says_yes=says_yes, at=now())
    flash(
        "You agreed. We ask you after 1, 3 and 6 months what became of it."
        if says_yes
        else "Noted: you do not agree. Tell your table.",
        "success",
    )
    return redirect(_to("my_table", work.event))


@pages.route(f"{HERE}/note", methods=["GET", "POST"])
@needs(Permission.JOIN_GROUP_WORK)
def note(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Keep what somebody writes for themselves; nobody else is shown it."""
    place = _registration(me, programme_slug, event_slug)
    standing = note_of(place)
    form = forms.Note(data={"text": standing.text if standing else ""})
    if not form.validate_on_submit():
        page = render_template(
            "groupwork/attendee/note.html",
            me=me,
            event=place.event,
            form=form,
            note=standing,
            goes_at=_goes_at(standing) if standing else None,
        )
        return page, 422 if request.method == "POST" else 200
    with transaction():
        noting.keep_note(place, form.text.data or "", at=now())
    flash("Your note is kept. Nobody but you is shown it.", "success")
    return redirect(_to("note", place.event))


def _goes_at(note: Note) -> datetime:
    programme = note.registration.event.programme
    return note_goes_at(programme.ends_on, changed_at=note.changed_at)


def _registration(me: Person, programme_slug: str, event_slug: str) -> Registration:
    programme = programme_called(programme_slug) or abort(404)
    event = event_called(programme, event_slug) or abort(404)
    place = registration_of(me.id, event.id) or abort(404)
    return place if place.status is Status.CONFIRMED else abort(404)


def _place(me: Person, programme_slug: str, event_slug: str) -> tuple[Registration, GroupWork]:
    place = _registration(me, programme_slug, event_slug)
    return place, group_work_of(place.event) or abort(404)


def _table(place: Registration) -> Table | None:
    seat = seat_of(place)
    return seat.table if seat else None


def _page(
    me: Person, place: Registration, work: GroupWork, table: Table, form: forms.OwnCard
) -> str:
    at = now()
    standing = standing_of(work, at=at)
    if form.question.data in (None, ""):
        form.question.data = str(work.question)
    shown = own_table(table, at=at)
    prompt_id = None if standing.stage is Stage.REHEARSAL else standing.prompt.id
    return render_template(
        "groupwork/attendee/my_table.html",
        **{
            **shown,
            "cards": cards_of_person(me, work, prompt_id),
        },
        me=me,
        form=form,
        hints={
            one.value: who_sees(one, table=table.writes_for.name)
            for one in (Source.PERSON, Source.ANONYMOUS)
        },
        ballot=ballot_of(standing, place=place) if work.voters is Voters.PEOPLE else None,
        agreements=agreements_owned_by(me, work, on=london_day(at)),
    )


def _to(page: str, event: Event) -> str:
    return url_for(f".{page}", programme_slug=event.programme.slug, event_slug=event.slug)
