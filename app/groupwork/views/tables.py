"""What a table's page shows, to its scribe and to a facilitator who looks along."""

from collections.abc import Mapping
from datetime import datetime

from app.groupwork.models import Table
from app.groupwork.queries.cards import cards_of_table, cards_shown
from app.groupwork.queries.sessions import standing_of
from app.groupwork.rules.stages import Stage, takes_cards
from app.groupwork.views.words import STAGE_WORDS


def own_table(table: Table, *, at: datetime) -> Mapping[str, object]:
    """Return what a table sees: the question, its own cards, and what the room may see."""
    work = table.group_work
    standing = standing_of(work, at=at)
    is_rehearsal = standing.stage is Stage.REHEARSAL
    return {
        "table": table,
        "event": work.event,
        "work": work,
        "standing": standing,
        "stage_words": STAGE_WORDS,
        "cards": cards_of_table(table, None if is_rehearsal else standing.prompt.id),
        "shown": cards_shown(standing.prompt),
        "may_write": takes_cards(work.stage, ends_at=work.ends_at, at=at),
        "at": at,
    }
