"""What visitors left for a team, on its phone: questions to answer, reflections, who wants to hear more."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer_at
from app.plumbing.database import transaction
from app.posters import forms
from app.posters.actions import asking, standing_by
from app.posters.models import Poster, PosterQuestion
from app.posters.queries.asking import (
    answer_to,
    asker_of,
    exchanges_for_team,
    question_at,
    revision_of_questions,
)
from app.posters.queries.posters import marketplace_of
from app.posters.queries.reflecting import reflections_for_team
from app.posters.queries.signalling import contacts_of, signal_counts
from app.posters.queries.standing_by import slot_at, slots_of
from app.posters.queries.voting import results_of, votes_for
from app.posters.rules import is_at_stand
from app.posters.views.team.blueprint import pages
from app.posters.views.team.handing_in import team_actor
from app.posters.views.writing import ASPECTS, SIGNALS


@pages.get("/questions")
@needs(Permission.LOOK_AFTER_POSTER)
def questions(ours: Poster) -> ResponseReturnValue:
    """Show a team what it is asked, with the questions that wait for an answer first."""
    return render_template("posters/team/questions.html", event=ours.event, **_questions(ours))


@pages.get("/questions/now")
@needs(Permission.LOOK_AFTER_POSTER)
def questions_now(ours: Poster) -> ResponseReturnValue:
    """Give the team's phone its questions of this moment, or say that nothing is new."""
    return part_answer_at(
        revision_of_questions(ours),
        lambda: render_template(
            "posters/team/_questions.html", event=ours.event, **_questions(ours)
        ),
    )


def _questions(ours: Poster) -> dict[str, object]:
    exchanges = exchanges_for_team(ours)
    return {
        "ours": ours,
        "waiting": [exchange for exchange in exchanges if exchange.answer is None],
        "answered": [exchange for exchange in exchanges if exchange.answer is not None],
    }


@pages.route("/questions/<uuid:question_id>", methods=["GET", "POST"])
@needs(Permission.LOOK_AFTER_POSTER)
def answer(ours: Poster, question_id: UUID) -> ResponseReturnValue:
    """Ask a team for its answer, or for better words in its place."""
    asked = _question(ours, question_id)
    given = answer_to(asked)
    form = forms.Answer(obj=given)
    if not form.validate_on_submit():
        return _answer_page(ours, asked, form), 422 if form.errors else 200

    is_change = "change" in request.form
    try:
        with transaction():
            act = asking.change_answer if is_change else asking.answer
            act(
                asked,
                form.text.data,
                answered_by=form.answered_by.data or "",
                by=team_actor(ours),
                at=now(),
            )
    except asking.AlreadyAnswered as why:
        form.form_errors = [f"{why} What you wrote is still here."]
        return _answer_page(ours, asked, form), 409
    flash("Your answer is saved." if is_change else _sent(asked), "success")
    return redirect(url_for(".questions"))


def _question(ours: Poster, question_id: UUID) -> PosterQuestion:
    asked = question_at(ours, question_id) or abort(404)
    is_for_team = asked.cleared_at is not None or asked.guest_email == ""
    return asked if is_for_team and asked.hidden_at is None else abort(404)


def _sent(asked: PosterQuestion) -> str:
    has_address = asked.guest_email or (asked.person and asked.person.email)
    return "Answered, and mailed to whoever asked." if has_address else "Answered."


def _answer_page(ours: Poster, asked: PosterQuestion, form: forms.Answer) -> str:
    return render_template(
        "posters/team/answer.html",
        ours=ours,
        event=ours.event,
        question=asked,
        asker=asker_of(asked),
        given=answer_to(asked),
        form=form,
    )


@pages.get("/reflections")
@needs(Permission.LOOK_AFTER_POSTER)
def reflections(ours: Poster) -> ResponseReturnValue:
    """Show a team what visitors reflected, their quick words, and whom it may write to."""
    market = marketplace_of(ours.event)
    places = results_of(ours.event, market, at=now())
    return render_template(
        "posters/team/reflections.html",
        ours=ours,
        event=ours.event,
        reflections=reflections_for_team(ours),
        aspects=ASPECTS,
        counts=signal_counts(ours),
        signals=SIGNALS,
        contacts=contacts_of(ours),
        has_result=places is not None,
        place=votes_for(ours, places or []),
    )


@pages.get("/stand")
@needs(Permission.LOOK_AFTER_POSTER)
def stand(ours: Poster) -> ResponseReturnValue:
    """Ask a team who is at its stand now, and when somebody will be."""
    return _stand_page(ours, forms.AtStand(), forms.Slot())


def _stand_page(ours: Poster, form: forms.AtStand, slot_form: forms.Slot) -> str:
    return render_template(
        "posters/team/stand.html",
        ours=ours,
        event=ours.event,
        form=form,
        slot_form=slot_form,
        wrong=form if form.errors else slot_form,
        slots=slots_of(ours),
        is_there=is_at_stand(ours.at_stand_since, at=now()),
    )


@pages.post("/stand/presence")
@needs(Permission.LOOK_AFTER_POSTER)
def come_to_stand(ours: Poster) -> ResponseReturnValue:
    """Show visitors that somebody is at the stand now."""
    form = forms.AtStand()
    if not form.validate_on_submit():
        return _stand_page(ours, form, forms.Slot(formdata=None)), 422
    with transaction():
        standing_by.come_to_stand(ours, form.who.data, at=now())
    flash("Visitors see that you are at your stand.", "success")
    return redirect(url_for(".stand"))


@pages.post("/stand/absence")
@needs(Permission.LOOK_AFTER_POSTER)
def leave_stand(ours: Poster) -> ResponseReturnValue:
    """Stop saying that somebody is at the stand."""
    with transaction():
        standing_by.leave_stand(ours)
    flash("Visitors no longer see you at your stand.", "success")
    return redirect(url_for(".stand"))


@pages.post("/stand/times")
@needs(Permission.LOOK_AFTER_POSTER)
def add_slot(ours: Poster) -> ResponseReturnValue:
    """Keep a time at which somebody will be at the stand."""
    form = forms.Slot()
    if not form.validate_on_submit():
        return _stand_page(ours, forms.AtStand(formdata=None), form), 422
    slot = form.slot(day=london_day(ours.event.starts_at))
    with transaction():
        standing_by.add_slot(ours, slot, by=team_actor(ours), at=now())
    flash("Saved. Visitors see this at your poster.", "success")
    return redirect(url_for(".stand"))


@pages.post("/stand/times/<uuid:slot_id>/removal")
@needs(Permission.LOOK_AFTER_POSTER)
def remove_slot(ours: Poster, slot_id: UUID) -> ResponseReturnValue:
    """Take back a time at the stand."""
    slot = slot_at(ours, slot_id) or abort(404)
    with transaction():
        standing_by.remove_slot(slot, by=team_actor(ours), at=now())
    flash("Removed.", "success")
    return redirect(url_for(".stand"))
