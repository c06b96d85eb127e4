"""The door: the scanner, and for the desk also search, walk-ins, undo and the head count."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.checkin.actions.checking_in import Scan, check_in, check_in_found
from app.checkin.actions.correcting import undo_at_the_door
from app.checkin.actions.counting import count_heads
from app.checkin.actions.walking_in import Newcomer, OverCapacity
from app.checkin.actions.walking_in import walk_in as let_in
from app.checkin.forms import (
    HeadCountForm,
    NotAScan,
    Press,
    Reason,
    Search,
    WalkIn,
    scan_from,
    uuid_or_new,
)
from app.checkin.queries.attendance import Listed, flagged_at, places_found
from app.checkin.queries.counting import counts_at
from app.checkin.queries.doors import Desk
from app.checkin.queries.log import line_at, log_of
from app.checkin.queries.places import place_at
from app.checkin.rules.answers import DESK, Answer, Tone
from app.checkin.rules.log import Method
from app.checkin.rules.presence import FLAG_WORDS, Presence
from app.checkin.rules.times import OWN_UNDO
from app.events.queries import event_with_id
from app.kernel.clock import now
from app.kernel.codes import grouped
from app.kernel.permission import Permission, needs
from app.plumbing.browser import open_camera
from app.plumbing.database import transaction
from app.plumbing.limits import limiter
from app.programmes.queries import teams_of
from app.registration.actions.codes import give_code

pages = Blueprint("checkin", __name__)


def this_device() -> str:
    """Return whom a limit is about: the phone at the door, never the venue's one address."""
    desk: Desk = (request.view_args or {})["desk"]
    return str(desk.device_id)


@pages.get("/")
@needs(Permission.SCAN_AT_THE_DOOR)
def door(desk: Desk) -> ResponseReturnValue:
    """Show the scanner, and nobody's name."""
    return _door(desk, answer=None)


@pages.post("/scans")
@needs(Permission.SCAN_AT_THE_DOOR)
@limiter.limit("600 per minute", key_func=this_device)
def scan(desk: Desk) -> ResponseReturnValue:
    """Take one scan from the script of the door, and answer it."""
    try:
        sent = scan_from(request.get_json(silent=True))
    except NotAScan as refusal:
        return jsonify(error=str(refusal)), 422
    with transaction():
        answer = check_in(sent, desk=desk, host=request.host, at=now())
        counts = counts_at(desk.event_id)
    return jsonify(
        scan_id=str(sent.scan_id),
        **_shown(answer, desk),
        counts={"here": counts.here, "expected": counts.expected},
    )


@pages.post("/typed")
@needs(Permission.SCAN_AT_THE_DOOR)
@limiter.limit("600 per minute", key_func=this_device)
def typed(desk: Desk) -> ResponseReturnValue:
    """Take a code that somebody typed into a page without a script."""
    sent = Scan(
        scan_id=uuid_or_new(request.form.get("scan_id")),
        code=request.form.get("code", ""),
        method=Method.TYPED_CODE,
    )
    with transaction():
        answer = check_in(sent, desk=desk, host=request.host, at=now())
    return _door(desk, answer=_shown(answer, desk))


def _door(desk: Desk, *, answer: dict[str, Any] | None) -> ResponseReturnValue:
    open_camera()
    return render_template(
        "checkin/volunteer/door.html",
        desk=desk,
        counts=counts_at(desk.event_id),
        answer=answer,
        scan_id=uuid4(),
    )


def _shown(answer: Answer, desk: Desk) -> dict[str, Any]:
    """Return an answer as the scanner shows it, with the one thing to do next."""
    return {
        "outcome": answer.outcome.value,
        "tone": answer.tone.value,
        "heading": answer.heading,
        "lines": _lines(answer, desk),
        "marks": list(answer.marks),
        "next": _next(answer, desk),
    }


def _lines(answer: Answer, desk: Desk) -> list[str]:
    """Return the words under the heading; the desk is not sent to itself."""
    if not desk.is_supervisor:
        return list(answer.lines)
    said = [line.removesuffix(DESK).strip() for line in answer.lines]
    return [line for line in said if line]


def _next(answer: Answer, desk: Desk) -> dict[str, str] | None:
    if answer.tone is Tone.YELLOW:
        return {"label": "That's fine", "href": url_for("volunteer.checkin.door")}
    if answer.tone is Tone.RED and desk.is_supervisor:
        return {"label": "Search by name", "href": url_for("volunteer.checkin.search")}
    return None


@pages.get("/log")
@needs(Permission.SCAN_AT_THE_DOOR)
def log(desk: Desk) -> ResponseReturnValue:
    """Show what can be taken back: a steward's last ten minutes, at the desk everything."""
    entries = log_of(desk, since=now() - OWN_UNDO)
    return render_template("checkin/volunteer/log.html", desk=desk, entries=entries)


