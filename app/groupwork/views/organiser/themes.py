"""Putting cards into themes: by dragging, or by choosing them and pressing a button."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.groupwork import forms
from app.groupwork.actions import grouping
from app.groupwork.models import GroupWork
from app.groupwork.queries.sessions import standing_of
from app.groupwork.queries.themes import board_of, theme_at, undoable_arrangement
from app.groupwork.rules.stages import takes_grouping
from app.groupwork.views.finding import work_at
from app.groupwork.views.organiser.blueprint import HERE, pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.refusal import Refusal
from app.plumbing.database import transaction
from app.programmes.queries import Staff

NEW, OUT = "new", "out"


@pages.get(f"{HERE}/themes")
@needs(Permission.LEAD_GROUP_WORK)
def themes(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show the cards of the question at hand, by theme."""
    return _page(event, forms.Grouping(formdata=None))


@pages.post(f"{HERE}/themes")
@needs(Permission.LEAD_GROUP_WORK)
def group(event: Event, staff: Staff) -> ResponseReturnValue:
    """Put the chosen cards into a theme, a new one or none."""
    work, form = work_at(event), forms.Grouping()
    to = request.form.get("to", "")
    if not form.validate_on_submit() or not form.cards:
        form.form_errors = ["Choose one card or more first."] if not form.cards else []
        return _page(event, form), 422
    if to == NEW and not form.name.data:
        form.name.errors = ["Give the new theme a name of a few words."]
        return _page(event, form), 422
    try:
        with transaction():
            _do(work, to, form)
    except Refusal as why:
        form.form_errors = [str(why)]
        return _page(event, form), 409
    return _back(event)


def _do(work: GroupWork, to: str, form: forms.Grouping) -> None:
    at = now()
    if to == NEW:
        grouping.begin_theme(work, form.name.data, form.cards, at=at)
    elif to == OUT:
        grouping.take_out(work, form.cards, out_of=_themes(work, form.themes), at=at)
    else:
        theme = theme_at(work, _id(to)) or abort(404)
        moved_from = _themes(work, form.themes) if request.form.get("moved") else []
        grouping.put_into(work, theme, form.cards, out_of=moved_from, at=at)


def _themes(work: GroupWork, theme_ids: Sequence[UUID]) -> list[UUID]:
    return [theme_id for theme_id in theme_ids if theme_at(work, theme_id) is not None]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(404)


@pages.post(f"{HERE}/themes/undo")
@needs(Permission.LEAD_GROUP_WORK)
def undo_grouping(event: Event, staff: Staff) -> ResponseReturnValue:
    """Put the themes back as they stood before the last change."""
    work = work_at(event)
    with transaction():
        grouping.undo_grouping(work, at=now())
    flash("Taken back.", "success")
    return _back(event)


@pages.route(f"{HERE}/themes/<uuid:theme_id>", methods=["GET", "POST"])
@needs(Permission.LEAD_GROUP_WORK)
def theme(event: Event, staff: Staff, theme_id: UUID) -> ResponseReturnValue:
    """Give a theme another name."""
    work = work_at(event)
    found = theme_at(work, theme_id) or abort(404)
    form = forms.ThemeName(data={"name": found.name})
    if not form.validate_on_submit():
        page = render_template(
            "groupwork/organiser/theme.html", event=event, theme=found, form=form
        )
        return page, 422 if request.method == "POST" else 200
    with transaction():
        grouping.rename_theme(work, found, form.given_name, at=now())
    return _back(event)


@pages.post(f"{HERE}/themes/<uuid:theme_id>/removal")
@needs(Permission.LEAD_GROUP_WORK)
def drop_theme(event: Event, staff: Staff, theme_id: UUID) -> ResponseReturnValue:
    """Take a theme away; its cards are loose again."""
    work = work_at(event)
    found = theme_at(work, theme_id) or abort(404)
    with transaction():
        grouping.drop_theme(work, found, at=now())
    return _back(event)


def _page(event: Event, form: forms.Grouping) -> str:
    work, at = work_at(event), now()
    standing = standing_of(work, at=at)
    return render_template(
        "groupwork/organiser/themes.html",
        event=event,
        form=form,
        standing=standing,
        board=board_of(standing.prompt),
        may_group=takes_grouping(standing.stage),
        undoable=undoable_arrangement(standing.prompt, at=at),
    )


def _back(event: Event) -> Response:
    return redirect(url_for(".themes", programme_slug=event.programme.slug, event_slug=event.slug))
