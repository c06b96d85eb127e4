"""A team writes its own part of a story's draft, and sees what the draft says of it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.posters.models import Poster
from app.programmes.models import Team
from app.writeups import forms
from app.writeups.actions import taking_part
from app.writeups.actions.writing import Text
from app.writeups.queries.parts import part_of
from app.writeups.queries.write_ups import newest_version, write_up_of
from app.writeups.rules.words import paragraphs_naming
from app.writeups.views.telling import Story, picture_addresses, story_of

pages = Blueprint("writeups", __name__)


@pages.route("/story", methods=["GET", "POST"])
@needs(Permission.WRITE_OWN_PART)
def part(ours: Poster) -> ResponseReturnValue:
    """Take a team's own words for the story, and show what the draft says of it."""
    event, team = ours.event, ours.team
    written = part_of(event, team)
    form = forms.TeamPart(data={"text": written.text if written else ""})
    if not form.validate_on_submit():
        write_up = write_up_of(event)
        page = render_template(
            "writeups/team/part.html",
            ours=ours,
            event=event,
            form=form,
            is_told=write_up is not None and write_up.is_public,
            story=_said_of(team, event),
        )
        return page, 422 if form.errors else 200

    by, text = Actor("team", team.id, team.name), form.words
    with transaction():
        taking_part.write_part(event, team, text, by=by, at=now())
    flash("Kept. Whoever writes the story finds it there." if text else "Taken back.", "success")
    return redirect(url_for(".part"))


def _said_of(team: Team, event: Event) -> Story | None:
    """Return what the newest draft says of a team, as everybody would read it."""
    write_up = write_up_of(event)
    said = paragraphs_naming(newest_version(write_up).text, team.name) if write_up else ""
    if write_up is None or not said:
        return None
    text = Text(title=event.title, summary="", text=said)
    return story_of(write_up, text, picture_address=picture_addresses(write_up), at=now())
