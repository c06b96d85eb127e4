"""Adding to the log, and deriving presence anew with each line."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import select

from app.checkin.models import Attendance, AttendanceEvent
from app.checkin.rules.presence import LogLine, Stay, presence_from
from app.plumbing.database import db, insert_new, insert_or_replace


def keep(line: AttendanceEvent, theirs: Sequence[LogLine]) -> AttendanceEvent:
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
