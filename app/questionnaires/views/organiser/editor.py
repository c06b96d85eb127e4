"""Editing the questionnaire: words, order and scale, and putting them into use."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.refusal import Refusal
from app.plumbing.database import transaction
from app.programmes.models import Programme
from app.programmes.queries import Staff
from app.questionnaires import forms
from app.questionnaires.actions.editing import (
    keep_draft,
    questionnaire_for,
    set_smallest,
    use_draft,
)
from app.questionnaires.models import Questionnaire
from app.questionnaires.queries.answers import (
    has_closed_round,
    questionnaire_of,
    version_in_use,
)
from app.questionnaires.rules.publishing import USUAL_SMALLEST
from app.questionnaires.rules.sheets import (
    STANDARD,
    Area,
    Sheet,
    from_data,
    moved,
    refuse_unfit,
    reworded,
    with_area,
    with_item,
    with_words,
    without,
)
from app.questionnaires.views.organiser.blueprint import pages

SCALE = "scale"
WORDS = "words-"


@pages.route("/<programme_slug>/skills/questionnaire", methods=["GET", "POST"])
@needs(Permission.EDIT_QUESTIONNAIRES)
def questionnaire(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Edit what is asked; each button keeps everything that was typed, then does its part."""
    form = forms.Press()
    if not form.validate_on_submit():
        return _editor(programme, _draft_of(programme))

    typed = _typed(_draft_of(programme))
    act, _, part = request.form.get("do", "keep").partition(":")
    try:
        if act == "use":
            refuse_unfit(typed)
    except Refusal as refusal:
        return _editor(programme, typed, problem=str(refusal))
    with transaction():
        found = questionnaire_for(programme, at=now())
        keep_draft(found, _done(typed, act, part), at=now())
    if act == "use":
        return redirect(url_for(".use", programme_slug=programme.slug))
    return _back(programme, part, pressed=act)


def _draft_of(programme: Programme) -> Sheet:
    found = questionnaire_of(programme)
    return from_data(found.draft) if found else STANDARD


def _typed(sheet: Sheet) -> Sheet:
    """Return the draft with the words of the form in it."""
    words = {
        name.removeprefix(WORDS): " ".join(text.split())
        for name, text in request.form.items()
        if name.startswith(WORDS)
    }
    lines = request.form.get(SCALE, "\n".join(sheet.scale)).splitlines()
    return with_words(sheet, words, [line.strip() for line in lines if line.strip()])


def _done(sheet: Sheet, act: str, part: str) -> Sheet:
    """Return the draft after a button was pressed."""
    if act in {"up", "down"}:
        return moved(sheet, part, -1 if act == "up" else 1)
    if act == "remove":
        return without(sheet, part)
    if act == "add-item":
        return with_item(sheet, part, _new_id())
    return with_area(sheet, _new_id(), _new_id()) if act == "add-area" else sheet


def _new_id() -> str:
    return f"x{uuid4().hex[:10]}"


def _editor(programme: Programme, draft: Sheet, *, problem: str = "") -> ResponseReturnValue:
    found = questionnaire_of(programme)
    in_use = version_in_use(found).sheet if found else STANDARD
    page = render_template(
        "questionnaires/organiser/questionnaire.html",
        programme=programme,
        sheet=draft,
        is_new=draft != in_use,
        focus=request.args.get("at", ""),
        problem=problem,
        privacy=_privacy(found),
        stands=has_closed_round(programme),
        form=forms.Press(),
    )
    return page, 422 if problem else 200


def _privacy(found: Questionnaire | None) -> forms.Privacy:
    smallest = found.smallest_group if found else USUAL_SMALLEST
    return forms.Privacy(data={"smallest": smallest}, formdata=None)


def _back(programme: Programme, part: str = "", *, pressed: str = "") -> Response:
    """Lead back to where somebody was, with the same button under their finger."""
    at = f"{pressed}:{part}" if part else None
    return redirect(url_for(".questionnaire", programme_slug=programme.slug, at=at))


@pages.route("/<programme_slug>/skills/questionnaire/use", methods=["GET", "POST"])
@needs(Permission.EDIT_QUESTIONNAIRES)
def use(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Ask of each reworded statement whether it still asks the same, then put the draft into use."""
    found = questionnaire_of(programme)
    draft = _draft_of(programme)
    in_use = version_in_use(found).sheet if found else STANDARD
    other_scale = draft.scale != in_use.scale
    form = forms.Press()
    if not form.validate_on_submit():
        return render_template(
            "questionnaires/organiser/use.html",
            programme=programme,
            changed=reworded(draft, in_use),
            areas=[] if other_scale else _other_areas(draft, in_use),
            other_scale=other_scale,
            is_new=draft != in_use,
            form=form,
        )

    same = frozenset(request.form.getlist("same"))
    with transaction():
        mine = questionnaire_for(programme, at=now())
        version = use_draft(mine, asks_the_same=same, by=staff.actor, at=now())
    flash(f"Version {version.number} is in use for every round that has not opened.", "success")
    return redirect(url_for(".skills", programme_slug=programme.slug))


def _other_areas(draft: Sheet, in_use: Sheet) -> list[Area]:
    return [area for area in draft.areas if not draft.asks_the_same(in_use, area.id)]


@pages.post("/<programme_slug>/skills/privacy")
@needs(Permission.EDIT_QUESTIONNAIRES)
def privacy(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Say of how few people figures are shown."""
    form = forms.Privacy()
    if not form.validate_on_submit():
        flash(str(next(iter(form.errors.values()), ["Enter a number."])[0]), "error")
        return _back(programme)
    with transaction():
        mine = questionnaire_for(programme, at=now())
        set_smallest(mine, form.smallest_group, by=staff.actor, at=now())
    flash("Saved.", "success")
    return _back(programme)
