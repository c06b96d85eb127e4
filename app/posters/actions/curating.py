"""Organisers set up the marketplace, give stands their numbers, and show or hide posters."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, insert_new
from app.posters.actions.ways_in import poster_for
from app.posters.models import Marketplace, Poster
from app.posters.queries.posters import marketplace_of, usual_marketplace
from app.posters.rules import Visibility
from app.programmes.queries import teams_of


class NoPosterYet(Refusal):
    """A team has begun no poster for an event."""


class StandIsTaken(Refusal):
    """Two posters cannot hang at one stand."""


@dataclass(frozen=True, kw_only=True)
class MarketplaceFacts:
    """What an organiser decides about an event's marketplace."""

    uploads_close_at: datetime
    opens_at: datetime
    visibility: Visibility
    takes_feedback: bool
    is_moderated: bool
    guests_may_write: bool
    ballot_opens_at: datetime | None
    ballot_closes_at: datetime | None


def set_marketplace(event: Event, facts: MarketplaceFacts, *, by: Actor, at: datetime) -> None:
    """Keep what an organiser decided; posters that were begun keep what their team chose."""
    insert_new(usual_marketplace(event))
    market = marketplace_of(event)
    before = facts_of(market)
    market.uploads_close_at, market.opens_at = facts.uploads_close_at, facts.opens_at
    market.visibility = facts.visibility
    market.takes_feedback, market.is_moderated = facts.takes_feedback, facts.is_moderated
    market.guests_may_write = facts.guests_may_write
    market.ballot_opens_at, market.ballot_closes_at = facts.ballot_opens_at, facts.ballot_closes_at
    if facts != before:
        record(
            "set up",
            market,
            by=by,
            at=at,
            programme_id=event.programme_id,
            before=asdict(before),
            after=asdict(facts),
        )


def facts_of(market: Marketplace) -> MarketplaceFacts:
    """Return what holds for a marketplace."""
    return MarketplaceFacts(
        uploads_close_at=market.uploads_close_at,
        opens_at=market.opens_at,
        visibility=market.visibility,
        takes_feedback=market.takes_feedback,
        is_moderated=market.is_moderated,
        guests_may_write=market.guests_may_write,
        ballot_opens_at=market.ballot_opens_at,
        ballot_closes_at=market.ballot_closes_at,
    )


def number_stands(event: Event, *, by: Actor, at: datetime) -> int:
    """Give every team without a stand the next free number, in stage order; return how many."""
    taken = set(db.session.scalars(select(Poster.stand).where(Poster.event_id == event.id)))
    free = (number for number in range(1, 10_000) if number not in taken)
    posters = [poster_for(team, event) for team in teams_of(event.programme)]
    without = [poster for poster in posters if poster.stand is None]
    for poster in without:
        give_stand(poster, next(free), by=by, at=at)
    return len(without)


def give_stand(poster: Poster, stand: int | None, *, by: Actor, at: datetime) -> None:
    """Say at which stand a poster hangs, or that it has none."""
    before = poster.stand
    if before == stand:
        return
    poster.stand = stand
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise StandIsTaken(f"Another team has stand {stand}. Choose another number.") from clash
    record(
        "moved to a stand",
        poster,
        by=by,
        at=at,
        programme_id=poster.event.programme_id,
        before={"stand": before},
        after={"stand": stand},
    )


def take_feedback(poster: Poster, *, is_on: bool, by: Actor, at: datetime) -> None:
    """Say whether visitors may write at one poster."""
    if poster.takes_feedback is is_on:
        return
    poster.takes_feedback = is_on
    verb = "opened for feedback" if is_on else "closed to feedback"
    record(verb, poster, by=by, at=at, programme_id=poster.event.programme_id)


def hide(poster: Poster, *, reason: str, by: Actor, at: datetime) -> None:
    """Show a poster to nobody but its team and organisers."""
    if poster.hidden_at is None:
        poster.hidden_at = at
        record("hid", poster, by=by, at=at, programme_id=poster.event.programme_id, reason=reason)


def show_again(poster: Poster, *, by: Actor, at: datetime) -> None:
    """Show a poster again to those whom its team chose."""
    if poster.hidden_at is not None:
        poster.hidden_at = None
        record("showed again", poster, by=by, at=at, programme_id=poster.event.programme_id)
