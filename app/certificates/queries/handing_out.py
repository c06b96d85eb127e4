"""Questions about certificates on their way: to the printer, and to their recipients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.certificates.models import (
    CertificateIssue,
    PrintFile,
)
from app.certificates.queries.completion import memberships_in
from app.certificates.queries.register import State, stands_as
from app.certificates.rules import (
    CertificateKind,
    Holder,
    PrintOrder,
)
from app.kernel.clock import london_day
from app.people.models import Person
from app.plumbing.database import db
from app.plumbing.mail import Letter, letters_about
from app.plumbing.queue import Job
from app.programmes.models import MemberRole, Programme


def about(issue: CertificateIssue) -> str:
    """Return how letters say that they are about this certificate."""
    return f"certificate:{issue.id}"


def letters_to(issue: CertificateIssue) -> int:
    """Return how many letters were written about a certificate."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Letter).where(Letter.about == about(issue))
        )
        or 0
    )


def was_written(issue: CertificateIssue, *, subject: str, since: datetime) -> bool:
    """Say whether a letter of this subject about a certificate was written at a moment or after it."""
    found = db.session.scalar(
        select(Letter.id)
        .where(Letter.about == about(issue), Letter.subject == subject, Letter.created_at >= since)
        .limit(1)
    )
    return found is not None


@dataclass(frozen=True)
class SendingLine:
    """One certificate on its way: to whom, and how far its letter is."""

    issue: CertificateIssue
    recipient: Person | None
    letter: Letter | None
    is_waiting: bool

    @property
    def can_be_sent(self) -> bool:
        """Say whether it has an address and was not sent yet."""
        has_address = self.recipient is not None and bool(self.recipient.email)
        return has_address and self.letter is None and not self.is_waiting


def sending_lines(programme: Programme, *, at: datetime) -> Sequence[SendingLine]:
    """Return every valid certificate with its recipient and its newest letter, in number order."""
    issues = db.session.scalars(
        select(CertificateIssue)
        .options(joinedload(CertificateIssue.person))
        .where(
            CertificateIssue.programme_id == programme.id,
            CertificateIssue.revoked_at.is_(None),
            CertificateIssue.superseded_at.is_(None),
        )
        .order_by(CertificateIssue.serial)
    ).all()
    contacts = contacts_in(programme, on=london_day(at))
    letters = letters_about(*(about(issue) for issue in issues))
    waiting = _waiting()
    return [
        SendingLine(
            issue=issue,
            recipient=issue.person or contacts.get(issue.holder_id),
            letter=letters.get(about(issue)),
            is_waiting=str(issue.id) in waiting,
        )
        for issue in issues
    ]


def sending_line(issue: CertificateIssue, *, at: datetime) -> SendingLine:
    """Return how far the letter about one certificate is."""
    return SendingLine(
        issue=issue,
        recipient=recipient_of(issue, at=at),
        letter=letters_about(about(issue)).get(about(issue)),
        is_waiting=str(issue.id) in _waiting(),
    )


def recipient_of(issue: CertificateIssue, *, at: datetime) -> Person | None:
    """Return who receives a certificate: the person, or whoever leads the team."""
    if issue.person is not None:
        return issue.person
    return contacts_in(issue.programme, on=london_day(at)).get(issue.holder_id)


def contacts_in(programme: Programme, *, on: date) -> Mapping[UUID, Person]:
    """Return for each team the lead with an address, or else the first member who has one."""
    contacts: dict[UUID, Person] = {}
    members = [line for line in memberships_in(programme) if line.covers(on)]
    for member in sorted(members, key=lambda line: line.role is not MemberRole.LEAD):
        if member.person.email:
            contacts.setdefault(member.team_id, member.person)
    return contacts


def _waiting() -> frozenset[str]:
    """Return the certificates whose letter is about to be written."""
    jobs = db.session.scalars(
        select(Job).where(
            Job.name == "certificates.tell_recipient",
            Job.done_at.is_(None),
            Job.cancelled_at.is_(None),
        )
    )
    return frozenset(str(job.arguments["issue_id"]) for job in jobs)


def print_at(programme: Programme, print_id: UUID) -> PrintFile | None:
    """Return this print file, if it was made for this programme."""
    return db.session.scalar(
        select(PrintFile).where(PrintFile.id == print_id, PrintFile.programme_id == programme.id)
    )


def print_in_the_making(programme: Programme, order: PrintOrder) -> PrintFile | None:
    """Return the file in this order that later work has not finished yet."""
    return db.session.scalar(
        select(PrintFile)
        .where(
            PrintFile.programme_id == programme.id,
            PrintFile.order == order,
            PrintFile.made_at.is_(None),
        )
        .order_by(PrintFile.asked_at.desc())
        .limit(1)
    )


def prints_of(programme: Programme) -> Sequence[PrintFile]:
    """Return the newest files for the printer."""
    return db.session.scalars(
        select(PrintFile)
        .where(PrintFile.programme_id == programme.id)
        .order_by(PrintFile.asked_at.desc())
        .limit(10)
    ).all()


def in_print_order(programme: Programme, order: PrintOrder) -> Sequence[CertificateIssue]:
    """Return every valid certificate in the order in which it leaves the printer.

    In stage order each team's certificate is followed by those of its people; special recognition
    comes last, as on stage.
    """
    issues = db.session.scalars(
        select(CertificateIssue)
        .options(joinedload(CertificateIssue.team), joinedload(CertificateIssue.person))
        .where(CertificateIssue.programme_id == programme.id, stands_as(State.VALID))
    ).all()
    places = {PrintOrder.STAGE: _on_stage, PrintOrder.TEAM: _by_team, PrintOrder.SURNAME: _by_name}
    return sorted(issues, key=places[order])


Place = tuple[bool, int, str, bool, str, int]


def _on_stage(issue: CertificateIssue) -> Place:
    return _place(issue, stage=issue.team.stage_order if issue.team else 0, team=_team_name(issue))


def _by_team(issue: CertificateIssue) -> Place:
    return _place(issue, stage=0, team=_team_name(issue))


def _by_name(issue: CertificateIssue) -> Place:
    return _place(issue, stage=0, team="")


def _place(issue: CertificateIssue, *, stage: int, team: str) -> Place:
    return (
        issue.kind is CertificateKind.RECOGNITION,
        stage,
        team,
        issue.holder is Holder.PERSON,
        issue.person.sorting_name if issue.person else _team_name(issue),
        issue.serial,
    )


def _team_name(issue: CertificateIssue) -> str:
    return issue.team.name.casefold() if issue.team else ""


def print_with_id(print_id: UUID) -> PrintFile | None:
    """Return a print file for later work, which has no programme at hand."""
    return db.session.get(PrintFile, print_id)
