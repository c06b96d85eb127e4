"""Leaving, a new address, and the mailed code that opens what is closed to an old link."""

import re

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.actions import (
    AddressIsTaken,
    TooManyCodes,
    ask_for_new_address,
    end_visit,
    enter_code,
    enter_code_of_new_address,
    mail_code,
)
from app.people.forms import Code, NewAddress
from app.people.models import Person, Visit
from app.people.queries import (
    account_of,
    newest_code,
    newest_code_to_new_address,
    visit_with,
)
from app.plumbing.browser import VISIT_COOKIE, read_cookie, take_cookie
from app.plumbing.database import transaction
from app.plumbing.limits import limiter, this_person

pages = Blueprint("people", __name__)

OWN_PAGE = re.compile("/my(/[a-z0-9-]+)*")
NOT_THIS_ONE = "That is not the code, or it has run out. Look again, or have a new one sent."


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


@pages.get("/code")
@needs(Permission.SEE_OWN_RECORD)
def code(me: Person) -> ResponseReturnValue:
    """Offer to mail a code, or ask for the one that was mailed."""
    visit = _visit()
    return redirect(_way_on()) if visit.is_proven(at=now()) else _code(visit, Code())


@pages.post("/code")
@needs(Permission.SEE_OWN_RECORD)
@limiter.limit("60 per minute", key_func=this_person)
def type_code(me: Person) -> ResponseReturnValue:
    """Take the code that somebody typed, and go on to the page that asked for it."""
    visit, form = _visit(), Code()
    if not form.validate():
        return _code(visit, form, status=422)
    with transaction():
        is_right = enter_code(visit, form.digits, by=Actor("attendee", me.id, me.name), at=now())
    if not is_right:
        form.refuse(NOT_THIS_ONE)
        return _code(visit, form, status=422)
    return redirect(_way_on())


@pages.post("/code/letter")
@needs(Permission.SEE_OWN_RECORD)
@limiter.limit("60 per minute", key_func=this_person)
def send_code(me: Person) -> ResponseReturnValue:
    """Mail a code."""
    visit = _visit()
    try:
        with transaction():
            mail_code(visit, at=now())
    except TooManyCodes as refusal:
        return _code(visit, Code(formdata=None), sentence=str(refusal), status=409)
    return redirect(url_for(".code", back=_way_on()))


@pages.route("/e-mail", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_RECORD)
@limiter.limit("60 per minute", key_func=this_person)
def address(me: Person) -> ResponseReturnValue:
    """Ask for the address that somebody wants to have from now on, and mail a code there."""
    visit, form = _visit(), NewAddress()
    if not visit.is_proven(at=now()):
        return redirect(url_for(".code", back=url_for(".address")))
    if not form.validate_on_submit():
        return _address(me, form, status=422 if form.is_submitted() else 200)
    if form.email_given == me.email:
        form.refuse("This is the address that we write to already.")
        return _address(me, form, status=422)
    try:
        with transaction():
            ask_for_new_address(visit, form.email_given, at=now())
    except TooManyCodes as refusal:
        form.refuse(str(refusal))
        return _address(me, form, status=409)
    return redirect(url_for(".confirm_address"))


def _address(me: Person, form: NewAddress, *, status: int) -> ResponseReturnValue:
    page = render_template(
        "people/attendee/address.html", me=me, form=form, account=account_of(me.id)
    )
    return page, status


@pages.route("/e-mail/code", methods=["GET", "POST"])
@needs(Permission.SEE_OWN_RECORD)
@limiter.limit("60 per minute", key_func=this_person)
def confirm_address(me: Person) -> ResponseReturnValue:
    """Take the code that went to somebody's new address, and write there from now on."""
    visit, form = _visit(), Code()
    mailed = newest_code_to_new_address(visit, at=now())
    if mailed is None or not visit.is_proven(at=now()):
        return redirect(url_for(".address"))
    new = mailed.new_address
    if not form.validate_on_submit():
        return _confirmation(me, form, new, status=422 if form.is_submitted() else 200)
    try:
        with transaction():
            by = Actor("attendee", me.id, me.name)
            is_right = enter_code_of_new_address(visit, form.digits, by=by, at=now())
    except AddressIsTaken as refusal:
        form.refuse(str(refusal))
        return _confirmation(me, form, new, status=409)
    if not is_right:
        form.refuse(NOT_THIS_ONE)
        return _confirmation(me, form, new, status=422)
    flash(
        f"We write to {new} from now on. A new link to your pages is on its way there.", "success"
    )
    return redirect(url_for("attendee.registration.mine"))


def _confirmation(me: Person, form: Code, new: str | None, *, status: int) -> ResponseReturnValue:
    return render_template(
        "people/attendee/confirm_address.html", me=me, form=form, new=new
    ), status


def _visit() -> Visit:
    key = read_cookie(request, VISIT_COOKIE) or ""
    return visit_with(key, at=now()) or abort(401)


def _way_on() -> str:
    """Return which of somebody's own pages asked for the code, and no other address."""
    asked = request.args.get("back", "")
    return asked if OWN_PAGE.fullmatch(asked) else url_for("attendee.registration.mine")


def _code(
    visit: Visit, form: Code, *, sentence: str | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "people/attendee/code.html",
        me=visit.person,
        form=form,
        mailed=newest_code(visit, at=now()),
        back=_way_on(),
        sentence=sentence,
    )
    return page, status
