"""Somebody looks at a write-up that would name them, and says whether it may."""

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.events.queries import event_called
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.models import Person
from app.plumbing.database import transaction
from app.programmes.queries import programme_called
from app.writeups import forms
from app.writeups.actions import naming
from app.writeups.actions.writing import as_text
from app.writeups.models import Mention
from app.writeups.queries.kept import kept_of
from app.writeups.queries.naming import mention_of
from app.writeups.queries.write_ups import newest_version, write_up_of
from app.writeups.views.telling import picture_addresses, story_of

pages = Blueprint("writeups", __name__)
OWN = "/<programme_slug>/<event_slug>/write-up"


@pages.get(OWN)
@needs(Permission.SEE_OWN_RECORD)
def mention(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Show the story as it would read with somebody's name in it, and ask whether that is right."""
    found = _mention(me, programme_slug, event_slug)
    write_up = found.write_up
    return render_template(
        "writeups/attendee/mention.html",
        event=write_up.event,
        write_up=write_up,
        mention=found,
        me=me,
        form=forms.Naming(),
        story=story_of(
            write_up,
            as_text(newest_version(write_up)),
            picture_address=picture_addresses(write_up),
            at=now(),
            naming=me,
        ),
    )


@pages.post(OWN)
@needs(Permission.SEE_OWN_RECORD)
def answer_mention(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Keep whether somebody may be named."""
    found, form = _mention(me, programme_slug, event_slug), forms.Naming()
    if not form.validate_on_submit():
        abort(400)
    by = Actor("attendee", me.id, me.name)
    with transaction():
        naming.answer(found.write_up, me, agrees=form.agrees, by=by, at=now())
    said = "Your name stands there." if form.agrees else "Your name is left out."
    flash(f"{said} You can change that here at any time.", "success")
    return redirect(url_for(".mention", programme_slug=programme_slug, event_slug=event_slug))


@pages.get("/write-ups/data.json")
@needs(Permission.SEE_OWN_RECORD)
def everything(me: Person) -> ResponseReturnValue:
    """Hand somebody everything that write-ups keep about them."""
    kept = kept_of(me)
    answer = jsonify(
        asked_to_be_named=[
            {
                "event": one.write_up.event.title,
                "asked_at": one.asked_at.isoformat(),
                "agrees": one.agrees,
                "answered_at": one.answered_at.isoformat() if one.answered_at else None,
            }
            for one in kept.mentions
        ],
        pictures=[
            {
                "event": one.write_up.event.title,
                "shows": one.alt,
                "added_at": one.uploaded_at.isoformat(),
            }
            for one in kept.pictures
        ],
        comments=[
            {
                "event": one.write_up.event.title,
                "name": one.name,
                "email": one.email,
                "text": one.text,
                "status": one.status.value,
                "written_at": one.written_at.isoformat(),
                "letter_when_published": one.wants_word,
                "letters_about_others": one.wants_others,
            }
            for one in kept.comments
        ],
    )
    answer.headers.set("Content-Disposition", "attachment", filename="my-write-ups.json")
    return answer


def _mention(me: Person, programme_slug: str, event_slug: str) -> Mention:
    programme = programme_called(programme_slug) or abort(404)
    event = event_called(programme, event_slug) or abort(404)
    write_up = write_up_of(event) or abort(404)
    return mention_of(write_up, me) or abort(404)
