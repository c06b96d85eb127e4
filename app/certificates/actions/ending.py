"""What becomes of a certificate: withdrawn, restored, or replaced by a corrected one."""

from datetime import datetime
from uuid import UUID

from app.certificates.actions import wording
from app.certificates.actions.issuing import (
    Award,
    enter,
    locked_register,
    refuse_unprintable,
)
from app.certificates.models import CertificateIssue
from app.certificates.queries.handing_out import letters_to
from app.kernel.actor import SYSTEM, Actor
from app.kernel.clock import london
from app.kernel.names import clean_name
from app.kernel.refusal import Refusal
from app.people.models import Person
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.queue import enqueue


class AlreadyRevoked(Refusal):
    """The certificate has been withdrawn before."""


class NotRevoked(Refusal):
    """There is nothing to restore: the certificate was not withdrawn."""


class AlreadyReplaced(Refusal):
    """The certificate has been replaced; the newer one is the one to work on."""


class HolderErased(Refusal):
    """Nobody is left whose name could be corrected."""


class SameName(Refusal):
    """The correction says what stands there already."""


def revoke(issue: CertificateIssue, *, category: str, reason: str, by: Actor, at: datetime) -> None:
    """Withdraw a certificate; its address stays, and says so at once."""
    hold(issue)
    _refuse_replaced(issue)
    if issue.revoked_at is not None:
        raise AlreadyRevoked(
            f"{issue.number} was already withdrawn on {london(issue.revoked_at):%-d %B %Y}."
        )

    issue.revoked_at, issue.revocation_category, issue.revocation_reason = at, category, reason
    record(
        "withdraw",
        issue,
        by=by,
        at=at,
        programme_id=issue.programme_id,
        after={"category": category},
        reason=reason,
    )
    _note_beside_the_database(issue, at=at)
    _tell_if_it_was_sent(issue, "withdrawn", at=at)


def withdraw_again(issue_id: UUID, *, at: datetime) -> bool:
    """Withdraw a certificate that a restored backup has made valid; say whether it had.

    Its holder was told when it was withdrawn, and is not told again.
    """
    issue = db.session.get(CertificateIssue, issue_id)
    if issue is None or issue.revoked_at is not None or issue.superseded_by_id is not None:
        return False
    reason = "Withdrawn before; a restored backup had it valid still."
    issue.revoked_at, issue.revocation_category, issue.revocation_reason = at, "other", reason
    record("withdraw", issue, by=SYSTEM, at=at, programme_id=issue.programme_id, reason=reason)
    return True


def restore(issue: CertificateIssue, *, reason: str, by: Actor, at: datetime) -> None:
    """Make a withdrawn certificate valid again, everything as it was."""
    hold(issue)
    _refuse_replaced(issue)
    if issue.revoked_at is None:
        raise NotRevoked(f"{issue.number} is valid: there is nothing to restore.")

    before = {"category": issue.revocation_category, "withdrawn": issue.revoked_at}
    issue.revoked_at, issue.revocation_category, issue.revocation_reason = None, "", ""
    record(
        "restore",
        issue,
        by=by,
        at=at,
        programme_id=issue.programme_id,
        before=before,
        reason=reason,
    )
    _note_beside_the_database(issue, at=at)
    _tell_if_it_was_sent(issue, "restored", at=at)


def replace(
    issue: CertificateIssue, *, recipient: str, reason: str, by: Actor, at: datetime
) -> CertificateIssue:
    """Issue a corrected certificate under the next number; the old one leads to it from now on."""
    register = locked_register(issue.programme)
    hold(issue)
    _refuse_replaced(issue)
    if issue.erased_at is not None:
        raise HolderErased(f"The holder of {issue.number} was erased; nothing can be corrected.")
    if issue.revoked_at is not None:
        raise AlreadyRevoked(f"{issue.number} is withdrawn. Restore it first, then correct it.")
    name = clean_name(recipient)
    if name == issue.fields["recipient"]:
        raise SameName(f"{issue.number} says “{name}” already. Write the name as it should be.")

    award = _corrected(issue, name)
    refuse_unprintable(award.fields)
    (newer,) = enter(
        register, issue.programme, [award], batch=f"correction:{issue.id}", by=by, at=at
    )
    issue.superseded_by_id, issue.superseded_at = newer.id, at
    _remember_name(issue.person, name)
    record(
        "replace",
        issue,
        by=by,
        at=at,
        programme_id=issue.programme_id,
        before={"number": issue.number},
        after={"number": newer.number},
        reason=reason,
    )
    if letters_to(issue):
        enqueue(
            "certificates.tell_recipient",
            due_at=at,
            issue_id=str(newer.id),
            news="replaced",
            since=at.isoformat(),
        )
    return newer


def _refuse_replaced(issue: CertificateIssue) -> None:
    if issue.superseded_by_id is None:
        return
    newer = db.session.get(CertificateIssue, issue.superseded_by_id)
    assert newer is not None
    raise AlreadyReplaced(f"{issue.number} has been replaced by {newer.number}. Open that one.")


def _corrected(issue: CertificateIssue, name: str) -> Award:
    """Return the same award with another name; the design may have changed since."""
    kept: wording.Fields = {**issue.fields, "recipient": name}
    return Award(
        kind=issue.kind,
        holder=issue.holder,
        holder_id=issue.holder_id,
        award=issue.award,
        design=issue.design,
        fields=kept,
        event_id=issue.event_id,
        team_id=issue.team_id,
        by_exception=issue.by_exception,
        revision=issue.revision + 1,
    )


def _remember_name(person: Person | None, name: str) -> None:
    """Let the next certificate carry the right name too."""
    if person is not None:
        person.certificate_name = name


def _note_beside_the_database(issue: CertificateIssue, *, at: datetime) -> None:
    # Not in this moment: what is written down must have happened, and a transaction may yet be undone.
    enqueue("certificates.note_withdrawal", due_at=at, issue_id=str(issue.id))


def _tell_if_it_was_sent(issue: CertificateIssue, news: str, *, at: datetime) -> None:
    # Whoever never heard of the certificate need not hear of its end.
    if letters_to(issue):
        enqueue(
            "certificates.tell_recipient",
            due_at=at,
            issue_id=str(issue.id),
            news=news,
            since=at.isoformat(),
        )
