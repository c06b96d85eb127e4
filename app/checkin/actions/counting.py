"""Counting heads, and explaining a difference to the list."""

from datetime import datetime
from uuid import UUID

from app.checkin.actions.correcting import NoReason
from app.checkin.models import HeadCount
from app.checkin.queries.counting import counts_at
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing import audit
from app.plumbing.database import db, hold, insert_new


class SentElsewhere(Refusal):
    """A count arrives under the id of another event's."""


class AlreadyResolved(Refusal):
    """Somebody explained this difference before."""


def count_heads(
    event_id: UUID, *, counted: int, submission_id: UUID, by: Actor, at: datetime
) -> HeadCount:
    """Keep how many people somebody counted, beside how many the list says are here."""
    standing = db.session.get(HeadCount, submission_id)
    if standing is None:
        insert_new(
            HeadCount(
                id=submission_id,
                event_id=event_id,
                counted=counted,
                here=counts_at(event_id).here,
                counted_at=at,
                counted_by=by.label[:80],
            )
        )
        standing = db.session.get_one(HeadCount, submission_id)
    if standing.event_id != event_id:
        raise SentElsewhere("This count was sent for another event. Open the page again.")
    return standing


def resolve(
    head_count: HeadCount, *, reason: str, programme_id: UUID, by: Actor, at: datetime
) -> None:
    """Keep why a count differs from the list, so that certificates can be issued."""
    if not reason.strip():
        raise NoReason("Say how the difference came about, or why it does not matter.")
    # Two who explain it at once: the second waits here, and then finds the first one's words.
    hold(head_count)
    if head_count.resolved_at is not None and head_count.resolution == reason.strip():
        return  # the same press, sent twice
    if head_count.resolved_at is not None:
        raise AlreadyResolved(f"{head_count.resolved_by} has resolved this already.")
    head_count.resolved_at = at
    head_count.resolved_by = by.label[:80]
    head_count.resolution = reason.strip()
    audit.record(
        "head_count.resolved",
        head_count,
        by=by,
        at=at,
        programme_id=programme_id,
        before={"counted": head_count.counted, "here": head_count.here},
        reason=head_count.resolution,
    )
