"""A report with its chart, as pages and papers show it."""

from dataclasses import dataclass

from app.kernel.radar import Radar, radar
from app.questionnaires.rules.reporting import Report, in_a_sentence
from app.questionnaires.rules.statistics import Figure


@dataclass(frozen=True)
class Shown:
    """A report, its chart and what the chart says in words."""

    report: Report
    chart: Radar
    words: str


def shown(report: Report | None) -> Shown | None:
    """Return a report with its chart, or None where there is nothing to show."""
    if report is None or report.is_empty:
        return None
    return Shown(report, chart_of(report), in_a_sentence(report))


def chart_of(report: Report) -> Radar:
    """Return the radar chart of a report: one spoke for each area, one outline for each round."""
    outlines = [
        (
            label,
            [
                cell.mean if isinstance(cell := line.cells[number], Figure) else None
                for line in report.areas
            ],
        )
        for number, label in enumerate(report.rounds)
    ]
    return radar([line.label for line in report.areas], outlines, highest=report.highest)
