"""What the room wall shows, derived from where the session stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.groupwork.models import Agreement, Card
from app.groupwork.queries.agreements import agreements_of, open_before
from app.groupwork.queries.cards import cards_shown
from app.groupwork.queries.rooms import TableSeen, tables_seen
from app.groupwork.queries.sessions import Standing
from app.groupwork.queries.tables import tables_in
from app.groupwork.queries.themes import Sheet, board_of
from app.groupwork.queries.voting import people_who_voted, tables_that_voted
from app.groupwork.rules.stages import Stage
from app.groupwork.rules.voting import Voters
from app.groupwork.rules.wall import on_page, page_now, pages_of
from app.registration.queries import places_here


@dataclass(frozen=True, kw_only=True)
class Wall:
    """What stands on the wall at this moment."""

    standing: Standing
    tables: Sequence[TableSeen] = ()
    cards: Sequence[Card] = ()
    sheets: Sequence[Sheet] = ()
    loose: int = 0
    agreements: Sequence[Agreement] = ()
    large: Agreement | None = None
    before: Sequence[Agreement] = ()
    total: int = 0
    page: int = 0
    voted: str = ""

    @property
    def pages(self) -> int:
        """Return how many times six there are."""
        return pages_of(self.total)


def wall_at(standing: Standing) -> Wall:
    """Return what the wall shows, and nothing that the room may not see yet."""
    return _SHOWN[standing.stage](standing)


def _tables(standing: Standing) -> Wall:
    before = open_before(standing.work.event) if standing.stage is Stage.REHEARSAL else ()
    page = _page(standing, len(before))
    return Wall(
        standing=standing,
        tables=tables_seen(standing),
        before=on_page(before, page),
        total=len(before),
        page=page,
    )


def _cards(standing: Standing) -> Wall:
    cards = cards_shown(standing.prompt)
    page = _page(standing, len(cards))
    return Wall(standing=standing, cards=on_page(cards, page), total=len(cards), page=page)


def _themes(standing: Standing) -> Wall:
    board = board_of(standing.prompt)
    sheets = board.by_dots
    page = _page(standing, len(sheets))
    return Wall(
        standing=standing,
        sheets=on_page(sheets, page),
        loose=len(board.loose),
        total=len(sheets),
        page=page,
        voted=_voted(standing) if standing.stage is Stage.VOTING else "",
    )


def _voted(standing: Standing) -> str:
    """Say how many have voted, never for what."""
    prompt, work = standing.prompt, standing.work
    if work.voters is Voters.PEOPLE:
        return f"{people_who_voted(prompt)} of {len(places_here(work.event))} people voted"
    return f"{len(tables_that_voted(prompt))} of {tables_in(work)} tables voted"


def _agreements(standing: Standing) -> Wall:
    found = agreements_of(standing.work)
    page = _page(standing, len(found))
    reading = standing.work.reading
    return Wall(
        standing=standing,
        agreements=on_page(found, page),
        large=next((one for one in found if one.number == reading), None),
        total=len(found),
        page=page,
    )


_SHOWN: Mapping[Stage, Callable[[Standing], Wall]] = {
    Stage.REHEARSAL: _tables,
    Stage.WRITING: _tables,
    Stage.CLOSED: _tables,
    Stage.REVEALED: _cards,
    Stage.GROUPING: _themes,
    Stage.VOTING: _themes,
    Stage.COUNTED: _themes,
    Stage.AGREEMENTS: _agreements,
    Stage.SHARED: _agreements,
}


def _page(standing: Standing, things: int) -> int:
    work = standing.work
    return page_now(
        things,
        first=work.wall_first,
        since=work.wall_since,
        is_paused=work.wall_is_paused,
        at=standing.at,
    )
