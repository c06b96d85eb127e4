"""Papers of group work: cards and sheets for the tables, cards to cut out, and the harvest of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.groupwork.models import Agreement, GroupWork, Prompt, Table
from app.groupwork.queries.agreements import agreements_of, agreements_of_table
from app.groupwork.queries.sessions import prompts_of
from app.groupwork.queries.tables import seated_in, tables_of
from app.groupwork.queries.themes import Board, board_of
from app.groupwork.rules.agreeing import STRENGTH_WORDS
from app.kernel.text import joined
from app.plumbing.addresses import address_of, short_address_of
from app.plumbing.pdf import document_pdf
from app.plumbing.stationery import set_in_print

THEMES_IN_THE_HARVEST = 4
"""Of each question; the others are counted beneath, so that it stays one page."""
LETTERS_IN_A_CELL = 50


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper with everything that it shows, ready to be drawn without the database."""

    title: str
    html: str
    codes: Mapping[str, str] = field(default_factory=dict)
    pages: int = 20

    def drawn(self) -> bytes:
        """Return it as PDF."""
        return document_pdf(self.html, title=self.title, codes=self.codes, pages=self.pages)


def table_cards(work: GroupWork) -> Paper:
    """Set a card for each table: its number, its code, and the way to write for it."""
    tables = [table for table in tables_of(work) if table.joined_id is None]
    seats = seated_in(work)
    return Paper(
        title=f"Table cards: {work.event.title}",
        html=set_in_print(
            "groupwork/paper/table_cards",
            event=work.event,
            tables=tables,
            people={
                table.id: [
                    seat.registration.person.name for seat in seats if seat.table_id == table.id
                ]
                for table in tables
            },
            join=short_address_of("public.groupwork.join"),
        ),
        codes={table.code: code_address(table) for table in tables},
        pages=20 + len(tables),
    )


def code_address(table: Table) -> str:
    """Return what a table's QR code says; capitals alone make the smallest one."""
    return address_of("public.groupwork.table_in_capitals", code=table.code).upper()


def table_sheets(work: GroupWork) -> Paper:
    """Set a sheet for each table to write on by hand, with what it agreed so far."""
    tables = [table for table in tables_of(work) if table.joined_id is None]
    return Paper(
        title=f"Table sheets: {work.event.title}",
        html=set_in_print(
            "groupwork/paper/table_sheets",
            event=work.event,
            prompts=prompts_of(work),
            tables=tables,
            agreements={table.id: agreements_of_table(table) for table in tables},
            strengths=STRENGTH_WORDS,
        ),
        pages=20 + 2 * len(tables),
    )


def cards_to_cut(work: GroupWork) -> Paper:
    """Set every card that the room has read, eight on a sheet, to cut out and pin."""
    boards = _boards(work)
    cards = [
        (prompt, card)
        for prompt, board in boards
        for card in (
            *(card for sheet in board.sheets for card in sheet.cards),
            *board.loose,
        )
    ]
    return Paper(
        title=f"Cards: {work.event.title}",
        html=set_in_print("groupwork/paper/cards_to_cut", event=work.event, cards=cards),
        pages=20 + len(cards) // 4,
    )


def harvest(work: GroupWork, *, at: datetime) -> Paper:
    """Set what the room found and agreed on one page."""
    boards, agreements = _boards(work), agreements_of(work)
    return Paper(
        title=f"What we found and agreed: {work.event.title}",
        html=set_in_print(
            "groupwork/paper/harvest",
            event=work.event,
            boards=[
                (prompt, board.by_dots[:THEMES_IN_THE_HARVEST], rest_of(board))
                for prompt, board in boards
            ],
            agreements=agreements,
            density=_density(_lines(boards, agreements)),
            at=at,
        ),
    )


def _lines(boards: Sequence[tuple[Prompt, Board]], agreements: Sequence[Agreement]) -> float:
    """Return about how many lines the harvest takes in its largest letters."""
    themes = [min(len(board.sheets), THEMES_IN_THE_HARVEST) for _, board in boards]
    rows = (1 + len(one.text) // LETTERS_IN_A_CELL for one in agreements)
    return 3 * max(themes, default=0) + sum(rows) + 0.4 * len(agreements)


def _density(lines: float) -> str:
    """Return how closely the page is set, so that a full day still fits on it."""
    for most, name in ((34, "open"), (42, "close"), (58, "tight"), (88, "tighter")):
        if lines <= most:
            return name
    return "tightest"


def rest_of(board: Board) -> str:
    """Say what a page has no room for."""
    more = len(board.sheets) - THEMES_IN_THE_HARVEST
    parts = []
    if more > 0:
        parts.append(f"{more} more {'theme' if more == 1 else 'themes'}")
    if board.loose:
        number = len(board.loose)
        parts.append(
            f"{number} {'card' if number == 1 else 'cards'} on {'its' if number == 1 else 'their'} own"
        )
    return joined(parts)


def _boards(work: GroupWork) -> Sequence[tuple[Prompt, Board]]:
    return [(prompt, board_of(prompt)) for prompt in prompts_of(work)]
