from datetime import timedelta

import pytest

from app.certificates.actions import ending, sending
from app.certificates.actions.ending import AlreadyReplaced, AlreadyRevoked, NotRevoked, SameName
from app.certificates.actions.issuing import CannotPrint
from app.certificates.models import CertificateIssue, CertificateRegister
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from tests.factories.certificates import AFTER_THE_SUMMIT, HELEN, a_certificate

NEXT_DAY = AFTER_THE_SUMMIT + timedelta(days=1)


def revoke(issue: CertificateIssue, at=NEXT_DAY) -> None:
    with transaction():
        ending.revoke(issue, category="wrong_person", reason="Two Eds", by=HELEN, at=at)


def restore(issue: CertificateIssue) -> None:
    with transaction():
        ending.restore(issue, reason="It was the right Ed", by=HELEN, at=NEXT_DAY)


def correct(issue: CertificateIssue, name: str = "Edward Marsh") -> CertificateIssue:
    with transaction():
        newer = ending.replace(issue, recipient=name, reason="Asked for it", by=HELEN, at=NEXT_DAY)
    db.session.rollback()
    return newer


def send(issue: CertificateIssue) -> None:
    with transaction():
        sending.send_again(issue, by=HELEN, at=AFTER_THE_SUMMIT)
    run_due(lambda: AFTER_THE_SUMMIT)


def letters() -> list[str]:
    db.session.rollback()
    return [letter.subject for letter in db.session.query(Letter).order_by(Letter.created_at)]


def test_a_withdrawn_certificate_says_when_and_why(app):
    issue = a_certificate()

    revoke(issue)

    assert (issue.revoked_at, issue.revocation_category) == (NEXT_DAY, "wrong_person")
    entry = db.session.query(AuditEntry).filter_by(verb="withdraw").one()
    assert (entry.reason, entry.actor_id) == ("Two Eds", HELEN.id)


def test_what_was_withdrawn_is_not_withdrawn_again(app):
    issue = a_certificate()
    revoke(issue)

    with pytest.raises(AlreadyRevoked, match="was already withdrawn on 27 March 2026"):
        revoke(issue)


def test_restoring_brings_everything_back(app):
    issue = a_certificate(drawn=True)
    before = (issue.number, issue.code, issue.pdf_sha256, dict(issue.fields))
    revoke(issue)

    restore(issue)

    assert (issue.revoked_at, issue.revocation_category, issue.revocation_reason) == (None, "", "")
    assert (issue.number, issue.code, issue.pdf_sha256, dict(issue.fields)) == before
    with pytest.raises(NotRevoked):
        restore(issue)


def test_a_correction_takes_the_next_number_and_the_old_one_leads_to_it(app):
    issue = a_certificate("Ed Marsh", drawn=True)
    old_pdf = file_content(issue.file_key)

    newer = correct(issue)
    run_due(lambda: NEXT_DAY)
    db.session.rollback()

    assert (newer.revision, newer.fields["recipient"]) == (2, "Edward Marsh")
    assert newer.number.startswith("PIT-2026-0002-")
    assert newer.fields["issued_on"] == "2026-03-27"
    assert (issue.superseded_by_id, issue.superseded_at) == (newer.id, NEXT_DAY)
    assert issue.fields["recipient"] == "Ed Marsh"
    assert file_content(issue.file_key) == old_pdf
    assert newer.drawn_at is not None
    assert newer.person.certificate_name == "Edward Marsh"


def test_what_was_replaced_is_left_alone(app):
    issue = a_certificate("Ed Marsh")
    newer = correct(issue)

    for act in (revoke, correct):
        with pytest.raises(AlreadyReplaced, match=f"replaced by {newer.number}"):
            act(issue)


def test_what_was_withdrawn_is_not_corrected(app):
    issue = a_certificate("Ed Marsh")
    revoke(issue)

    with pytest.raises(AlreadyRevoked, match="Restore it first"):
        correct(issue)


@pytest.mark.parametrize(
    ("name", "refusal"), [(" Ed  Marsh ", SameName), ("Ed \U00013000", CannotPrint)]
)
def test_a_correction_that_is_none_costs_no_number(app, name, refusal):
    issue = a_certificate("Ed Marsh")

    with pytest.raises(refusal):
        correct(issue, name)

    assert db.session.query(CertificateRegister).one().last_serial == 1


def test_who_was_never_written_to_hears_nothing(app):
    issue = a_certificate("Ed Marsh")
    revoke(issue)
    restore(issue)
    correct(issue)
    run_due(lambda: NEXT_DAY)

    assert letters() == []


def test_who_has_the_certificate_hears_what_became_of_it_once(app):
    issue = a_certificate("Ed Marsh")
    send(issue)
    revoke(issue)
    restore(issue)
    correct(issue)
    run_due(lambda: NEXT_DAY)

    assert [subject.partition(":")[0] for subject in letters()][:1] == [
        "Your certificate of completion"
    ]
    assert sorted(subject.partition(":")[0] for subject in letters()[1:]) == [
        "Corrected",
        "Valid again",
        "Withdrawn",
    ]
