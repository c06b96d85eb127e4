"""Signing in by a mailed link: it works once, for ten minutes, and never by merely being opened."""

from uuid import UUID, uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user
from flask_wtf import FlaskForm
from itsdangerous import BadData, URLSafeTimedSerializer

from app.kernel.clock import now
from app.kernel.codes import digest
from app.kernel.permission import Permission, needs
from app.kernel.refusal import NoWayIn
from app.people import messages
from app.people.models import Account
from app.people.queries import account_with_email, account_with_id
from app.plumbing.addresses import address_of
from app.plumbing.database import transaction
from app.plumbing.fields import address
from app.plumbing.keys import key_for
from app.plumbing.limits import A_MAILBOX, did_something, limiter, mailbox_typed, was_wrong
from app.plumbing.presses import expect_press

pages = Blueprint("sign_in", __name__)

LASTS_SECONDS = 600


class AskForLink(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The address of a staff account."""

    email = address(
        ask="Enter the e-mail address of your account.", render_kw={"autocomplete": "email"}
    )


@pages.route("/sign-in/link", methods=["GET", "POST"])
@needs(Permission.SIGN_IN)
@limiter.limit("60 per minute", methods=["POST"])
@limiter.limit(A_MAILBOX, key_func=mailbox_typed, methods=["POST"], deduct_when=did_something)
def ask_for_link() -> ResponseReturnValue:
    """Mail somebody a link that signs them in; strangers get the same answer and no mail."""
    form = AskForLink()
    if not form.validate_on_submit():
        page = render_template("sign_in/public/ask_for_link.html", form=form)
        return page, 422 if form.errors else 200

    expect_press(at=now())
    account = account_with_email(str(form.email.data))
    if account is not None and account.active:
        link = address_of("public.sign_in.link", token=token_for(account))
        with transaction():
            messages.sign_in_link(account, link=link, at=now())
    flash(
        "If there is such an account, we have sent it a link. It works for ten minutes.", "success"
    )
    return redirect(url_for("security.login"))


@pages.get("/sign-in/link/<token>")
@needs(Permission.SIGN_IN)
def link(token: str) -> ResponseReturnValue:
    """Ask for a press of the button, naming nobody: mail programs open links by themselves."""
    _account_of(token)
    return render_template("sign_in/public/link.html", token=token)


@pages.post("/sign-in/link/<token>")
@needs(Permission.SIGN_IN)
@limiter.limit("20 per minute", deduct_when=was_wrong)
def use_link(token: str) -> ResponseReturnValue:
    """Sign somebody in, or ask for their second factor; the link is used up."""
    with transaction():
        account = _account_of(token)
        # The link names the account's current sign-ins: they end, and so does the link.
        account.fs_uniquifier = uuid4().hex
    security = current_app.extensions["security"]
    second_factor = security.two_factor_plugins.tf_enter(
        account, remember_me=False, primary_authn_via="email", next_loc=None
    )
    if second_factor is not None:
        return second_factor  # type: ignore[no-any-return]  # Flask-Security's own answer
    login_user(account, authn_via=["email"])
    return redirect(url_for("public.house.arrived"))


def token_for(account: Account) -> str:
    """Return the token of a link that signs this account in."""
    return _signer().dumps([str(account.id), digest(account.fs_uniquifier)])


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key_for("sign-in link").hex(), salt="sign-in link")


def _account_of(token: str) -> Account:
    over = NoWayIn(
        "This link has ended",
        "A link to sign in works once, for ten minutes. Ask for a new one on the sign-in page.",
        status=410,
    )
    try:
        account_id, mark = _signer().loads(token, max_age=LASTS_SECONDS)
    except BadData:
        raise over from None
    account = account_with_id(UUID(account_id))
    if account is None or not account.active or digest(account.fs_uniquifier) != mark:
        raise over
    return account
