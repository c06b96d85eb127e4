"""The write-up of an event in the making: its first draft, its text, how it looks, and its versions."""

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.kernel.clock import clock_words, now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer
from app.plumbing.database import transaction
from app.plumbing.limits import limiter
from app.programmes.queries import Staff
from app.writeups import forms
from app.writeups.actions import writing
from app.writeups.actions.writing import SavedMeanwhile, Text, as_text
from app.writeups.models import WriteUp
from app.writeups.queries.blocks import blocks_of
from app.writeups.queries.comments import counts_by_status
from app.writeups.queries.write_ups import newest_version, version_at, versions_of, write_up_of
from app.writeups.rules.commenting import CommentStatus
from app.writeups.views.organiser.blueprint import EVENT, pages
from app.writeups.views.telling import Story, picture_addresses, story_of

MOST_TO_SEND = 512 * 1024
OFTEN_ENOUGH = "120 per minute"
"""An editor's own page asks at most once a second; a hundred editors write behind one address."""


@pages.url_value_preprocessor
def make_room_for_long_texts(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a long story be sent, in letters that take several signs each on their way.

    The entrance has turned strangers away by now, and nothing has read the form yet.
    """
    if (endpoint or "").rpartition(".")[2] in {"save", "save_draft", "preview"}:
        request.max_content_length = request.max_form_memory_size = MOST_TO_SEND


@pages.get(EVENT)
@needs(Permission.EDIT_WRITE_UPS)
def write_up(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show the text to be written, or what a first draft could be made of."""
    found = write_up_of(event)
    if found is None:
        return render_template(
            "writeups/organiser/write_up.html",
            event=event,
            form=forms.Beginning(),
            blocks=blocks_of(event, at=now()),
        )
    newest = newest_version(found)
    form = forms.Writing(edit=found.edit, **_fields(as_text(newest)))
    return _editor(found, form, staff)


@pages.post(EVENT)
@needs(Permission.EDIT_WRITE_UPS)
def begin(event: Event, staff: Staff) -> ResponseReturnValue:
    """Begin the write-up with the blocks that are kept."""
    form = forms.Beginning()
    if not form.validate_on_submit():
        abort(400)
    at = now()
    with transaction():
        writing.begin(event, form.kept(blocks_of(event, at=at)), by=staff.actor, at=at)
    flash("Your first draft is here. Nobody else sees it until you publish it.", "success")
    return _to_write_up(event)


@pages.post(f"{EVENT}/text")
@needs(Permission.EDIT_WRITE_UPS)
def save(event: Event, staff: Staff) -> ResponseReturnValue:
    """Save the text; where another was saved meanwhile, show both."""
    found = _begun(event)
    form = forms.Writing()
    if not form.validate_on_submit():
        return _editor(found, form, staff), 422
    written = form.written
    try:
        with transaction():
            writing.save(found, written, edit=form.edit_read, by=staff.actor, at=now())
    except SavedMeanwhile as why:
        return _both(event, written, staff, why=str(why)), 409
    flash("Saved.", "success")
    return _to_write_up(event)


def _both(event: Event, written: Text, staff: Staff, *, why: str) -> str:
    """Show what somebody wrote beside what was saved meanwhile; saving again saves it over that."""
    found = _begun(event)
    with transaction():
        writing.put_aside(found, written, by=staff.actor, at=now())
    found = _begun(event)
    form = forms.Writing(formdata=None, edit=found.edit, **_fields(written))
    return _editor(found, form, staff, why=why)


@pages.post(f"{EVENT}/draft")
@needs(Permission.EDIT_WRITE_UPS)
@limiter.limit(OFTEN_ENOUGH)
def save_draft(event: Event, staff: Staff) -> ResponseReturnValue:
    """Save what stands in the editor by itself, and say so; or say why not."""
    found = _begun(event)
    form = forms.Writing()
    if not form.validate_on_submit():
        first = next(iter(form.errors.values()))[0]
        return jsonify(error=f"Not saved. {first}"), 422
    at, written = now(), form.written
    try:
        with transaction():
            edit = writing.save(found, written, edit=form.edit_read, by=staff.actor, at=at)
    except SavedMeanwhile as why:
        with transaction():
            writing.put_aside(_begun(event), written, by=staff.actor, at=at)
        return jsonify(error=f"{why} It is kept among the versions. Press Save to see both."), 409
    return jsonify(edit=edit, said=f"Saved at {clock_words(at)}")


@pages.post(f"{EVENT}/preview")
@needs(Permission.EDIT_WRITE_UPS)
@limiter.limit(OFTEN_ENOUGH)
def preview(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show how the text that stands in the editor will look; nothing is saved."""
    found = _begun(event)
    story = _told(found, forms.Writing().written_so_far)
    return part_answer(render_template("writeups/organiser/_preview.html", story=story))


@pages.get(f"{EVENT}/versions")
@needs(Permission.EDIT_WRITE_UPS)
def versions(event: Event, staff: Staff) -> ResponseReturnValue:
    """List every version that was kept."""
    found = _begun(event)
    return render_template(
        "writeups/organiser/versions.html",
        event=event,
        write_up=found,
        versions=versions_of(found),
    )


@pages.get(f"{EVENT}/versions/<int:number>")
@needs(Permission.EDIT_WRITE_UPS)
def version(event: Event, number: int, staff: Staff) -> ResponseReturnValue:
    """Show one version as it would look, and its text."""
    found = _begun(event)
    version = version_at(found, number) or abort(404)
    return render_template(
        "writeups/organiser/version.html",
        event=event,
        version=version,
        story=_told(found, as_text(version)),
        is_newest=version.id == newest_version(found).id,
    )


@pages.post(f"{EVENT}/versions/<int:number>/restoration")
@needs(Permission.EDIT_WRITE_UPS)
def restore(event: Event, number: int, staff: Staff) -> ResponseReturnValue:
    """Make an earlier version the newest."""
    found = _begun(event)
    if version_at(found, number) is None:
        abort(404)
    with transaction():
        writing.restore(found, number, by=staff.actor, at=now())
    flash(f"Version {number} is the newest again. What stood there is kept.", "success")
    return _to_write_up(event)


def _begun(event: Event) -> WriteUp:
    return write_up_of(event) or abort(404)


def _fields(text: Text) -> dict[str, str]:
    return {"title": text.title, "summary": text.summary, "text": text.text}


def _told(found: WriteUp, text: Text) -> Story:
    return story_of(found, text, picture_address=picture_addresses(found, to_staff=True), at=now())


def _editor(found: WriteUp, form: forms.Writing, staff: Staff, *, why: str = "") -> str:
    newest = newest_version(found)
    return render_template(
        "writeups/organiser/editor.html",
        event=found.event,
        write_up=found,
        newest=newest,
        form=form,
        why=why,
        story=_told(found, form.written_so_far),
        blocks=blocks_of(found.event, at=now()),
        waiting=counts_by_status(found)[CommentStatus.WAITING],
        may_publish=staff.may(Permission.PUBLISH_WRITE_UPS),
        may_show_slides=staff.may(Permission.SEE_CERTIFICATES),
        is_changed=found.is_public and found.published_number != newest.number,
    )


def _to_write_up(event: Event) -> Response:
    return redirect(
        url_for(".write_up", programme_slug=event.programme.slug, event_slug=event.slug)
    )
