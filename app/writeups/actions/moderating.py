"""Somebody of the team decides about comments, on the page or from a letter; and what is forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from app.kernel.actor import SYSTEM, Actor
from app.kernel.refusal import HasEnded, NotThere, Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.queue import enqueue
from app.writeups.actions.commenting import NotConfirmed, closes_at, make_public
from app.writeups.actions.writing import show_again
from app.writeups.models import Comment, ModerationLink, WriteUp
from app.writeups.queries.comments import comment_with_id, moderation_link_with
from app.writeups.rules.commenting import (
    ADDRESS_KEPT_FOR,
    REFUSED_KEPT_FOR,
    CommentStatus,
)

DECISIONS = (CommentStatus.APPROVED, CommentStatus.REFUSED, CommentStatus.SPAM)
VERBS = {
    CommentStatus.APPROVED: "published a comment",
    CommentStatus.REFUSED: "did not publish a comment",
    CommentStatus.SPAM: "marked a comment as spam",
}
LONGEST_WAIT = timedelta(days=30)


class DecidedMeanwhile(Refusal):
    """Somebody else decided something other since this one looked."""


def decide(
    comment: Comment, status: CommentStatus, *, seen: CommentStatus, by: Actor, at: datetime
) -> None:
    """Publish a comment that stood as it was seen, or not; the same decision twice is one."""
    hold(comment)
    before = comment.status
    if before is CommentStatus.UNCONFIRMED:
        raise NotConfirmed("The writer has not confirmed their address yet.")
    if before is status:
        return
    if before is not seen:
        raise DecidedMeanwhile(
            f"{comment.decided_by} {VERBS[before]} at this moment. Look again before you change it."
        )
    comment.status, comment.decided_at, comment.decided_by = status, at, by.label
    record(
        VERBS[status],
        comment,
        by=by,
        at=at,
        programme_id=comment.write_up.event.programme_id,
        before={"status": before.value},
        after={"status": status.value},
    )
    if status is CommentStatus.APPROVED:
        make_public(comment, at=at)
        return
    if before is CommentStatus.APPROVED:
        show_again(comment.write_up)
    enqueue("writeups.forget_refused", due_at=at + REFUSED_KEPT_FOR, comment_id=str(comment.id))


def open_link(token: str, *, at: datetime) -> ModerationLink:
    """Return the mailed way to decide about a comment, or raise NotThere or HasEnded."""
    link = moderation_link_with(token)
    if link is None:
        raise NotThere
    if link.used_at is not None or at >= link.expires_at or not link.account.active:
        raise HasEnded
    return link


def decide_by_link(
    token: str, status: CommentStatus, *, seen: CommentStatus, at: datetime
) -> Comment:
    """Decide about a comment from a letter; the link works once."""
    link = open_link(token, at=at)
    hold(link)
    if link.used_at is not None:
        raise HasEnded
    link.used_at = at
    account = link.account
    by = Actor("staff", account.id, account.person.name)
    decide(link.comment, status, seen=seen, by=by, at=at)
    return link.comment


def forget_unconfirmed(comment_id: UUID) -> None:
    """Delete a comment whose address was never confirmed."""
    comment = comment_with_id(comment_id)
    if comment is not None and comment.status is CommentStatus.UNCONFIRMED:
        db.session.delete(comment)


def forget_refused(comment_id: UUID, *, at: datetime) -> None:
    """Delete a comment that was not published, unless somebody has thought better of it."""
    comment = comment_with_id(comment_id)
    if comment is None or comment.status not in {CommentStatus.REFUSED, CommentStatus.SPAM}:
        return
    if comment.decided_at is not None and at >= comment.decided_at + REFUSED_KEPT_FOR:
        db.session.delete(comment)


def forget_addresses(write_up: WriteUp, *, at: datetime) -> timedelta | None:
    """Empty the addresses of those who commented, or return how long it is too early for that."""
    closing = closes_at(write_up)
    end = (closing or at) + ADDRESS_KEPT_FOR
    if at < end:
        return min(end - at, LONGEST_WAIT)
    old = select(Comment.id).where(Comment.write_up_id == write_up.id, Comment.email != "")
    ids = db.session.scalars(old).all()
    db.session.execute(
        update(Comment)
        .where(Comment.id.in_(ids))
        .values(email="", wants_word=False, wants_others=False)
    )
    db.session.execute(delete(ModerationLink).where(ModerationLink.comment_id.in_(ids)))
    record(
        "deleted addresses of comments",
        write_up,
        by=SYSTEM,
        at=at,
        programme_id=write_up.event.programme_id,
        after={"count": len(ids)},
    )
    return None
