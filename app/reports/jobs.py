"""Later work: the report for the commissioner, as one PDF and one bundle of spreadsheets."""

from uuid import UUID

from app.kernel.clock import now
from app.plumbing.database import db
from app.plumbing.files import keep_file
from app.plumbing.queue import job
from app.programmes.models import Programme
from app.reports.actions import commissioner as actions
from app.reports.queries.commissioner import commissioner_report


@job("reports.make_commissioner_report")
def make_commissioner_report(programme_id: str) -> None:
    """Make a programme's report, on paper and as files of the same moment. Safe to do twice."""
    programme = db.session.get(Programme, UUID(programme_id))
    if programme is None:
        return
    report = commissioner_report(programme, at=now())
    title, html, bundle = (
        actions.title_of(report),
        actions.in_print(report),
        actions.bundled(report),
    )
    paper_key, bundle_key = actions.paper_key(programme), actions.bundle_key(programme)
    db.session.rollback()  # no database transaction stays open while we draw
    paper = actions.drawn(html, title=title)
    keep_file(bundle_key, bundle)
    keep_file(paper_key, paper)
