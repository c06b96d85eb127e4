"""What visitors wrote, for organisers: read first, reported, shown or hidden; and the people's choice."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.posters import forms
from app.posters.actions import moderating, voting
from app.posters.models import PosterQuestion, Reflection
from app.posters.queries.moderating import WordsState, contributions_at, words_at
from app.posters.queries.posters import marketplace_of
from app.posters.queries.voting import ballots_cast, results_of, vote_at
from app.posters.views.organiser.blueprint import pages
from app.posters.views.writing import ASPECTS
from app.programmes.queries import Staff

URGENT = (WordsState.REPORTED, WordsState.WAITING)
STATES = {
    WordsState.REPORTED: ("Reported", "bad"),
    WordsState.WAITING: ("To be read", "warn"),
    WordsState.SHOWN: ("Shown", "good"),
    WordsState.HIDDEN: ("Hidden", "quiet"),
}
EVENT = "/<programme_slug>/events/<event_slug>/posters"


@pages.get(f"{EVENT}/words")
@needs(Permission.PUBLISH_POSTERS)
def words(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show what visitors wrote, with what needs a look first."""
    found = contributions_at(event)
    chosen = request.args.get("state", "")
    counts = {state: sum(one.state is state for one in found) for state in WordsState}
    listed = [one for one in found if not chosen or one.state.value == chosen]
    return render_template(
        "posters/organiser/words.html",
        event=event,
        market=marketplace_of(event),
        listed=sorted(listed, key=lambda one: one.state not in URGENT),
        total=len(found),
        chips=[
            ("", "All", len(found)),
            *((state.value, STATES[state][0], counts[state]) for state in WordsState),
        ],
        chosen=chosen,
        states=STATES,
        aspects=ASPECTS,
        may_manage=staff.may(Permission.MANAGE_POSTERS),
    )


@pages.post(f"{EVENT}/words/<kind>/<uuid:words_id>/showing")
@needs(Permission.PUBLISH_POSTERS)
def show_words(event: Event, staff: Staff, kind: str, words_id: UUID) -> ResponseReturnValue:
    """Let visitors read something."""
    found = _words(event, kind, words_id)
    with transaction():
        moderating.show(found, by=staff.actor, at=now())
    flash("It is shown.", "success")
    return _to_words(event)


@pages.route(
    f"{EVENT}/words/<kind>/<uuid:words_id>/hiding",
    methods=["GET", "POST"],
)
@needs(Permission.PUBLISH_POSTERS)
def hide_words(event: Event, staff: Staff, kind: str, words_id: UUID) -> ResponseReturnValue:
    """Ask why something is hidden, and hide it."""
    found = _words(event, kind, words_id)
    form = forms.HidingWords()
    if not form.validate_on_submit():
        page = render_template(
            "posters/organiser/hide_words.html", event=event, words=found, form=form
        )
        return page, 422 if form.errors else 200
    with transaction():
        moderating.hide_words(found, reason=form.reason_given, by=staff.actor, at=now())
    flash("It is hidden from visitors and from the team.", "success")
    return _to_words(event)


def _words(event: Event, kind: str, words_id: UUID) -> PosterQuestion | Reflection:
    return words_at(event, kind, words_id) or abort(404)


def _to_words(event: Event) -> Response:
    return redirect(url_for(".words", programme_slug=event.programme.slug, event_slug=event.slug))


@pages.get(f"{EVENT}/vote")
@needs(Permission.SEE_POSTERS)
def vote(event: Event, staff: Staff) -> ResponseReturnValue:
    """Show how the people's choice stands; its counts only once it has closed."""
    at, market = now(), marketplace_of(event)
    return render_template(
        "posters/organiser/vote.html",
        event=event,
        market=market,
        state=vote_at(market, at=at).value,
        cast=ballots_cast(event),
        places=results_of(event, market, at=at),
        may_manage=staff.may(Permission.MANAGE_POSTERS),
    )


@pages.post(f"{EVENT}/vote/opening")
@needs(Permission.MANAGE_POSTERS)
def open_vote(event: Event, staff: Staff) -> ResponseReturnValue:
    """Let people vote from now on."""
    with transaction():
        voting.open_vote(event, by=staff.actor, at=now())
    flash("Voting is open.", "success")
    return _to_vote(event)


@pages.post(f"{EVENT}/vote/closing")
@needs(Permission.MANAGE_POSTERS)
def close_vote(event: Event, staff: Staff) -> ResponseReturnValue:
    """End the vote, and show what came of it."""
    with transaction():
        voting.close_vote(event, by=staff.actor, at=now())
    flash("Voting is closed.", "success")
    return _to_vote(event)


def _to_vote(event: Event) -> Response:
    return redirect(url_for(".vote", programme_slug=event.programme.slug, event_slug=event.slug))
