"""Who may be named in a write-up, and the pictures with those who can be recognised in them."""

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as WerkzeugResponse

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content, file_kept_with
from app.plumbing.limits import limiter
from app.plumbing.pictures import MOST_BYTES, Looks, UnfitFile, look_at
from app.programmes.queries import Staff
from app.writeups import forms
from app.writeups.actions import naming, picturing
from app.writeups.actions.picturing import Arrived, picture_key, raw_key
from app.writeups.models import WriteUp
from app.writeups.queries.naming import (
    may_not_be_shown,
    named_in,
    photo_wishes_at,
    pictured_in,
)
from app.writeups.queries.write_ups import picture_at, pictures_of, write_up_of
from app.writeups.views.organiser.blueprint import EVENT, pages

MOST_TO_UPLOAD = MOST_BYTES + 1024 * 1024
MOST_HELD = 512 * 1024
NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"


@pages.url_value_preprocessor
def let_a_picture_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the one page that takes a picture have as much as a picture may weigh."""
    if endpoint == "organiser.writeups.add_picture":
        request.max_content_length = MOST_TO_UPLOAD
        request.max_form_memory_size = MOST_HELD
        g.most_to_send = f"{MOST_BYTES // 1024 // 1024} MB"


@pages.get(f"{EVENT}/people")
@needs(Permission.EDIT_WRITE_UPS)
def people(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show who is named in the text, and what they said to it."""
    found = _begun(event)
    return render_template("writeups/organiser/people.html", event=event, named=named_in(found))


@pages.post(f"{EVENT}/people/asking")
@needs(Permission.EDIT_WRITE_UPS)
def ask_people(event: Event, staff: Staff) -> ResponseReturnValue:
    """Mail a preview to everybody who is named and was not asked."""
    found = _begun(event)
    with transaction():
        people = [one.person for one in named_in(found) if one.can_be_asked]
        asked = naming.ask_people(found, people, by=staff.actor, at=now())
    flash(f"Asked: {asked}." if asked else "Nobody is left to be asked.", "success")
    return _to(".people", event)


@pages.get(f"{EVENT}/pictures")
@needs(Permission.EDIT_WRITE_UPS)
def pictures(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show the pictures of a write-up, and ask for another."""
    return _pictures_page(_begun(event), forms.Picture())


@pages.post(f"{EVENT}/pictures")
@needs(Permission.EDIT_WRITE_UPS)
@limiter.limit("60 per hour")
def add_picture(event: Event, staff: Staff) -> ResponseReturnValue:
    """Take a picture, if it can be shown and everybody in it agrees."""
    found, form = _begun(event), forms.Picture()
    agreed = {str(wish.person.id): wish.person.id for wish in photo_wishes_at(event) if wish.agrees}
    if not form.validate_on_submit():
        return _pictures_page(found, form), 422
    content, filename, alt = form.content, form.filename, form.words
    chosen = [agreed[one] for one in form.people.data or [] if one in agreed]
    write_up_id = found.id
    db.session.rollback()  # nobody waits for the database while the file is looked at
    try:
        looks = _looked_at(content, filename)
    except UnfitFile as why:
        form.refuse(str(why))
        return _pictures_page(_begun(event), form), 422

    key = raw_key(write_up_id)
    with file_kept_with(key, content) as sha256, transaction():
        arrived = Arrived(
            key=key,
            kind=looks.kind,
            filename=filename,
            sha256=sha256,
            alt=alt,
            people=tuple(chosen),
        )
        picture = picturing.add_picture(_begun(event), arrived, by=staff.actor, at=now())
        number = picture.number
    flash(f"Picture {number} has arrived. It can be shown in a moment.", "success")
    return _to(".pictures", event)


@pages.post(f"{EVENT}/pictures/<int:number>/removal")
@needs(Permission.EDIT_WRITE_UPS)
def remove_picture(event: Event, staff: Staff, number: int) -> ResponseReturnValue:
    """Take a picture out for good."""
    found = picture_at(_begun(event), number) or abort(404)
    with transaction():
        picturing.remove_picture(found, by=staff.actor, at=now())
    flash(f"Picture {number} is gone.", "success")
    return _to(".pictures", event)


@pages.get(f"{EVENT}/pictures/<int:number>")
@needs(Permission.EDIT_WRITE_UPS)
def picture(event: Event, staff: Staff, number: int) -> ResponseReturnValue:
    """Hand out a picture to those who write."""
    found = picture_at(_begun(event), number) or abort(404)
    response = Response(file_content(picture_key(found)) or abort(404), mimetype="image/webp")
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    return response


def _looked_at(content: bytes, filename: str) -> Looks:
    """Return what a picture is, or refuse it: posters may be papers, these may not."""
    looks = look_at(content, filename=filename)
    if looks.kind == "pdf":
        raise UnfitFile("This is a PDF. Choose a PNG or JPEG picture.")
    return looks


def _pictures_page(found: WriteUp, form: forms.Picture) -> str:
    standing, wishes = pictures_of(found), photo_wishes_at(found.event)
    form.people.choices = [(str(w.person.id), w.person.name) for w in wishes if w.agrees]
    return render_template(
        "writeups/organiser/pictures.html",
        event=found.event,
        form=form,
        pictures=standing,
        people_in=pictured_in(standing),
        hidden=may_not_be_shown(found),
        silent=[wish.person.name for wish in wishes if not wish.agrees],
    )


def _begun(event: Event) -> WriteUp:
    return write_up_of(event) or abort(404)


def _to(page: str, event: Event) -> WerkzeugResponse:
    return redirect(url_for(page, programme_slug=event.programme.slug, event_slug=event.slug))
