"""How it goes at the stands right now, for whoever hosts the marketplace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.events.models import Event
from app.plumbing.database import db
from app.posters.models import Poster, PosterAnswer, PosterQuestion, PosterVisits, StandSlot
from app.posters.queries.posters import is_handed_in
from app.posters.rules import is_at_stand
from app.programmes.models import Team


@dataclass(frozen=True, kw_only=True)
class StandNow:
    """One stand at this moment: how many looked, what waits, and who is there."""

    stand: int | None
    team: str
    visits: int
    waiting: int
    is_staffed: bool
    who: str


@dataclass(frozen=True)
class Stands:
    """All stands of a marketplace at this moment."""

    each: Sequence[StandNow]

    @property
    def unvisited(self) -> Sequence[StandNow]:
        """Return the stands to which nobody has come yet."""
        return [one for one in self.each if one.visits == 0]

    @property
    def visited(self) -> Sequence[StandNow]:
        """Return the other stands."""
        return [one for one in self.each if one.visits > 0]

    @property
    def waiting(self) -> int:
        """Return how many questions wait for an answer."""
        return sum(one.waiting for one in self.each)

    @property
    def staffed(self) -> int:
        """Return at how many stands somebody is."""
        return sum(one.is_staffed for one in self.each)


def stands_of(event: Event, *, at: datetime) -> Stands:
    """Return how it goes at every stand whose poster is handed in and not hidden."""
    here = (Poster.event_id == event.id, is_handed_in(), Poster.hidden_at.is_(None))
    rows = db.session.execute(
        select(Poster, Team.name, PosterVisits.count)
        .join(Team, Team.id == Poster.team_id)
        .outerjoin(PosterVisits, PosterVisits.poster_id == Poster.id)
        .where(*here)
        .order_by(Poster.stand.is_(None), Poster.stand, Team.stage_order, Team.name)
    ).all()
    waiting, slots = _waiting(here), _in_their_slot(here, at=at)
    return Stands(
        [
            StandNow(
                stand=poster.stand,
                team=team,
                visits=visits or 0,
                waiting=waiting.get(poster.id, 0),
                is_staffed=is_there or poster.id in slots,
                who=poster.at_stand_name if is_there else slots.get(poster.id, ""),
            )
            for poster, team, visits in rows
            for is_there in [is_at_stand(poster.at_stand_since, at=at)]
        ]
    )


def _waiting(here: Sequence[ColumnElement[bool]]) -> Mapping[UUID, int]:
    """Return how many questions nobody has answered, by poster."""
    rows = db.session.execute(
        select(PosterQuestion.poster_id, func.count())
        .join(Poster)
        .outerjoin(PosterAnswer)
        .where(*here, PosterQuestion.hidden_at.is_(None), PosterAnswer.id.is_(None))
        .group_by(PosterQuestion.poster_id)
    )
    return dict(rows.all())


def _in_their_slot(here: Sequence[ColumnElement[bool]], *, at: datetime) -> Mapping[UUID, str]:
    """Return who said that they would be at a stand now, by poster."""
    rows = db.session.execute(
        select(StandSlot.poster_id, StandSlot.who)
        .join(Poster)
        .where(*here, StandSlot.starts_at <= at, StandSlot.ends_at > at)
        .order_by(StandSlot.starts_at, StandSlot.id)
    )
    return dict(rows.all())
