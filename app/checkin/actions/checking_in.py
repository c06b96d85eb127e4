"""Checking people in: at a door by their pass or name, in a room by the code on the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from app.checkin.actions.log import keep
from app.checkin.models import AttendanceEvent
from app.checkin.queries.doors import Desk
from app.checkin.queries.log import Line, lines_about
from app.checkin.queries.places import (
    Place,
    StrayCode,
    place_as,
    place_with_code,
    stray_code,
    table_number_of,
)
from app.checkin.rules.answers import Answer, Known, answer_to
from app.checkin.rules.codes import ReadCode, read_code
from app.checkin.rules.log import Kind, Method, Outcome
from app.checkin.rules.presence import Flag, Presence, Stay, arrival_in, presence_from
from app.checkin.rules.times import Believed, Gathering, believable_time, is_open
from app.kernel.actor import Actor
from app.plumbing.database import db, hold
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
        return _see(place, sighting)
    return _turn_away(code, sighting, desk=desk)


def check_in_found(
    registration: Registration, *, scan_id: UUID, method: Method, desk: Desk, at: datetime
) -> Answer:
    """Check in somebody whom the desk found by name, or has just registered."""
    hold(registration)
    scan = Scan(scan_id=scan_id, code="", method=method)
    place = place_as(registration, table_number=table_number_of(registration))
    return _see(place, _sighting_at(desk, scan, at=at))


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Proof that a browser scanned the code on the wall of a room, and when by our clock."""

    point_id: UUID
    scanned_at: datetime
    first_person_id: UUID | None = None


def check_in_in_the_room(
    registration: Registration, arrival: Arrival, *, by: Actor, scan_id: UUID, at: datetime
) -> Answer:
    """Check somebody in who is in the room, as they or a colleague beside them says.

    Whoever is not the first on this phone is marked, so that the desk may say hello.
    """
    hold(registration)
    is_first = arrival.first_person_id in {None, registration.person_id}
    is_own = is_first and by.id == registration.person_id
    sighting = Sighting(
        event=registration.event,
        event_id=registration.event_id,
        scan_id=scan_id,
        method=Method.ROOM_CODE,
        by=by,
        recorded_at=at,
        believed=Believed(arrival.scanned_at),
        scanned_at=arrival.scanned_at,
        point_id=arrival.point_id,
        flag=Flag.NONE if is_own else Flag.SAME_DEVICE,
    )
    return _see(place_as(registration), sighting)


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


def _see(place: Place, sighting: Sighting) -> Answer:
    """Write down a sighting of somebody who has a place, and answer it."""
    log = lines_about(place.id, sender=sighting.sender, scan_id=sighting.scan_id)
    first: Line | AttendanceEvent | None = _line_of(sighting, log)
    if first is None:
        theirs = [line for line in log if line.registration_id == place.id]
        outcome = _outcome(place, sighting, stay=presence_from(theirs))
        first = keep(_entry(sighting, outcome, place.id), theirs)
    about = place if first.registration_id == place.id else _place_of(first)
    # A repeat hears what was known the first time, not what has come in since.
    before = [line for line in log if line.recorded_at <= first.recorded_at and line is not first]
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
    first = _line_of(sighting, log) or keep(_entry(sighting, outcome, None), [])
    about = _place_of(first)
    return _answer(first, _known(about, []) if about else known, sighting)


def _place_of(line: Line | AttendanceEvent) -> Place | None:
    """Return the place that a line is about, if it is about one."""
    registration = line.registration_id and db.session.get(Registration, line.registration_id)
    return place_as(registration) if registration else None


def _known_elsewhere(stray: StrayCode) -> Known:
    other = stray.other_event
    return Known(
        name=stray.person_name,
        other_title=other.title if other else "",
        other_starts_at=other.starts_at if other else None,
    )


def _known(place: Place | None, before: Sequence[Line]) -> Known:
    if place is None:
        return Known()
    arrival = arrival_in(line for line in before if line.registration_id == place.id)
    return Known(
        name=place.person_name,
        team=place.team_name or "",
        table=f"Table {place.table_number}" if place.table_number else "",
        photo_consent=place.photo_consent,
        since=arrival.happened_at if arrival else None,
        how=arrival.method if arrival else None,
        where=arrival.point_name or "" if arrival and arrival.device_id else "",
        ended_at=place.ended_at,
        has_answered=place.status is not Status.INVITED,
    )


def _outcome(place: Place, sighting: Sighting, *, stay: Stay) -> Outcome:
    """Decide what a sighting of somebody who has a place comes to."""
    if place.code_revoked_at is not None:
        return Outcome.REPLACED
    if place.status is Status.CANCELLED:
        return Outcome.CANCELLED
    if place.status is not Status.CONFIRMED:
        return Outcome.NOT_BOOKED
    if not is_open(sighting.event, sighting.believed.happened_at):
        return Outcome.NOT_OPEN
    return Outcome.ALREADY if stay.status is Presence.PRESENT else Outcome.ADMITTED


def _answer(line: Line | AttendanceEvent, known: Known, sighting: Sighting) -> Answer:
    return answer_to(line.outcome, known, event=sighting.event, at=line.happened_at)


def _line_of(sighting: Sighting, log: Sequence[Line]) -> Line | None:
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
