"""Posters, their files and the links of their teams, for tests."""

import hashlib
import io
from datetime import datetime, timedelta

from PIL import Image

from app.events.models import Event
from app.kernel.actor import Actor
from app.plumbing.database import db, transaction
from app.plumbing.files import keep_file
from app.posters.actions.preparing import file_key, picture_key
from app.posters.actions.ways_in import come_in, mint_link
from app.posters.models import Marketplace, Poster, PosterVersion
from app.posters.queries.posters import usual_marketplace, versions_of
from app.posters.rules import FileKind, VersionState
from app.programmes.models import Team
from tests.factories.people import LONG_AGO

ORGANISER = Actor("staff", None, "Helen Shaw")


def a_marketplace(event: Event, **facts: object) -> Marketplace:
    """What holds for an event's posters; open since long ago unless told otherwise."""
    market = usual_marketplace(event)
    market.opens_at = LONG_AGO
    for name, value in facts.items():
        setattr(market, name, value)
    with transaction():
        db.session.add(market)
    return market


def a_poster(team: Team, event: Event, **facts: object) -> Poster:
    """A poster that was handed in, on paper unless a version is added."""
    given = {"title": "Fewer missed calls", "submitted_at": LONG_AGO, **facts}
    poster = Poster(event_id=event.id, team_id=team.id, **given)
    with transaction():
        db.session.add(poster)
    return poster


def a_version(poster: Poster, **facts: object) -> PosterVersion:
    """A file of a poster that is shown: a small picture with all its sizes and one tile."""
    before = versions_of(poster)
    content = a_png(8, 12)
    given = {
        "number": len(before) + 1,
        "state": VersionState.READY,
        "kind": FileKind.PNG,
        "filename": "poster.png",
        "size": len(content),
        "pages": 1,
        "sha256": hashlib.sha256(f"{poster.id}{len(before)}".encode()).hexdigest(),
        "width": 8,
        "height": 12,
        "small_width": 8,
        "small_height": 12,
        "large_width": 8,
        "large_height": 12,
        "tile_columns": 1,
        "tile_rows": 1,
        "uploaded_at": LONG_AGO,
        "uploaded_by": poster.team.name,
        **facts,
    }
    version = PosterVersion(poster_id=poster.id, **given)
    version.file_key = file_key(version)
    keep_file(version.file_key, content)
    for name in ("thumb", "small", "large", "tile-0-0"):
        keep_file(picture_key(version, name), content)
    with transaction():
        db.session.add(version)
    return version


def a_team_token(poster: Poster, *, at: datetime) -> str:
    """The word in a team's own link."""
    with transaction():
        return mint_link(poster, sent_to="Ruth Adeleke", by=ORGANISER, at=at)


def a_team_key(poster: Poster, *, at: datetime) -> str:
    """The key of a browser that opened a team's own link."""
    token = a_team_token(poster, at=at - timedelta(minutes=1))
    with transaction():
        return come_in(token, at=at)


def a_png(wide: int, high: int) -> bytes:
    """A picture."""
    made = io.BytesIO()
    Image.new("RGB", (wide, high), "#4a1d5f").save(made, "PNG")
    return made.getvalue()