@pages.route("/log/<uuid:line_id>/undo", methods=["GET", "POST"])
@needs(Permission.SCAN_AT_THE_DOOR)
def undo(desk: Desk, line_id: UUID) -> ResponseReturnValue:
    """Take back a check-in, with the reason that the log keeps."""
    line = line_at(desk.event_id, line_id) or abort(404)
    if not desk.is_supervisor and line.sender != desk.device_id:
        abort(404)
    form = Reason()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return (
            render_template("checkin/volunteer/undo.html", desk=desk, line=line, form=form),
            status,
        )

    with transaction():
        stay = undo_at_the_door(
            line,
            desk=desk,
            reason=form.reason_given,
            submission_id=form.submission_id,
            at=now(),
        )
        name = line.registration.person.name if line.registration else ""
    if stay.status is Presence.PRESENT:
        flash(f"Undone. {name} is still here: another line says so.", "warning")
    else:
        flash(f"Undone. {name} does not count as here any more.", "success")
    return redirect(url_for(".log"))


@pages.get("/search")
@needs(Permission.SEARCH_AT_THE_DOOR)
def search(desk: Desk) -> ResponseReturnValue:
    """Find somebody by name: an empty page first, and nobody before three letters."""
    form = Search(request.args)
    is_asked = form.validate() and form.is_long_enough
    found = places_found(desk.event_id, form.text) if is_asked else ()
    return render_template(
        "checkin/volunteer/search.html", desk=desk, form=form, found=found, is_asked=is_asked
    )


@pages.route("/search/<uuid:registration_id>", methods=["GET", "POST"])
@needs(Permission.SEARCH_AT_THE_DOOR)
def found(desk: Desk, registration_id: UUID) -> ResponseReturnValue:
    """Ask whether it is really this person, then check them in."""
    registration = place_at(desk.event_id, registration_id) or abort(404)
    form = Press()
    if not form.validate_on_submit():
        return render_template(
            "checkin/volunteer/found.html", desk=desk, registration=registration, form=form
        )

    with transaction():
        answer = check_in_found(
            registration,
            scan_id=form.submission_id,
            method=Method.SEARCH,
            desk=desk,
            at=now(),
        )
    return _door(desk, answer=_shown(answer, desk))


@pages.route("/walk-in", methods=["GET", "POST"])
@needs(Permission.SEARCH_AT_THE_DOOR)
def walk_in(desk: Desk) -> ResponseReturnValue:
    """Take in somebody without a booking: a name and a practice are enough."""
    event = event_with_id(desk.event_id) or abort(404)
    teams = teams_of(event.programme)
    form = WalkIn()
    form.team.choices = {"": "No practice", **{team.slug: team.name for team in teams}}
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template("checkin/volunteer/walk_in.html", desk=desk, form=form), status

    newcomer = Newcomer(
        name=form.name_given,
        email=form.email_given,
        team=next((team for team in teams if team.slug == form.team.data), None),
        submission_id=form.submission_id,
        is_agreed=form.lets_in_over_capacity,
    )
    try:
        with transaction():
            registration, answer = let_in(newcomer, desk=desk, event=event, at=now())
            code = grouped(
                give_code(registration.person_id, desk.programme_id, at=now()).short_code, 3
            )
    except OverCapacity as question:
        form.over_capacity.data = "yes"
        return (
            render_template(
                "checkin/volunteer/walk_in.html", desk=desk, form=form, question=str(question)
            ),
            409,
        )
    return render_template("checkin/volunteer/walked_in.html", desk=desk, answer=answer, code=code)


@pages.route("/head-count", methods=["GET", "POST"])
@needs(Permission.SEARCH_AT_THE_DOOR)
def head_count(desk: Desk) -> ResponseReturnValue:
    """Keep how many people somebody counted, and say whom to look at if the list differs."""
    form = HeadCountForm()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template("checkin/volunteer/head_count.html", desk=desk, form=form), status

    with transaction():
        kept = count_heads(
            desk.event_id,
            counted=form.number,
            submission_id=form.submission_id,
            by=desk.actor,
            at=now(),
        )
        words = (
            f"Here: {kept.here}. Counted: {kept.counted}. {_difference(kept.counted - kept.here)}"
        )
    return render_template(
        "checkin/volunteer/head_count.html",
        desk=desk,
        form=HeadCountForm(formdata=None),
        words=words,
        is_same=kept.counted == kept.here,
        looks=[_look(listed) for listed in flagged_at(desk.event_id)],
    )


def _difference(difference: int) -> str:
    return f"Difference {abs(difference)}." if difference else "They agree."


def _look(listed: Listed) -> str:
    return f"{listed.registration.person.name} ({FLAG_WORDS[listed.flag]})"
