"""Checking a certificate: by its QR code, or by typing what is printed on it."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates.forms import Check
from app.certificates.models import CertificateIssue
from app.certificates.queries.register import (
    issue_with_code,
    issue_with_number,
    replaced_by,
    replacement_of,
)
from app.certificates.views.wording import facts_of
from app.kernel.clock import now
from app.kernel.codes import SECRET_LENGTH, normal_code
from app.kernel.permission import Permission, needs
from app.people.actions import VISIT, live_link, open_visit
from app.people.queries import person_visiting
from app.plumbing.browser import VISIT_COOKIE, lead_in, read_cookie
from app.plumbing.database import transaction
from app.plumbing.limits import counting_misses, limiter

pages = Blueprint("certificates", __name__)

NOT_FOUND = (
    "There is no such certificate in our register. Look at each letter and digit again: "
    "what looks like an O may be a zero."
)
NOT_MATCHED = (
    "There is no certificate with this number on which the name has this word. "
    "Look at both again, or scan the QR code."
)


@pages.get("/v")
@pages.get("/V", endpoint="check_in_capitals")
@needs(Permission.CHECK_CERTIFICATES)
@limiter.limit("60 per minute")
def check() -> ResponseReturnValue:
    """Ask for what is printed on a certificate, and lead to what it says."""
    form = Check(request.args)
    if "typed" not in request.args:
        return render_template("certificates/public/check.html", form=form)
    if not form.validate():
        return render_template("certificates/public/check.html", form=form), 422

    issue = _issue_typed(form)
    if issue is None:
        sentence = NOT_MATCHED if form.is_number else NOT_FOUND
        return _not_found(form, sentence)
    return redirect(url_for(".certificate", code=issue.code))


@pages.get("/v/<code>")
@pages.get("/V/<code>", endpoint="certificate_in_capitals")
@needs(Permission.CHECK_CERTIFICATES)
@limiter.limit("60 per minute")
def certificate(code: str) -> ResponseReturnValue:
    """Show everything a certificate says, and whether it is valid."""
    issue = issue_with_code(code) if len(normal_code(code)) == SECRET_LENGTH else None
    if issue is None:
        return _not_found(Check(), NOT_FOUND)
    return _for_nobody_to_find(
        render_template(
            "certificates/public/certificate.html",
            issue=issue,
            facts=facts_of(issue),
            replacement=replacement_of(issue),
            replaced=replaced_by(issue),
        )
    )


def _issue_typed(form: Check) -> CertificateIssue | None:
    if form.is_number:
        return issue_with_number(form.typed_text, word=form.word_given)
    return issue_with_code(form.typed_text)


def _not_found(form: Check, sentence: str) -> ResponseReturnValue:
    page = render_template("certificates/public/check.html", form=form, sentence=sentence)
    return _for_nobody_to_find(page, 404)


def _for_nobody_to_find(page: str, status: int = 200) -> ResponseReturnValue:
    """Keep a page with somebody's name on it out of search engines."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@pages.get("/l/<token>/certificates")
@needs(Permission.CHECK_CERTIFICATES)
@counting_misses()
def letter(token: str) -> ResponseReturnValue:
    """Show one button and nobody's name: programs that read mail open links too."""
    link = live_link(token, at=now())
    key = read_cookie(request, VISIT_COOKIE)
    visiting = person_visiting(key, at=now()) if key else None
    if visiting is not None and visiting.id == link.person_id:
        return redirect(url_for("attendee.certificates.progress"))
    return render_template("certificates/public/letter.html")


@pages.post("/l/<token>/certificates")
@needs(Permission.CHECK_CERTIFICATES)
@counting_misses()
def come_in(token: str) -> ResponseReturnValue:
    """Swap the link for a cookie and go on to an address without it."""
    with transaction():
        key = open_visit(token, at=now())
    return lead_in(url_for("attendee.certificates.progress"), VISIT_COOKIE, key, lasts=VISIT)
