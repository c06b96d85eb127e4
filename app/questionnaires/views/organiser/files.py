"""The same figures to take along: as CSV, as JSON, and on paper."""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from app.kernel.clock import london_day, now
from app.kernel.permission import Permission, needs
from app.kernel.text import slug
from app.plumbing.answers import pdf_answer
from app.plumbing.pdf import document_pdf
from app.plumbing.spreadsheets import csv_export
from app.programmes.models import Programme
from app.programmes.queries import Staff
from app.questionnaires.queries.results import closed_rounds, cohort_report, team_report
from app.questionnaires.rules.drawing import shown
from app.questionnaires.rules.reporting import (
    COLUMNS,
    Number,
    Report,
    as_rows,
    numbers,
    said,
    said_change,
)
from app.questionnaires.views.organiser.blueprint import pages
from app.questionnaires.views.organiser.figures import reports_seen_by, team_seen_by


@pages.get("/<programme_slug>/skills/skills.csv")
@needs(Permission.SEE_SKILLS)
def figures_file(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Hand out the figures as a spreadsheet."""
    rows = [row for report in reports_seen_by(staff, programme) for row in as_rows(report)]
    answer = Response(csv_export(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{programme.slug}-skills.csv")
    return answer


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
    """Hand out the cohort's report on paper."""
    waves = closed_rounds(programme)
    reports = [cohort_report(waves, of_everybody=everybody) for everybody in (False, True)]
    return _paper(programme, reports, title=f"Skills report: {programme.title}")


@pages.get("/<programme_slug>/teams/<team_slug>/skills.pdf")
@needs(Permission.SEE_SKILLS)
def team_file(programme: Programme, team_slug: str, staff: Staff) -> ResponseReturnValue:
    """Hand out a team's report on paper; a file for each, so that none waits for the others."""
    team = team_seen_by(staff, programme, team_slug)
    report = team_report(closed_rounds(programme), team)
    return _paper(programme, [report], title=f"Skills report: {team.name}")


def _paper(
    programme: Programme, reports: Sequence[Report | None], *, title: str
) -> ResponseReturnValue:
    different = [one for n, one in enumerate(reports) if one not in reports[:n]]
    page = render_template(
        "questionnaires/organiser/report_file.html",
        title=title,
        programme=programme,
        reports=[found for one in different if (found := shown(one))],
        notes=[note for one in different if one and one.is_empty for note in one.notes],
        today=london_day(now()),
    )
    return pdf_answer(document_pdf(page, title=title), f"{slug(title)}.pdf")
