"""Answering a round on a phone, one area at a time, and one's own chart."""

from uuid import UUID

from flask import (
    Blueprint,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.events.queries import event_called
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.people.models import Person
from app.people.queries import visit_with
from app.plumbing.browser import VISIT_COOKIE, read_cookie
from app.plumbing.database import transaction
from app.programmes.queries import programme_called
from app.questionnaires import forms
from app.questionnaires.actions.answering import answer, choose
from app.questionnaires.actions.feedback import give_feedback
from app.questionnaires.actions.taking_back import take_back
from app.questionnaires.models import Wave
from app.questionnaires.queries.answers import (
    OwnRound,
    choice_of,
    feedback_of,
    own_rounds,
    place_at,
)
from app.questionnaires.queries.demands import demand_at
from app.questionnaires.queries.kept import in_plain_words, kept_of
from app.questionnaires.queries.results import (
    closed_rounds,
    leads_team,
    own_report,
    team_report,
)
from app.questionnaires.rules.drawing import shown
from app.questionnaires.rules.timing import RoundState

pages = Blueprint("questionnaires", __name__)


@pages.get("/skills")
@needs(Permission.ANSWER_QUESTIONNAIRES)
def skills(me: Person) -> ResponseReturnValue:
    """Show somebody their rounds and, for each programme, their own chart."""
    at = now()
    rounds = own_rounds(me)
    by_programme: dict[UUID, list[OwnRound]] = {}
    for one in rounds:
        by_programme.setdefault(one.wave.event.programme_id, []).append(one)
    programmes = [own[0].wave.event.programme for own in by_programme.values()]
    led = [
        (programme, team)
        for programme in programmes
        if (team := leads_team(me.id, programme)) is not None
    ]
    return render_template(
        "questionnaires/attendee/skills.html",
        me=me,
        states=[(one, one.wave.state(at)) for one in rounds],
        charts=[
            (own[0].wave.event.programme, shown(own_report(own))) for own in by_programme.values()
        ],
        teams=[
            (team, shown(team_report(closed_rounds(programme), team))) for programme, team in led
        ],
    )


@pages.route("/<programme_slug>/<event_slug>/skills", methods=["GET", "POST"])
@needs(Permission.ANSWER_QUESTIONNAIRES)
def start(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Say what the questionnaire is for, and ask once how the answers may be used."""
    own = _own_round(me, programme_slug, event_slug)
    if own.wave.state(now()) is not RoundState.OPEN:
        return render_template("questionnaires/attendee/not_open.html", me=me, wave=own.wave)
    if choice_of(me.id, own.wave.event.programme_id) is not None:
        return redirect(_way_on(own, after=0))
    form = forms.Choice()
    smallest = own.wave.version.questionnaire.smallest_group
    form.small_team.label.text = form.small_team.label.text.format(smallest=smallest)
    if not form.validate_on_submit():
        page = render_template(
            "questionnaires/attendee/start.html",
            me=me,
            wave=own.wave,
            sheet=own.wave.version.sheet,
            form=form,
            smallest=smallest,
        )
        return page, 422 if form.errors else 200

    with transaction():
        choose(
            me,
            own.wave.event.programme,
            keeps_together=form.keeps_together,
            shows_small_team=form.shows_small_team,
            at=now(),
        )
    return redirect(_at("area", own.wave, step=1))


@pages.route("/<programme_slug>/<event_slug>/skills/<int:step>", methods=["GET", "POST"])
@needs(Permission.ANSWER_QUESTIONNAIRES)
def area(me: Person, programme_slug: str, event_slug: str, step: int) -> ResponseReturnValue:
    """Ask the items of one area; each page that is sent is kept."""
    own = _own_round(me, programme_slug, event_slug)
    wave, sheet = own.wave, own.wave.version.sheet
    if not 1 <= step <= len(sheet.areas):
        abort(404)
    if choice_of(me.id, wave.event.programme_id) is None:
        return redirect(_at("start", wave))
    form = forms.ratings_form(
        sheet,
        sheet.areas[step - 1],
        ratings=own.ratings,
        then=own.response.then_ratings if own.response else {},
        asks_then=wave.asks_then,
    )
    if request.method == "GET" and wave.state(now()) is not RoundState.OPEN:
        return redirect(_at("done" if own.response else "start", wave))
    if not form.validate_on_submit():
        page = render_template(
            "questionnaires/attendee/area.html",
            me=me,
            wave=wave,
            sheet=sheet,
            area=sheet.areas[step - 1],
            step=step,
            form=form,
            then=forms.THEN,
            is_missing="missing" in request.args,
            back=_at("area", wave, step=step - 1) if step > 1 else None,
        )
        return page, 422 if form.errors else 200

    with transaction():
        counts = answer(me, wave, form.given, at=now())
    if not counts:
        return redirect(_at("done", wave))
    return redirect(_way_on(_own_round(me, programme_slug, event_slug), after=step))


@pages.get("/<programme_slug>/<event_slug>/skills/done")
@needs(Permission.ANSWER_QUESTIONNAIRES)
def done(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Thank somebody, say what counts, and show them their own chart."""
    own = _own_round(me, programme_slug, event_slug)
    if own.response is None:
        return redirect(_at("start", own.wave))
    others = [one for one in own_rounds(me) if _is_up_to(one, own)]
    return render_template(
        "questionnaires/attendee/done.html",
        me=me,
        wave=own.wave,
        own=own,
        is_open=own.wave.state(now()) is RoundState.OPEN,
        chart=shown(own_report(others)),
        change_at=_at("area", own.wave, step=1),
    )


def _is_up_to(one: OwnRound, own: OwnRound) -> bool:
    event, here = one.wave.event, own.wave.event
    return event.programme_id == here.programme_id and event.starts_at <= here.starts_at


@pages.route("/<programme_slug>/<event_slug>/feedback", methods=["GET", "POST"])
@needs(Permission.ANSWER_QUESTIONNAIRES)
def feedback(me: Person, programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Ask how an event was; whoever would rather not skips it, and gets their certificate as well."""
    event = _event(programme_slug, event_slug)
    if place_at(event, me.id) is None:
        abort(404)
    if now() < event.starts_at:
        return render_template("questionnaires/attendee/feedback_later.html", me=me, event=event)
    said = feedback_of(event, me.id)
    known = {"useful": str(said.useful), "best": said.best, "better": said.better} if said else {}
    form = forms.Feedback(data=known)
    demanded = demand_at(event)
    skips = "skip" in request.form and demanded is None
    if not (form.is_submitted() and (skips or form.validate())):
        page = render_template(
            "questionnaires/attendee/feedback.html",
            me=me,
            event=event,
            form=form,
            accreditor=demanded.accreditor if demanded else None,
        )
        return page, 422 if form.errors else 200

    useful = None if skips else form.usefulness
    best, better = ("", "") if skips else (form.best.data or "", form.better.data or "")
    with transaction():
        give_feedback(event, me, useful=useful, best=best, better=better, at=now())
    flash(
        "Skipped." if skips else "Thank you. This helps us make the next event better.", "success"
    )
    return redirect(url_for("attendee.certificates.progress"))


@pages.get("/skills/answers")
@needs(Permission.ANSWER_QUESTIONNAIRES)
def answers(me: Person) -> ResponseReturnValue:
    """List everything that somebody answered and chose, statement by statement."""
    return render_template("questionnaires/attendee/answers.html", me=me, kept=kept_of(me))


@pages.get("/skills/answers.json")
@needs(Permission.ANSWER_QUESTIONNAIRES)
def answers_file(me: Person) -> ResponseReturnValue:
    """Hand somebody everything that they answered and chose."""
    answer = jsonify(in_plain_words(kept_of(me)))
    answer.headers.set("Content-Disposition", "attachment", filename="my-answers.json")
    return answer


@pages.route("/skills/answers/delete", methods=["GET", "POST"])
@needs(Permission.ANSWER_QUESTIONNAIRES)
def delete_answers(me: Person) -> ResponseReturnValue:
    """Ask before somebody's answers are deleted; only for whoever just showed that they read their mail."""
    at = now()
    visit = visit_with(read_cookie(request, VISIT_COOKIE) or "", at=at)
    if visit is None or not visit.is_proven(at=at):
        return redirect(url_for("attendee.people.code", back=request.path))
    if kept_of(me).is_empty:
        return redirect(url_for(".answers"))
    form = forms.Press()
    if not form.validate_on_submit():
        return render_template("questionnaires/attendee/delete_answers.html", me=me, form=form)

    with transaction():
        take_back(me)
    flash("Your answers are deleted.", "success")
    return redirect(url_for(".answers"))


def _event(programme_slug: str, event_slug: str) -> Event:
    programme = programme_called(programme_slug) or abort(404)
    return event_called(programme, event_slug) or abort(404)


def _own_round(me: Person, programme_slug: str, event_slug: str) -> OwnRound:
    event = _event(programme_slug, event_slug)
    found = next((one for one in own_rounds(me) if one.wave.event_id == event.id), None)
    return found or abort(404)


def _way_on(own: OwnRound, *, after: int) -> str:
    """Return the next area, then the first with a gap, then the end."""
    sheet = own.wave.version.sheet
    if after < len(sheet.areas) and not (after == 0 and own.is_whole):
        if after:
            return _at("area", own.wave, step=after + 1)
        return _at("area", own.wave, step=_first_gap(own) or 1)
    gap = _first_gap(own)
    return _at("area", own.wave, step=gap, missing=1) if gap else _at("done", own.wave)


def _first_gap(own: OwnRound) -> int | None:
    return next(
        (
            number
            for number, part in enumerate(own.wave.version.sheet.areas, 1)
            if any(item.id not in own.ratings for item in part.items)
        ),
        None,
    )


def _at(page: str, wave: Wave, *, step: int | None = None, missing: int | None = None) -> str:
    event = wave.event
    return url_for(
        f".{page}",
        programme_slug=event.programme.slug,
        event_slug=event.slug,
        step=step,
        missing=missing,
    )
