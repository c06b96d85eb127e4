"""A write-up is begun, saved, published and withdrawn; nothing that somebody wrote is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import update

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.clock import clock_words
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.writeups.models import WriteUp, WriteUpVersion
from app.writeups.queries.blocks import Block
from app.writeups.queries.write_ups import (
    aside_of,
    newest_version,
    next_version_number,
    version_at,
    versions_of,
    write_up_of,
)

ONE_SITTING = timedelta(minutes=10)
"""What one editor saves within so long is one version; then the next begins."""


class SavedMeanwhile(Refusal):
    """Another text was saved since this one was opened."""


class NothingToPublish(Refusal):
    """There is no text yet."""


class NotPublished(Refusal):
    """Nobody can read it as it is."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """What an editor wrote."""

    title: str
    summary: str
    text: str


def begin(event: Event, blocks: Sequence[Block], *, by: Actor, at: datetime) -> WriteUp:
    """Begin a write-up with these blocks of its first draft; somebody else may have begun it."""
    row = WriteUp(id=uuid4(), event_id=event.id, created_at=at)
    if not insert_new(row):
        standing = write_up_of(event)
        assert standing is not None, "its event has one"
        return standing
    write_up = db.session.get_one(WriteUp, row.id)
    text = "\n\n".join(block.text for block in blocks if block.text)
    first = Text(title=event.title, summary=event.summary[:300], text=text)
    _keep_version(write_up, 1, first, by=by, at=at)
    _note("began the write-up", write_up, by=by, at=at)
    return write_up


def save(write_up: WriteUp, text: Text, *, edit: int, by: Actor, at: datetime) -> int:
    """Save a text over the one that was read as this edit; return which edit it is now.

    Raises SavedMeanwhile where another was saved since.
    """
    hold(write_up)
    newest = newest_version(write_up)
    if text == as_text(newest):
        return write_up.edit
    if write_up.edit != edit:
        raise SavedMeanwhile(
            f"{newest.saved_by} saved another text at {clock_words(newest.saved_at)}. "
            "Yours is still here and not saved."
        )
    _save(write_up, newest, text, by=by, at=at)
    return write_up.edit


def put_aside(write_up: WriteUp, text: Text, *, by: Actor, at: datetime) -> None:
    """Keep what could not be saved, among the versions, so that closing the page loses nothing."""
    hold(write_up)
    if not any(as_text(version) == text for version in versions_of(write_up)):
        standing = aside_of(write_up, by.label)
        if standing is not None:
            standing.title, standing.summary, standing.text = text.title, text.summary, text.text
            standing.saved_at = at
        else:
            number = next_version_number(write_up)
            _keep_version(write_up, number, text, by=by, at=at).is_aside = True


def restore(write_up: WriteUp, number: int, *, by: Actor, at: datetime) -> None:
    """Make an earlier version the newest; the one in between is kept."""
    hold(write_up)
    earlier = version_at(write_up, number)
    assert earlier is not None, "the page has looked it up"
    newest = newest_version(write_up)
    if as_text(earlier) == as_text(newest):
        return
    _keep_version(write_up, next_version_number(write_up), as_text(earlier), by=by, at=at)
    write_up.edit += 1
    _note("took an earlier version", write_up, by=by, at=at, after={"version": number})


def as_text(version: WriteUpVersion) -> Text:
    """Return what a version says."""
    return Text(title=version.title, summary=version.summary, text=version.text)


def _save(
    write_up: WriteUp, newest: WriteUpVersion, text: Text, *, by: Actor, at: datetime
) -> None:
    is_same_sitting = (
        newest.saved_by == by.label
        and newest.published_at is None
        and at < newest.begun_at + ONE_SITTING
    )
    if is_same_sitting:
        newest.title, newest.summary, newest.text = text.title, text.summary, text.text
        newest.saved_at = at
    else:
        number = next_version_number(write_up)
        _keep_version(write_up, number, text, by=by, at=at)
        _note("saved the write-up", write_up, by=by, at=at, after={"version": number})
    write_up.edit += 1


def _keep_version(
    write_up: WriteUp, number: int, text: Text, *, by: Actor, at: datetime
) -> WriteUpVersion:
    version = WriteUpVersion(
        id=uuid4(),
        write_up_id=write_up.id,
        number=number,
        title=text.title,
        summary=text.summary,
        text=text.text,
        begun_at=at,
        saved_at=at,
        saved_by=by.label,
    )
    db.session.add(version)
    db.session.flush()
    return version


def publish(write_up: WriteUp, *, edit: int, by: Actor, at: datetime) -> None:
    """Let everybody read the newest version, if it is the one that was looked at."""
    hold(write_up)
    newest = newest_version(write_up)
    if write_up.edit != edit:
        raise SavedMeanwhile(
            f"{newest.saved_by} saved another text at {clock_words(newest.saved_at)}. "
            "Look at it, then publish."
        )
    if not newest.text.strip():
        raise NothingToPublish("There is no text yet. Write some, then publish it.")
    if write_up.is_public and write_up.published_number == newest.number:
        return
    newest.published_at = newest.published_at or at
    write_up.published_number, write_up.withdrawn_at = newest.number, None
    write_up.published_at = at
    write_up.first_published_at = write_up.first_published_at or at
    show_again(write_up)
    _note("published the write-up", write_up, by=by, at=at, after={"version": newest.number})


def withdraw(write_up: WriteUp, *, reason: str, by: Actor, at: datetime) -> None:
    """Take a write-up from its public address; text and comments are kept."""
    hold(write_up)
    if not write_up.is_public:
        raise NotPublished("Nobody can read this write-up as it is; there is nothing to withdraw.")
    write_up.withdrawn_at = at
    show_again(write_up)
    _note("withdrew the write-up", write_up, by=by, at=at, reason=reason)


def show_again(write_up: WriteUp) -> None:
    """Note that what readers see is another page from now on; two changes at once are two."""
    db.session.execute(
        update(WriteUp).where(WriteUp.id == write_up.id).values(revision=WriteUp.revision + 1)
    )


def _note(
    verb: str,
    write_up: WriteUp,
    *,
    by: Actor,
    at: datetime,
    after: dict[str, object] | None = None,
    reason: str | None = None,
) -> None:
    record(
        verb,
        write_up,
        by=by,
        at=at,
        programme_id=write_up.event.programme_id,
        after={"event": write_up.event.title, **(after or {})},
        reason=reason,
    )
