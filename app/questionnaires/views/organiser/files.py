"""The same figures to take along: as CSV, as JSON, and on paper."""

from collections.abc import Iterator
from typing import Any

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.plumbing.pdf import document_pdf
from app.plumbing.spreadsheets import csv_export
from app.programmes.models import Programme
from app.programmes.queries import Staff
from app.questionnaires.rules.reporting import Number, Report, numbers, said, said_change
from app.questionnaires.views.drawing import shown
from app.questionnaires.views.organiser.blueprint import pages
from app.questionnaires.views.organiser.figures import reports_seen_by

HEADER = [
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
]


@pages.get("/<programme_slug>/skills/skills.csv")
@needs(Permission.SEE_SKILLS)
def figures_file(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Hand out the figures as a spreadsheet."""
    rows = [row for report in reports_seen_by(staff, programme) for row in _rows(report)]
    answer = Response(csv_export(HEADER, rows), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{programme.slug}-skills.csv")
    return answer


def _rows(report: Report) -> Iterator[list[str | int | None]]:
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


@pages.get("/<programme_slug>/skills/skills.json")
@needs(Permission.SEE_SKILLS)
def figures_json(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Hand out the figures to another program."""
    return jsonify(reports=[_plain(report) for report in reports_seen_by(staff, programme)])


def _plain(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "rounds": report.rounds,
        "scale": report.scale,
        "notes": report.notes,
        "figures": [
            {
                "part": number.part,
                "kind": number.kind,
                "round": number.round,
                "note": number.gap,
                **_named(number),
            }
            for number in numbers(report)
        ],
        "change": [
            {"part": line.label, "people": line.change.n, "mean": said_change(line.change)}
            for line in report.areas
            if line.change is not None
        ],
    }


def _named(number: Number) -> dict[str, str | int]:
    figure = number.figure
    if figure is None:
        return {}
    return {
        "people": figure.n,
        "mean": said(figure.mean),
        "median": said(figure.median),
        "lower_quartile": said(figure.lower_quartile),
        "upper_quartile": said(figure.upper_quartile),
    }


@pages.get("/<programme_slug>/skills/skills.pdf")
@needs(Permission.SEE_SKILLS)
def report_file(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Hand out the report on paper."""
    title = f"Skills report: {programme.title}"
    page = render_template(
        "questionnaires/organiser/report_file.html",
        title=title,
        programme=programme,
        reports=[found for report in reports_seen_by(staff, programme) if (found := shown(report))],
        today=london_day(now()),
    )
    answer = Response(document_pdf(page, title=title), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{programme.slug}-skills.pdf")
    return answer
