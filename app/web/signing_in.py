"""Staff sign-in by Flask-Security: a password, a second factor, recovery codes, and a way back by mail."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Response, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue, RouteCallable
from flask_security import (
    ChangePasswordForm,
    LoginForm,
    MailUtil,
    ResetPasswordForm,
    RoleMixin,
    Security,
    VerifyForm,
)
from flask_security.datastore import SQLAlchemyUserDatastore
from flask_security.signals import user_authenticated
from flask_wtf import FlaskForm

from app.kernel.clock import now
from app.people.models import Account
from app.people.queries import account_with_email
from app.plumbing.database import db, transaction
from app.plumbing.fields import address
from app.plumbing.keys import key_for
from app.plumbing.limits import limiter, mailbox_typed, was_wrong
from app.plumbing.mail import Words, post
from app.web.settings import Settings

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
NOTICED_EVERY = timedelta(minutes=5)

# These change an account; the others only read, so that checking a password holds nobody up.
WRITING = frozenset(
    f"security.{name}"
    for name in (
        "forgot_password",
        "reset_password",
        "change_password",
        "two_factor_setup",
        "two_factor_setup_validate",
        "two_factor_token_validation",
        "mf_recovery",
        "mf_recovery_codes",
    )
)

# Where a password or a code could be guessed, or somebody's mailbox be filled.
GUESSED_AT = (
    "login",
    "verify",
    "change_password",
    "forgot_password",
    "two_factor_setup_validate",
    "two_factor_token_validation",
    "mf_recovery",
)

AN_ACCOUNT = "10 per 10 minutes"
"""So many wrong guesses at one account, from wherever; a mailed link opens it all the same."""


def account_meant() -> str:
    """Return whom a guess is about: who is half signed in, else the address that was typed."""
    known = session.get("tf_user_id") or session.get("_user_id")
    return str(known) if known else mailbox_typed()


def register(app: Flask, settings: Settings) -> None:
    """Open the staff sign-in."""
    app.config.update(configuration(settings))
    accounts = SQLAlchemyUserDatastore(db, Account, RoleMixin)
    library = Security(
        app,
        accounts,
        mail_util_cls=Outbox,
        login_form=SignIn,
        verify_form=StillYou,
        change_password_form=Change,
        reset_password_form=Choice,
        register_blueprint=True,
    )
    # The entrances ask who somebody is; the library would ask before every page, the door's too.
    library.principal.identity_loaders.clear()
    # Before the entrances ask who somebody is.
    app.url_value_preprocessor(end_old_sign_ins)
    app.before_request(follow_no_address)
    app.before_request(ask_for_address)
    app.before_request(begin_writing)
    app.after_request(keep_what_was_written)
    app.teardown_request(drop_what_was_written)
    for name in GUESSED_AT:
        view = app.view_functions[f"security.{name}"]
        limited = limiter.limit("20 per minute", methods=["POST"], deduct_when=was_wrong)(
            limiter.limit(
                AN_ACCOUNT, key_func=account_meant, methods=["POST"], deduct_when=was_wrong
            )(view)
        )
        app.view_functions[f"security.{name}"] = cast(RouteCallable, limited)
    user_authenticated.connect(note_beginning, app)


def configuration(settings: Settings) -> dict[str, object]:
    """Return what Flask-Security wants to know."""
    # ruff reads names with PASSWORD in them as passwords.
    return {
        "SECURITY_URL_PREFIX": "/sign-in",
        "SECURITY_LOGIN_URL": "/",
        "SECURITY_LOGOUT_URL": "/out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/sign-in/arrived",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": key_for("password").hex(),
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_PASSWORD_COMPLEXITY_CHECKER": None,
        "SECURITY_REGISTERABLE": False,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_URL": "/forgotten",
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(days=2),
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/password",
        "SECURITY_POST_CHANGE_VIEW": "/sign-in/arrived",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": "Choose a password for Hooray",
        "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": "Your password was changed",
        "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Your password was changed",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": settings.second_factor_required,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TOTP_SECRETS": {"1": key_for("totp").hex()},
        "SECURITY_TOTP_ISSUER": f"Hooray {settings.organisation}".strip(),
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/sign-in/arrived",
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_MSG_INVALID_PASSWORD": ("That is not your password. Type it again.", "error"),
        "SECURITY_MSG_PASSWORD_NOT_PROVIDED": ("Enter a password.", "error"),
        "SECURITY_MSG_RETYPE_PASSWORD_MISMATCH": (
            "The two new passwords are not the same. Type them again.",
            "error",
        ),
        "SECURITY_MSG_PASSWORD_INVALID_LENGTH": (
            "Choose a password of at least %(length)s characters.",
            "error",
        ),
        "SECURITY_MSG_PASSWORD_IS_THE_SAME": (
            "Choose a new password: this is the one you have.",
            "error",
        ),
        "SECURITY_MSG_PASSWORD_RESET_EXPIRED": (
            "This link has ended. Ask for a new one.",
            "error",
        ),
        "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": (
            "This link was used or is not whole. Ask for a new one.",
            "error",
        ),
        "SECURITY_MSG_TWO_FACTOR_SETUP_EXPIRED": (
            "That took too long. Begin again.",
            "error",
        ),
        "SECURITY_MSG_INVALID_RECOVERY_CODE": (
            "That is not one of your recovery codes, or it was used. Type another.",
            "error",
        ),
        "SECURITY_MSG_NO_RECOVERY_CODES_SETUP": ("You have no recovery codes yet.", "info"),
        "SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": ("You are signed in.", "success"),
        "SECURITY_MSG_TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
            "Your second factor is set up.",
            "success",
        ),
        "SECURITY_MSG_ANONYMOUS_USER_REQUIRED": ("You are signed in already.", "info"),
        "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": ("Thank you. Go on.", "success"),
        "SECURITY_MSG_REAUTHENTICATION_REQUIRED": (
            "Enter your password again before you change this.",
            "error",
        ),
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (WRONG, "error"),
        "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (
            "This code is not right. Type the six digits that the app shows now.",
            "error",
        ),
        "SECURITY_MSG_PASSWORD_RESET_REQUEST": (
            "If there is such an account, we have sent it a link.",
            "success",
        ),
        "SECURITY_MSG_GENERIC_RECOVERY": (
            "If there is such an account, we have sent it a link.",
            "success",
        ),
        "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": (
            "Your password is changed. Sign in with it.",
            "success",
        ),
        "SECURITY_MSG_PASSWORD_RESET": ("Your password is changed. Sign in with it.", "success"),
        "SECURITY_MSG_PASSWORD_CHANGE": ("Your password is changed.", "success"),
    }


WRONG = "The e-mail address or the password is not right. Check both and sign in again."


class SignIn(LoginForm):
    """The library's form without its "remember me", which would outlast every limit of ours."""

    remember = None

    def __init__(self, *given: Any, **values: Any) -> None:
        """Leave the way back to the page, which offers two."""
        super().__init__(*given, **values)
        self.password.description = ""


