"""What visitors leave at a poster: questions, reflections, quick words, and reports."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.refusal import Refusal
from app.plumbing.database import transaction
from app.plumbing.limits import limiter
from app.plumbing.presses import expect_press
from app.posters import forms
from app.posters.actions import asking, moderating, reflecting, signalling
from app.posters.actions.writing import admit
from app.posters.models import PosterQuestion, Reflection
from app.posters.queries.asking import asker_of, question_at
from app.posters.queries.reflecting import author_of as author_of_reflection
from app.posters.queries.reflecting import reflection_at
from app.posters.rules import Attribution, who_reads
from app.posters.views.looking import Sight, sight_with_code
from app.posters.views.public.blueprint import pages
from app.posters.views.writing import (
    author_of,
    giver_of,
    person_of,
    refuse_guests,
    who_writes,
)

OFTEN_ENOUGH = "60 per 10 minutes"


@pages.get("/p/<code>/question")
@needs(Permission.SEE_PUBLIC_PAGES)
def question(code: str) -> ResponseReturnValue:
    """Ask for a question to the team."""
    sight = _open_sight(code)
    return _question_page(sight, _question_form(sight))


@pages.post("/p/<code>/question")
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit(OFTEN_ENOUGH, key_func=who_writes)
def ask(code: str) -> ResponseReturnValue:
    """Put a question to the team."""
    sight = sight_with_code(code)
    form = _question_form(sight)
    if not form.validate_on_submit():
        return _question_page(sight, form), 422
    is_guest = isinstance(form, forms.GuestQuestion)
    author = (
        author_of(sight, name=form.name.data, email=form.email.data)
        if is_guest
        else author_of(sight)
    )
    try:
        with transaction():
            asked = asking.ask(sight.poster, form.asked, author, at=now())
            is_public = asked.cleared_at is not None
    except Refusal as why:
        form.form_errors = [str(why)]
        return _question_page(sight, form), 409

    team = sight.poster.team.name
    answer = "We'll e-mail you the answer." if _has_address(sight) or is_guest else ""
    first = "" if is_public else " An organiser reads it before other visitors do."
    flash(f"Sent to {team}. {answer}{first}".strip(), "success")
    return _to_poster(sight)


def _question_form(sight: Sight) -> forms.Question:
    return forms.Question() if person_of(sight) else forms.GuestQuestion()


def _question_page(sight: Sight, form: forms.Question) -> str:
    return render_template(
        "posters/public/question.html",
        sight=sight,
        poster=sight.poster,
        event=sight.poster.event,
        form=form,
        is_guest=person_of(sight) is None,
        has_address=_has_address(sight),
    )


def _has_address(sight: Sight) -> bool:
    person = person_of(sight)
    return person is not None and person.email is not None


@pages.get("/p/<code>/reflection")
@needs(Permission.SEE_PUBLIC_PAGES)
def reflection(code: str) -> ResponseReturnValue:
    """Ask for a reflection, by aspect."""
    sight = _open_sight(code)
    return _reflection_page(sight, _reflection_form(sight))


@pages.post("/p/<code>/reflection")
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit(OFTEN_ENOUGH, key_func=who_writes)
def reflect(code: str) -> ResponseReturnValue:
    """Keep a reflection, and say exactly who can read it."""
    sight = sight_with_code(code)
    form = _reflection_form(sight)
    if not form.validate_on_submit():
        return _reflection_page(sight, form), 422
    name = form.name.data or "" if isinstance(form, forms.GuestReflection) else ""
    reflected, team, back = form.reflected, sight.poster.team.name, _to_poster(sight)
    try:
        with transaction():
            waits = reflecting.reflect(
                sight.poster, reflected, author_of(sight, name=name), at=now()
            )
    except Refusal as why:
        form.form_errors = [str(why)]
        return _reflection_page(sight, form), 409

    words = who_reads(reflected.attribution, team=team, is_read_first=waits)
    flash(f"Thank you. {words}", "success")
    return back


def _reflection_form(sight: Sight) -> forms.Reflection:
    return forms.Reflection() if person_of(sight) else forms.GuestReflection()


def _reflection_page(sight: Sight, form: forms.Reflection) -> str:
    team, is_guest = sight.poster.team.name, person_of(sight) is None
    waits = sight.market.is_moderated or is_guest
    return render_template(
        "posters/public/reflection.html",
        sight=sight,
        poster=sight.poster,
        event=sight.poster.event,
        form=form,
        is_guest=is_guest,
        hints={
            one.value: who_reads(
                one,
                team=team,
                is_read_first=waits and (is_guest or one is not Attribution.TEAM),
            )
            for one in Attribution
        },
    )


@pages.post("/p/<code>/signal")
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit(OFTEN_ENOUGH, key_func=who_writes)
def signal(code: str) -> ResponseReturnValue:
    """Give a quick word, or take it back."""
    sight = sight_with_code(code)
    refuse_guests(sight)
    form, giver = forms.Signal(), giver_of(sight)
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        if form.taken is not None:
            signalling.take_signal_back(sight.poster, form.taken, giver)
        elif form.given is not None:
            signalling.give_signal(
                sight.poster,
                form.given,
                giver,
                agrees_to_contact=bool(form.agrees.data),
                at=now(),
            )
    if form.taken is not None:
        flash("Taken back.", "success")
    elif form.given is not None:
        flash(_thanks(sight, shares=bool(form.agrees.data) and _has_address(sight)), "success")
    return _to_poster(sight)


def _thanks(sight: Sight, *, shares: bool) -> str:
    team = sight.poster.team.name
    if shares:
        return f"Thank you. {team} sees your name and e-mail address, and may write to you."
    return f"Thank you. {team} sees how many said so, not who."


@pages.route(
    "/p/<code>/<any(question,reflection):kind>/<uuid:words_id>/report", methods=["GET", "POST"]
)
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit("20 per 10 minutes", key_func=who_writes, methods=["POST"])
def report(code: str, kind: str, words_id: UUID) -> ResponseReturnValue:
    """Ask why something should not stand here, and tell the organisers."""
    sight = sight_with_code(code)
    words = _words(sight, kind, words_id)
    form = forms.Report()
    if not form.validate_on_submit():
        page = render_template(
            "posters/public/report.html",
            sight=sight,
            poster=sight.poster,
            event=sight.poster.event,
            form=form,
            words=words,
            author=_author(words),
        )
        return page, 422 if request.method == "POST" else 200

    expect_press(at=now())
    with transaction():
        moderating.report(words, reason=form.reason_given, reported_by=_reporter(sight), at=now())
    flash("Reported. An organiser looks at it; who reported it is not written down.", "success")
    return _to_poster(sight)


def _words(sight: Sight, kind: str, words_id: UUID) -> PosterQuestion | Reflection:
    """Return something that visitors read at this poster."""
    find = question_at if kind == "question" else reflection_at
    words = find(sight.poster, words_id) or abort(404)
    is_private = isinstance(words, Reflection) and words.attribution is Attribution.TEAM
    if words.cleared_at is None or words.hidden_at is not None or is_private:
        abort(404)
    return words


def _author(words: PosterQuestion | Reflection) -> str:
    return asker_of(words) if isinstance(words, PosterQuestion) else author_of_reflection(words)


def _reporter(sight: Sight) -> str:
    looker = sight.looker
    if looker.is_of(sight.poster):
        return "The team itself"
    return "Somebody at the event" if person_of(sight) else "A visitor"


def _open_sight(code: str) -> Sight:
    """Return a poster at which this visitor may write now, or say why not."""
    sight = sight_with_code(code)
    refuse_guests(sight)
    admit(sight.poster, author_of(sight), at=now())
    return sight


def _to_poster(sight: Sight) -> Response:
    return redirect(url_for(".poster", code=sight.poster.code))
