"""Taking back and setting right what the log says, by further lines that say why."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.checkin.actions.log import keep
from app.checkin.models import AttendanceEvent
from app.checkin.queries.doors import Desk
from app.checkin.queries.log import lines_about
from app.checkin.rules.log import Kind, Method, Outcome
from app.checkin.rules.presence import Stay, presence_from
from app.checkin.rules.times import may_undo_at_the_door
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing import audit
from app.plumbing.database import hold
from app.programmes.rules import Role
from app.registration.models import Registration


class NoReason(Refusal):
    """Whoever changes the log says why."""


class AlreadyUndone(Refusal):
    """Somebody took this line back before."""


class TooLateToUndo(Refusal):
    """A steward takes back only what they just did themselves."""


class NotYet(Refusal):
    """Nobody can have come or gone at a time that lies ahead."""


def undo_at_the_door(
    line: AttendanceEvent, *, desk: Desk, reason: str, submission_id: UUID, at: datetime
) -> Stay:
    """Take back a check-in at the door; a steward only their own, and only for ten minutes."""
    if not may_undo_at_the_door(
        is_own=line.sender == desk.device_id,
        is_supervisor=desk.role is Role.SUPERVISOR,
        recorded_at=line.recorded_at,
        at=at,
    ):
        raise TooLateToUndo(
            "Ask the desk to undo this: here it can be undone for ten minutes only."
        )
    return undo(line, reason=reason, by=desk.actor, submission_id=submission_id, at=at)


def undo(
    line: AttendanceEvent, *, reason: str, by: Actor, submission_id: UUID, at: datetime
) -> Stay:
    """Take back one line of the log, by another line that says why; nothing is deleted."""
    assert line.registration is not None, "Only lines about a place can be undone."
    assert line.kind is not Kind.UNDONE, "An undoing stands."
    correction = Correction(
        kind=Kind.UNDONE, reason=reason, submission_id=submission_id, undoes=line
    )
    return correct(line.registration, correction, by=by, at=at)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What somebody of the event decides about one place, and why."""

    kind: Kind
    reason: str
    submission_id: UUID
    happened_at: datetime | None = None
    undoes: AttendanceEvent | None = None


def correct(registration: Registration, correction: Correction, *, by: Actor, at: datetime) -> Stay:
    """Add a decision to the log of one place: here, left, apologies, made up, seen, or undone."""
    _check(correction, at=at)
    hold(registration)
    assert by.id is not None
    log = lines_about(registration.id, sender=by.id, scan_id=correction.submission_id)
    theirs = [line for line in log if line.registration_id == registration.id]
    before = presence_from(theirs)
    if any(line.scan_id == correction.submission_id and line.sender == by.id for line in log):
        return before
    if correction.undoes and any(line.undoes_id == correction.undoes.id for line in theirs):
        raise AlreadyUndone("This was already undone. Look at the log for who did it and why.")

    line = keep(_decision(registration, correction, by=by, at=at), theirs)
    after = presence_from([*theirs, line])
    audit.record(
        f"attendance.{correction.kind.value}",
        registration,
        by=by,
        at=at,
        programme_id=registration.event.programme_id,
        before={"status": before.status.value, "flag": before.flag.value},
        after={"status": after.status.value, "flag": after.flag.value},
        reason=line.reason,
    )
    return after


def _check(correction: Correction, *, at: datetime) -> None:
    if not correction.reason.strip():
        raise NoReason("Say why: the log keeps it.")
    if correction.happened_at and correction.happened_at > at:
        raise NotYet("That time has not come yet. Give the time that has passed.")


def _decision(
    registration: Registration, correction: Correction, *, by: Actor, at: datetime
) -> AttendanceEvent:
    undone = correction.undoes
    return AttendanceEvent(
        id=uuid4(),
        event_id=registration.event_id,
        registration_id=registration.id,
        sender=by.id,
        scan_id=correction.submission_id,
        kind=correction.kind,
        outcome=Outcome.RECORDED,
        method=undone.method if undone else Method.ORGANISER,
        device_id=by.id if by.kind == "door" else None,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label[:80],
        recorded_at=at,
        happened_at=correction.happened_at or at,
        is_doubtful=False,
        flag="",
        undoes_id=undone.id if undone else None,
        reason=correction.reason.strip(),
    )
