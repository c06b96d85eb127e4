"""Group work of the sample: prepared for the summit, with six mixed tables."""

from datetime import datetime

from app.events.models import Event
from app.groupwork.actions.preparing import Plan, prepare
from app.groupwork.rules.tables import Seating
from app.kernel.actor import SYSTEM


def prepare_group_work(summit: Event, *, at: datetime) -> None:
    """Prepare the summit's session with the three questions of the story."""
    prepare(summit, Plan(seating=Seating.MIXED, tables=6), by=SYSTEM, at=at)
