"""Answers that are no pages: papers, and parts of a page that keep themselves fresh."""

from collections.abc import Callable

from flask import Response, make_response, request


def pdf_answer(
    content: bytes, name: str, *, as_download: bool = False, in_frames: bool = False
) -> Response:
    """Return a PDF, to look at or to keep; only if it is said may pages of ours show it in a frame."""
    how = "attachment" if as_download else "inline"
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    if in_frames:
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    return response


def part_answer(part: str) -> Response:
    """Return a part of a page that is sent again only when it has changed."""
    response = make_response(part)
    response.add_etag()
    response.make_conditional(request)
    return response


def part_answer_at(revision: str, draw: Callable[[], str]) -> Response:
    """Return a part of a page that is drawn again only when its revision is another."""
    is_known = revision in request.if_none_match
    response = make_response("", 304) if is_known else make_response(draw())
    response.set_etag(revision)
    return response
