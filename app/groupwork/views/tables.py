"""What a table's page shows, to its scribe, to who sits there, and to a facilitator who looks along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.groupwork.models import Dots, GroupWork, Table, Theme
from app.groupwork.queries.agreements import agreements_of_table, open_before
from app.groupwork.queries.cards import cards_of_table, cards_shown
from app.groupwork.queries.sessions import Standing, standing_of
from app.groupwork.queries.themes import board_of, themes_of
from app.groupwork.queries.voting import dots_of
from app.groupwork.rules.agreeing import MOST_AT_A_TABLE, STRENGTH_WORDS
from app.groupwork.rules.stages import Stage, takes_cards
from app.groupwork.rules.voting import Voters
from app.groupwork.views.words import STAGE_WORDS
from app.registration.models import Registration


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """The themes that a voter can spend dots on, and what they have spent."""

    themes: Sequence[tuple[Theme, int]]
    dots: int

    @property
    def is_cast(self) -> bool:
        """Say whether anything was spent."""
        return any(spent for _, spent in self.themes)


def ballot_of(
    standing: Standing, *, table: Table | None = None, place: Registration | None = None
) -> Ballot | None:
    """Return the ballot of a table or a person while the vote is open."""
    if standing.stage is not Stage.VOTING:
        return None
    whose = (
        Dots.table_id == table.id
        if table is not None
        else Dots.registration_id == (place.id if place else None)
    )
    spent = dots_of(standing.prompt, whose)
    themes = [(theme, spent.get(theme.id, 0)) for theme in themes_of(standing.prompt)]
    return Ballot(themes=themes, dots=standing.work.dots)


def scene_at(work: GroupWork, *, at: datetime) -> Mapping[str, object]:
    """Return what the part of a table's page shows that keeps itself fresh."""
    return {
        "work": work,
        "standing": standing_of(work, at=at),
        "stage_words": STAGE_WORDS,
        "at": at,
    }


def own_table(table: Table, *, at: datetime, is_own: bool = True) -> Mapping[str, object]:
    """Return what a table sees: the question, its own cards, and what the room may see.

    Whoever looks along sees neither its cards before the time is up nor its votes.
    """
    work = table.group_work
    standing = standing_of(work, at=at)
    is_rehearsal = standing.stage is Stage.REHEARSAL
    return {
        "table": table,
        "event": work.event,
        "work": work,
        "standing": standing,
        "stage_words": STAGE_WORDS,
        "cards": cards_of_table(table, None if is_rehearsal else standing.prompt.id)
        if is_own or standing.stage not in (Stage.REHEARSAL, Stage.WRITING)
        else [],
        "others": [
            card for card in cards_shown(standing.prompt) if card.table_id != table.writes_for.id
        ],
        "board": board_of(standing.prompt)
        if standing.stage in (Stage.GROUPING, Stage.VOTING, Stage.COUNTED)
        else None,
        "table_ballot": ballot_of(standing, table=table)
        if is_own and work.voters is Voters.TABLES and table.joined_id is None
        else None,
        "table_agreements": agreements_of_table(table),
        "most_agreements": MOST_AT_A_TABLE,
        "strengths": STRENGTH_WORDS,
        "before": open_before(work.event) if is_rehearsal else [],
        "may_write": takes_cards(work.stage, ends_at=work.ends_at, at=at),
        "at": at,
    }
