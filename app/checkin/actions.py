"""The verbs of check-in; none of them commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.checkin.models import Attendance, AttendanceEvent
from app.checkin.queries import (
    Desk,
    StrayCode,
    lines_about,
    place_with_code,
    stray_code,
)
from app.checkin.rules import (
    Answer,
    Believed,
    Flag,
    Gathering,
    Kind,
    Known,
    Method,
    Outcome,
    Presence,
    ReadCode,
    Stay,
    answer_to,
    believable_time,
    is_open,
    may_undo_at_the_door,
    presence_from,
    read_code,
)
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing import audit
from app.plumbing.database import db, insert_new, insert_or_replace
from app.programmes.rules import Role
from app.registration.models import Registration, Status


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a door sends: a code, how it came in, when, and the id that makes a repeat harmless."""

    scan_id: UUID
    code: str
    method: Method = Method.DOOR_SCAN
    scanned_at: datetime | None = None
    sent_at: datetime | None = None


def check_in(scan: Scan, *, desk: Desk, host: str, at: datetime) -> Answer:
    """Check in whoever a code belongs to, or say calmly why not; a repeat gets the first answer."""
    code = read_code(scan.code, host=host)
    place = code and place_with_code(code, event_id=desk.event_id, programme_id=desk.programme_id)
    sighting = _sighting_at(desk, scan, at=at)
    if place:
        return _see(place.registration, sighting, is_replaced=place.code.revoked_at is not None)
    return _turn_away(code, sighting, desk=desk)


def check_in_found(
    registration: Registration, *, scan_id: UUID, method: Method, desk: Desk, at: datetime
) -> Answer:
    """Check in somebody whom the desk found by name, or has just registered."""
    _lock(registration)
    scan = Scan(scan_id=scan_id, code="", method=method)
    return _see(registration, _sighting_at(desk, scan, at=at))


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """Somebody was seen: at which event, by whom, how and when, and the id that tells a repeat."""

    event: Gathering
    event_id: UUID
    scan_id: UUID
    method: Method
    by: Actor
    recorded_at: datetime
    believed: Believed
    scanned_at: datetime | None = None
    point_id: UUID | None = None
    device_id: UUID | None = None
    flag: Flag = Flag.NONE

    @property
    def sender(self) -> UUID:
        """Return who carries the scan id."""
        assert self.by.id is not None
        return self.by.id


def _sighting_at(desk: Desk, scan: Scan, *, at: datetime) -> Sighting:
    return Sighting(
        event=desk,
        event_id=desk.event_id,
        scan_id=scan.scan_id,
        method=scan.method,
        by=desk.actor,
        recorded_at=at,
        believed=believable_time(
            scan.scanned_at, sent_at=scan.sent_at, recorded_at=at, earliest=desk.enrolled_at
        ),
        scanned_at=scan.scanned_at,
        point_id=desk.point_id,
        device_id=desk.device_id,
    )


def _see(registration: Registration, sighting: Sighting, *, is_replaced: bool = False) -> Answer:
    """Write down a sighting of somebody who has a place, and answer it."""
    log = lines_about(registration.id, sender=sighting.sender, scan_id=sighting.scan_id)
    first = _line_of(sighting, log)
    if first is None:
        theirs = [line for line in log if line.registration_id == registration.id]
        outcome = _outcome(
            registration, sighting, stay=presence_from(theirs), is_replaced=is_replaced
        )
        first = _keep(_entry(sighting, outcome, registration.id), theirs)
    about = registration if first.registration_id == registration.id else first.registration
    # A repeat hears what was known the first time, not what has come in since.
    before = [line for line in log if line.recorded_at < first.recorded_at]
    return _answer(first, _known(about, before), sighting)


def _turn_away(code: ReadCode | None, sighting: Sighting, *, desk: Desk) -> Answer:
    """Write down a code that has no place at this event, and say where it belongs."""
    stray = code and stray_code(code, programme_id=desk.programme_id, at=sighting.recorded_at)
    known = Known()
    outcome = Outcome.UNKNOWN if code else Outcome.MALFORMED
    if stray:
        is_foreign = stray.programme_id != desk.programme_id
        outcome = Outcome.OTHER_EVENT if is_foreign or stray.other_event else Outcome.NOT_BOOKED
        known = Known() if is_foreign else _known_elsewhere(stray)
    log = lines_about(None, sender=sighting.sender, scan_id=sighting.scan_id)
    first = _line_of(sighting, log) or _keep(_entry(sighting, outcome, None), [])
    return _answer(first, _known(first.registration, []) if first.registration else known, sighting)


