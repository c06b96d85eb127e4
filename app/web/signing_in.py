"""Staff sign-in by Flask-Security: a password, or a mailed link, and a second factor."""

from flask import Flask
from flask_security import RoleMixin, Security
from flask_security.datastore import SQLAlchemyUserDatastore

from app.people.models import Account
from app.plumbing.database import db
from app.web.settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Open the staff sign-in."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a method, no password
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_REGISTERABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_URL_PREFIX="/sign-in",
    )
    Security(app, SQLAlchemyUserDatastore(db, Account, RoleMixin), register_blueprint=True)
