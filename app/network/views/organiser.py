"""The network as staff see it: how many are in it, what was asked, and what goes out."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.text import counted
from app.network.actions import asking
from app.network.queries import (
    digest_due_at,
    new_members,
    posters_with_news,
    requests_in,
    size_of,
    topics_of,
)
from app.network.rules import A_MONTH
from app.plumbing.addresses import address_of, short_address_of
from app.plumbing.database import transaction
from app.plumbing.qr import qr_svg
from app.programmes.models import Programme
from app.programmes.queries import Staff, teams_of

pages = Blueprint("network", __name__)

WAY_IN = "attendee.network.networks"
"""Short enough to be typed from the wall; whoever is in one programme is led on to its network."""


@pages.get("/<programme_slug>/network")
@needs(Permission.LOOK_AFTER_NETWORK)
def overview(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Show how the network stands; who is in it is for its members."""
    at = now()
    asked = requests_in(programme)
    return render_template(
        "network/organiser/overview.html",
        programme=programme,
        size=size_of(programme),
        new=new_members(programme, since=at - A_MONTH),
        topics=topics_of(programme),
        asked=[(team, asked[team.id]) for team in teams_of(programme) if team.id in asked],
        news=posters_with_news(programme),
        digest_at=digest_due_at(programme),
    )


@pages.post("/<programme_slug>/network/interest")
@needs(Permission.LOOK_AFTER_NETWORK)
def send_interest(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Tell each team who would like to hear from it."""
    with transaction():
        told = asking.send_interest(programme, by=staff.actor, at=now())
    flash(f"{counted(told, 'letter')} on the way.", "success")
    return redirect(url_for(".overview", programme_slug=programme.slug))


@pages.get("/<programme_slug>/network/wall")
@needs(Permission.LOOK_AFTER_NETWORK)
def wall(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Fill the projector with the code that leads to joining."""
    return render_template(
        "network/organiser/wall.html",
        programme=programme,
        size=size_of(programme),
        address=short_address_of(WAY_IN),
        picture=qr_svg(address_of(WAY_IN), title="Join the network"),
    )
