"""How the pages of all audiences say what a certificate says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response

from app.certificates.actions.wording import thawed
from app.certificates.models import CertificateIssue
from app.certificates.queries.register import state_of
from app.certificates.rules import REVOCATION_CATEGORIES, CertificateKind
from app.kernel.clock import london_day
from app.plumbing.addresses import address_of
from app.plumbing.answers import pdf_answer
from app.plumbing.files import file_content
from app.plumbing.spreadsheets import Cell


@dataclass(frozen=True)
class Facts:
    """Everything that a certificate says, ready to be shown beside it."""

    title: str
    recipient: str
    team: str
    members: Sequence[str]
    programme: str
    aims: str
    period: tuple[date, date] | None
    events: Sequence[tuple[str, date]]
    venue: str
    hours: str
    citation: str
    host: str
    commissioner: str
    signatory: str
    issued_on: date
    number: str
    withdrawn_because: str


TITLES = {
    CertificateKind.ATTENDANCE: "Certificate of attendance",
    CertificateKind.COMPLETION: "Certificate of completion",
    CertificateKind.RECOGNITION: "Special recognition",
}


def facts_of(issue: CertificateIssue) -> Facts:
    """Return what was printed, from the frozen words and nothing else."""
    said = thawed(issue.fields)
    return Facts(
        title=TITLES[issue.kind],
        recipient=said["recipient"],
        team=said.get("team", ""),
        members=said.get("members", []),
        programme=said["programme"],
        aims=said["aims"],
        period=(said["from_on"], said["to_on"]) if "from_on" in said else None,
        events=_events(said),
        venue=said.get("venue", ""),
        hours=said.get("hours", ""),
        citation=said.get("citation", ""),
        host=said["host"],
        commissioner=said["commissioner"],
        signatory=f"{said['signatory_name']}, {said['signatory_role']}",
        issued_on=said["issued_on"],
        number=issue.number,
        withdrawn_because=REVOCATION_CATEGORIES.get(issue.revocation_category, ""),
    )


def _events(said: dict[str, Any]) -> Sequence[tuple[str, date]]:
    if "event" in said:
        return [(said["event"], said["event_date"])]
    return [(event["title"], event["date"]) for event in said.get("events", [])]


REGISTER = (
    "Number",
    "Kind",
    "Recipient",
    "Team",
    "Citation",
    "Issued on",
    "Issued by",
    "State",
    "Withdrawn on",
    "Withdrawn because",
    "Replaced on",
    "By exception",
    "Fingerprint (SHA-256)",
    "Check at",
)


def register_rows(
    issues: Sequence[CertificateIssue],
) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
    """Return the register as a list: its column names and a row for each certificate."""
    return REGISTER, (_row(issue, facts_of(issue)) for issue in issues)


def _row(issue: CertificateIssue, facts: Facts) -> Sequence[Cell]:
    return (
        issue.number,
        facts.title,
        facts.recipient,
        facts.team,
        facts.citation,
        facts.issued_on.isoformat(),
        issue.issued_by,
        state_of(issue).value,
        london_day(issue.revoked_at).isoformat() if issue.revoked_at else "",
        issue.revocation_reason,
        london_day(issue.superseded_at).isoformat() if issue.superseded_at else "",
        "yes" if issue.by_exception else "",
        issue.pdf_sha256 or "",
        address_of("public.certificates.certificate", code=issue.code),
    )


def pdf_response(issue: CertificateIssue) -> Response | None:
    """Return a certificate's PDF as it was issued; its name carries the number."""
    content = file_content(issue.file_key) if issue.file_key else None
    return (
        pdf_answer(content, f"{issue.number}.pdf", in_frames=True) if content is not None else None
    )
