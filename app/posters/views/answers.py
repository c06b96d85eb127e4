"""Answers that are no pages: the feedback report."""

from flask import Response, abort

from app.kernel.clock import london
from app.plumbing.answers import pdf_answer
from app.plumbing.files import file_content
from app.posters.models import FeedbackReport


def report_answer(report: FeedbackReport) -> Response:
    """Return a report as a file to keep; its name carries the moment, for viewers that remember names."""
    content = file_content(report.file_key or "") or abort(404)
    made = london(report.made_at or report.asked_at)
    name = f"feedback-{report.poster.team.slug}-{made:%Y-%m-%d-%H%M}.pdf"
    return pdf_answer(content, name, as_download=True)
