"""A team's own link, which opens its poster without an account."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.browser import TEAM_COOKIE, lead_in
from app.plumbing.database import transaction
from app.plumbing.limits import counting_misses
from app.posters.actions.ways_in import LASTS_AFTER, live_poster_link
from app.posters.actions.ways_in import come_in as open_link
from app.posters.views.public.blueprint import pages


@pages.get("/t/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def way_in(token: str) -> ResponseReturnValue:
    """Show one button: programs that read mail open links too."""
    link = live_poster_link(token, at=now())
    return render_template("posters/public/way_in.html", event=link.poster.event)


@pages.post("/t/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def come_in(token: str) -> ResponseReturnValue:
    """Swap the link for a cookie and go on to an address without it."""
    with transaction():
        key = open_link(token, at=now())
    return lead_in(url_for("team.posters.poster"), TEAM_COOKIE, key, lasts=LASTS_AFTER)
