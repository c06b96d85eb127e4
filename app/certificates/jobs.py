"""Later work: drawing certificates, print files, and letters to their recipients."""

import hashlib
from uuid import UUID

from app.certificates.actions import issuing, wording
from app.certificates.queries import issue_with_id
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content, keep_file
from app.plumbing.pdf import certificate_pdf
from app.plumbing.queue import job


@job("certificates.draw")
def draw(issue_id: str) -> None:
    """Draw the PDF of one certificate and keep it with its fingerprint. Safe to do twice."""
    issue = issue_with_id(UUID(issue_id))
    if issue is None or issue.drawn_at is not None:
        return
    design, fields = issue.design, wording.thawed(issue.fields)
    version, key = issuing.design_version(design), issuing.pdf_key(issue.id)
    db.session.rollback()  # no database transaction stays open while we draw
    fingerprint = _kept_before(key) or keep_file(key, certificate_pdf(design, fields))
    with transaction():
        drawn = issue_with_id(UUID(issue_id))
        if drawn is not None:
            issuing.note_drawn(
                drawn, file_key=key, pdf_sha256=fingerprint, version=version, at=now()
            )


def _kept_before(key: str) -> str | None:
    """Return the fingerprint of what an earlier attempt has kept whole before it was cut off."""
    content = file_content(key)
    return hashlib.sha256(content).hexdigest() if content is not None else None
