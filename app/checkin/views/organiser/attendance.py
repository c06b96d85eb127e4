"""Who is here: live counts, the list with its corrections, doubts and head counts."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.checkin.actions import correcting
from app.checkin.actions.counting import count_heads, resolve
from app.checkin.forms import Correction, HeadCountForm, Reason
from app.checkin.queries.attendance import Listed, attendance_of, people_at
from app.checkin.queries.counting import (
    head_count_at,
    head_counts_of,
    revision_of,
    tallies_of,
    total_of,
)
from app.checkin.queries.log import line_at, lines_of
from app.checkin.queries.places import place_at
from app.checkin.rules.log import COUNTS_AS_SEEN, KIND_WORDS, METHOD_WORDS, OUTCOME_WORDS, Kind
from app.checkin.rules.presence import FLAG_WORDS, PRESENCE_WORDS, Presence
from app.checkin.rules.times import minutes_present
from app.checkin.views.organiser.blueprint import pages
from app.events.models import Event
from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer_at
from app.plumbing.browser import page_asked
from app.plumbing.database import transaction
from app.programmes.queries import Staff
from app.registration.models import Registration

FILTERS: Mapping[str, tuple[str, Callable[[Listed], bool]]] = {
    "": ("Everybody", lambda _: True),
    "here": ("Here", lambda listed: listed.status is Presence.PRESENT),
    "missing": ("Missing", lambda listed: listed.status is Presence.EXPECTED),
    "left": ("Left", lambda listed: listed.status is Presence.LEFT),
    "apologies": (
        "Apologies",
        lambda listed: listed.status in {Presence.EXCUSED, Presence.MADE_UP},
    ),
    "look": ("Needs a look", lambda listed: bool(listed.flag)),
}


@pages.get("/<programme_slug>/events/<event_slug>/attendance")
@needs(Permission.SEE_ATTENDANCE)
def attendance(staff: Staff, event: Event) -> ResponseReturnValue:
    """Show who is here, with live counts, doubts and head counts."""
    people = people_at(event)
    chosen = request.args.get("show", "")
    chosen = chosen if chosen in FILTERS else ""
    text = request.args.get("q", "").strip()
    matching = _matching(people, chosen, text)
    page = page_asked(request)
    return render_template(
        "checkin/organiser/attendance.html",
        event=event,
        may_resolve=staff.may(Permission.RESOLVE_PRESENCE),
        people=matching[(page - 1) * PEOPLE_A_PAGE : page * PEOPLE_A_PAGE],
        people_total=len(matching),
        page_number=page,
        page_size=PEOPLE_A_PAGE,
        chips=[(key, words, sum(map(fits, people))) for key, (words, fits) in FILTERS.items()],
        chosen=chosen,
        text=text,
        flagged=[listed for listed in people if listed.flag],
        head_counts=head_counts_of(event),
        form=HeadCountForm(),
        **_words(),
        **_counts(event),
    )


PEOPLE_A_PAGE = 100


def _matching(people: Sequence[Listed], chosen: str, text: str) -> list[Listed]:
    fits = FILTERS[chosen][1]
    return [
        listed
        for listed in people
        if fits(listed) and text.casefold() in listed.registration.person.name.casefold()
    ]


def _words() -> dict[str, object]:
    return {
        "presence_words": PRESENCE_WORDS,
        "method_words": METHOD_WORDS,
        "flag_words": FLAG_WORDS,
    }


def _counts(event: Event) -> dict[str, object]:
    tallies = tallies_of(event.id)
    return {"tallies": tallies, "total": total_of(tallies)}


@pages.get("/<programme_slug>/events/<event_slug>/attendance/counts")
@needs(Permission.SEE_ATTENDANCE)
def counts(staff: Staff, event: Event) -> ResponseReturnValue:
    """Give the attendance page its counts of this moment, or say that nothing is new."""
    return _fresh(event, "checkin/organiser/_counts.html")


@pages.get("/<programme_slug>/events/<event_slug>/attendance/wall")
@needs(Permission.SEE_ATTENDANCE)
def attendance_wall(staff: Staff, event: Event) -> ResponseReturnValue:
    """Show how many are here, large, for the projector."""
    return render_template("checkin/organiser/attendance_wall.html", event=event, **_counts(event))


@pages.get("/<programme_slug>/events/<event_slug>/attendance/wall/now")
@needs(Permission.SEE_ATTENDANCE)
def attendance_wall_now(staff: Staff, event: Event) -> ResponseReturnValue:
    """Give the wall its counts of this moment, or say that nothing is new."""
    return _fresh(event, "checkin/organiser/_wall_now.html")


def _fresh(event: Event, page: str) -> Response:
    """Answer with a part of a page, or with 304 after one cheap question."""
    return part_answer_at(
        revision_of(event.id), lambda: render_template(page, event=event, **_counts(event))
    )


@pages.get("/<programme_slug>/events/<event_slug>/attendance/<uuid:registration_id>")
@needs(Permission.SEE_ATTENDANCE)
def presence(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Show all that is known of one person's presence, line by line."""
    place = place_at(event.id, registration_id) or abort(404)
    lines = lines_of(place)
    standing = attendance_of(place)
    return render_template(
        "checkin/organiser/presence.html",
        event=event,
        may_resolve=staff.may(Permission.RESOLVE_PRESENCE),
        may_correct=staff.may(Permission.CORRECT_ATTENDANCE),
        place=place,
        listed=Listed(place, standing),
        minutes=minutes_present(standing, event, until=now()) if standing else 0,
        lines=lines,
        undone={line.undoes_id: line for line in lines if line.undoes_id},
        can_undo={line.id for line in lines if _can_be_undone(line.kind, line.outcome)},
        kind_words=KIND_WORDS,
        outcome_words=OUTCOME_WORDS,
        **_words(),
    )


