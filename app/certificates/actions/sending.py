"""Sending certificates to their recipients: a state of its own, apart from issuing."""

from collections.abc import Sequence
from datetime import datetime

from app.certificates.actions.issuing import locked_register
from app.certificates.models import CertificateIssue
from app.certificates.queries.handing_out import SendingLine, letters_to, sending_lines
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.queue import enqueue
from app.programmes.models import Programme


class NobodyToSendTo(Refusal):
    """Everybody with an address has been sent their certificate."""


def send_all(programme: Programme, *, by: Actor, at: datetime) -> Sequence[SendingLine]:
    """Send every valid certificate that has not been sent; a second press sends nothing more."""
    locked_register(programme)
    waiting = [line for line in sending_lines(programme, at=at) if line.can_be_sent]
    if not waiting:
        raise NobodyToSendTo("Everybody with an address has been sent their certificate.")
    for line in waiting:
        _send(line.issue, by=by, at=at)
    return waiting


def send_again(issue: CertificateIssue, *, by: Actor, at: datetime) -> None:
    """Send one certificate, or send it once more; pressed twice it goes once."""
    locked_register(issue.programme)
    _send(issue, by=by, at=at)


def _send(issue: CertificateIssue, *, by: Actor, at: datetime) -> None:
    enqueue(
        "certificates.tell_recipient",
        due_at=at,
        unique_key=sending_key(issue),
        issue_id=str(issue.id),
        news="issued",
        since=at.isoformat(),
    )
    record("send", issue, by=by, at=at, programme_id=issue.programme_id)


def sending_key(issue: CertificateIssue) -> str:
    """Return what makes a repeated press the same sending: how many letters went before."""
    return f"certificates.tell:{issue.id}:{letters_to(issue)}"
