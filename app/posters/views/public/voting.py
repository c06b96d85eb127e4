"""People's choice: the ballot paper, and the result once it has closed, at one address."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.events.queries import event_called
from app.kernel.clock import clock_words, now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.plumbing.limits import limiter
from app.posters import forms
from app.posters.actions.voting import cast
from app.posters.models import Marketplace, Poster
from app.posters.queries.posters import marketplace_of, shown_at, visibility_of
from app.posters.queries.voting import choice_of, own_teams, results_of, vote_at
from app.posters.rules import BallotState, Visibility, shuffled
from app.posters.views.looking import Looker, who_looks
from app.posters.views.public.blueprint import pages
from app.posters.views.writing import who_writes
from app.programmes.queries import programme_called
from app.registration.queries import has_come


@pages.route("/events/<programme_slug>/<event_slug>/posters/vote", methods=["GET", "POST"])
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit("60 per 10 minutes", key_func=who_writes, methods=["POST"])
def vote(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Show the ballot paper and take the vote; after the vote, show what came of it."""
    event = _event(programme_slug, event_slug)
    market, looker = marketplace_of(event), who_looks(event)
    if not (event.is_open_to_all or looker.is_attendee or looker.sees_all):
        abort(404)
    posters = _candidates(event, market, looker)
    form = _paper(posters, looker)
    if request.method == "GET" or looker.registration is None:
        return _page(event, market, looker, form, posters)
    if not form.validate_on_submit():
        return _page(event, market, looker, form, posters), 422

    chosen = next(poster for poster in posters if poster.code == form.code)
    with transaction():
        cast(chosen, looker.registration, at=now())
    until = market.ballot_closes_at
    change = f" You can change this until {clock_words(until)}." if until else ""
    flash(f"You voted for {chosen.team.name}.{change}", "success")
    return redirect(url_for(".vote", programme_slug=programme_slug, event_slug=event_slug))


def _event(programme_slug: str, event_slug: str) -> Event:
    programme = programme_called(programme_slug) or abort(404)
    event = event_called(programme, event_slug) or abort(404)
    return event if event.shows_posters else abort(404)


def _candidates(event: Event, market: Marketplace, looker: Looker) -> list[Poster]:
    """Return the posters that can be voted for, in an order that is the voter's own."""
    at = now()
    up = {
        shown.poster.code: shown.poster
        for shown in shown_at(event)
        if visibility_of(shown.poster, market, at=at) is not Visibility.TEAM
    }
    seed = str(looker.registration.id) if looker.registration else ""
    return [up[code] for code in shuffled(list(up), seed=seed)]


def _paper(posters: Sequence[Poster], looker: Looker) -> forms.Vote:
    chosen = choice_of(looker.registration) if looker.registration else None
    code = next((poster.code for poster in posters if poster.id == chosen), None)
    form = forms.Vote(data={"poster": code})
    form.poster.choices = [(poster.code, poster.team.name) for poster in posters]
    return form


def _page(
    event: Event,
    market: Marketplace,
    looker: Looker,
    form: forms.Vote,
    posters: Sequence[Poster],
) -> str:
    at, registration = now(), looker.registration
    state = vote_at(market, at=at)
    return render_template(
        "posters/public/vote.html",
        event=event,
        market=market,
        form=form,
        posters=posters,
        state=state.value,
        own_teams=own_teams(registration) if registration else frozenset(),
        is_here=registration is not None and has_come(registration),
        is_booked=registration is not None,
        has_voted=state is BallotState.OPEN and bool(form.poster.data),
        places=results_of(event, market, at=at),
    )
