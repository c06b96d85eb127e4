"""What came of making a file's pictures is written down."""

from datetime import datetime
from uuid import UUID

from app.kernel.actor import SYSTEM
from app.kernel.clock import london_day
from app.plumbing.audit import record
from app.plumbing.pictures import Pictures
from app.posters import messages
from app.posters.actions.ways_in import mint_link
from app.posters.models import PosterVersion
from app.posters.queries.posters import marketplace_of
from app.posters.queries.ways_in import contact_of
from app.posters.rules import FileKind, VersionState

ENDINGS = {FileKind.PDF: "pdf", FileKind.PNG: "png", FileKind.JPEG: "jpg"}


def raw_key(poster_id: UUID, upload_id: UUID) -> str:
    """Return where a file lies as it arrived, until it is cleaned."""
    return f"posters/{poster_id}/{upload_id}.raw"


def file_key(version: PosterVersion) -> str:
    """Return where the cleaned file lies."""
    return f"posters/{version.poster_id}/{version.number}/poster.{ENDINGS[version.kind]}"


def picture_key(version: PosterVersion, name: str) -> str:
    """Return where a picture lies: thumb, small, large, or tile-<row>-<column>."""
    ending = "webp" if name in {"thumb", "small"} else "jpg"
    return f"posters/{version.poster_id}/{version.number}/{name}.{ending}"


def note_ready(version: PosterVersion, pictures: Pictures, *, at: datetime) -> None:
    """Show a file from now on: the poster counts from the moment the file arrived."""
    version.state, version.prepared_at = VersionState.READY, at
    version.file_key, version.raw_key = file_key(version), None
    version.small_width, version.small_height = pictures.small_size
    version.large_width, version.large_height = pictures.large_size
    version.tile_columns, version.tile_rows = pictures.columns, pictures.rows
    poster = version.poster
    if not poster.is_handed_in:
        poster.submitted_at, poster.withdrawn_at = version.uploaded_at, None


def note_refused(version: PosterVersion, why: str, *, at: datetime) -> None:
    """Say why a file cannot be shown, on its page and by mail; what was shown before stays."""
    version.state, version.prepared_at = VersionState.REFUSED, at
    version.refusal, version.raw_key = why, None
    record(
        "could not show a file",
        version.poster,
        by=SYSTEM,
        at=at,
        programme_id=version.poster.event.programme_id,
        after={"version": version.number, "why": why},
    )
    _tell_team(version, at=at)


def _tell_team(version: PosterVersion, *, at: datetime) -> None:
    """Write to the team's contact, for nobody waits beside the page until the pictures are made."""
    poster = version.poster
    contact = contact_of(poster.team, on=london_day(at))
    if contact is None:
        return
    token = mint_link(poster, sent_to=contact.name, by=SYSTEM, at=at)
    market = marketplace_of(poster.event)
    messages.cannot_be_shown(version, contact, token, market=market, at=at)
