"""Questions about write-ups, their versions and their pictures."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.events.models import Event
from app.plumbing.database import db
from app.programmes.models import Programme
from app.writeups.models import WriteUp, WriteUpPicture, WriteUpVersion
from app.writeups.rules.picturing import PictureState


def write_up_of(event: Event) -> WriteUp | None:
    """Return the write-up of an event, if somebody has begun it."""
    return db.session.scalar(
        select(WriteUp)
        .where(WriteUp.event_id == event.id)
        .options(joinedload(WriteUp.event).joinedload(Event.programme))
    )


def write_up_with_id(write_up_id: UUID) -> WriteUp | None:
    """Return the write-up that a job is about."""
    return db.session.get(WriteUp, write_up_id)


def newest_version(write_up: WriteUp) -> WriteUpVersion:
    """Return the text as it was saved last."""
    return db.session.scalars(
        select(WriteUpVersion)
        .where(WriteUpVersion.write_up_id == write_up.id, ~WriteUpVersion.is_aside)
        .order_by(WriteUpVersion.number.desc())
        .limit(1)
    ).one()


def aside_of(write_up: WriteUp, who: str) -> WriteUpVersion | None:
    """Return the text that somebody could not save last, unless a newer one was saved since."""
    newest = versions_of(write_up)[0]
    return newest if newest.is_aside and newest.saved_by == who else None


def next_version_number(write_up: WriteUp) -> int:
    """Return the number of the next version."""
    return versions_of(write_up)[0].number + 1


def versions_of(write_up: WriteUp) -> Sequence[WriteUpVersion]:
    """Return every version that was kept, the newest first."""
    return db.session.scalars(
        select(WriteUpVersion)
        .where(WriteUpVersion.write_up_id == write_up.id)
        .order_by(WriteUpVersion.number.desc())
    ).all()


def version_at(write_up: WriteUp, number: int) -> WriteUpVersion | None:
    """Return one version of a write-up by its number."""
    return db.session.scalar(
        select(WriteUpVersion).where(
            WriteUpVersion.write_up_id == write_up.id, WriteUpVersion.number == number
        )
    )


def public_version(write_up: WriteUp) -> WriteUpVersion | None:
    """Return what everybody reads, if anybody may read it."""
    if not write_up.is_public or write_up.published_number is None:
        return None
    return version_at(write_up, write_up.published_number)


def published_in(programme: Programme) -> Sequence[tuple[WriteUp, WriteUpVersion]]:
    """Return what everybody can read in a programme, the newest first."""
    rows = db.session.execute(
        select(WriteUp, WriteUpVersion)
        .join(WriteUpVersion, WriteUpVersion.write_up_id == WriteUp.id)
        .join(Event, Event.id == WriteUp.event_id)
        .where(
            Event.programme_id == programme.id,
            WriteUp.withdrawn_at.is_(None),
            WriteUpVersion.number == WriteUp.published_number,
        )
        .options(joinedload(WriteUp.event).joinedload(Event.programme))
        .order_by(WriteUp.first_published_at.desc(), WriteUp.id)
    )
    return [(write_up, version) for write_up, version in rows]


def pictures_of(write_up: WriteUp) -> Sequence[WriteUpPicture]:
    """Return the pictures of a write-up that were not taken away, in their order."""
    return db.session.scalars(
        select(WriteUpPicture)
        .where(WriteUpPicture.write_up_id == write_up.id, WriteUpPicture.removed_at.is_(None))
        .order_by(WriteUpPicture.number)
    ).all()


def picture_at(write_up: WriteUp, number: int) -> WriteUpPicture | None:
    """Return a picture of a write-up by its number, unless it was taken away."""
    return db.session.scalar(
        select(WriteUpPicture).where(
            WriteUpPicture.write_up_id == write_up.id,
            WriteUpPicture.number == number,
            WriteUpPicture.removed_at.is_(None),
        )
    )


def picture_with_id(picture_id: UUID) -> WriteUpPicture | None:
    """Return the picture that a job is about."""
    return db.session.get(WriteUpPicture, picture_id)


def next_picture_number(write_up: WriteUp) -> int:
    """Return the number of the next picture; numbers are not given twice."""
    highest = db.session.scalar(
        select(func.max(WriteUpPicture.number)).where(WriteUpPicture.write_up_id == write_up.id)
    )
    return (highest or 0) + 1


def is_ready(picture: WriteUpPicture) -> bool:
    """Say whether a picture has been made."""
    return picture.state is PictureState.READY
