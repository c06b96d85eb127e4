"""Checking oneself in, and a colleague who has no phone."""

from uuid import UUID

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.checkin.actions.checking_in import Arrival, check_in_in_the_room
from app.checkin.forms import ColleagueCode, Press
from app.checkin.models import CheckinPoint
from app.checkin.queries.attendance import attendance_of
from app.checkin.queries.places import place_of, place_with_short_code, table_number_of
from app.checkin.queries.rooms import room_with_id
from app.checkin.rules.answers import Answer
from app.checkin.rules.codes import read_code
from app.checkin.rules.log import Outcome
from app.checkin.views.arrival_pass import give_arrival, last_arrival, live_arrival, used_by
from app.checkin.views.public import EXPIRED
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.refusal import NoWayIn
from app.people.models import Person
from app.plumbing.database import transaction
from app.plumbing.limits import limiter, this_person
from app.registration.actions.booking import confirm_name_on_certificate
from app.registration.models import Registration

pages = Blueprint("checkin", __name__)

IN = frozenset({Outcome.ADMITTED, Outcome.ALREADY})


@pages.post("/arrival")
@needs(Permission.CHECK_ONESELF_IN)
@limiter.limit("60 per minute", key_func=this_person)
def arrive(me: Person) -> ResponseReturnValue:
    """Check me in: my phone has scanned the wall, and I say that I am here."""
    arrival, room = _proof()
    form = Press()
    if not form.validate_on_submit():
        return redirect(url_for("public.checkin.room", address_code=room.address_code))
    place = place_of(me.id, room.event_id) or abort(404)
    answer = _check_in(place, arrival, me=me, scan_id=form.submission_id)
    if answer.outcome not in IN:
        return render_template(
            "checkin/attendee/arrive.html", me=me, event=room.event, answer=answer
        ), 409
    response = make_response(redirect(url_for(".arrived")))
    give_arrival(response, used_by(arrival, me.id))
    return response


@pages.get("/arrival")
@needs(Permission.CHECK_ONESELF_IN)
def arrived(me: Person) -> ResponseReturnValue:
    """Show that I am checked in, since when, and what my certificate will say."""
    arrival = last_arrival(request) or abort(404)
    room = room_with_id(arrival.point_id) or abort(404)
    place = place_of(me.id, room.event_id) or abort(404)
    attendance = attendance_of(place)
    if attendance is None or attendance.arrived_at is None:
        return redirect(url_for("public.checkin.room", address_code=room.address_code))
    return render_template(
        "checkin/attendee/arrived.html",
        me=me,
        event=room.event,
        place=place,
        attendance=attendance,
        can_help=live_arrival(request, at=now()) is not None,
    )


@pages.post("/arrival/name")
@needs(Permission.CHECK_ONESELF_IN)
def name_is_right(me: Person) -> ResponseReturnValue:
    """Take my word that my name is right as it will be printed."""
    by = Actor("attendee", me.id, me.name)
    with transaction():
        confirm_name_on_certificate(me, me.name_on_certificate, by=by, at=now())
    flash("Thank you. Your certificate will read that.", "success")
    return redirect(url_for(".arrived"))


@pages.route("/arrival/colleague", methods=["GET", "POST"])
@needs(Permission.CHECK_ONESELF_IN)
@limiter.limit("15 per 10 minutes", key_func=this_person, methods=["POST"])
def colleague(me: Person) -> ResponseReturnValue:
    """Check in somebody beside me by the short code on their pass; the desk may say hello."""
    arrival, room = _proof()
    form = ColleagueCode()
    if not form.validate_on_submit():
        return _form(me, room, form, 422 if request.method == "POST" else 200)
    code = read_code(form.code_given, host=request.host)
    place = place_with_short_code(code, room.event) if code else None
    if place is None:
        form.code.errors = ["Nobody at this event has this code. Look at each character again."]
        return _form(me, room, form, 422)

    answer = _check_in(place, arrival, me=me, scan_id=form.submission_id)
    return render_template(
        "checkin/attendee/colleague.html",
        me=me,
        event=room.event,
        form=ColleagueCode(formdata=None),
        name=place.person.name,
        table_number=table_number_of(place),
        answer=answer,
        is_in=answer.outcome in IN,
    )


def _form(me: Person, room: CheckinPoint, form: ColleagueCode, status: int) -> ResponseReturnValue:
    page = render_template("checkin/attendee/colleague.html", me=me, event=room.event, form=form)
    return page, status


def _proof() -> tuple[Arrival, CheckinPoint]:
    """Return the arrival pass of this browser and its room, or say how to get one."""
    arrival = live_arrival(request, at=now())
    room = room_with_id(arrival.point_id) if arrival else None
    if arrival is None or room is None:
        raise NoWayIn("Scan the code on the wall", EXPIRED, status=410)
    return arrival, room


def _check_in(place: Registration, arrival: Arrival, *, me: Person, scan_id: UUID) -> Answer:
    by = Actor("attendee", me.id, me.name)
    with transaction():
        return check_in_in_the_room(place, arrival, by=by, scan_id=scan_id, at=now())
