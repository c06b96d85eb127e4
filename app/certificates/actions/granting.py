"""What a programme asks for, and the exceptions that its lead grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.certificates.actions.issuing import locked_register
from app.certificates.models import CompletionRule, Exception_, RuleCriterion
from app.certificates.queries.completion import criterion_in, exceptions_for, rule_rows_of
from app.certificates.rules import CriterionKind, Holder, rule_sentence
from app.events.models import EventKind
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db
from app.programmes.models import Programme


class AlreadyGranted(Refusal):
    """The same exception stands already."""


class StillNeeded(Refusal):
    """An exception rests on a part of the rule that would be taken away."""


@dataclass(frozen=True, kw_only=True)
class RulePart:
    """One part of a rule as somebody has set it; `id` is that of the part it was before."""

    kind: CriterionKind
    event_kind: EventKind | None = None
    needed: int = 1
    minimum_minutes: int = 0
    members_needed: int = 1
    make_up_counts: bool = False
    id: UUID | None = None


USUAL_RULES = {
    Holder.PERSON: (
        RulePart(kind=CriterionKind.EVENTS, event_kind=EventKind.LAUNCH, make_up_counts=True),
        RulePart(kind=CriterionKind.EVENTS, event_kind=EventKind.LEARNING_SESSION, needed=2),
        RulePart(kind=CriterionKind.EVENTS, event_kind=EventKind.SUMMIT, minimum_minutes=180),
    ),
    Holder.TEAM: (
        RulePart(kind=CriterionKind.EVENTS, needed=0, members_needed=2),
        RulePart(kind=CriterionKind.COACH_VISITS, needed=4),
        RulePart(kind=CriterionKind.POSTER),
    ),
}
"""What most programmes ask for: a start that an organiser changes."""


def set_rule(
    programme: Programme, holder: Holder, parts: Sequence[RulePart], *, by: Actor, at: datetime
) -> CompletionRule:
    """Set what a programme asks of people, or of teams; what was issued before stays as it is."""
    locked_register(programme)
    rule = rule_rows_of(programme).get(holder) or _new_rule(programme, holder, at=at)
    before = _read_aloud(rule)
    kept = {part.id for part in parts}
    for row in [row for row in rule.criteria if row.id not in kept]:
        _refuse_needed(row)
        rule.criteria.remove(row)
    db.session.flush()
    _write(rule, parts)
    rule.changed_at = at
    db.session.flush()
    record(
        "set rule",
        rule,
        by=by,
        at=at,
        programme_id=programme.id,
        before={"rule": before},
        after={"rule": _read_aloud(rule)},
    )
    return rule


def set_usual_rules(programme: Programme, *, by: Actor, at: datetime) -> None:
    """Give a new programme the rules that most have."""
    for holder, parts in USUAL_RULES.items():
        set_rule(programme, holder, parts, by=by, at=at)


def _new_rule(programme: Programme, holder: Holder, *, at: datetime) -> CompletionRule:
    rule = CompletionRule(programme_id=programme.id, holder=holder, changed_at=at, criteria=[])
    db.session.add(rule)
    db.session.flush()
    return rule


def _read_aloud(rule: CompletionRule) -> str:
    return rule_sentence([criterion_in(row) for row in rule.criteria])


def _refuse_needed(row: RuleCriterion) -> None:
    resting = db.session.scalar(
        select(Exception_).where(Exception_.criterion_id == row.id).limit(1)
    )
    if resting is not None:
        raise StillNeeded(
            "An exception was granted from a part that you want to remove. Change the part instead."
        )


def _write(rule: CompletionRule, parts: Sequence[RulePart]) -> None:
    rows = {row.id: row for row in rule.criteria}
    # Places are unique within a rule, so everything steps aside before it takes its new place.
    for step, row in enumerate(rule.criteria):
        row.position = -1 - step
    db.session.flush()
    for position, part in enumerate(parts):
        row = rows[part.id] if part.id in rows else _new_part(rule)
        row.position, row.kind, row.event_kind = position, part.kind, part.event_kind
        row.needed, row.minimum_minutes = part.needed, part.minimum_minutes
        row.members_needed, row.make_up_counts = part.members_needed, part.make_up_counts
    db.session.flush()
    db.session.refresh(rule, ["criteria"])


def _new_part(rule: CompletionRule) -> RuleCriterion:
    row = RuleCriterion()
    rule.criteria.append(row)
    return row


@dataclass(frozen=True, kw_only=True)
class Granted:
    """Which part of the rule is waived for whom."""

    holder: Holder
    holder_id: UUID
    criterion_id: UUID


def grant_exception(
    programme: Programme, granted: Granted, *, reason: str, by: Actor, at: datetime
) -> Exception_:
    """Let somebody complete although a part is not met; the reason stays inside and is never printed."""
    _lock_criterion(granted.criterion_id)
    standing = exceptions_for(programme, granted.holder_id)
    if any(line.criterion_id == granted.criterion_id for line in standing):
        raise AlreadyGranted("This exception stands already.")

    exception = Exception_(
        programme_id=programme.id,
        holder=granted.holder,
        holder_id=granted.holder_id,
        criterion_id=granted.criterion_id,
        reason=reason,
        granted_by=by.label,
        granted_at=at,
    )
    db.session.add(exception)
    db.session.flush()
    record(
        "grant exception",
        exception,
        by=by,
        at=at,
        programme_id=programme.id,
        after={"holder": granted.holder_id, "criterion": granted.criterion_id},
        reason=reason,
    )
    return exception


def withdraw_exception(exception: Exception_, *, by: Actor, at: datetime) -> None:
    """Take an exception back; certificates issued by it stay until they are withdrawn."""
    if exception.withdrawn_at is not None:
        return
    exception.withdrawn_at = at
    record("withdraw exception", exception, by=by, at=at, programme_id=exception.programme_id)


def _lock_criterion(criterion_id: UUID) -> None:
    """Let only one exception from a part be granted at a time, so that none is granted twice."""
    db.session.scalar(
        select(RuleCriterion.id).where(RuleCriterion.id == criterion_id).with_for_update()
    )
