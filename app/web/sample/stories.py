"""The sample's write-ups: one that is published, with what readers said, and a draft."""

from datetime import datetime, timedelta

from app.events.models import Event
from app.kernel.actor import Actor
from app.writeups.actions import writing
from app.writeups.actions.writing import Text
from app.writeups.queries.blocks import blocks_of
from app.writeups.queries.write_ups import newest_version, write_up_of

PRIYA = Actor("staff", label="Priya Nair")
TITLE = "What eight practices brought to their third learning session"
SUMMARY = "Fewer calls lost before ten in the morning, and three ideas that any practice could try on Monday."
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
    writing.publish(write_up, edit=write_up.edit, by=PRIYA, at=published_at)
