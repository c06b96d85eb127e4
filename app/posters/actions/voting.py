"""People's choice: everybody who is checked in has one ballot, and may change it until it closes."""

from datetime import datetime

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import clock_words
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new, insert_or_replace
from app.posters.models import Ballot, Marketplace, Poster
from app.posters.queries.posters import marketplace_of, usual_marketplace, visibility_of
from app.posters.queries.voting import is_own_team
from app.posters.rules import BallotState, Visibility, ballot_state
from app.registration.models import Registration, Status
from app.registration.queries import has_come


class NoVoteNow(Refusal):
    """The people's choice is not open."""


class OwnTeam(Refusal):
    """Nobody votes for their own team."""


class NotCheckedIn(Refusal):
    """Only who is at the event votes."""


class NotUp(Refusal):
    """The poster cannot be voted for."""


class ClosedForGood(Refusal):
    """The counts have been shown, so nobody may vote with them in mind."""


def cast(poster: Poster, registration: Registration, *, at: datetime) -> None:
    """Keep somebody's one choice, in the place of an earlier one; it is written into no record."""
    market = _held(poster.event, shared=True)
    _refuse_unless_open(market, at=at)
    if registration.event_id != poster.event_id or registration.status is not Status.CONFIRMED:
        raise NotCheckedIn("Only people at this event vote.")
    if not has_come(registration):
        raise NotCheckedIn("Check in first: only people who are here have a vote.")
    if is_own_team(registration, poster):
        raise OwnTeam("You can't vote for your own team.")
    if visibility_of(poster, market, at=at) is Visibility.TEAM:
        raise NotUp("This poster is not shown, so nobody can vote for it.")

    insert_or_replace(
        Ballot(
            event_id=poster.event_id,
            registration_id=registration.id,
            poster_id=poster.id,
            cast_at=at,
        ),
        key="registration_id",
    )


def _refuse_unless_open(market: Marketplace, *, at: datetime) -> None:
    opens_at, closes_at = market.ballot_opens_at, market.ballot_closes_at
    state = ballot_state(opens_at, closes_at, at=at)
    if state is BallotState.NONE:
        raise NoVoteNow("There is no people's choice at this event.")
    if state is BallotState.TO_COME and opens_at is not None:
        raise NoVoteNow(f"Voting opens at {clock_words(opens_at)}.")
    if state is BallotState.CLOSED and closes_at is not None:
        raise NoVoteNow(f"Voting closed at {clock_words(closes_at)}.")


def open_vote(event: Event, *, by: Actor, at: datetime) -> None:
    """Let people vote from now on; an end that is still to come stays."""
    insert_new(usual_marketplace(event))
    market = _held(event, shared=False)
    state = ballot_state(market.ballot_opens_at, market.ballot_closes_at, at=at)
    if state is BallotState.OPEN:
        return
    if state is BallotState.CLOSED:
        raise ClosedForGood("The vote has closed and its counts are known, so it stays closed.")
    market.ballot_opens_at = at
    if market.ballot_closes_at is not None and market.ballot_closes_at <= at:
        market.ballot_closes_at = None
    record("opened the vote", market, by=by, at=at, programme_id=event.programme_id)


def close_vote(event: Event, *, by: Actor, at: datetime) -> None:
    """End the vote now; from now on its counts are shown."""
    market = _held(event, shared=False)
    state = ballot_state(market.ballot_opens_at, market.ballot_closes_at, at=at)
    if state is BallotState.CLOSED:
        return
    if state is not BallotState.OPEN:
        raise NoVoteNow("The vote is not open.")
    market.ballot_closes_at = at
    record("closed the vote", market, by=by, at=at, programme_id=event.programme_id)


def _held(event: Event, *, shared: bool) -> Marketplace:
    """Return what holds for the vote, and let nobody close it while a ballot is being written."""
    market = marketplace_of(event)
    if market in db.session:
        hold(market, shared=shared)
    return market
