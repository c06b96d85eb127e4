"""Later work: drawing certificates, print files, and letters to their recipients."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from app.certificates import messages
from app.certificates.actions import granting, issuing, printing, trying, wording
from app.certificates.queries.completion import rule_rows_of
from app.certificates.queries.handing_out import in_print_order, print_with_id, recipient_of
from app.certificates.queries.register import issue_with_id
from app.certificates.queries.trials import Trial, trials_of
from app.kernel.actor import SYSTEM
from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.files import file_content, keep_file
from app.plumbing.journal import note_withdrawn
from app.plumbing.pdf import CannotDraw, certificate_pdf, certificates_pdf
from app.plumbing.queue import CannotRunYet, job, report_progress
from app.programmes.models import Programme


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


@job("certificates.print_file")
def print_file(print_id: str) -> None:
    """Make one file for the printer. Safe to do twice."""
    file = print_with_id(UUID(print_id))
    if file is None or file.made_at is not None:
        return
    issues = in_print_order(file.programme, file.order)
    if any(issue.drawn_at is None for issue in issues):
        raise CannotRunYet(timedelta(seconds=2))
    printing.refuse_redesigned(issues)
    pages = [(issue.design, wording.thawed(issue.fields)) for issue in issues]
    title, key = f"{file.programme.title}: certificates", printing.print_key(file.id)
    db.session.rollback()  # no database transaction stays open while we draw
    keep_file(key, certificates_pdf(pages, blank_last=True, title=title))
    with transaction():
        made = print_with_id(UUID(print_id))
        if made is not None:
            printing.note_printed(made, file_key=key, pages=len(pages) + 1, at=now())


@job("certificates.tell_recipient")
def tell_recipient(issue_id: str, news: str, since: str) -> None:
    """Write to whoever holds a certificate. Safe to do twice: a letter written since is the one."""
    at = now()
    with transaction():
        issue = issue_with_id(UUID(issue_id))
        recipient = recipient_of(issue, at=at) if issue else None
        if issue is not None and recipient is not None and recipient.email:
            since_then = datetime.fromisoformat(since)
            messages.tell(issue, recipient, news=messages.News(news), since=since_then, at=at)


@job("certificates.note_withdrawal")
def note_withdrawal(issue_id: str) -> None:
    """Write down beside the database whether a certificate stands withdrawn. Safe to do twice."""
    issue = issue_with_id(UUID(issue_id))
    if issue is not None:
        note_withdrawn(issue.id, is_withdrawn=issue.revoked_at is not None)


@job("certificates.set_usual_rules")
def set_usual_rules(programme_id: str) -> None:
    """Give a new programme the rules that most have, unless somebody has written its own."""
    with transaction():
        programme = db.session.get(Programme, UUID(programme_id))
        if programme is not None and not rule_rows_of(programme):
            granting.set_usual_rules(programme, by=SYSTEM, at=now())


@job("certificates.try_designs")
def try_designs(programme_id: str) -> None:
    """Draw every design with every name that it is to be tried on. Safe to do twice."""
    programme = db.session.get(Programme, UUID(programme_id))
    if programme is None:
        return
    trials = trials_of(programme)
    untried = [trial for trial in trials if trial.result is None]
    db.session.rollback()  # no database transaction stays open while we draw
    for number, trial in enumerate(untried, len(trials) - len(untried) + 1):
        _try_design(UUID(programme_id), trial)
        report_progress(number, len(trials), at=now())


def _try_design(programme_id: UUID, trial: Trial) -> None:
    refusal = _refusal(trial)
    with transaction():
        programme = db.session.get(Programme, programme_id)
        if programme is not None:
            trying.note_tried(programme, fingerprint=trial.fingerprint, refusal=refusal, at=now())


def _refusal(trial: Trial) -> str:
    try:
        certificate_pdf(trial.design, trial.fields)
    except CannotDraw as refusal:
        return str(refusal)
    return ""
