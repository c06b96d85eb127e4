"""Questions about marketplaces, posters and the files handed in for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased, joinedload

from app.events.models import Event
from app.kernel.codes import normal_code
from app.plumbing.database import db
from app.posters.models import Marketplace, Poster, PosterVersion
from app.posters.rules import VersionState, Visibility, usual_deadline, visibility_at
from app.programmes.models import Team


def is_handed_in() -> ColumnElement[bool]:
    """Return the condition that a poster is there."""
    return and_(Poster.submitted_at.is_not(None), Poster.withdrawn_at.is_(None))


def posters_at(event: Event) -> Mapping[UUID, Poster]:
    """Return the posters that are handed in for an event, by team."""
    rows = select(Poster).where(Poster.event_id == event.id, is_handed_in())
    return {poster.team_id: poster for poster in db.session.scalars(rows)}


def poster_of(team: Team, event: Event) -> Poster | None:
    """Return a team's poster for an event, handed in or not."""
    return db.session.scalar(
        select(Poster).where(Poster.event_id == event.id, Poster.team_id == team.id)
    )


def newest_poster_of(team: Team) -> Poster | None:
    """Return the poster that a team handed in for its latest event, unless it is hidden."""
    return db.session.scalar(
        select(Poster)
        .join(Event, Event.id == Poster.event_id)
        .where(Poster.team_id == team.id, is_handed_in(), Poster.hidden_at.is_(None))
        .order_by(Event.starts_at.desc(), Poster.id)
        .limit(1)
    )


def marketplace_of(event: Event) -> Marketplace:
    """Return what holds for an event's posters; what nobody has set is as it usually is."""
    standing = db.session.scalar(_marketplace(), {"event_id": event.id})
    return standing or usual_marketplace(event)


@cache
def _marketplace() -> Select[Marketplace]:
    return select(Marketplace).where(Marketplace.event_id == bindparam("event_id"))


def usual_marketplace(event: Event) -> Marketplace:
    """Return a marketplace as it is while nobody has set anything; it is not written down."""
    return Marketplace(
        event_id=event.id,
        uploads_close_at=usual_deadline(event.starts_at),
        opens_at=event.starts_at,
        visibility=Visibility.ATTENDEES,
        takes_feedback=True,
        is_moderated=False,
        guests_may_write=False,
        ballot_opens_at=None,
        ballot_closes_at=None,
    )


def visibility_of(poster: Poster, market: Marketplace, *, at: datetime) -> Visibility:
    """Return who may see a poster at a moment."""
    if not poster.is_handed_in:
        return Visibility.TEAM
    return visibility_at(
        poster.visibility,
        visible_from=poster.visible_from,
        opens_at=market.opens_at,
        is_hidden=poster.hidden_at is not None,
        at=at,
    )


@dataclass(frozen=True)
class Shown:
    """A poster beside the newest file that can be shown of it, if there is one."""

    poster: Poster
    version: PosterVersion | None


def shown_with_code(code: str) -> tuple[Shown, Marketplace] | None:
    """Return the poster of a lasting address, as somebody may have typed it, and what holds there."""
    found = db.session.execute(_with_code(), {"code": normal_code(code)}).one_or_none()
    if found is None:
        return None
    poster, version = found[0], found[2]
    market: Marketplace | None = found[1]
    return Shown(poster, version), market or usual_marketplace(poster.event)


@cache
def _with_code() -> Select[Poster, Marketplace, PosterVersion]:
    # One question, for every page and picture begins with it.
    return (
        select(Poster, Marketplace, PosterVersion)
        .outerjoin(Marketplace, Marketplace.event_id == Poster.event_id)
        .outerjoin(
            PosterVersion,
            and_(
                PosterVersion.poster_id == Poster.id,
                PosterVersion.number == _newest_number().correlate(Poster).scalar_subquery(),
            ),
        )
        .where(Poster.code == bindparam("code"))
        .options(joinedload(Poster.team), joinedload(Poster.event).joinedload(Event.programme))
    )


def _newest_number() -> Select[int]:
    ready = aliased(PosterVersion)
    return select(func.max(ready.number)).where(
        ready.poster_id == Poster.id, ready.state == VersionState.READY
    )


def shown_at(event: Event) -> Sequence[Shown]:
    """Return an event's posters by stand and team, handed in or not, each with its file."""
    newest = (
        select(PosterVersion.poster_id, func.max(PosterVersion.number).label("number"))
        .where(PosterVersion.state == VersionState.READY)
        .group_by(PosterVersion.poster_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Poster, PosterVersion)
        .join(Team, Team.id == Poster.team_id)
        .outerjoin(newest, newest.c.poster_id == Poster.id)
        .outerjoin(
            PosterVersion,
            and_(PosterVersion.poster_id == Poster.id, PosterVersion.number == newest.c.number),
        )
        .where(Poster.event_id == event.id)
        .options(joinedload(Poster.team))
        .order_by(Poster.stand.is_(None), Poster.stand, Team.stage_order, Team.name)
    )
    return [Shown(poster, version) for poster, version in rows]


def shown_of(poster: Poster) -> Shown:
    """Return a poster with the newest file that can be shown."""
    return Shown(poster, db.session.scalar(_newest_ready(), {"poster_id": poster.id}))


@cache
def _newest_ready() -> Select[PosterVersion]:
    return (
        select(PosterVersion)
        .where(
            PosterVersion.poster_id == bindparam("poster_id"),
            PosterVersion.state == VersionState.READY,
        )
        .order_by(PosterVersion.number.desc())
        .limit(1)
    )


def versions_of(poster: Poster) -> Sequence[PosterVersion]:
    """Return every file that was handed in for a poster, the newest first."""
    return db.session.scalars(
        select(PosterVersion)
        .where(PosterVersion.poster_id == poster.id)
        .order_by(PosterVersion.number.desc())
    ).all()


def version_of(poster: Poster, number: int) -> PosterVersion | None:
    """Return one of a poster's files by its number."""
    return db.session.scalar(
        select(PosterVersion).where(
            PosterVersion.poster_id == poster.id, PosterVersion.number == number
        )
    )


def version_with_id(version_id: UUID) -> PosterVersion | None:
    """Return a file that a job is about."""
    return db.session.get(PosterVersion, version_id)


def themes_at(event: Event) -> Sequence[str]:
    """Return the themes that teams have given their posters, in their alphabet's order."""
    rows = db.session.scalars(
        select(Poster.theme).where(Poster.event_id == event.id, Poster.theme != "").distinct()
    )
    return sorted(rows, key=str.casefold)
