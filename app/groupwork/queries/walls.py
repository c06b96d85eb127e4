"""What the room wall shows, derived from where the session stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.groupwork.models import Agreement, Card
from app.groupwork.queries.cards import cards_shown
from app.groupwork.queries.rooms import TableSeen, tables_seen
from app.groupwork.queries.sessions import Standing
from app.groupwork.rules.stages import Stage
from app.groupwork.rules.wall import on_page, page_now, pages_of


@dataclass(frozen=True, kw_only=True)
class Wall:
    """What stands on the wall at this moment."""

    standing: Standing
    tables: Sequence[TableSeen] = ()
    cards: Sequence[Card] = ()
    themes: Sequence[object] = ()
    agreements: Sequence[Agreement] = ()
    large: Agreement | None = None
    total: int = 0
    page: int = 0
    voted: int = 0
    voters: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """Return how many times six there are."""
        return pages_of(self.total)


def wall_at(standing: Standing) -> Wall:
    """Return what the wall shows, and nothing that the room may not see yet."""
    if standing.stage in (Stage.REHEARSAL, Stage.WRITING, Stage.CLOSED):
        return Wall(standing=standing, tables=tables_seen(standing))
    cards = cards_shown(standing.prompt)
    page = _page(standing, len(cards))
    return Wall(standing=standing, cards=on_page(cards, page), total=len(cards), page=page)


def _page(standing: Standing, things: int) -> int:
    work = standing.work
    return page_now(
        things,
        first=work.wall_first,
        since=work.wall_since,
        is_paused=work.wall_is_paused,
        at=standing.at,
    )
