"""The report for the commissioner: what is in it, made in one press, to keep as PDF and as files."""

from collections.abc import Mapping

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer, pdf_answer
from app.plumbing.database import transaction
from app.programmes.models import Programme
from app.programmes.queries import Staff
from app.questionnaires.rules.drawing import shown
from app.reports.actions.commissioner import (
    ask_for_commissioner_report,
    bundle_key,
    kept,
    paper_key,
)
from app.reports.queries.commissioner import (
    COMPLETE,
    commissioner_report,
    newest_made,
    newest_work_on,
)
from app.reports.views.organiser.blueprint import pages


@pages.get("/<programme_slug>/commissioner-report")
@needs(Permission.REPORT_TO_COMMISSIONER)
def commissioner_report_page(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Show what the report says now, and lead to the one that was made last."""
    report = commissioner_report(programme, at=now())
    return render_template(
        "reports/organiser/commissioner_report_page.html",
        programme=programme,
        report=report,
        skills=shown(report.skills),
        complete=report.people.of(COMPLETE),
        **_made(programme),
    )


@pages.get("/<programme_slug>/commissioner-report/now")
@needs(Permission.REPORT_TO_COMMISSIONER)
def commissioner_report_now(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Give the page the state of its files at this moment, or say that nothing is new."""
    part = render_template(
        "reports/organiser/_commissioner_report_now.html", programme=programme, **_made(programme)
    )
    return part_answer(part)


def _made(programme: Programme) -> Mapping[str, object]:
    work, made = newest_work_on(programme), newest_made(programme)
    is_making = work is not None and not (work.is_over or work.has_given_up)
    return {
        "is_making": is_making,
        "is_stuck": is_making and work is not None and work.attempts > 0,
        "has_given_up": work is not None and work.has_given_up,
        "made_at": made.done_at if made else None,
    }


@pages.post("/<programme_slug>/commissioner-report")
@needs(Permission.REPORT_TO_COMMISSIONER)
def make_commissioner_report(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Let the report be made."""
    with transaction():
        ask_for_commissioner_report(programme, by=staff.actor, at=now())
    flash("The report is on its way.", "success")
    return redirect(url_for(".commissioner_report_page", programme_slug=programme.slug))


@pages.get("/<programme_slug>/commissioner-report/report.pdf")
@needs(Permission.REPORT_TO_COMMISSIONER)
def commissioner_paper(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Hand out the report on paper."""
    content = kept(paper_key(programme))
    return pdf_answer(content, f"report-{programme.slug}.pdf")


@pages.get("/<programme_slug>/commissioner-report/report.zip")
@needs(Permission.REPORT_TO_COMMISSIONER)
def commissioner_bundle(programme: Programme, staff: Staff) -> ResponseReturnValue:
    """Hand out the spreadsheets of the report in one file."""
    content = kept(bundle_key(programme))
    answer = Response(content, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"report-{programme.slug}.zip")
    return answer
