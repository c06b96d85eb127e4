"""Write-ups for tests."""

from uuid import uuid4

from app.events.models import Event
from app.kernel.actor import Actor
from app.plumbing.database import transaction
from app.writeups.actions import writing
from app.writeups.actions.writing import Text
from app.writeups.models import WriteUp
from app.writeups.queries.write_ups import write_up_of
from tests.factories.people import LONG_AGO

PRIYA = Actor("staff", uuid4(), "Priya Nair")


def a_write_up(event: Event, text: str = "It was a good day.", *, at=LONG_AGO, **facts) -> WriteUp:
    """A write-up with a text of its own; not published."""
    with transaction():
        writing.begin(event, [], by=PRIYA, at=at)
        write_up = write_up_of(event)
        words = Text(title="What we learnt", summary="Calls, calls, calls.", text=text)
        writing.save(write_up, words, edit=0, by=PRIYA, at=at)
        for name, value in facts.items():
            setattr(write_up, name, value)
    return write_up_of(event)


def a_published_write_up(event: Event, text: str = "It was a good day.", *, at=LONG_AGO, **facts):
    """A write-up that everybody can read."""
    write_up = a_write_up(event, text, at=at, **facts)
    with transaction():
        writing.publish(write_up, edit=write_up.edit, by=PRIYA, at=at)
    return write_up_of(event)
