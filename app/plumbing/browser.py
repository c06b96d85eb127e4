"""What we and a browser ask of each other: our five cookies, its camera, one page of a list."""

from datetime import timedelta

from flask import Request, Response, current_app, g, redirect

FARTHEST_PAGE = 1_000_000
"""No list is so long; a database cannot count to any number that somebody types."""

VISIT_COOKIE = "hooray-visit"
DOOR_COOKIE = "hooray-door"
TEAM_COOKIE = "hooray-team"
ARRIVAL_COOKIE = "hooray-arrival"
SCRIBE_COOKIE = "hooray-scribe"


def cookie_name(name: str) -> str:
    """Return the name under which a cookie travels: bound to our host where there is TLS."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def read_cookie(request: Request, name: str) -> str | None:
    """Return the value of one of our cookies."""
    return request.cookies.get(cookie_name(name))


def give_cookie(response: Response, name: str, value: str, *, seconds: int) -> None:
    """Give a browser one of our cookies."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def lead_in(to: str, name: str, key: str, *, lasts: timedelta) -> Response:
    """Give a browser the key of what it opened, and lead it to an address without the token."""
    response = current_app.make_response(redirect(to))
    give_cookie(response, name, key, seconds=int(lasts.total_seconds()))
    return response


def take_cookie(response: Response, name: str) -> None:
    """Take one of our cookies back."""
    response.delete_cookie(
        cookie_name(name),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def page_asked(request: Request) -> int:
    """Return which page of a list an address asks for."""
    return min(max(request.args.get("page", 1, type=int), 1), FARTHEST_PAGE)


def open_camera() -> None:
    """Let this one page use the camera and the decoder that reads codes."""
    g.camera_page = True


def is_camera_page() -> bool:
    """Say whether this page asked for the camera."""
    return bool(g.get("camera_page"))