def _known_elsewhere(stray: StrayCode) -> Known:
    other = stray.other_event
    return Known(
        name=stray.person_name,
        other_title=other.title if other else "",
        other_starts_at=other.starts_at if other else None,
    )


def _known(registration: Registration | None, before: Sequence[AttendanceEvent]) -> Known:
    if registration is None:
        return Known()
    stay = presence_from(line for line in before if line.registration_id == registration.id)
    return Known(
        name=registration.person.name,
        team=registration.team.name if registration.team else "",
        photo_consent=registration.photo_consent,
        since=stay.arrived_at,
        how=stay.method,
        ended_at=registration.ended_at,
        has_answered=registration.status is not Status.INVITED,
    )


def _outcome(
    registration: Registration, sighting: Sighting, *, stay: Stay, is_replaced: bool
) -> Outcome:
    """Decide what a sighting of somebody who has a place comes to."""
    if is_replaced:
        return Outcome.REPLACED
    if registration.status is Status.CANCELLED:
        return Outcome.CANCELLED
    if registration.status is not Status.CONFIRMED:
        return Outcome.NOT_BOOKED
    if not is_open(sighting.event, sighting.believed.happened_at):
        return Outcome.NOT_OPEN
    return Outcome.ALREADY if stay.status is Presence.PRESENT else Outcome.ADMITTED


def _answer(line: AttendanceEvent, known: Known, sighting: Sighting) -> Answer:
    return answer_to(line.outcome, known, event=sighting.event, at=line.happened_at)


def _line_of(sighting: Sighting, log: Sequence[AttendanceEvent]) -> AttendanceEvent | None:
    """Return the line that this very scan has left before."""
    key = (sighting.sender, sighting.scan_id)
    return next((line for line in log if (line.sender, line.scan_id) == key), None)


def _entry(sighting: Sighting, outcome: Outcome, registration_id: UUID | None) -> AttendanceEvent:
    return AttendanceEvent(
        id=uuid4(),
        event_id=sighting.event_id,
        registration_id=registration_id,
        sender=sighting.sender,
        scan_id=sighting.scan_id,
        kind=Kind.ENTERED,
        outcome=outcome,
        method=sighting.method,
        point_id=sighting.point_id,
        device_id=sighting.device_id,
        actor_kind=sighting.by.kind,
        actor_id=sighting.by.id,
        actor_label=sighting.by.label[:80],
        recorded_at=sighting.recorded_at,
        scanned_at=sighting.scanned_at,
        happened_at=sighting.believed.happened_at,
        is_doubtful=sighting.believed.is_doubtful,
        flag=sighting.flag.value,
        reason="",
    )


def _keep(line: AttendanceEvent, theirs: Sequence[AttendanceEvent]) -> AttendanceEvent:
    """Add a line to the log of one place and derive its presence anew.

    Returns the line that stands: another request may have brought the same scan a moment earlier.
    The place is locked by now, so `theirs` is everything that is known of it.
    """
    if not insert_new(line):
        return db.session.scalars(
            select(AttendanceEvent).where(
                AttendanceEvent.sender == line.sender, AttendanceEvent.scan_id == line.scan_id
            )
        ).one()
    stay = presence_from([*theirs, line])
    if line.registration_id is not None and stay != presence_from(theirs):
        insert_or_replace(_attendance(line, stay, line.registration_id), key="registration_id")
    return line


def _attendance(line: AttendanceEvent, stay: Stay, registration_id: UUID) -> Attendance:
    return Attendance(
        id=uuid4(),
        registration_id=registration_id,
        event_id=line.event_id,
        status=stay.status,
        arrived_at=stay.arrived_at,
        left_at=stay.left_at,
        method=stay.method,
        flag=stay.flag.value,
        changed_at=line.recorded_at,
    )


def _lock(registration: Registration) -> None:
    """Let nobody else write about this place until the transaction ends."""
    db.session.execute(
        select(Registration.id).where(Registration.id == registration.id).with_for_update()
    )


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
    _lock(registration)
    assert by.id is not None
    log = lines_about(registration.id, sender=by.id, scan_id=correction.submission_id)
    theirs = [line for line in log if line.registration_id == registration.id]
    before = presence_from(theirs)
    if any(line.scan_id == correction.submission_id and line.sender == by.id for line in log):
        return before
    if correction.undoes and any(line.undoes_id == correction.undoes.id for line in theirs):
        raise AlreadyUndone("This was already undone. Look at the log for who did it and why.")

    line = _keep(_decision(registration, correction, by=by, at=at), theirs)
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
