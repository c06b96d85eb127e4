"""A team writes its own part of a story, for the editors to take up."""

from datetime import datetime
from uuid import uuid4

from app.events.models import Event
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import hold, insert_new
from app.programmes.models import Team
from app.writeups.models import TeamPart
from app.writeups.queries.parts import part_of
from app.writeups.queries.write_ups import write_up_of


class StoryIsTold(Refusal):
    """Everybody reads the story already."""


def write_part(event: Event, team: Team, text: str, *, by: Actor, at: datetime) -> None:
    """Keep what a team would like to be told of it; it stands nowhere before an editor takes it up."""
    write_up = write_up_of(event)
    if write_up is not None and write_up.is_public:
        raise StoryIsTold("The story is published. Write to the organiser to have it changed.")
    insert_new(TeamPart(id=uuid4(), event_id=event.id, team_id=team.id, text="", written_at=at))
    part = part_of(event, team)
    assert part is not None, "it is there: we or the same form a moment ago wrote it"
    hold(part)
    if part.text == text:
        return
    part.text, part.written_at = text, at
    record(
        "wrote the team's part of the story", team, by=by, at=at, programme_id=event.programme_id
    )
