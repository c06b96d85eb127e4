"""Forgetting somebody: their certificates answer "details erased", and their files are gone."""

from datetime import datetime

from sqlalchemy import select

from app.certificates.models import CertificateIssue, PrintFile
from app.kernel.actor import Actor
from app.people.actions import Memory
from app.people.models import Person
from app.people.rules import ERASED_NAME, Traces, counted
from app.plumbing.database import db
from app.plumbing.files import drop_file
from app.programmes.models import TeamMembership


def _own(person: Person) -> list[CertificateIssue]:
    return list(
        db.session.scalars(select(CertificateIssue).where(CertificateIssue.person_id == person.id))
    )


def _of_their_teams(person: Person) -> list[CertificateIssue]:
    teams = select(TeamMembership.team_id).where(TeamMembership.person_id == person.id)
    issued = select(CertificateIssue).where(
        CertificateIssue.team_id.in_(teams), CertificateIssue.person_id.is_(None)
    )
    return list(db.session.scalars(issued))


def _traces(person: Person) -> Traces:
    own, teams = _own(person), _of_their_teams(person)
    files = counted(len(own), "certificate with its file", "certificates with their files")
    return Traces(
        goes=files,
        stays=[
            *(
                f"The {line} of their certificates in the register: whoever checks one reads that its details were erased"
                for line in counted(len(own), "number", "numbers")
            ),
            *(
                f"{line} of their team, which may name them: they belong to the team"
                for line in counted(len(teams), "certificate", "certificates")
            ),
        ],
    )


def _forget(person: Person, _by: Actor, at: datetime) -> None:
    own = _own(person)
    for issue in own:
        issue.fields = {**issue.fields, "recipient": ERASED_NAME, "team": "", "citation": ""}
        issue.erased_at, issue.revocation_reason = at, ""
        if issue.file_key:
            drop_file(issue.file_key)
        issue.file_key = issue.pdf_sha256 = None
        issue.drawn_at = issue.drawn_at or at  # nothing is drawn any more
    programmes = {issue.programme_id for issue in own}
    for printed in db.session.scalars(
        select(PrintFile).where(PrintFile.programme_id.in_(programmes))
    ):
        if printed.file_key:
            drop_file(printed.file_key)
        db.session.delete(printed)


MEMORY = Memory(traces=_traces, forget=_forget)
