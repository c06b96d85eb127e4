"""The code on the wall of a room: a page for the projector that turns its code by itself."""

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.checkin.actions.doors import open_room
from app.checkin.forms import Room
from app.checkin.models import CheckinPoint
from app.checkin.queries.counting import Counts, counts_at
from app.checkin.queries.rooms import room_at, rooms_of
from app.checkin.rules.codes import ROOM_STEP, seconds_to_turn
from app.checkin.rules.codes import room_code as code_of
from app.checkin.rules.times import closed_words, is_open
from app.checkin.views.organiser.blueprint import pages
from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.addresses import address_of
from app.plumbing.database import transaction
from app.plumbing.qr import qr_svg
from app.programmes.queries import Staff


@pages.route("/<programme_slug>/events/<event_slug>/room-code", methods=["GET", "POST"])
@needs(Permission.SHOW_ROOM_CODE)
def room_code(staff: Staff, event: Event) -> ResponseReturnValue:
    """List the rooms that have a code for their wall, and give one to another room."""
    rooms = rooms_of(event)
    form = Room(data={"room": "" if rooms else event.venue[:80]})
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        page = render_template(
            "checkin/organiser/room_code.html", event=event, rooms=rooms, form=form
        )
        return page, status

    with transaction():
        room = open_room(event, form.room_name, at=now())
        address_code = room.address_code
    return redirect(_address_of(event, address_code))


@pages.get("/<programme_slug>/events/<event_slug>/room-code/<address_code>")
@needs(Permission.SHOW_ROOM_CODE)
def room_wall(staff: Staff, event: Event, address_code: str) -> ResponseReturnValue:
    """Show the code of a room, for the projector."""
    room = room_at(event, address_code) or abort(404)
    return render_template(
        "checkin/organiser/room_wall.html",
        event=event,
        room=room,
        turns_in=seconds_to_turn(now()),
        **_shown(event, room, counts_at(event.id)),
    )


@pages.get("/<programme_slug>/events/<event_slug>/room-code/<address_code>/now")
@needs(Permission.SHOW_ROOM_CODE)
def room_now(staff: Staff, event: Event, address_code: str) -> ResponseReturnValue:
    """Give the wall its code of this moment, or say that it has not turned."""
    room = room_at(event, address_code) or abort(404)
    counts = counts_at(event.id)
    shown = _shown(event, room, counts)
    response = make_response(render_template("checkin/organiser/_room_now.html", **shown))
    response.set_etag(f"{shown['code_id']}-{counts.here}-{counts.expected}")
    return response.make_conditional(request)


def _shown(event: Event, room: CheckinPoint, counts: Counts) -> dict[str, object]:
    at = now()
    if not is_open(event, at):
        return {"closed": closed_words(event, at=at), "code_id": "closed", "counts": counts}
    code = code_of(room.code_key, at)
    turn = int(at.timestamp()) // ROOM_STEP
    address = address_of(
        "public.checkin.wall_in_capitals", address_code=room.address_code, code=code
    )
    # Capitals make a smaller picture, which a phone reads from further away.
    picture = qr_svg(address.upper(), title="Scan this with your phone to check in")
    return {"picture": picture, "code_id": f"code-{turn}", "counts": counts}


def _address_of(event: Event, address_code: str) -> str:
    return url_for(
        ".room_wall",
        programme_slug=event.programme.slug,
        event_slug=event.slug,
        address_code=address_code,
    )
