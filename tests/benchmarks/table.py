"""The one table that a run prints."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.load import Seen, percentile

Figure = float | str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure, what it stands beside, and whether it is what we promised."""

    what: str
    ours: Figure
    reference: Figure = ""
    beside: str = ""
    ratio: Figure = ""
    goal: str = ""
    met: bool | None = None


def wait_row(what: str, seen: Sequence[Seen], *, most_ms: int | None = None) -> Row:
    """Return how long most waited, beside the longest wait of all, and whether it was promised."""
    p95 = percentile([one.seconds for one in seen], 95) * 1000
    return Row(
        what=f"{what}, p95, ms",
        ours=p95,
        reference=max(one.seconds for one in seen) * 1000,
        beside="the longest wait",
        goal=f"<= {most_ms}" if most_ms else "",
        met=p95 <= most_ms if most_ms else None,
    )


HEADINGS = ("what", "ours", "reference", "which is", "ratio", "goal", "")


def in_a_table(rows: Sequence[Row]) -> str:
    """Return the rows as text in columns."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    drawn = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    drawn.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(drawn)


def _cells(row: Row) -> tuple[str, ...]:
    verdict = {True: "yes", False: "MISSED", None: ""}[row.met]
    return (
        row.what,
        _said(row.ours),
        _said(row.reference),
        row.beside,
        _said(row.ratio),
        row.goal,
        verdict,
    )


def _said(figure: Figure) -> str:
    if isinstance(figure, str):
        return figure
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def middle(rounds: Sequence[object], of: Callable[[object], float]) -> float:
    """Return the median of one figure over several rounds."""
    return median(of(one) for one in rounds)


def machine() -> str:
    """Say on what the figures were taken."""
    return f"{platform.machine()}, Python {platform.python_version()}"
