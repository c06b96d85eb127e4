"""Questions about what teams would like to be told of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.events.models import Event
from app.plumbing.database import db
from app.programmes.models import Team
from app.writeups.models import TeamPart


def part_of(event: Event, team: Team) -> TeamPart | None:
    """Return a team's own part of an event's story, if it has written one."""
    return db.session.scalar(
        select(TeamPart).where(TeamPart.event_id == event.id, TeamPart.team_id == team.id)
    )


def parts_of(event: Event) -> Sequence[TeamPart]:
    """Return the parts that teams have written, in stage order."""
    return db.session.scalars(
        select(TeamPart)
        .join(TeamPart.team)
        .options(contains_eager(TeamPart.team))
        .where(TeamPart.event_id == event.id, TeamPart.text != "")
        .order_by(Team.stage_order, Team.name)
    ).all()