class StillYou(VerifyForm):
    """The library's form, which takes for granted that everybody has a password."""

    def validate(self, **kwargs: Any) -> bool:
        """Send whoever signs in by mailed links back for a fresh one."""
        if self.user.password is not None:
            return bool(super().validate(**kwargs))

        self.password.errors = [
            "You have no password. Sign out, then sign in again with a link by e-mail."
        ]
        return False


class Change(ChangePasswordForm):
    """The library's form, which says the same of every field that is empty."""

    def validate(self, **kwargs: Any) -> bool:
        """Say of each empty field what belongs in it."""
        return _is_filled(
            self,
            {
                "password": "Enter the password of today.",
                "new_password": "Enter a new password.",
                "new_password_confirm": "Type the new password a second time.",
            },
            is_right=bool(super().validate(**kwargs)),
        )


class Choice(ResetPasswordForm):
    """The library's form, which says the same of every field that is empty."""

    def validate(self, **kwargs: Any) -> bool:
        """Say of each empty field what belongs in it."""
        return _is_filled(
            self,
            {
                "password": "Enter a new password.",
                "password_confirm": "Type the new password a second time.",
            },
            is_right=bool(super().validate(**kwargs)),
        )


def _is_filled(form: Any, asked: Mapping[str, str], *, is_right: bool) -> bool:
    # Whoever has no password yet is not asked for it: that field is taken out of the form.
    empty = [name for name in asked if name in form and not form[name].data]
    for name in empty:
        form[name].errors = [asked[name]]
    return is_right and not empty


def follow_no_address() -> ResponseReturnValue | None:
    """Lead nobody to an address that somebody else wrote into the sign-in's own."""
    if (request.endpoint or "").startswith("security.") and "next" in request.values:
        return redirect(request.path)
    return None


class Forgotten(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The address of the account whose password is forgotten."""

    email = address(ask="Enter the e-mail address of your account.")


def ask_for_address() -> ResponseReturnValue | None:
    """Ask for an address that can be written to; the library answers as if any had been typed."""
    if request.method != "POST" or request.endpoint != "security.forgot_password":
        return None
    form = Forgotten()
    form.validate()
    if not form.email.errors:
        return None
    return render_template("security/forgot_password.html", forgot_password_form=form), 422


class Outbox(MailUtil):
    """Hands Flask-Security's letters to our own outbox."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **_facts: Any,
    ) -> None:
        """Post a letter in the transaction of its reason."""
        address = recipient if isinstance(recipient, str) else recipient[1]
        account = account_with_email(address)
        assert account is not None, "Only accounts get these letters."
        post(
            Words(str(subject), body or "", html or ""),
            to_name=account.person.name,
            to_address=account.email,
            at=now(),
            about=f"account:{account.id}",
        )


def note_beginning(_app: Flask, **_facts: object) -> None:
    """Remember when somebody signed in, so that it can end."""
    session["began_at"] = session["seen_at"] = now().timestamp()


def end_old_sign_ins(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """End a sign-in that has lasted 12 hours, or was idle for two."""
    if "_user_id" not in session or (endpoint or "").startswith("security."):
        return
    at = now()
    began, seen = (_moment(session.get(name), at) for name in ("began_at", "seen_at"))
    if at - began > LONGEST or at - seen > IDLE:
        session.clear()
    elif at - seen > NOTICED_EVERY or "seen_at" not in session:
        session["seen_at"] = at.timestamp()
        session.setdefault("began_at", at.timestamp())


def _moment(stamp: float | None, at: datetime) -> datetime:
    return at if stamp is None else datetime.fromtimestamp(stamp, tz=at.tzinfo)


def begin_writing() -> None:
    """Let the library write where it changes an account: it commits by itself."""
    if request.method == "POST" and request.endpoint in WRITING:
        g.library_writes = ExitStack()
        g.library_writes.enter_context(transaction())


def keep_what_was_written(response: Response) -> Response:
    """Keep what the library wrote, letters included."""
    if writes := g.pop("library_writes", None):
        if response.status_code >= 500:
            db.session.rollback()
        writes.close()
    return response


def drop_what_was_written(error: BaseException | None) -> None:
    """Drop what the library wrote when something went wrong."""
    if writes := g.pop("library_writes", None):
        writes.__exit__(type(error), error, None)
