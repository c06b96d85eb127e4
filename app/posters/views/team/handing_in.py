"""A team's own pages: its poster's file, its words, who may see it, and taking it back."""

from typing import Any
from uuid import uuid4

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.browser import TEAM_COOKIE, read_cookie, take_cookie
from app.plumbing.database import db, transaction
from app.plumbing.files import drop_file, file_kept_with
from app.plumbing.limits import limiter
from app.plumbing.pictures import MOST_BYTES, UnfitFile, look_at
from app.posters import forms
from app.posters.actions import handing_in
from app.posters.actions.preparing import raw_key
from app.posters.actions.ways_in import go_out
from app.posters.models import Poster
from app.posters.queries.asking import unanswered_questions
from app.posters.queries.feedback import newest_report_of
from app.posters.queries.posters import (
    marketplace_of,
    shown_of,
    themes_at,
    versions_of,
    visibility_of,
)
from app.posters.rules import VersionState
from app.posters.views.team.blueprint import pages

MOST_TO_UPLOAD = MOST_BYTES + 1024 * 1024
"""A file that is a little too large still gets its sentence beside the field."""
MOST_HELD = 512 * 1024


@pages.url_value_preprocessor
def let_a_file_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the one page that takes a poster have as much as a poster may weigh.

    The entrance has turned strangers away by now, and nothing has read the form yet.
    """
    if endpoint == "team.posters.upload":
        request.max_content_length = MOST_TO_UPLOAD
        request.max_form_memory_size = MOST_HELD
        g.most_to_send = f"{MOST_BYTES // 1024 // 1024} MB"


def this_team() -> str:
    """Return whom a limit is about: the team, never the address of its surgery."""
    ours: Poster = (request.view_args or {})["ours"]
    return str(ours.id)


def team_actor(poster: Poster) -> Actor:
    """Return a team as the record of changes keeps it."""
    return Actor("team", poster.team_id, poster.team.name)


@pages.get("/")
@needs(Permission.LOOK_AFTER_POSTER)
def poster(ours: Poster) -> ResponseReturnValue:
    """Show a team how its poster stands, and what is to do next."""
    at, market = now(), marketplace_of(ours.event)
    versions = versions_of(ours)
    return render_template(
        "posters/team/poster.html",
        ours=ours,
        event=ours.event,
        market=market,
        versions=versions,
        shown=shown_of(ours),
        is_waiting=bool(versions) and versions[0].state is VersionState.WAITING,
        seen_by=visibility_of(ours, market, at=at).value,
        is_open=at >= market.opens_at,
        may_upload=at < market.uploads_close_at,
        report=newest_report_of(ours),
        unanswered=unanswered_questions(ours),
    )


@pages.get("/file")
@needs(Permission.LOOK_AFTER_POSTER)
def file(ours: Poster) -> ResponseReturnValue:
    """Ask for the poster's file."""
    handing_in.refuse_after_deadline(ours, by=team_actor(ours), at=now())
    return _file_page(ours, forms.File())


@pages.post("/file")
@needs(Permission.LOOK_AFTER_POSTER)
@limiter.limit("30 per hour", key_func=this_team)
def upload(ours: Poster) -> ResponseReturnValue:
    """Take the poster's file, if it can be shown; what was there before is kept."""
    handing_in.refuse_after_deadline(ours, by=team_actor(ours), at=now())
    form = forms.File()
    if not form.validate_on_submit():
        return _file_page(ours, form), 422
    content, filename, poster_id = form.content, form.filename, ours.id
    db.session.rollback()  # nobody waits for the database while the file is looked at
    try:
        looks = look_at(content, filename=filename)
    except UnfitFile as why:
        form.refuse(str(why))
        return _file_page(ours, form), 422

    key = raw_key(poster_id, uuid4())
    with file_kept_with(key, content) as sha256, transaction():
        found = handing_in.Upload(
            key=key, filename=filename, size=len(content), sha256=sha256, looks=looks
        )
        version = handing_in.hand_in_file(ours, found, by=team_actor(ours), at=now())
        is_new = version.raw_key == key
    if not is_new:
        drop_file(key)
    flash("Your poster has arrived. We are making its pictures.", "success")
    return redirect(url_for(".poster"))


def _file_page(ours: Poster, form: forms.File) -> str:
    return render_template(
        "posters/team/file.html",
        ours=ours,
        event=ours.event,
        form=form,
        market=marketplace_of(ours.event),
        most_bytes=MOST_BYTES,
        versions=versions_of(ours),
    )


@pages.route("/summary", methods=["GET", "POST"])
@needs(Permission.LOOK_AFTER_POSTER)
def summary(ours: Poster) -> ResponseReturnValue:
    """Ask for the poster's title, theme and summary in words."""
    form = forms.Summary(obj=ours)
    if not form.validate_on_submit():
        page = render_template(
            "posters/team/summary.html",
            ours=ours,
            event=ours.event,
            form=form,
            themes=themes_at(ours.event),
        )
        return page, 422 if form.errors else 200

    with transaction():
        handing_in.describe(ours, form.words, by=team_actor(ours), at=now())
    flash("Your words are saved.", "success")
    return redirect(url_for(".poster"))


@pages.route("/visibility", methods=["GET", "POST"])
@needs(Permission.LOOK_AFTER_POSTER)
def visibility(ours: Poster) -> ResponseReturnValue:
    """Ask who may see the poster, and from which day."""
    form = forms.Showing(data=forms.showing_of(ours))
    if not form.validate_on_submit():
        page = render_template(
            "posters/team/visibility.html",
            ours=ours,
            event=ours.event,
            form=form,
            market=marketplace_of(ours.event),
        )
        return page, 422 if form.errors else 200

    with transaction():
        handing_in.show_to(
            ours,
            form.chosen,
            visible_from=form.first_moment,
            by=team_actor(ours),
            at=now(),
        )
    flash("Saved.", "success")
    return redirect(url_for(".poster"))


@pages.get("/withdrawal")
@needs(Permission.LOOK_AFTER_POSTER)
def withdraw(ours: Poster) -> ResponseReturnValue:
    """Ask before a poster is taken back."""
    return render_template("posters/team/withdraw.html", ours=ours, event=ours.event)


@pages.post("/withdrawal")
@needs(Permission.LOOK_AFTER_POSTER)
def take_back(ours: Poster) -> ResponseReturnValue:
    """Take the poster back; its files and words are kept for the team."""
    with transaction():
        handing_in.take_back(ours.team, ours.event, by=team_actor(ours), at=now())
    flash("Your poster is taken back. Nobody but you and the organisers sees it.", "success")
    return redirect(url_for(".poster"))


@pages.post("/leaving")
@needs(Permission.LOOK_AFTER_POSTER)
def leave(ours: Poster) -> ResponseReturnValue:
    """Forget the team on this device; the link in the e-mail opens its pages again."""
    key = read_cookie(request, TEAM_COOKIE)
    assert key is not None, "the entrance has read it"
    with transaction():
        go_out(key, at=now())
    response = make_response(redirect("/"))
    take_cookie(response, TEAM_COOKIE)
    return response
