"""The report for the commissioner: asked for, set in print and put into files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.kernel.actor import Actor
from app.kernel.clock import london_day
from app.kernel.refusal import Refusal
from app.plumbing import audit
from app.plumbing.database import hold
from app.plumbing.files import file_content
from app.plumbing.pdf import document_pdf
from app.plumbing.queue import enqueue
from app.plumbing.spreadsheets import Cell, csv_export
from app.plumbing.stationery import set_in_print
from app.programmes.models import Programme
from app.questionnaires.rules.drawing import shown
from app.questionnaires.rules.reporting import COLUMNS, as_rows
from app.reports.queries.commissioner import (
    COMPLETE,
    NOT_COMPLETE,
    CommissionerReport,
    batch_of,
    newest_work_on,
)


class NoReportYet(Refusal):
    """The report was not made yet."""


FEW_PAGES = 20
LINES_A_PAGE = 25


def ask_for_commissioner_report(programme: Programme, *, by: Actor, at: datetime) -> None:
    """Let the report be made; while it is being made, asking again leads to it."""
    hold(programme)
    standing = newest_work_on(programme)
    if standing is not None and not (standing.is_over or standing.has_given_up):
        return
    enqueue(
        "reports.make_commissioner_report",
        due_at=at,
        batch=batch_of(programme),
        programme_id=str(programme.id),
    )
    audit.record(
        "asked for the commissioner report", programme, by=by, at=at, programme_id=programme.id
    )


def paper_key(programme: Programme) -> str:
    """Return under which key a programme's report is kept on paper."""
    return f"commissioner/{programme.id}.pdf"


def bundle_key(programme: Programme) -> str:
    """Return under which key the files of a programme's report are kept."""
    return f"commissioner/{programme.id}.zip"


def kept(key: str) -> bytes:
    """Return a file of the report, or say that it is not made yet."""
    content = file_content(key)
    if content is None:
        raise NoReportYet("The report is not made yet. Open its page and press “Make the report”.")
    return content


def title_of(report: CommissionerReport) -> str:
    """Return what the report is called."""
    return f"Report to {report.programme.commissioner}"


def in_print(report: CommissionerReport) -> str:
    """Set the report in print; what it shows it brings along, so that it is drawn without the database."""
    return set_in_print(
        "reports/paper/commissioner",
        report=report,
        programme=report.programme,
        skills=shown(report.skills),
        title=title_of(report),
    )


def drawn(html: str, *, title: str) -> bytes:
    """Return the report as PDF."""
    return document_pdf(html, title=title, pages=FEW_PAGES + html.count("<tr") // LINES_A_PAGE)


Sheet = tuple[Sequence[str], Sequence[Sequence[Cell]]]


def sheets_of(report: CommissionerReport) -> Mapping[str, Sheet]:
    """Return the report as spreadsheets, by the names of their files."""
    return {
        "attendance": _attendance(report),
        "completion-teams": _teams(report),
        "completion-people": _people(report),
        "skills": (COLUMNS, list(as_rows(report.skills)) if report.skills else []),
        "posters": _posters(report),
        "themes": (
            ("Event", "Question", "Theme", "Cards"),
            [
                (line.event.title, line.text, name, cards)
                for line in report.group_work.questions
                for name, cards in line.themes
            ],
        ),
        "agreements": (
            ("Event", "Agreement", "Team", "By when", "Status"),
            [
                (line.event.title, line.text, line.whose, str(line.due_on), line.status)
                for line in report.group_work.agreements
            ],
        ),
        "recognition": (
            ("For", "Citation"),
            [(one.whom, one.citation) for one in report.recognitions],
        ),
    }


def _attendance(report: CommissionerReport) -> Sheet:
    header = ["Team", *(f"{e.title}, {london_day(e.starts_at)}" for e in report.events)]
    rows = [[line.name, *(count.cell for count in line.counts)] for line in report.grid]
    return header, [*rows, ["Everybody", *(count.cell for count in report.came)]]


def _teams(report: CommissionerReport) -> Sheet:
    header = ("Team", "Complete", "How it stands", "Coach visits")
    return header, [
        (
            line.standing.name,
            "yes" if line.is_complete else "no",
            "; ".join(part.words for part in line.standing.completion.parts),
            line.visits,
        )
        for line in report.teams
    ]


def _people(report: CommissionerReport) -> Sheet:
    lines = [
        ("Complete", report.people.of(COMPLETE)),
        ("Not complete", report.people.of(NOT_COMPLETE)),
    ]
    return ("Standing", "People"), [
        *((name, count.cell) for name, count in lines),
        ("Everybody", report.people.total.cell),
    ]


def _posters(report: CommissionerReport) -> Sheet:
    header = ("Event", "Team", "Title", "Theme", "Aim", "What the data show")
    return header, [
        (p.event.title, p.team.name, p.title, p.theme, p.aim, p.findings) for p in report.posters
    ]


def bundled(report: CommissionerReport) -> bytes:
    """Return all spreadsheets of the report in one file, with a page that says what they are."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in _files(report):
            # A day of its own, so that the same report is the same file.
            archive.writestr(ZipInfo(name, london_day(report.at).timetuple()[:6]), content)
    return stream.getvalue()


def _files(report: CommissionerReport) -> Iterator[tuple[str, bytes]]:
    yield "read-me.txt", _read_me(report).encode()
    for name, (header, rows) in sheets_of(report).items():
        yield f"{name}.csv", csv_export(header, rows)


def _read_me(report: CommissionerReport) -> str:
    return (
        f"{report.programme.title}\n{title_of(report)}, as it stood on {london_day(report.at):%-d %B %Y}.\n\n"
        f"“not shown” stands where fewer than {report.smallest} people are counted, and where such a\n"
        "number could be worked out from the others. The same is hidden in the PDF.\n"
    )
