"""How the pages of all audiences say what a certificate says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.certificates.actions.wording import thawed
from app.certificates.models import CertificateIssue
from app.certificates.rules import REVOCATION_CATEGORIES, CertificateKind


@dataclass(frozen=True)
class Facts:
    """Everything that a certificate says, ready to be shown beside it."""

    title: str
    recipient: str
    team: str
    members: Sequence[str]
    programme: str
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
