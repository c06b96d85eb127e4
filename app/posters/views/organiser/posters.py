"""An event's posters for organisers: which are there, where they hang, who sees them, and the way in."""

from collections.abc import Mapping
from uuid import UUID

from flask import abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.kernel.text import counted
from app.plumbing.addresses import address_of
from app.plumbing.database import transaction
from app.posters import forms
from app.posters.actions import curating, handing_in, ways_in
from app.posters.actions.curating import NoPosterYet, StandIsTaken
from app.posters.models import Poster
from app.posters.queries.posters import (
    Shown,
    marketplace_of,
    poster_of,
    shown_at,
    shown_of,
    versions_of,
    visibility_of,
)
from app.posters.queries.ways_in import contact_of, links_sent, live_links_of
from app.posters.rules import VersionState
from app.posters.views.organiser.blueprint import pages
from app.programmes.models import Team
from app.programmes.queries import Staff, team_at, teams_of

NEW_LINK = "new_poster_link"
"""Where a link that was just made waits for the page that shows it once."""


@pages.get("/<programme_slug>/events/<event_slug>/posters")
@needs(Permission.SEE_POSTERS)
def posters(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show which team's poster is there, and which is missing."""
    at, market = now(), marketplace_of(event)
    shown = {s.poster.team_id: s for s in shown_at(event)}
    teams = sorted(teams_of(event.programme), key=lambda team: _place(team, shown))
    return render_template(
        "posters/organiser/posters.html",
        event=event,
        market=market,
        teams=teams,
        shown=shown,
        seen_by={
            team_id: visibility_of(s.poster, market, at=at).value for team_id, s in shown.items()
        },
        sent=links_sent(event, at=at),
        handed_in=sum(s.poster.is_handed_in for s in shown.values()),
        is_open=at >= market.opens_at,
        may_manage=staff.may(Permission.MANAGE_POSTERS),
        may_publish=staff.may(Permission.PUBLISH_POSTERS),
    )


def _place(team: Team, shown: Mapping[UUID, Shown]) -> tuple[bool, int, int]:
    """Return where a team stands in the list: by stand, and those without one in stage order."""
    stand = shown[team.id].poster.stand if team.id in shown else None
    return stand is None, stand or 0, team.stage_order


@pages.get("/<programme_slug>/events/<event_slug>/posters/<team_slug>")
@needs(Permission.SEE_POSTERS)
def poster(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Show one team's poster, its files, and the way in for its team."""
    return _poster_page(event, _team(event, team_slug), staff)


def _poster_page(event: Event, team: Team, staff: Staff, form: forms.Stand | None = None) -> str:
    at, market, found = now(), marketplace_of(event), poster_of(team, event)
    versions = versions_of(found) if found else []
    return render_template(
        "posters/organiser/poster.html",
        event=event,
        team=team,
        poster=found,
        market=market,
        shown=shown_of(found) if found else None,
        versions=versions,
        is_waiting=bool(versions) and versions[0].state is VersionState.WAITING,
        seen_by=visibility_of(found, market, at=at).value if found else "team",
        links=live_links_of(found, at=at) if found else [],
        contact=contact_of(team, on=london_day(at)),
        new_link=session.pop(NEW_LINK, None) if staff.may(Permission.MANAGE_POSTERS) else None,
        form=form or forms.Stand(obj=found),
        may_publish=staff.may(Permission.PUBLISH_POSTERS),
        may_manage=staff.may(Permission.MANAGE_POSTERS),
    )


@pages.post("/<programme_slug>/events/<event_slug>/posters/<team_slug>/stand")
@needs(Permission.MANAGE_POSTERS)
def stand(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Keep where a poster hangs and whether visitors may write at it."""
    team = _team(event, team_slug)
    form = forms.Stand()
    if not form.validate_on_submit():
        return _poster_page(event, team, staff, form), 422

    try:
        with transaction():
            found = ways_in.poster_for(team, event)
            curating.give_stand(found, form.stand.data, by=staff.actor, at=now())
            curating.take_feedback(found, is_on=form.takes_feedback.data, by=staff.actor, at=now())
    except StandIsTaken as why:
        form.stand.errors = [str(why)]
        return _poster_page(event, team, staff, form), 422
    flash("Saved.", "success")
    return _to_poster(event, team)


@pages.route(
    "/<programme_slug>/events/<event_slug>/posters/<team_slug>/paper", methods=["GET", "POST"]
)
@needs(Permission.MANAGE_POSTERS)
def paper(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Write down that a team has handed in its poster on paper."""
    team = _team(event, team_slug)
    form = forms.Poster(obj=poster_of(team, event))
    if not form.validate_on_submit():
        page = render_template("posters/organiser/paper.html", event=event, team=team, form=form)
        return page, 422 if form.errors else 200

    with transaction():
        handing_in.hand_in(team, event, title=form.chosen_title, by=staff.actor, at=now())
    flash(f"The poster of {team.name} is handed in.", "success")
    return _to_posters(event)


@pages.post("/<programme_slug>/events/<event_slug>/posters/<team_slug>/withdrawal")
@needs(Permission.MANAGE_POSTERS)
def take_back(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Undo that a poster was handed in."""
    team = _team(event, team_slug)
    with transaction():
        handing_in.take_back(team, event, by=staff.actor, at=now())
    flash(f"The poster of {team.name} is no longer handed in.", "success")
    return _to_posters(event)


@pages.route(
    "/<programme_slug>/events/<event_slug>/posters/<team_slug>/hiding", methods=["GET", "POST"]
)
@needs(Permission.PUBLISH_POSTERS)
def hide(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Ask why a poster should be hidden, and hide it."""
    team = _team(event, team_slug)
    found = _poster(event, team)
    form = forms.Hiding()
    if not form.validate_on_submit():
        page = render_template("posters/organiser/hide.html", event=event, team=team, form=form)
        return page, 422 if form.errors else 200

    with transaction():
        curating.hide(found, reason=form.reason_given, by=staff.actor, at=now())
    flash(f"The poster of {team.name} is hidden.", "success")
    return _to_poster(event, team)


@pages.post("/<programme_slug>/events/<event_slug>/posters/<team_slug>/showing")
@needs(Permission.PUBLISH_POSTERS)
def show_again(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Show a poster again to those whom its team chose."""
    team = _team(event, team_slug)
    found = _poster(event, team)
    with transaction():
        curating.show_again(found, by=staff.actor, at=now())
    flash(f"The poster of {team.name} is shown again.", "success")
    return _to_poster(event, team)


@pages.post("/<programme_slug>/events/<event_slug>/posters/<team_slug>/mailed-link")
@needs(Permission.MANAGE_POSTERS)
def mail_link(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Mail a team's contact the link to its poster."""
    team = _team(event, team_slug)
    with transaction():
        name = ways_in.send_link(team, event, by=staff.actor, at=now())
    flash(f"The link is on its way to {name}.", "success")
    return _to_poster(event, team)


@pages.post("/<programme_slug>/events/<event_slug>/posters/<team_slug>/link")
@needs(Permission.MANAGE_POSTERS)
def make_link(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Make a link to hand over by hand; it is shown once."""
    team = _team(event, team_slug)
    with transaction():
        found = ways_in.poster_for(team, event)
        token = ways_in.mint_link(found, sent_to="", by=staff.actor, at=now())
    session[NEW_LINK] = address_of("public.posters.way_in", token=token)
    return _to_poster(event, team)


@pages.post("/<programme_slug>/events/<event_slug>/posters/<team_slug>/links/ending")
@needs(Permission.MANAGE_POSTERS)
def end_links(event: Event, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Switch off every link of a team."""
    team = _team(event, team_slug)
    found = _poster(event, team)
    with transaction():
        ways_in.switch_off_links(found, by=staff.actor, at=now())
    flash(f"The links of {team.name} open nothing any more.", "success")
    return _to_poster(event, team)


@pages.post("/<programme_slug>/events/<event_slug>/posters/links")
@needs(Permission.MANAGE_POSTERS)
def mail_links(event: Event, staff: Staff) -> ResponseReturnValue:
    """Mail every team that has none yet the link to its poster."""
    at = now()
    with transaction():
        sent = ways_in.send_links(event, by=staff.actor, at=at)
    flash(f"The link is on its way to {counted(sent, 'team')}.", "success")
    return _to_posters(event)


@pages.post("/<programme_slug>/events/<event_slug>/posters/stands")
@needs(Permission.MANAGE_POSTERS)
def number_stands(event: Event, staff: Staff) -> ResponseReturnValue:
    """Give every team without a stand the next free number."""
    with transaction():
        count = curating.number_stands(event, by=staff.actor, at=now())
    flash(f"{counted(count, 'team')} got a stand number.", "success")
    return _to_posters(event)


def _team(event: Event, slug: str) -> Team:
    return team_at(event.programme, slug) or abort(404)


def _poster(event: Event, team: Team) -> Poster:
    found = poster_of(team, event)
    if found is None:
        raise NoPosterYet(f"{team.name} has no poster for {event.title} yet.")
    return found


def _to_posters(event: Event) -> Response:
    return redirect(url_for(".posters", programme_slug=event.programme.slug, event_slug=event.slug))


def _to_poster(event: Event, team: Team) -> Response:
    return redirect(
        url_for(
            ".poster",
            programme_slug=event.programme.slug,
            event_slug=event.slug,
            team_slug=team.slug,
        )
    )
