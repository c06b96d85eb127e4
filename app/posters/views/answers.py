"""Answers that are no pages: papers, and parts of a page that keep themselves fresh."""

from flask import Response, abort, make_response, request

from app.kernel.clock import london
from app.plumbing.files import file_content
from app.posters.models import FeedbackReport


def pdf_answer(content: bytes, name: str, *, as_download: bool = False) -> Response:
    """Return a PDF, to look at or to keep."""
    how = "attachment" if as_download else "inline"
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return response


def part_answer(part: str) -> Response:
    """Return a part of a page that is sent again only when it has changed."""
    response = make_response(part)
    response.add_etag()
    response.make_conditional(request)
    return response


def report_answer(report: FeedbackReport) -> Response:
    """Return a report as a file to keep; its name carries the moment, for viewers that remember names."""
    content = file_content(report.file_key or "") or abort(404)
    made = london(report.made_at or report.asked_at)
    name = f"feedback-{report.poster.team.slug}-{made:%Y-%m-%d-%H%M}.pdf"
    return pdf_answer(content, name, as_download=True)