def _can_be_undone(kind: Kind, outcome: object) -> bool:
    return kind is not Kind.UNDONE and outcome in COUNTS_AS_SEEN


@pages.route(
    "/<programme_slug>/events/<event_slug>/attendance/<uuid:registration_id>/correction",
    methods=["GET", "POST"],
)
@needs(Permission.CORRECT_ATTENDANCE)
def correction(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Set right what the log says about somebody, with a reason."""
    place = place_at(event.id, registration_id) or abort(404)
    form = Correction()
    if not form.validate_on_submit():
        page = render_template(
            "checkin/organiser/correction.html", event=event, place=place, form=form
        )
        return page, 422 if form.errors else 200

    wish = correcting.Correction(
        kind=form.kind_given,
        reason=form.reason_given,
        submission_id=form.submission_id,
        happened_at=form.moment_on(london_day(event.starts_at)),
    )
    with transaction():
        stay = correcting.correct(place, wish, by=staff.actor, at=now())
        name = place.person.name
    flash(f"{name}: {PRESENCE_WORDS[stay.status].lower()}. The log says who and why.", "success")
    return redirect(_page_of(event, place))


@pages.route(
    "/<programme_slug>/events/<event_slug>/attendance/<uuid:registration_id>/confirmation",
    methods=["GET", "POST"],
)
@needs(Permission.RESOLVE_PRESENCE)
def confirmation(staff: Staff, event: Event, registration_id: UUID) -> ResponseReturnValue:
    """Say that somebody was really seen, which ends the doubt."""
    place = place_at(event.id, registration_id) or abort(404)
    form = Reason()
    if not form.validate_on_submit():
        page = render_template(
            "checkin/organiser/confirmation.html",
            event=event,
            place=place,
            listed=Listed(place, attendance_of(place)),
            form=form,
            **_words(),
        )
        return page, 422 if form.errors else 200

    wish = correcting.Correction(
        kind=Kind.CONFIRMED,
        reason=form.reason_given,
        submission_id=form.submission_id,
        happened_at=min(max(event.starts_at, event.check_in_opens_at), now()),
    )
    with transaction():
        correcting.correct(place, wish, by=staff.actor, at=now())
        name = place.person.name
    flash(f"{name} is confirmed as here. Nothing more to look at.", "success")
    return redirect(_page_of(event, place))


@pages.route(
    "/<programme_slug>/events/<event_slug>/attendance/lines/<uuid:line_id>/undo",
    methods=["GET", "POST"],
)
@needs(Permission.CORRECT_ATTENDANCE)
def undo_line(staff: Staff, event: Event, line_id: UUID) -> ResponseReturnValue:
    """Take back a line of the log, with the reason that stays beside it."""
    line = line_at(event.id, line_id) or abort(404)
    place = line.registration or abort(404)
    if not _can_be_undone(line.kind, line.outcome):
        abort(404)
    form = Reason()
    if not form.validate_on_submit():
        page = render_template(
            "checkin/organiser/undo_line.html",
            event=event,
            place=place,
            line=line,
            form=form,
            kind_words=KIND_WORDS,
        )
        return page, 422 if form.errors else 200

    with transaction():
        correcting.undo(
            line,
            reason=form.reason_given,
            by=staff.actor,
            submission_id=form.submission_id,
            at=now(),
        )
    flash("Undone. The line stays in the log, struck through.", "success")
    return redirect(_page_of(event, place))


@pages.post("/<programme_slug>/events/<event_slug>/head-counts")
@needs(Permission.RESOLVE_PRESENCE)
def count_room(staff: Staff, event: Event) -> ResponseReturnValue:
    """Keep how many people somebody counted, beside how many the list has."""
    form = HeadCountForm()
    if not form.validate_on_submit():
        page = render_template("checkin/organiser/count_room.html", event=event, form=form)
        return page, 422
    with transaction():
        kept = count_heads(
            event.id,
            counted=form.number,
            submission_id=form.submission_id,
            by=staff.actor,
            at=now(),
        )
        is_same, words = kept.counted == kept.here, f"{kept.counted} counted, {kept.here} here."
    flash(f"{words} They agree." if is_same else words, "success" if is_same else "warning")
    return redirect(_list_of(event))


@pages.route(
    "/<programme_slug>/events/<event_slug>/head-counts/<uuid:count_id>/resolution",
    methods=["GET", "POST"],
)
@needs(Permission.RESOLVE_PRESENCE)
def resolution(staff: Staff, event: Event, count_id: UUID) -> ResponseReturnValue:
    """Explain the difference between a head count and the list, or waive it with a reason."""
    head_count = head_count_at(event, count_id) or abort(404)
    form = Reason()
    if not form.validate_on_submit():
        page = render_template(
            "checkin/organiser/resolution.html", event=event, head_count=head_count, form=form
        )
        return page, 422 if form.errors else 200

    with transaction():
        resolve(
            head_count,
            reason=form.reason_given,
            programme_id=event.programme_id,
            by=staff.actor,
            at=now(),
        )
    flash("The head count is resolved. Certificates need not wait for it.", "success")
    return redirect(_list_of(event))


def _page_of(event: Event, place: Registration) -> str:
    return url_for(
        ".presence",
        programme_slug=event.programme.slug,
        event_slug=event.slug,
        registration_id=place.id,
    )


def _list_of(event: Event) -> str:
    return url_for(".attendance", programme_slug=event.programme.slug, event_slug=event.slug)
