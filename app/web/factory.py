"""How the house is put together."""

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from app.plumbing.database import db, open_database
from app.plumbing.keys import set_up_keys
from app.plumbing.limits import limiter
from app.plumbing.mail import MailSettings, set_up_mail
from app.web import (
    assets,
    commands,
    entrances,
    errors,
    filters,
    headers,
    navigation,
    presses,
    rooms,
    signing_in,
    signposts,
    typed,
)
from app.web.settings import ROOT, Settings

csrf = CSRFProtect()
PRESSED_BY_MAIL_PROGRAMS = (
    "public.network.leave_at_once",
    "public.writeups.stop_letters_at_once",
)
"""These end letters at a signed link alone: what presses them (RFC 8058) has seen no form of ours."""
migrate = Migrate(directory=str(ROOT / "migrations"))


class House(Flask):
    """The application; the kit's templates need undefined names to be chainable."""

    jinja_options = {"undefined": ChainableUndefined, "autoescape": True}


def create_app(settings: Settings) -> Flask:
    """Put the house together, or say why it cannot stand."""
    app = House("app", root_path=str(ROOT / "app"), static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "templates"), PackageLoader("nhsuk_frontend_jinja")]
    )
    app.config.update(configuration(settings))
    app.extensions["hooray_settings"] = settings
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # the documented way

    open_database(app)
    migrate.init_app(app, db, compare_type=True, render_as_batch=True)
    csrf.init_app(app)
    limiter.init_app(app)
    set_up_keys(settings.secret_key)
    set_up_mail(
        MailSettings(
            smtp_url=settings.smtp_url,
            sender=settings.mail_sender,
            sender_name=settings.mail_sender_name,
        )
    )
    typed.register(app)
    headers.register(app, host=settings.host, is_https=settings.is_https)
    errors.register(app)
    presses.register(app)
    filters.register(app)
    signing_in.register(app, settings)
    rooms.register(app)
    for endpoint in PRESSED_BY_MAIL_PROGRAMS:
        csrf.exempt(app.view_functions[endpoint])
    navigation.register(app, settings)
    signposts.register(app)
    commands.register(app, settings)
    assets.register(app)
    configure_mappers()
    entrances.check_marks(app)
    return app


def configuration(settings: Settings) -> dict[str, object]:
    """Return what Flask and its extensions want to know."""
    return {
        "SECRET_KEY": settings.secret_key,
        "DATA_FOLDER": str(settings.data_folder),
        "ERASURE_JOURNAL": str(settings.erasure_journal or settings.data_folder / "erased-people"),
        "SERVER_NAME": settings.host,
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "SESSION_COOKIE_NAME": "__Host-hooray" if settings.is_https else "hooray",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        # Our pages name no referrer, over TLS too; `headers` asks where a form comes from instead.
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": 64 * 1024,
        "MAX_FORM_MEMORY_SIZE": 64 * 1024,
        "MAX_FORM_PARTS": 300,
        "RATELIMIT_STRATEGY": "moving-window",
    }


def engine_options(settings: Settings) -> dict[str, object]:
    """Return how many connections are kept: one for every thread, and some for later work."""
    return {
        "pool_size": settings.web_threads + 4,
        "max_overflow": 4,
        # What a statement was given may be about people, and errors go into the log.
        "hide_parameters": True,
    }
