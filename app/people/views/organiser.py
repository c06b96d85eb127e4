"""Staff accounts: opened with a mailed invitation, switched off, their sign-ins ended."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security.recoverable import generate_reset_password_token
from werkzeug.wrappers import Response

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people import actions, forms, messages
from app.people.models import Account
from app.people.queries import account_with_id, all_accounts
from app.plumbing.addresses import address_of
from app.plumbing.database import transaction

if TYPE_CHECKING:
    from app.programmes.queries import Staff

pages = Blueprint("people", __name__)


@pages.get("/accounts")
@needs(Permission.MANAGE_ACCOUNTS)
def accounts(staff: "Staff") -> ResponseReturnValue:
    """Show everybody who can sign in as staff."""
    return render_template("people/organiser/accounts.html", staff=staff, accounts=all_accounts())


@pages.route("/accounts/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def new_account(staff: "Staff") -> ResponseReturnValue:
    """Open an account and invite its owner by e-mail to choose a password."""
    form = forms.NewAccount()
    if not form.validate_on_submit():
        page = render_template("people/organiser/new_account.html", form=form)
        return page, 422 if form.errors else 200

    with transaction():
        account = actions.open_account(
            name=form.name_given,
            email=form.address,
            by=staff.actor,
            at=now(),
            is_administrator=form.is_administrator.data,
        )
        _invite(account)
        name = account.person.name
    flash(f"{name} gets an e-mail with a link to choose a password.", "success")
    return redirect(url_for(".accounts"))


@pages.get("/accounts/<uuid:account_id>")
@needs(Permission.MANAGE_ACCOUNTS)
def account(account_id: UUID, staff: "Staff") -> ResponseReturnValue:
    """Show one account and what can be done with it."""
    found = account_with_id(account_id) or abort(404)
    return render_template(
        "people/organiser/account.html",
        account=found,
        is_own=found.id == staff.account_id,
        form=forms.SecondFactorReset(),
    )


@pages.post("/accounts/<uuid:account_id>/invitation")
@needs(Permission.MANAGE_ACCOUNTS)
def invite(account_id: UUID, staff: "Staff") -> ResponseReturnValue:
    """Send the link to choose a password once more."""
    found = account_with_id(account_id) or abort(404)
    with transaction():
        _invite(found)
    return _told(found, "gets an e-mail with a new link.")


@pages.post("/accounts/<uuid:account_id>/switched-off")
@needs(Permission.MANAGE_ACCOUNTS)
def switch_off(account_id: UUID, staff: "Staff") -> ResponseReturnValue:
    """Keep somebody from signing in; nobody locks themselves out."""
    found = account_with_id(account_id) or abort(404)
    if found.id == staff.account_id:
        raise actions.OwnAccount("You cannot switch off your own account. Ask a colleague.")
    with transaction():
        actions.switch_off(found, by=staff.actor, at=now())
    return _told(found, "can no longer sign in.")


@pages.post("/accounts/<uuid:account_id>/switched-on")
@needs(Permission.MANAGE_ACCOUNTS)
def switch_on(account_id: UUID, staff: "Staff") -> ResponseReturnValue:
    """Let somebody sign in again."""
    found = account_with_id(account_id) or abort(404)
    with transaction():
        actions.switch_on(found, by=staff.actor, at=now())
    return _told(found, "can sign in again.")


@pages.post("/accounts/<uuid:account_id>/ended-sign-ins")
@needs(Permission.MANAGE_ACCOUNTS)
def end_sign_ins(account_id: UUID, staff: "Staff") -> ResponseReturnValue:
    """End every sign-in of an account, wherever it is."""
    found = account_with_id(account_id) or abort(404)
    with transaction():
        actions.end_all_sign_ins(found, by=staff.actor, at=now())
    return _told(found, "is signed out everywhere.")


@pages.post("/accounts/<uuid:account_id>/second-factor-reset")
@needs(Permission.MANAGE_ACCOUNTS)
def reset_second_factor(account_id: UUID, staff: "Staff") -> ResponseReturnValue:
    """Take a lost second factor away, with a reason."""
    found = account_with_id(account_id) or abort(404)
    form = forms.SecondFactorReset()
    if not form.validate_on_submit():
        page = render_template(
            "people/organiser/account.html",
            account=found,
            is_own=found.id == staff.account_id,
            form=form,
        )
        return page, 422

    with transaction():
        actions.forget_second_factor(found, by=staff.actor, at=now(), reason=form.reason_given)
    return _told(found, "sets up a new second factor at the next sign-in.")


@pages.route("/accounts/<uuid:account_id>/erase", methods=["GET", "POST"])
@needs(Permission.MANAGE_ACCOUNTS)
def erase_account(account_id: UUID, staff: "Staff") -> ResponseReturnValue:
    """Show what goes with somebody who worked here and what stays, and do it once a reason is given."""
    found = account_with_id(account_id) or abort(404)
    if found.id == staff.account_id:
        raise actions.OwnAccount("You cannot erase yourself. Ask another administrator.")
    form, sentence, status = forms.ErasingStaff(), "", 200
    if form.validate_on_submit():
        try:
            with transaction():
                actions.erase_with_account(
                    account_id, reason=form.reason_given, by=staff.actor, at=now()
                )
        except actions.CannotErase as refusal:
            sentence, status = str(refusal), 409
        else:
            flash("Erased, and the account is deleted.", "success")
            return redirect(url_for(".accounts"))
    page = render_template(
        "people/organiser/erase_account.html",
        account=found,
        traces=actions.traces_of(found.person),
        form=form,
        sentence=sentence,
    )
    return page, 422 if form.errors else status


def _invite(account: Account) -> None:
    # The library's own link: it works once, for two days, and ends when a password is chosen.
    token = generate_reset_password_token(account)  # type: ignore[no-untyped-call]  # the library gives no types
    link = address_of("security.reset_password", token=token)
    messages.invited_to_sign_in(account, link=link, at=now())


def _told(account: Account, news: str) -> Response:
    """Say what is now true of somebody, on the page of their account."""
    flash(f"{account.person.name} {news}", "success")
    return redirect(url_for(".account", account_id=account.id))
