"""A reader comments, confirms their address, and may take the comment back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete

from app.kernel.actor import STRANGER, Actor
from app.kernel.clock import day_words
from app.kernel.codes import digest, new_secret
from app.kernel.permission import Permission
from app.kernel.refusal import NotThere, Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.plumbing.queue import enqueue
from app.programmes.queries import accounts_who_may
from app.writeups import messages
from app.writeups.actions.writing import show_again
from app.writeups.models import Comment, ModerationLink, WriteUp
from app.writeups.queries.comments import (
    comment_sent_as,
    comment_with_token,
    subscribers_beside,
    token_of,
    was_approved_before,
)
from app.writeups.rules.commenting import (
    CONFIRM_WITHIN,
    MODERATION_LINK_LASTS,
    CommentStatus,
    closing_of,
    held_word_in,
    status_once_confirmed,
)

LONGEST_WAIT = timedelta(days=30)


class CommentsAreClosed(Refusal):
    """No comment is taken here now."""


class NotConfirmed(Refusal):
    """Nobody decides about a comment whose address is not confirmed."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a reader wrote and who they say they are; `held_because` where it came too fast."""

    name: str
    email: str
    text: str
    wants_word: bool
    wants_others: bool
    held_because: str
    form_id: UUID


@dataclass(frozen=True, kw_only=True)
class CommentRules:
    """How comments are taken at one write-up."""

    takes_comments: bool
    comment_days: int
    most_links: int
    held_words: str


def set_rules(write_up: WriteUp, rules: CommentRules, *, by: Actor, at: datetime) -> None:
    """Set how comments are taken from now on."""
    hold(write_up)
    before = {"taken": write_up.takes_comments, "days": write_up.comment_days}
    write_up.takes_comments, write_up.comment_days = rules.takes_comments, rules.comment_days
    write_up.most_links, write_up.held_words = rules.most_links, rules.held_words
    show_again(write_up)
    record(
        "changed how comments are taken",
        write_up,
        by=by,
        at=at,
        programme_id=write_up.event.programme_id,
        before=before,
        after={"taken": rules.takes_comments, "days": rules.comment_days},
    )


def closes_at(write_up: WriteUp) -> datetime | None:
    """Return until when comments are taken, once the write-up was published."""
    if write_up.first_published_at is None:
        return None
    return closing_of(write_up.first_published_at, write_up.comment_days)


def refuse_closed(write_up: WriteUp, *, at: datetime) -> None:
    """Refuse a comment where none is taken now."""
    end = closes_at(write_up)
    if not write_up.is_public or end is None:
        raise CommentsAreClosed("This write-up is withdrawn. Nobody can comment on it.")
    if not write_up.takes_comments:
        raise CommentsAreClosed("Comments are switched off here.")
    if at >= end:
        raise CommentsAreClosed(f"Comments closed on {day_words(end)}.")


def comment(write_up: WriteUp, said: Said, *, at: datetime) -> Comment:
    """Keep a comment and mail its writer a link; it waits for nothing but that their address is theirs."""
    refuse_closed(write_up, at=at)
    comment_id = uuid4()
    row = Comment(
        id=comment_id,
        write_up_id=write_up.id,
        name=said.name,
        email=said.email.strip().lower(),
        text=said.text,
        status=CommentStatus.UNCONFIRMED,
        held_because=said.held_because,
        wants_word=said.wants_word,
        wants_others=said.wants_others,
        token_hash=digest(token_of(comment_id)),
        submission_id=said.form_id,
        written_at=at,
    )
    if not insert_new(row):
        standing = comment_sent_as(said.form_id)
        assert standing is not None, "its id is taken"
        return standing
    kept = db.session.get_one(Comment, comment_id)
    messages.confirm_comment(kept, token_of(comment_id), at=at)
    enqueue("writeups.forget_unconfirmed", due_at=at + CONFIRM_WITHIN, comment_id=str(comment_id))
    return kept


def own_comment(token: str) -> Comment:
    """Return the comment of a mailed link, or raise NotThere."""
    found = comment_with_token(token)
    if found is None:
        raise NotThere
    return found


def confirm(comment: Comment, *, at: datetime) -> CommentStatus:
    """Take a comment whose writer has shown that the address is theirs; return what becomes of it."""
    hold(comment)
    if comment.status is not CommentStatus.UNCONFIRMED:
        return comment.status
    write_up = comment.write_up
    word = held_word_in(f"{comment.name} {comment.text}", write_up.held_words)
    if word and not comment.held_because:
        comment.held_because = f"It contains “{word}”."[:200]
    programme = write_up.event.programme
    comment.confirmed_at = at
    comment.status = status_once_confirmed(
        was_approved_before=was_approved_before(comment.email, programme),
        held=bool(comment.held_because),
    )
    record("confirmed a comment", comment, by=STRANGER, at=at, programme_id=programme.id)
    _plan_forgetting(write_up, at=at)
    if comment.status is CommentStatus.APPROVED:
        make_public(comment, at=at)
    else:
        _ask_moderators(comment, at=at)
    return comment.status


def make_public(comment: Comment, *, at: datetime) -> None:
    """Show a comment that was approved, and tell those who wished to be told; nobody was before."""
    db.session.flush()
    show_again(comment.write_up)
    if comment.wants_word and comment.email:
        messages.comment_published(comment, token_of(comment.id), at=at)
    for other in subscribers_beside(comment):
        messages.comment_by_other(other, token_of(other.id), comment, at=at)


def _ask_moderators(comment: Comment, *, at: datetime) -> None:
    programme = comment.write_up.event.programme
    for account in accounts_who_may(programme, Permission.PUBLISH_WRITE_UPS):
        token = new_secret()
        db.session.add(
            ModerationLink(
                comment_id=comment.id,
                account_id=account.id,
                token_hash=digest(token),
                expires_at=at + MODERATION_LINK_LASTS,
            )
        )
        messages.comment_waits(comment, account, token, at=at)


def _plan_forgetting(write_up: WriteUp, *, at: datetime) -> None:
    """Let the addresses be forgotten some time after comments have closed."""
    enqueue(
        "writeups.forget_addresses",
        due_at=at + LONGEST_WAIT,
        unique_key=f"forget-addresses:{write_up.id}:{at:%Y-%m}",
        write_up_id=str(write_up.id),
    )


def stop_letters(comment: Comment) -> None:
    """Write no more about others' comments to this address, whichever of its comments asked for it."""
    for row in _comments_beside(comment):
        row.wants_others = False


def take_back(comment: Comment, *, at: datetime) -> None:
    """Delete a comment because its writer wishes it, with everything that is kept about them here.

    Whoever presses twice at once deletes nothing the second time.
    """
    write_up = comment.write_up
    gone = db.session.execute(
        delete(Comment).where(Comment.id == comment.id).returning(Comment.id),
        execution_options={"synchronize_session": False},
    )
    if gone.one_or_none() is None:
        return
    programme_id = write_up.event.programme_id
    record("took back a comment", comment, by=STRANGER, at=at, programme_id=programme_id)
    show_again(write_up)


def _comments_beside(comment: Comment) -> list[Comment]:
    rows = db.session.query(Comment).filter_by(write_up_id=comment.write_up_id, email=comment.email)
    return list(rows)
