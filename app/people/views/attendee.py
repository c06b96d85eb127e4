"""Leaving: this browser forgets whose pages it showed."""

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.actions import end_visit
from app.people.models import Person
from app.plumbing.browser import VISIT_COOKIE, read_cookie, take_cookie
from app.plumbing.database import transaction

pages = Blueprint("people", __name__)


@pages.post("/leave")
@needs(Permission.SEE_OWN_RECORD)
def leave(me: Person) -> ResponseReturnValue:
    """End the visit on this device; the link in the e-mail begins another."""
    with transaction():
        end_visit(read_cookie(request, VISIT_COOKIE) or "", at=now())
    flash("You have left your pages on this device. The link in your e-mail opens them again.")
    response = make_response(redirect(url_for("public.people.lost_link")))
    take_cookie(response, VISIT_COOKIE)
    return response
