"""Teams are let in: a poster is begun, its link is made, mailed, opened and switched off."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import london_day
from app.kernel.codes import digest, new_secret
from app.kernel.refusal import HasEnded, NotThere, Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, insert_new
from app.posters import messages
from app.posters.models import Poster, PosterKey, PosterLink
from app.posters.queries.posters import marketplace_of, poster_of
from app.posters.queries.ways_in import contact_of, links_sent, live_links_of, poster_link_with
from app.programmes.models import Team
from app.programmes.queries import teams_of

LASTS_AFTER = timedelta(days=365)
"""After the event: questions are answered on the day and afterwards."""
LIVE_LINKS = 5


class NobodyToWriteTo(Refusal):
    """A team has nobody with an e-mail address."""


def poster_for(team: Team, event: Event) -> Poster:
    """Return a team's poster for an event, or begin one."""
    standing = poster_of(team, event)
    if standing is not None:
        return standing
    visibility = marketplace_of(event).visibility
    insert_new(Poster(event_id=event.id, team_id=team.id, title="", visibility=visibility))
    begun = poster_of(team, event)
    assert begun is not None, "it is there: we or somebody at the same moment wrote it"
    return begun


def mint_link(poster: Poster, *, sent_to: str, by: Actor, at: datetime) -> str:
    """Make a new link for a team and return its token, which is not kept; the newest five live on."""
    token = new_secret()
    link = PosterLink(
        poster_id=poster.id,
        token_hash=digest(token),
        sent_to=sent_to,
        created_at=at,
        expires_at=max(poster.event.ends_at, at) + LASTS_AFTER,
    )
    db.session.add(link)
    db.session.flush()
    for old in live_links_of(poster, at=at)[LIVE_LINKS:]:
        old.revoked_at = at
    record(
        "made a link",
        poster,
        by=by,
        at=at,
        programme_id=poster.event.programme_id,
        after={"team": poster.team.name, "for": sent_to},
    )
    return token


def send_link(team: Team, event: Event, *, by: Actor, at: datetime) -> str:
    """Mail a team's contact the way to its poster, and return their name."""
    contact = contact_of(team, on=london_day(at))
    if contact is None:
        raise NobodyToWriteTo(
            f"{team.name} has no member with an e-mail address. Add one to the team, "
            "or make a link here and hand it over yourself."
        )
    poster = poster_for(team, event)
    token = mint_link(poster, sent_to=contact.name, by=by, at=at)
    messages.way_in(poster, contact, token, market=marketplace_of(event), at=at)
    return contact.name


def send_links(event: Event, *, by: Actor, at: datetime) -> int:
    """Mail every team that has no link yet the way to its poster; return how many were written to."""
    have = links_sent(event, at=at)
    written_to = 0
    for team in teams_of(event.programme):
        poster = poster_of(team, event)
        if (poster is None or poster.id not in have) and contact_of(team, on=london_day(at)):
            send_link(team, event, by=by, at=at)
            written_to += 1
    return written_to


def switch_off_links(poster: Poster, *, by: Actor, at: datetime) -> None:
    """End every link of a team at once, with every phone behind it."""
    live = live_links_of(poster, at=at)
    for link in live:
        link.revoked_at = at
    if live:
        record("switched links off", poster, by=by, at=at, programme_id=poster.event.programme_id)


def live_poster_link(token: str, *, at: datetime) -> PosterLink:
    """Return the team's link of this token; raise NotThere or HasEnded where it opens nothing."""
    link = poster_link_with(token)
    if link is None:
        raise NotThere
    if link.revoked_at is not None or at >= link.expires_at:
        raise HasEnded
    return link


def come_in(token: str, *, at: datetime) -> str:
    """Swap a team's link for a browser's key, for the cookie; only its hash is kept."""
    link = live_poster_link(token, at=at)
    key = new_secret()
    db.session.add(PosterKey(link_id=link.id, key_hash=digest(key), opened_at=at))
    return key


def go_out(key: str, *, at: datetime) -> None:
    """End what a browser's key opened."""
    held = db.session.scalar(
        select(PosterKey)
        .where(PosterKey.key_hash == digest(key))
        .options(joinedload(PosterKey.link))
    )
    if held is not None and held.ended_at is None:
        held.ended_at = at
