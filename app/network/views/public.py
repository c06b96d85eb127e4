"""Leaving the network from a letter, without signing in."""

from hmac import compare_digest
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.refusal import NotThere
from app.network.actions import joining
from app.network.messages import leaving_token
from app.network.models import NetworkMember
from app.network.queries import member_with_id
from app.plumbing.database import transaction
from app.plumbing.limits import counting_misses

pages = Blueprint("network", __name__)


@pages.get("/network/leave/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def leave(token: str) -> ResponseReturnValue:
    """Show one button: programs that read mail open links too."""
    member = _member_with(token)
    return render_template("network/public/leave.html", programme=member.programme)


@pages.post("/network/leave/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def leave_now(token: str) -> ResponseReturnValue:
    """Take the member whose letter it was out of the network."""
    member = _member_with(token)
    programme = member.programme
    with transaction():
        joining.leave(programme, member.person, at=now())
    return render_template("network/public/leave_now.html", programme=programme)


@pages.get("/network/leave/<token>/at-once")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def leave_by_hand(token: str) -> ResponseReturnValue:
    """Show the page with the button to whoever opens what mail programs press."""
    _member_with(token)
    return redirect(url_for(".leave", token=token))


@pages.post("/network/leave/<token>/at-once")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def leave_at_once(token: str) -> ResponseReturnValue:
    """Let a mail program take its reader out of the network at one press (RFC 8058), or at two."""
    member_id = _member_id_in(token)
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    with transaction():
        member = member_with_id(member_id)
        if member is not None:
            joining.leave(member.programme, member.person, at=now())
    return "", 204


def _member_with(token: str) -> NetworkMember:
    """Return the member of a token; whoever has left already has nothing to leave."""
    member = member_with_id(_member_id_in(token))
    if member is None:
        raise NotThere
    return member


def _member_id_in(token: str) -> UUID:
    """Return whose token it is, if we made it."""
    try:
        member_id = UUID(token.partition("-")[0])
    except ValueError:
        raise NotThere from None
    if not compare_digest(leaving_token(member_id), token.lower()):
        raise NotThere
    return member_id
