"""The sample's write-ups: one that is published, with what readers said, and a draft."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.codes import digest
from app.plumbing.database import db
from app.programmes.queries import teams_of
from app.writeups.actions import writing
from app.writeups.actions.taking_part import write_part
from app.writeups.actions.writing import Text
from app.writeups.models import Comment, WriteUp
from app.writeups.queries.blocks import blocks_of
from app.writeups.queries.comments import token_of
from app.writeups.queries.write_ups import newest_version, write_up_of
from app.writeups.rules.commenting import CommentStatus

OPEN_DAYS = 120
"""Whoever tries the sample on the day of its summit finds comments open."""

PRIYA = Actor("staff", label="Priya Nair")
TITLE = "What eight practices brought to their third learning session"
SUMMARY = "Fewer calls lost before ten in the morning, and three ideas that any practice could try on Monday."
PART = """\
We thought that our telephone was too slow. It was not: our mornings were too full. Once we moved repeat \
prescriptions to the afternoon, the queue at half past eight was gone within two weeks.

If you try one thing, count for a week before you change anything."""
WORDS = """\
Eight practices came together for the third time, each with a change that they had tested and a chart that \
shows what came of it. Nobody had to be persuaded: most charts spoke for themselves.

{blocks}

## Three ideas to take home

- **Call people back in the order in which they rang.** Two practices no longer lose anybody in the queue at \
half past eight.
- **Say no earlier.** A sign at the desk that says what a pharmacist can do saved one practice eleven \
appointments in a week.
- **Count before you change anything.** One team found that its busiest hour was not the one it had staffed.

> “We stopped asking who was to blame and began to count.”

The practices meet again at the summit, where each shows its poster.
"""


@dataclass(frozen=True)
class Remark:
    """What a reader of the sample wrote, and whether it is published."""

    name: str
    email: str
    text: str
    status: CommentStatus


REMARKS = (
    Remark(
        "Margaret Lowe",
        "margaret.lowe@elmtree.example",
        "We tried the list for calling back in our own practice last week. The first hour is quieter already.",
        CommentStatus.APPROVED,
    ),
    Remark(
        "Dr Idris Vaughan",
        "idris.vaughan@harbour.example",
        "How did you agree on what a pharmacist can do? We would like to borrow the sign.",
        CommentStatus.APPROVED,
    ),
    Remark(
        "Tess Hall",
        "tess.hall@brookside.example",
        "Counting first is the part that we left out. Is the sheet that you counted with to be had?",
        CommentStatus.WAITING,
    ),
)


def draft(event: Event, *, at: datetime) -> None:
    """Leave a first draft that nobody has published."""
    blocks = [block for block in blocks_of(event, at=at) if not block.is_empty]
    writing.begin(event, blocks, by=PRIYA, at=at)


def begin_a_part(event: Event, *, at: datetime) -> None:
    """Let one team have written already what the story of an event should tell of it."""
    team = teams_of(event.programme)[0]
    write_part(event, team, PART, by=Actor("team", team.id, team.name), at=at)


def tell_of(event: Event, *, at: datetime) -> None:
    """Publish the story of an event that is over, three days after it."""
    published_at = min(event.ends_at + timedelta(days=3), at)
    blocks = [
        block for block in blocks_of(event, at=published_at) if block.key in {"came", "skills"}
    ]
    writing.begin(event, blocks, by=PRIYA, at=published_at - timedelta(hours=2))
    write_up = write_up_of(event)
    assert write_up is not None, "it was begun just now"
    drafted = newest_version(write_up).text
    words = Text(title=TITLE, summary=SUMMARY, text=WORDS.format(blocks=drafted))
    writing.save(write_up, words, edit=write_up.edit, by=PRIYA, at=published_at)
    write_up.comment_days = OPEN_DAYS
    writing.publish(write_up, edit=write_up.edit, by=PRIYA, at=published_at)
    for order, remark in enumerate(REMARKS):
        _remark(write_up, remark, at=min(published_at + timedelta(days=order + 1), at))


def _remark(write_up: WriteUp, remark: Remark, *, at: datetime) -> None:
    """Keep a comment as it stands after its writer confirmed it; nobody is written to about the sample."""
    comment_id = uuid4()
    is_decided = remark.status is CommentStatus.APPROVED
    db.session.add(
        Comment(
            id=comment_id,
            write_up_id=write_up.id,
            name=remark.name,
            email=remark.email,
            text=remark.text,
            status=remark.status,
            wants_word=True,
            wants_others=False,
            token_hash=digest(token_of(comment_id)),
            submission_id=uuid4(),
            written_at=at,
            confirmed_at=at,
            decided_at=at if is_decided else None,
            decided_by=PRIYA.label if is_decided else "",
        )
    )
