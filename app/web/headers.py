"""What every answer says to the browser: run nothing inline, tell nobody, keep nothing personal."""

import secrets

from flask import Flask, Response, g, redirect, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers
from werkzeug.exceptions import Forbidden, MisdirectedRequest

from app.plumbing.browser import is_camera_page

THIS_MACHINE = {"localhost", "127.0.0.1"}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Sessions(SecureCookieSessionInterface):
    """The cookie of a session, kept out of answers that everybody gets and any proxy may keep."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session into an answer, unless the answer is the same for everybody."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def register(app: Flask, *, host: str, is_https: bool) -> None:
    """Add the headers to every answer, and refuse requests that come from elsewhere."""
    app.session_interface = Sessions()
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.before_request
    def answer_under_one_name() -> ResponseReturnValue | None:
        return None if request.host == host else lead_to(host)

    @app.before_request
    def refuse_other_sites() -> None:
        """Refuse writes that another site's page sends, besides the token in each form."""
        ours = f"{'https' if is_https else 'http'}://{host}"
        if request.method not in SAFE_METHODS and comes_from_elsewhere(request.headers, ours):
            raise Forbidden

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _policy())
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        camera = "(self)" if is_camera_page() else "()"
        response.headers["Permissions-Policy"] = (
            f"camera={camera}, microphone=(), geolocation=(), payment=()"
        )
        # Nearly every page depends on who asks; public ones say so themselves.
        response.headers.setdefault("Cache-Control", "no-store")
        if not response.cache_control.public:
            response.vary.add("Cookie")
        if is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def lead_to(host: str) -> ResponseReturnValue:
    """Lead whoever typed the other name of this machine to ours, and refuse every other name."""
    if request.method in SAFE_METHODS and is_this_machine(host, request.host):
        return redirect(f"http://{host}{request.full_path.rstrip('?')}")
    raise MisdirectedRequest


def is_this_machine(host: str, other: str) -> bool:
    """Say whether both are names of the machine somebody sits at, with the same port."""
    name, _, port = host.partition(":")
    other_name, _, other_port = other.partition(":")
    return {name, other_name} == THIS_MACHINE and port == other_port


def comes_from_elsewhere(headers: Headers, ours: str) -> bool:
    """Say whether a browser tells us that another site's page sent this.

    A form on our own page has the origin "null", because we tell browsers to name no referrer; so
    Sec-Fetch-Site decides where there is one.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    return headers.get("Origin") not in {None, "null", ours}


def csp_nonce() -> str:
    """Return the one-time word that lets this page's own script run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _policy() -> str:
    decoder = " 'wasm-unsafe-eval'" if is_camera_page() else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{csp_nonce()}'{decoder}",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "worker-src 'self'",
            "manifest-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
