"""The way in by mail: a personal link, and a new one for whoever lost theirs."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.actions import VISIT, ask_for_link, live_link, open_visit
from app.people.forms import LostLink
from app.plumbing.browser import VISIT_COOKIE, lead_in
from app.plumbing.database import transaction
from app.plumbing.limits import counting_misses, limiter
from app.plumbing.presses import expect_press

pages = Blueprint("people", __name__)


@pages.get("/l/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def link(token: str) -> ResponseReturnValue:
    """Show one button and nobody's name: programs that read mail open links too."""
    live_link(token, at=now())
    return render_template("people/public/link.html")


@pages.post("/l/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def come_in(token: str) -> ResponseReturnValue:
    """Swap the link for a cookie and go on to an address without it."""
    with transaction():
        key = open_visit(token, at=now())
    return lead_in(url_for("attendee.registration.mine"), VISIT_COOKIE, key, lasts=VISIT)


@pages.route("/link", methods=["GET", "POST"])
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit("100 per minute", methods=["POST"])
def lost_link() -> ResponseReturnValue:
    """Ask for the address to which a new link should go."""
    form = LostLink()
    if not form.is_submitted():
        return render_template("people/public/lost_link.html", form=form)
    if not form.validate():
        return render_template("people/public/lost_link.html", form=form), 422

    expect_press(at=now())
    with transaction():
        ask_for_link(form.email_given, at=now())
    return redirect(url_for(".link_sent"))


@pages.get("/link/sent")
@needs(Permission.SEE_PUBLIC_PAGES)
def link_sent() -> ResponseReturnValue:
    """Say the same to everybody: look in your e-mail."""
    return render_template("people/public/link_sent.html")
