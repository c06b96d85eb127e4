"""Questions about the people's choice; how somebody voted is asked for themselves alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.events.models import Event
from app.kernel.clock import london_day
from app.plumbing.database import db
from app.posters.models import Ballot, Marketplace, Poster
from app.posters.rules import BallotState, ballot_state, ranked
from app.programmes.queries import team_of
from app.registration.models import Registration


def vote_at(market: Marketplace, *, at: datetime) -> BallotState:
    """Say how the people's choice of an event stands."""
    return ballot_state(market.ballot_opens_at, market.ballot_closes_at, at=at)


def choice_of(registration: Registration) -> UUID | None:
    """Return the poster that somebody has chosen: for their own page, and no other."""
    return db.session.scalar(
        select(Ballot.poster_id).where(Ballot.registration_id == registration.id)
    )


def own_teams(registration: Registration) -> frozenset[UUID]:
    """Return the teams that somebody cannot vote for: the one they come with, and their own."""
    event = registration.event
    member_of = team_of(registration.person, event.programme, on=london_day(event.starts_at))
    ids = (registration.team_id, member_of.id if member_of else None)
    return frozenset(team_id for team_id in ids if team_id is not None)


def is_own_team(registration: Registration, poster: Poster) -> bool:
    """Say whether a poster is that of somebody's own team."""
    return poster.team_id in own_teams(registration)


def ballots_cast(event: Event) -> int:
    """Return how many have voted."""
    count = select(func.count()).select_from(Ballot).where(Ballot.event_id == event.id)
    return db.session.scalar(count) or 0


@dataclass(frozen=True)
class Place:
    """A place in the people's choice: its votes, and every poster that shares it."""

    number: int
    votes: int
    posters: Sequence[Poster]

    @property
    def is_shared(self) -> bool:
        """Say whether it is a tie."""
        return len(self.posters) > 1


def results_of(event: Event, market: Marketplace, *, at: datetime) -> Sequence[Place] | None:
    """Return the places of the people's choice; None until the vote has closed, whoever asks."""
    if vote_at(market, at=at) is not BallotState.CLOSED:
        return None
    rows = db.session.execute(
        select(Ballot.poster_id, func.count())
        .where(Ballot.event_id == event.id)
        .group_by(Ballot.poster_id)
    )
    votes = {poster_id: number for poster_id, number in rows}  # noqa: C416 - a Result is no mapping
    posters = _by_id(list(votes))
    return [
        Place(number, count, sorted((posters[i] for i in sharing), key=lambda p: p.team.name))
        for number, count, sharing in ranked(votes)
    ]


def votes_for(poster: Poster, places: Sequence[Place]) -> Place | None:
    """Return the place of one poster, if it has any vote."""
    return next((place for place in places if poster in place.posters), None)


def _by_id(poster_ids: Sequence[UUID]) -> dict[UUID, Poster]:
    rows = db.session.scalars(
        select(Poster).where(Poster.id.in_(poster_ids)).options(joinedload(Poster.team))
    )
    return {poster.id: poster for poster in rows}
