"""A poster is handed in, and taken back."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db
from app.posters.models import Poster
from app.posters.queries.posters import poster_of
from app.programmes.models import Team


class AlreadyHandedIn(Refusal):
    """The team's poster is there."""


class NothingToTakeBack(Refusal):
    """The team has handed in no poster."""


def hand_in(team: Team, event: Event, *, title: str, by: Actor, at: datetime) -> Poster:
    """Write down that a team has handed in its poster for an event."""
    poster = poster_of(team, event)
    if poster is not None and poster.is_handed_in:
        raise AlreadyHandedIn(f"The poster of {team.name} is handed in already.")

    if poster is None:
        poster = Poster(event_id=event.id, team_id=team.id)
        db.session.add(poster)
    poster.title, poster.submitted_at, poster.withdrawn_at = title, at, None
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise AlreadyHandedIn(f"The poster of {team.name} is handed in already.") from clash
    record(
        "handed in",
        poster,
        by=by,
        at=at,
        programme_id=team.programme_id,
        after={"team": team.name, "event": event.title, "title": title},
    )
    return poster


def take_back(team: Team, event: Event, *, by: Actor, at: datetime) -> None:
    """Undo that a poster was handed in."""
    poster = poster_of(team, event)
    if poster is None or not poster.is_handed_in:
        raise NothingToTakeBack(f"{team.name} has not handed in a poster.")

    poster.withdrawn_at = at
    record(
        "took back",
        poster,
        by=by,
        at=at,
        programme_id=team.programme_id,
        before={"team": team.name, "event": event.title, "title": poster.title},
    )
