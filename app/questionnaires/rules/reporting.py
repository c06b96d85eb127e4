"""A report of rounds, as page, table, file and paper all show it: one value, so that they cannot differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.questionnaires.rules.publishing import Hidden
from app.questionnaires.rules.sheets import Sheet
from app.questionnaires.rules.statistics import Change, Figure

MOST_ROUNDS = 4
"""More outlines than four cannot be told apart on a radar chart."""


class Gap(StrEnum):
    """Why there is no figure where one would stand."""

    NOT_COMPARABLE = "not comparable"
    NOT_SHOWN = "not shown"
    NOT_ASKED = "not asked"


Cell = Figure | Gap

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Outline:
    """One round of a report: its name, the day, and its figures by area and item."""

    id: str
    label: str
    sheet: Sheet
    figures: Mapping[str, Figure]
    why: Hidden | None = None


@dataclass(frozen=True)
class Line:
    """One row of a report: an area or an item, with a cell for each round."""

    id: str
    label: str
    is_area: bool
    cells: tuple[Cell, ...]
    change: Change | None = None

    @property
    def moved(self) -> str:
        """Return how far people moved, as it is written everywhere."""
        return said_change(self.change) if self.change is not None else ""


@dataclass(frozen=True)
class Report:
    """The figures of some people over the rounds, with all that must be said beside them."""

    title: str
    rounds: tuple[str, ...]
    highest: int
    scale: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def areas(self) -> Sequence[Line]:
        """Return the spokes of the chart."""
        return [line for line in self.lines if line.is_area]

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not any(isinstance(cell, Figure) for line in self.lines for cell in line.cells)

    def until(self, number: int) -> "Report":
        """Return the report as it stood after so many rounds, for a room that looks at them in turn."""
        is_whole = number >= len(self.rounds)
        lines = tuple(
            replace(line, cells=line.cells[:number], change=line.change if is_whole else None)
            for line in self.lines
        )
        return replace(self, rounds=self.rounds[:number], lines=lines)


def report_of(
    title: str,
    outlines: Sequence[Outline],
    *,
    change: Mapping[str, Change],
    notes: Sequence[str] = (),
) -> Report | None:
    """Put the last rounds side by side as the newest of them asks; None if there is none."""
    shown = outlines[-MOST_ROUNDS:]
    if not shown:
        return None
    newest = shown[-1].sheet
    return Report(
        title=title,
        rounds=tuple(one.label for one in shown),
        highest=newest.highest,
        scale=newest.scale,
        lines=tuple(_lines(newest, shown, change)),
        notes=tuple(notes),
    )


def _lines(newest: Sheet, shown: Sequence[Outline], change: Mapping[str, Change]) -> Iterator[Line]:
    for area in newest.areas:
        cells = tuple(_area_cell(one, newest, area.id) for one in shown)
        yield Line(area.id, area.title, True, cells, change.get(area.id))  # noqa: FBT003 - a record's column
        for item in area.items:
            asked = tuple(_item_cell(one, newest, item.id) for one in shown)
            yield Line(item.id, item.text, False, asked)  # noqa: FBT003 - a record's column


def _area_cell(one: Outline, newest: Sheet, area_id: str) -> Cell:
    if one.sheet.area(area_id) is None:
        return Gap.NOT_ASKED
    if not one.sheet.asks_the_same(newest, area_id):
        return Gap.NOT_COMPARABLE
    return one.figures.get(area_id, Gap.NOT_SHOWN)


def _item_cell(one: Outline, newest: Sheet, item_id: str) -> Cell:
    if item_id not in {item.id for item in one.sheet.items}:
        return Gap.NOT_ASKED
    if not one.sheet.asks_item_the_same(newest, item_id):
        return Gap.NOT_COMPARABLE
    return one.figures.get(item_id, Gap.NOT_SHOWN)


@dataclass(frozen=True)
class Number:
    """One cell of a report on its own, as files list them."""

    part: str
    kind: str
    round: str
    figure: Figure | None
    gap: str


def numbers(report: Report) -> list[Number]:
    """Return every cell of a report, one after the other."""
    return [
        Number(
            part=line.label,
            kind="area" if line.is_area else "statement",
            round=label,
            figure=cell if isinstance(cell, Figure) else None,
            gap="" if isinstance(cell, Figure) else str(cell),
        )
        for line in report.lines
        for label, cell in zip(report.rounds, line.cells, strict=True)
    ]


COLUMNS = (
    "Report",
    "Area or statement",
    "Kind",
    "Round",
    "People",
    "Mean",
    "Median",
    "Lower quartile",
    "Upper quartile",
    "Note",
)
"""What the columns of a report's spreadsheet are called."""


def as_rows(report: Report) -> Iterator[list[str | int | None]]:
    """Yield a report as the rows of a spreadsheet."""
    for number in numbers(report):
        yield [
            report.title,
            number.part,
            number.kind,
            number.round,
            *_columns(number),
            number.gap,
        ]
    for line in report.areas:
        if line.change is not None:
            people, moved = line.change.n, said_change(line.change)
            yield [report.title, line.label, "change", "", people, moved, "", "", "", ""]


def _columns(number: Number) -> list[str | int | None]:
    figure = number.figure
    if figure is None:
        return [None, "", "", "", ""]
    spread = (figure.mean, figure.median, figure.lower_quartile, figure.upper_quartile)
    return [figure.n, *(said(value) for value in spread)]


def said(value: float) -> str:
    """Return a figure as it is written everywhere: with two decimals, as on every page and paper."""
    return f"{value:.2f}"


def said_change(change: Change) -> str:
    """Return how far people moved, with its sign."""
    return f"{change.mean:+.2f}".replace("-", MINUS)


def in_a_sentence(report: Report) -> str:
    """Say what the chart shows, for whoever cannot see it."""
    if report.is_empty:
        return f"{report.title}: nothing to show yet."
    parts = []
    for line in report.areas:
        cells = [
            f"{label} {said(cell.mean)} ({cell.n} people)"
            if isinstance(cell, Figure)
            else f"{label} {cell}"
            for label, cell in zip(report.rounds, line.cells, strict=True)
        ]
        parts.append(f"{line.label}: {', '.join(cells)}.")
    return f"{report.title}, on a scale from 1 to {report.highest}. {' '.join(parts)}"
