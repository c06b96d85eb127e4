"""Questions about the links with which teams reach their posters."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.events.models import Event
from app.kernel.codes import digest
from app.people.models import Person
from app.plumbing.database import db
from app.posters.models import Poster, PosterKey, PosterLink
from app.programmes.models import MemberRole, Team, TeamMembership
from app.programmes.queries import memberships_of


def poster_link_with(token: str) -> PosterLink | None:
    """Return the team's link of this token, live or not."""
    return db.session.scalar(select(PosterLink).where(PosterLink.token_hash == digest(token)))


def poster_with_key(key: str, *, at: datetime) -> Poster | None:
    """Return the poster that a browser's key opens, while the link behind it lasts."""
    return db.session.scalar(
        select(Poster)
        .join(PosterLink)
        .join(PosterKey)
        .where(
            PosterKey.key_hash == digest(key),
            PosterKey.ended_at.is_(None),
            PosterLink.revoked_at.is_(None),
            PosterLink.expires_at > at,
        )
    )


def live_links_of(poster: Poster, *, at: datetime) -> Sequence[PosterLink]:
    """Return the links that open a poster's pages, the newest first."""
    return db.session.scalars(
        select(PosterLink)
        .where(
            PosterLink.poster_id == poster.id,
            PosterLink.revoked_at.is_(None),
            PosterLink.expires_at > at,
        )
        .order_by(PosterLink.created_at.desc(), PosterLink.id)
    ).all()


def links_sent(event: Event, *, at: datetime) -> Mapping[UUID, datetime]:
    """Return when each team's poster was last given a link that still works, by poster."""
    rows = db.session.execute(
        select(PosterLink.poster_id, PosterLink.created_at)
        .join(Poster)
        .where(
            Poster.event_id == event.id,
            PosterLink.revoked_at.is_(None),
            PosterLink.expires_at > at,
        )
        .order_by(PosterLink.created_at)
    )
    return {row.poster_id: row.created_at for row in rows}


def contact_of(team: Team, *, on: date) -> Person | None:
    """Return whom to write to about a team: its lead, else whoever comes next and has an address."""
    there = [m for m in memberships_of(team) if m.covers(on) and m.person.email]
    return min(there, key=_rank).person if there else None


def _rank(membership: TeamMembership) -> int:
    return list(MemberRole).index(membership.role)
