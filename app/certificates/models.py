"""Rules, exceptions, and the register of certificates with their frozen content."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.certificates.rules import CertificateKind, CriterionKind, Holder, PrintOrder
from app.events.models import Event, EventKind
from app.people.models import Person
from app.plumbing.database import Model, one_of, short
from app.programmes.models import Programme, Team


class CompletionRule(Model):
    """What a programme asks of a person, or of a team, to complete it."""

    __tablename__ = "completion_rule"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    holder: Mapped[Holder] = mapped_column(one_of(Holder))
    changed_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship()
    criteria: Mapped[list["RuleCriterion"]] = relationship(
        order_by="RuleCriterion.position", cascade="all, delete-orphan"
    )

    __table_args__ = (UniqueConstraint("programme_id", "holder"),)


class RuleCriterion(Model):
    """One part of a completion rule.

    For events: at least `needed` events of `event_kind` (any kind if empty; all of them if `needed`
    is 0), each for at least `minimum_minutes`, by at least `members_needed` members of a team.
    """

    __tablename__ = "rule_criterion"

    rule_id: Mapped[UUID] = mapped_column(ForeignKey("completion_rule.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[CriterionKind] = mapped_column(one_of(CriterionKind))
    event_kind: Mapped[EventKind | None] = mapped_column(one_of(EventKind))
    needed: Mapped[int]
    minimum_minutes: Mapped[int] = mapped_column(default=0)
    members_needed: Mapped[int] = mapped_column(default=1)
    make_up_counts: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        UniqueConstraint("rule_id", "position"),
        CheckConstraint("needed >= 0", name="needed_not_negative"),
    )


class Exception_(Model):  # noqa: N801 - the field's word is taken by Python
    """A recorded waiver: somebody completes although a part of the rule is not met, and why."""

    __tablename__ = "completion_exception"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    holder: Mapped[Holder] = mapped_column(one_of(Holder))
    holder_id: Mapped[UUID]
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("rule_criterion.id"))
    reason: Mapped[str]
    granted_by: Mapped[str] = mapped_column(short(200))
    granted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_completion_exception_holder", "holder_id"),)


class CertificateRegister(Model):
    """The last serial number given in a programme; its row is locked to give the next without gaps."""

    __tablename__ = "certificate_register"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), unique=True)
    last_serial: Mapped[int] = mapped_column(default=0)


class CertificateIssue(Model):
    """One certificate as it was issued: its words are frozen, its PDF is kept with a fingerprint.

    `award` says for what, within the programme: `completion`, `attendance:<event>` or
    `recognition:<id>`; one holder has each award once per revision.
    """

    __tablename__ = "certificate_issue"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[CertificateKind] = mapped_column(one_of(CertificateKind))
    holder: Mapped[Holder] = mapped_column(one_of(Holder))
    holder_id: Mapped[UUID]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    award: Mapped[str] = mapped_column(short(80))
    revision: Mapped[int] = mapped_column(default=1)
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(short(40), unique=True)
    code: Mapped[str] = mapped_column(short(26), unique=True)
    design: Mapped[str] = mapped_column(short(40))
    design_version: Mapped[str] = mapped_column(short(20))
    fields: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(short(200))
    batch: Mapped[str] = mapped_column(short(80), index=True)
    by_exception: Mapped[bool] = mapped_column(default=False)
    drawn_at: Mapped[datetime | None]
    file_key: Mapped[str | None] = mapped_column(short(120))
    pdf_sha256: Mapped[str | None] = mapped_column(short(64))
    revoked_at: Mapped[datetime | None]
    revocation_category: Mapped[str] = mapped_column(short(40), default="")
    revocation_reason: Mapped[str] = mapped_column(default="")
    superseded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate_issue.id"))
    superseded_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    programme: Mapped[Programme] = relationship()
    event: Mapped[Event | None] = relationship()
    person: Mapped[Person | None] = relationship()
    team: Mapped[Team | None] = relationship()

    __table_args__ = (
        UniqueConstraint("programme_id", "holder_id", "award", "revision"),
        Index("ix_certificate_issue_holder", "holder_id"),
        UniqueConstraint("programme_id", "serial"),
    )


class DesignTrial(Model):
    """How drawing a design went with everything that this programme would print on it.

    The fingerprint stands for design, words and name, so that a trial speaks only of what it tried.
    """

    __tablename__ = "design_trial"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"))
    fingerprint: Mapped[str] = mapped_column(short(64))
    refusal: Mapped[str] = mapped_column(default="")
    tried_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("programme_id", "fingerprint"),)


class PrintFile(Model):
    """One file for the printer with a programme's certificates in some order; made by later work."""

    __tablename__ = "print_file"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programme.id"), index=True)
    order: Mapped[PrintOrder] = mapped_column(one_of(PrintOrder))
    pages: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(short(200))
    made_at: Mapped[datetime | None]
    file_key: Mapped[str | None] = mapped_column(short(120))

    programme: Mapped[Programme] = relationship()
