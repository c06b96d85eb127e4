"""Where links and codes lead: a door link to a door, the code on the wall to one's own check-in."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from app.checkin.actions.checking_in import Arrival, check_in_in_the_room
from app.checkin.actions.doors import enrol as make_door
from app.checkin.forms import Enrolment, OwnCode, Press
from app.checkin.models import CheckinPoint, DoorLink
from app.checkin.queries.attendance import Listed, attendance_of
from app.checkin.queries.doors import DeskState, door_link_with, door_state
from app.checkin.queries.places import place_of, place_with_short_code
from app.checkin.queries.rooms import room_with_address
from app.checkin.rules.codes import is_room_code, read_code
from app.checkin.rules.log import Outcome
from app.checkin.rules.presence import Presence
from app.checkin.rules.times import closed_words, is_open
from app.checkin.views.arrival_pass import give_arrival, last_arrival, live_arrival, used_by
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.names import sorting_name
from app.kernel.permission import Permission, needs
from app.kernel.refusal import NoWayIn
from app.people.models import Person
from app.people.queries import person_visiting
from app.plumbing.browser import (
    ARRIVAL_COOKIE,
    DOOR_COOKIE,
    VISIT_COOKIE,
    lead_in,
    read_cookie,
)
from app.plumbing.database import transaction
from app.plumbing.limits import limiter
from app.registration.models import Registration, Status

pages = Blueprint("checkin", __name__)

A_VENUE = "2000 per minute"
"""A venue is one address: hundreds of phones may scan in the same minute."""

EXPIRED = "This code has expired. If you are in the room, scan the one on the wall."
KEPT_AFTER = timedelta(hours=24)


def this_browser() -> str:
    """Return whom a limit is about: the browser that scanned the wall, else its address."""
    return read_cookie(request, ARRIVAL_COOKIE) or get_remote_address()


@pages.route("/d/<token>", methods=["GET", "POST"])
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit("300 per minute")
def enrol(token: str) -> ResponseReturnValue:
    """Make this phone a door: the event, a first name and a button; opening it changes nothing."""
    link = door_link_with(token) or abort(404)
    _refuse_closed(link)
    form = Enrolment()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template("checkin/public/enrol.html", link=link, form=form), status

    with transaction():
        key = make_door(link, steward_name=form.steward_name, at=now())
        lasts = link.closes_at + KEPT_AFTER - now()
    return lead_in(url_for("volunteer.checkin.door"), DOOR_COOKIE, key, lasts=lasts)


def _refuse_closed(link: DoorLink) -> None:
    state, sentence = door_state(link, at=now())
    if state is not DeskState.OPEN:
        status = 403 if state is DeskState.NOT_YET else 410
        raise NoWayIn("This door is not open", sentence, status=status)


@pages.get("/r/<address_code>/<code>")
@pages.get("/R/<address_code>/<code>", endpoint="wall_in_capitals")
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit(A_VENUE)
def wall(address_code: str, code: str) -> ResponseReturnValue:
    """Take the code that a phone read from the wall, and give the phone its arrival pass."""
    room = room_with_address(address_code.upper()) or abort(404)
    at = now()
    if not is_open(room.event, at):
        return _closed(room)
    if not is_room_code(code, room.code_key, at=at):
        return _expired(room)

    before = last_arrival(request)
    arrival = Arrival(
        point_id=room.id,
        scanned_at=at,
        first_person_id=before.first_person_id if before else None,
    )
    response = make_response(
        redirect(url_for("public.checkin.room", address_code=room.address_code))
    )
    give_arrival(response, arrival)
    return response


@pages.route("/r/<address_code>", methods=["GET", "POST"])
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit(A_VENUE)
@limiter.limit("15 per 10 minutes", key_func=this_browser, methods=["POST"])
def room(address_code: str) -> ResponseReturnValue:
    """Ask whoever scanned the wall whether they are here; a browser we do not know says who it is."""
    found = room_with_address(address_code.upper()) or abort(404)
    at = now()
    arrival = live_arrival(request, at=at)
    if arrival is None or arrival.point_id != found.id:
        return _expired(found)
    if not is_open(found.event, arrival.scanned_at):
        return _closed(found)
    person = _visitor()
    if person is not None:
        return _ask(person, found)

    form = OwnCode()
    if not form.validate_on_submit():
        return _form(found, form, 422 if request.method == "POST" else 200)
    place = _place(form, found)
    if place is None:
        form.code.errors = ["This code and this surname do not belong together. Ask at the desk."]
        return _form(found, form, 422)
    return _check_in(place, form.submission_id, arrival)


def _form(room: CheckinPoint, form: OwnCode, status: int) -> ResponseReturnValue:
    return render_template("checkin/public/room.html", room=room, form=form), status


def _ask(person: Person, room: CheckinPoint) -> ResponseReturnValue:
    """Ask somebody we know, or tell them where they stand already."""
    place = place_of(person.id, room.event_id)
    if place is None or place.status is not Status.CONFIRMED:
        return render_template("checkin/public/no_place.html", room=room, person=person)
    if Listed(place, attendance_of(place)).status is Presence.PRESENT:
        return redirect(url_for("attendee.checkin.arrived"))
    return render_template("checkin/public/question.html", room=room, person=person, form=Press())


def _place(form: OwnCode, room: CheckinPoint) -> Registration | None:
    """Return the place of whoever has both this code and this surname."""
    code = read_code(form.code_given, host=request.host)
    place = place_with_short_code(code, room.event) if code else None
    surname = sorting_name(f"{form.surname_given},").split()
    if place is None or not surname:
        return None
    is_theirs = place.person.sorting_name.split()[: len(surname)] == surname
    return place if is_theirs else None


def _check_in(place: Registration, submission_id: UUID, arrival: Arrival) -> ResponseReturnValue:
    by = Actor("attendee", place.person_id, place.person.name)
    with transaction():
        answer = check_in_in_the_room(place, arrival, by=by, scan_id=submission_id, at=now())
        attendance = attendance_of(place)
    is_in = answer.outcome in {Outcome.ADMITTED, Outcome.ALREADY}
    response = make_response(
        render_template(
            "checkin/public/arrived.html",
            place=place,
            event=place.event,
            answer=answer,
            attendance=attendance,
            is_in=is_in,
        )
    )
    if is_in:
        give_arrival(response, used_by(arrival, place.person_id))
    return response


def _visitor() -> Person | None:
    key = read_cookie(request, VISIT_COOKIE)
    return person_visiting(key, at=now()) if key else None


def _expired(room: CheckinPoint) -> ResponseReturnValue:
    return render_template("checkin/public/expired.html", event=room.event, sentence=EXPIRED), 410


def _closed(room: CheckinPoint) -> ResponseReturnValue:
    words = closed_words(room.event, at=now())
    return render_template("checkin/public/closed.html", event=room.event, words=words), 409
