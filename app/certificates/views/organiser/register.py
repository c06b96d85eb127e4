"""The register: everything that was issued, and what became of it."""

from uuid import UUID

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from app.certificates.models import CertificateIssue
from app.certificates.queries import issue_at, register_page, replaced_by, replacement_of
from app.certificates.views.organiser.blueprint import pages
from app.certificates.views.wording import TITLES, facts_of
from app.kernel.permission import Permission, needs
from app.plumbing.files import file_content
from app.plumbing.mail import letters_about
from app.programmes.models import Programme
from app.programmes.queries import Staff


@pages.get("/<programme_slug>/certificates")
@needs(Permission.SEE_CERTIFICATES)
def register(staff: Staff, programme: Programme) -> ResponseReturnValue:
    """List what was issued, the newest number first."""
    found = register_page(programme)
    return render_template(
        "certificates/organiser/register.html",
        programme=programme,
        staff=staff,
        found=found,
        titles=TITLES,
    )


@pages.get("/<programme_slug>/certificates/<uuid:issue_id>")
@needs(Permission.SEE_CERTIFICATES)
def certificate(staff: Staff, programme: Programme, issue_id: UUID) -> ResponseReturnValue:
    """Show one certificate: what it says, its file, its letter, and what can be done with it."""
    issue = issue_at(programme, issue_id) or abort(404)
    about = f"certificate:{issue.id}"
    return render_template(
        "certificates/organiser/certificate.html",
        programme=programme,
        staff=staff,
        issue=issue,
        facts=facts_of(issue),
        letter=letters_about(about).get(about),
        replacement=replacement_of(issue),
        replaced=replaced_by(issue),
    )


@pages.get("/<programme_slug>/certificates/<uuid:issue_id>/file")
@needs(Permission.SEE_CERTIFICATES)
def certificate_file(
    staff: Staff,
    programme: Programme,
    issue_id: UUID,
) -> ResponseReturnValue:
    """Hand out the PDF as it was issued, byte for byte."""
    return pdf_of(issue_at(programme, issue_id) or abort(404))


def pdf_of(issue: CertificateIssue) -> Response:
    """Return a certificate's PDF under a name that says which it is."""
    content = file_content(issue.file_key) if issue.file_key else None
    if content is None:
        abort(404)
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{issue.number}.pdf"'},
    )
