"""Which team has handed in its poster for an event."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.posters import forms
from app.posters.actions import handing_in
from app.posters.queries.posters import posters_at
from app.programmes.queries import Staff, team_at, teams_of

pages = Blueprint("posters", __name__)


@pages.get("/<programme_slug>/events/<event_slug>/posters")
@needs(Permission.EDIT_TEAMS)
def posters(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show which team's poster is there, and which is missing."""
    found = posters_at(event)
    teams = teams_of(event.programme)
    return render_template(
        "posters/organiser/posters.html", event=event, teams=teams, posters=found
    )


@pages.route("/<programme_slug>/events/<event_slug>/posters/<team_slug>", methods=["GET", "POST"])
@needs(Permission.EDIT_TEAMS)
def poster(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Write down that a team has handed in its poster."""
    team = team_at(event.programme, team_slug) or abort(404)
    form = forms.Poster()
    if not form.validate_on_submit():
        page = render_template("posters/organiser/poster.html", event=event, team=team, form=form)
        return page, 422 if form.errors else 200

    with transaction():
        handing_in.hand_in(team, event, title=form.chosen_title, by=staff.actor, at=now())
    flash(f"The poster of {team.name} is handed in.", "success")
    return _to_posters(event)


@pages.post("/<programme_slug>/events/<event_slug>/posters/<team_slug>/withdrawal")
@needs(Permission.EDIT_TEAMS)
def take_back(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Undo that a poster was handed in."""
    team = team_at(event.programme, team_slug) or abort(404)
    with transaction():
        handing_in.take_back(team, event, by=staff.actor, at=now())
    flash(f"The poster of {team.name} is no longer handed in.", "success")
    return _to_posters(event)


def _to_posters(event: Event) -> Response:
    return redirect(url_for(".posters", programme_slug=event.programme.slug, event_slug=event.slug))
