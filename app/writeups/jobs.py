"""Later work of write-ups."""

from uuid import UUID

from app.kernel.clock import now
from app.plumbing.database import transaction
from app.plumbing.files import drop_file, keep_file
from app.plumbing.pictures import UnfitFile, pictures_of_upload
from app.plumbing.queue import CannotRunYet, job
from app.writeups.actions import moderating, picturing
from app.writeups.actions.picturing import picture_key
from app.writeups.models import WriteUpPicture
from app.writeups.queries.write_ups import picture_with_id, write_up_with_id
from app.writeups.rules.picturing import PictureState


@job("writeups.prepare_picture")
def prepare_picture(picture_id: str) -> None:
    """Make a picture anew, without anything but what can be seen of it. Safe to do twice."""
    picture = picture_with_id(UUID(picture_id))
    if picture is None or picture.state is not PictureState.WAITING or picture.raw_key is None:
        return
    raw_key, kind, key = picture.raw_key, picture.kind, picture_key(picture)
    try:
        made = pictures_of_upload(raw_key, kind=kind)
    except UnfitFile as why:
        with transaction():
            picturing.note_refused(_picture(picture_id), str(why))
    else:
        keep_file(key, made.small)
        with transaction():
            picturing.note_ready(_picture(picture_id), made)
    drop_file(raw_key)


@job("writeups.drop_picture")
def drop_picture(picture_id: str) -> None:
    """Delete the file of a picture that was taken away. Safe to do twice."""
    picture = _picture(picture_id)
    for key in (picture.raw_key, picture_key(picture)):
        if picture.removed_at is not None and key is not None:
            drop_file(key)


def _picture(picture_id: str) -> WriteUpPicture:
    picture = picture_with_id(UUID(picture_id))
    assert picture is not None, "pictures are marked as gone, never deleted"
    return picture


@job("writeups.forget_unconfirmed")
def forget_unconfirmed(comment_id: str) -> None:
    """Delete a comment whose address was not confirmed in time."""
    with transaction():
        moderating.forget_unconfirmed(UUID(comment_id))


@job("writeups.forget_refused")
def forget_refused(comment_id: str) -> None:
    """Delete a comment that was not published, some time after the decision."""
    with transaction():
        moderating.forget_refused(UUID(comment_id), at=now())


@job("writeups.forget_addresses")
def forget_addresses(write_up_id: str) -> None:
    """Empty the addresses of comments, some time after they have closed."""
    with transaction():
        write_up = write_up_with_id(UUID(write_up_id))
        assert write_up is not None, "write-ups are withdrawn, never deleted"
        wait = moderating.forget_addresses(write_up, at=now())
    if wait is not None:
        raise CannotRunYet(wait)
