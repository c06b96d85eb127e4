"""What people see when the answer is no, or when we made a mistake."""

import logging
import secrets
import traceback
from datetime import timedelta

from flask import Flask, Response, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from app.kernel.refusal import HasEnded, NotThere, NoWayIn, Refusal
from app.plumbing.database import is_taken
from app.plumbing.room import is_no_room
from app.web.filters import in_words

log = logging.getLogger(__name__)


def wants_json() -> bool:
    """Say whether a script asks, and so wants its answer as data."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.is_json


def register(app: Flask) -> None:
    """Give every way of going wrong its page."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(NoWayIn, no_way_in)
    app.register_error_handler(NotThere, lambda _error: answer("not_found", 404))
    app.register_error_handler(HasEnded, lambda _error: answer("gone", 410))
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(401, not_signed_in)
    app.register_error_handler(RateLimitExceeded, too_many)
    app.register_error_handler(HTTPException, plain)
    app.register_error_handler(OperationalError, database_busy)
    app.register_error_handler(OSError, nothing_written)
    app.register_error_handler(IntegrityError, done_meanwhile)
    app.register_error_handler(Exception, broken)


def refused(refusal: Refusal) -> ResponseReturnValue:
    """Show the sentence with which the field says no."""
    return answer("refused", 409, sentence=str(refusal))


def no_way_in(way: NoWayIn) -> ResponseReturnValue:
    """Say how somebody gets in here."""
    ask = url_for("public.people.lost_link") if way.is_mailed else ""
    return answer("no_way_in", way.status, heading=way.heading, sentence=way.sentence, ask=ask)


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Say that a form was open for too long, and how to send it again."""
    return answer("stale_form", 400)


def not_signed_in(_error: HTTPException) -> ResponseReturnValue:
    """Lead staff to the sign-in and afterwards back to the page they wanted."""
    if wants_json():
        return jsonify(error="Sign in first."), 401
    if request.method == "GET":
        session["after_sign_in"] = request.full_path.rstrip("?")
    return redirect(url_for("security.login"))


PAGES = {403: "forbidden", 404: "not_found", 405: "not_found", 410: "gone"}


def plain(error: HTTPException) -> ResponseReturnValue:
    """Show the page of an HTTP error; anything unknown looks like a page that is not there."""
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code == 413:
        return answer("too_large", 413, limit=g.get("most_to_send", ""))
    return answer(PAGES.get(code, "not_found" if code < 500 else "broken"), code)


def too_many(error: RateLimitExceeded) -> ResponseReturnValue:
    """Say how long to wait with what was tried too often."""
    seconds = error.limit.limit.get_expiry()
    wait = in_words(timedelta(seconds=seconds))
    return answer("too_many", 429, headers={"Retry-After": str(seconds)}, wait=wait)


def database_busy(error: OperationalError) -> ResponseReturnValue:
    """Ask for a moment's patience while the database does not answer."""
    if is_no_room(error):
        return no_room()
    log.warning("database did not answer: %s", type(error.orig).__name__)
    return answer("busy", 503, headers={"Retry-After": "5"})


def nothing_written(error: OSError) -> ResponseReturnValue:
    """Say that a file could not be kept, if it is for want of room."""
    return no_room() if is_no_room(error) else broken(error)


def no_room() -> ResponseReturnValue:
    """Say that the server's disk is full, and that nothing was kept of what was sent."""
    log.error("there is no room left on the disk")
    return answer("no_room", 503, headers={"Retry-After": "60"})


def done_meanwhile(error: IntegrityError) -> ResponseReturnValue:
    """Say that somebody else did the same at the same moment: the database kept one of the two."""
    if not is_taken(error):
        return broken(error)
    log.warning("two at once: %s", type(error.orig).__name__)
    return answer("done_meanwhile", 409)


def broken(error: Exception) -> ResponseReturnValue:
    """Own up to a mistake of ours, with a reference that is also in the log."""
    reference = secrets.token_hex(4).upper()
    # Where it happened, and not what the error says: that may be somebody's name or address.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("reference %s: %s\n%s", reference, type(error).__name__, where)
    return answer("broken", 500, reference=reference)


def answer(
    page: str, status: int, headers: dict[str, str] | None = None, **words: str
) -> tuple[str | Response, int, dict[str, str]]:
    """Return one of the pages in templates/errors, or its sentence to a script."""
    # After a mistake of ours the frame of the page must not ask the database for anything.
    g.frame_is_bare = status >= 500
    if wants_json():
        return jsonify(error=words.get("sentence", page)), status, headers or {}
    return render_template(f"errors/{page}.html", **words), status, headers or {}
