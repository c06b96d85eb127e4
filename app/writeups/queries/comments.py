"""Questions about comments."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.events.models import Event
from app.kernel.codes import derived_code, digest
from app.plumbing.database import db
from app.plumbing.keys import key_for
from app.programmes.models import Programme
from app.writeups.models import Comment, ModerationLink, WriteUp
from app.writeups.rules.commenting import CommentStatus


def comments_shown(write_up: WriteUp) -> Sequence[Comment]:
    """Return the comments that everybody reads, the oldest first; none but approved ones."""
    return db.session.scalars(
        select(Comment)
        .where(Comment.write_up_id == write_up.id, Comment.status == CommentStatus.APPROVED)
        .order_by(Comment.written_at, Comment.id)
    ).all()


def comments_in_queue(write_up: WriteUp) -> Sequence[Comment]:
    """Return every comment whose address was confirmed, the newest first."""
    return db.session.scalars(
        select(Comment)
        .where(Comment.write_up_id == write_up.id, Comment.status != CommentStatus.UNCONFIRMED)
        .order_by(Comment.written_at.desc(), Comment.id)
    ).all()


def comment_at(write_up: WriteUp, comment_id: UUID) -> Comment | None:
    """Return a comment of a write-up, once its address is confirmed."""
    return db.session.scalar(
        select(Comment).where(
            Comment.id == comment_id,
            Comment.write_up_id == write_up.id,
            Comment.status != CommentStatus.UNCONFIRMED,
        )
    )


def comment_with_id(comment_id: UUID) -> Comment | None:
    """Return the comment that a job is about."""
    return db.session.get(Comment, comment_id)


def comment_sent_as(submission_id: UUID) -> Comment | None:
    """Return the comment that this form was, if it was sent before."""
    return db.session.scalar(select(Comment).where(Comment.submission_id == submission_id))


def comment_with_token(token: str) -> Comment | None:
    """Return the comment that a mailed link is about."""
    return db.session.scalar(
        select(Comment)
        .where(Comment.token_hash == digest(token))
        .options(joinedload(Comment.write_up).joinedload(WriteUp.event).joinedload(Event.programme))
    )


def token_of(comment_id: UUID) -> str:
    """Return the token of a comment's own link; it can be made again, and only its hash is kept."""
    return derived_code(key_for("comment"), str(comment_id))


def moderation_link_with(token: str) -> ModerationLink | None:
    """Return the mailed way to decide about a comment."""
    return db.session.scalar(
        select(ModerationLink)
        .where(ModerationLink.token_hash == digest(token))
        .options(joinedload(ModerationLink.comment), joinedload(ModerationLink.account))
    )


def counts_by_status(write_up: WriteUp) -> Mapping[CommentStatus, int]:
    """Count the comments of a write-up in each status."""
    rows = db.session.execute(
        select(Comment.status, func.count())
        .where(Comment.write_up_id == write_up.id)
        .group_by(Comment.status)
    )
    return {**dict.fromkeys(CommentStatus, 0), **dict(rows.all())}


def was_approved_before(email: str, programme: Programme) -> bool:
    """Say whether a comment from this address was approved in a programme."""
    found = db.session.scalar(
        select(Comment.id)
        .join(WriteUp, WriteUp.id == Comment.write_up_id)
        .join(Event, Event.id == WriteUp.event_id)
        .where(
            Comment.email == email,
            Comment.status == CommentStatus.APPROVED,
            Event.programme_id == programme.id,
        )
        .limit(1)
    )
    return found is not None


def subscribers_beside(comment: Comment) -> Sequence[Comment]:
    """Return those who asked to hear of others' comments, each address once, not the writer's own."""
    rows = db.session.scalars(
        select(Comment)
        .where(
            Comment.write_up_id == comment.write_up_id,
            Comment.status == CommentStatus.APPROVED,
            Comment.wants_others,
            Comment.email != "",
            Comment.email != comment.email,
        )
        .order_by(Comment.written_at.desc(), Comment.id)
    )
    return list({row.email: row for row in rows}.values())
