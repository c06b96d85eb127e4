"""The record of changes: who did what to what, when and why; written once and never edited."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.actor import Actor
from app.plumbing.database import Model, db, short


class AuditEntry(Model):
    """One change: its actor, its verb, its subject, and what stood there before and after."""

    __tablename__ = "audit_entry"

    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(short(20))
    actor_id: Mapped[UUID | None]
    verb: Mapped[str] = mapped_column(short(80))
    subject_kind: Mapped[str] = mapped_column(short(40))
    subject_id: Mapped[UUID]
    programme_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    reason: Mapped[str | None]

    __table_args__ = (
        Index("ix_audit_programme_at", "programme_id", "at"),
        Index("ix_audit_at", "at"),
        Index("ix_audit_subject", "subject_kind", "subject_id"),
    )


def record(  # noqa: PLR0913 - a line of the record has that many columns
    verb: str,
    subject: Model,
    *,
    by: Actor,
    at: datetime,
    programme_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Add a line to the record of changes; values are ids, words and numbers, never care needs."""
    db.session.add(
        AuditEntry(
            at=at,
            actor_kind=by.kind,
            actor_id=by.id,
            verb=verb,
            subject_kind=subject.__tablename__,
            subject_id=subject.id,
            programme_id=programme_id,
            before=_plain(before),
            after=_plain(after),
            reason=reason,
        )
    )


def lines_about(*subjects: Model) -> Sequence[AuditEntry]:
    """Return what was done to these things, the newest first."""
    return db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind.in_({subject.__tablename__ for subject in subjects}),
            AuditEntry.subject_id.in_([subject.id for subject in subjects]),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
    ).all()


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str | int | float | bool | type(None)) else str(value)
        for name, value in (values or {}).items()
    }
