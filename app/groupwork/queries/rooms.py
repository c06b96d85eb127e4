"""The room as the facilitator sees it: each table with its people, its pen and its cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.groupwork.models import Scribe, Table
from app.groupwork.queries.cards import counts_by_table
from app.groupwork.queries.sessions import Standing, question_begun_at
from app.groupwork.queries.tables import scribes_in, seated_in, tables_of
from app.groupwork.queries.voting import tables_that_voted
from app.groupwork.rules.stages import Stage

QUIET_AFTER = timedelta(minutes=3)
"""A table without a card after so long may need the facilitator."""


@dataclass(frozen=True, kw_only=True)
class TableSeen:
    """A table at this moment."""

    table: Table
    people: int
    here: int
    scribe: Scribe | None
    cards: int
    has_voted: bool
    is_quiet: bool


def tables_seen(standing: Standing) -> Sequence[TableSeen]:
    """Return each table with how it goes there, in a fixed number of questions."""
    work = standing.work
    prompt_id = None if standing.stage is Stage.REHEARSAL else standing.prompt.id
    scribes, counts = scribes_in(work), counts_by_table(work, prompt_id)
    seats, voted = seated_in(work), tables_that_voted(standing.prompt)
    begun_at = question_begun_at(work)
    is_long = begun_at is not None and standing.at >= begun_at + QUIET_AFTER
    return [
        TableSeen(
            table=table,
            people=sum(seat.table_id == table.id for seat in seats),
            here=sum(seat.table_id == table.id and seat.is_here for seat in seats),
            scribe=scribes.get(table.id),
            cards=counts.get(table.id, 0),
            has_voted=table.id in voted,
            is_quiet=is_long
            and standing.stage is Stage.WRITING
            and table.joined_id is None
            and not counts.get(table.id),
        )
        for table in tables_of(work)
    ]
