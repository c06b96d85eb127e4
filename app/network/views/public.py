"""Leaving the network from a letter, without signing in."""

from uuid import UUID

from flask import Blueprint, render_template
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


def _member_with(token: str) -> NetworkMember:
    """Return the member of a token; whoever has left already has nothing to leave."""
    try:
        member = member_with_id(UUID(token.partition("-")[0]))
    except ValueError:
        raise NotThere from None
    if member is None or leaving_token(member) != token.lower():
        raise NotThere
    return member
