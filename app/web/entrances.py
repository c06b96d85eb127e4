"""The five entrances: where an address becomes the things a page works on, or a stranger is turned away.

A page that names no permission opens for nobody: the start fails on it.
"""

from typing import Any

from flask import Blueprint, Flask, abort, current_app, request
from flask_security import current_user

from app.checkin.queries.doors import DeskState, desk_with_key
from app.events.queries import event_called
from app.kernel.clock import now
from app.kernel.permission import Permission
from app.kernel.refusal import NoWayIn
from app.people.queries import person_visiting
from app.plumbing.browser import DOOR_COOKIE, TEAM_COOKIE, VISIT_COOKIE, read_cookie
from app.plumbing.presses import expect_press
from app.posters.queries.ways_in import poster_with_key
from app.programmes.queries import programme_called, staff_at
from app.programmes.rules import ALLOWS, Role

public = Blueprint("public", __name__)
attendee = Blueprint("attendee", __name__, url_prefix="/my")
team = Blueprint("team", __name__, url_prefix="/team")
organiser = Blueprint("organiser", __name__, url_prefix="/organise")
volunteer = Blueprint("volunteer", __name__, url_prefix="/door")
ENTRANCES = (public, attendee, team, organiser, volunteer)

# Pages that a library brings, with the permission each of them needs.
LIBRARY_PAGES = {"security": Permission.SIGN_IN}


class UnmarkedPage(Exception):
    """A page names no permission, or stands outside the entrances; the product does not start."""


def check_marks(app: Flask) -> None:
    """Refuse to start while any page lacks its mark."""
    for rule in app.url_map.iter_rules():
        permission = permission_of(app, rule.endpoint)
        if permission is None:
            raise UnmarkedPage(f"{rule.endpoint} ({rule}) does not say which permission it needs.")


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the permission that a page needs, if it says so."""
    entrance = endpoint.partition(".")[0]
    if entrance in LIBRARY_PAGES:
        return LIBRARY_PAGES[entrance]
    if entrance not in {blueprint.name for blueprint in ENTRANCES}:
        return None
    return getattr(app.view_functions[endpoint], "needs", None)


def _needed(endpoint: str | None) -> Permission:
    assert endpoint is not None
    return permission_of(current_app, endpoint) or abort(403)


@public.url_value_preprocessor
def let_everybody_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Open pages that everybody may see, and no others."""
    if _needed(endpoint) not in ALLOWS[Role.PUBLIC]:
        abort(403)


@attendee.url_value_preprocessor
def let_attendees_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Turn the visit's cookie into the person whose own pages these are."""
    assert values is not None
    if _needed(endpoint) not in ALLOWS[Role.ATTENDEE]:
        abort(403)
    key = read_cookie(request, VISIT_COOKIE)
    person = person_visiting(key, at=now()) if key else None
    if person is None:
        raise NoWayIn(
            "Open your personal link",
            "Your pages open with the link in any e-mail we sent you about an event. "
            "If you cannot find one, ask for a new link below.",
            is_mailed=True,
        )
    values["me"] = person


@team.url_value_preprocessor
def let_teams_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Turn the cookie of a team's link into the team's own poster."""
    assert values is not None
    if _needed(endpoint) not in ALLOWS[Role.TEAM]:
        abort(403)
    key = read_cookie(request, TEAM_COOKIE)
    poster = poster_with_key(key, at=now()) if key else None
    if poster is None:
        raise NoWayIn(
            "Open your team's link",
            "These pages open with the link that the organiser mailed to your team. "
            "If you cannot find it, ask the organiser for a new one.",
        )
    values["ours"] = poster


@organiser.url_value_preprocessor
def let_organisers_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Turn the address into a programme (and event) that this member of staff may work on, or refuse."""
    assert values is not None
    needed = _needed(endpoint)
    if not current_user.is_authenticated:
        abort(401)
    programme = None
    if "programme_slug" in values:
        programme = programme_called(values.pop("programme_slug")) or abort(404)
    staff = staff_at(current_user, programme) or abort(404)
    if not staff.may(needed):
        # To somebody without a role in it, a programme does not exist, whoever runs the server.
        abort(403 if staff.roles - {Role.ADMINISTRATOR} or programme is None else 404)
    values["staff"] = staff
    if "event_slug" in values:
        assert programme is not None
        values["event"] = event_called(programme, values.pop("event_slug")) or abort(404)
    elif programme is not None:
        values["programme"] = programme


@volunteer.url_value_preprocessor
def let_volunteers_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Turn the device's cookie into the desk it is, while its door link lasts."""
    assert values is not None
    needed = _needed(endpoint)
    key = read_cookie(request, DOOR_COOKIE)
    desk = desk_with_key(key) if key else None
    if desk is None:
        raise NoWayIn(
            "Scan your door link",
            "This phone is not set up for a door. Scan the door link that the organiser gave you.",
        )
    state, sentence = desk.state(now())
    if state is not DeskState.OPEN:
        raise NoWayIn("This door is not open", sentence)
    if needed not in ALLOWS[desk.role]:
        abort(403)
    values["desk"] = desk


def let_a_press_count_once() -> None:
    """Let the form of somebody we know have its effect once, however often it arrives."""
    expect_press(at=now())


for entrance in (attendee, team, organiser, volunteer):
    entrance.before_request(let_a_press_count_once)
