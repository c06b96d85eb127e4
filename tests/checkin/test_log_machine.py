"""However scans arrive - late, twice, in any order, in any grouping - the end is the same (trust G12)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from app.checkin.actions.checking_in import Scan, check_in
from app.checkin.actions.correcting import AlreadyUndone, undo_at_the_door
from app.checkin.models import Attendance, AttendanceEvent, DoorRole
from app.checkin.queries.doors import Desk
from app.checkin.queries.places import place_at
from app.checkin.rules.answers import Answer
from app.checkin.rules.log import Kind, Outcome
from app.checkin.rules.presence import Presence
from app.events.queries import event_with_id
from app.plumbing.database import db, transaction
from app.registration.models import Registration
from app.registration.queries import pass_code
from tests.factories.checkin import HOST, a_desk
from tests.factories.events import SUMMIT_STARTS, an_event
from tests.factories.programmes import a_programme
from tests.factories.registration import a_registration, the_code_of

PEOPLE = 3
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Made:
    """A scan that a door has made and may send, now or later, once or often."""

    door: int
    person: int
    minute: int
    scan_id: UUID = field(default_factory=uuid4)


@dataclass
class Model:
    """What must be true, in so few words that it cannot be wrong."""

    scans: dict[UUID, Made] = field(default_factory=dict)
    undone: set[UUID] = field(default_factory=set)

    def standing(self, person: int) -> list[Made]:
        mine = [scan for scan in self.scans.values() if scan.person == person]
        return [scan for scan in mine if scan.scan_id not in self.undone]

    def arrival(self, person: int) -> datetime | None:
        minutes = [scan.minute for scan in self.standing(person)]
        return SUMMIT_STARTS + min(minutes) * MINUTE if minutes else None

    @property
    def lines(self) -> int:
        return len(self.scans) + len(self.undone)


class TheLog(RuleBasedStateMachine):
    made = Bundle("made")
    doors: ClassVar[list[Desk]] = []

    @initialize()
    def book_people(self) -> None:
        self.event_id = self.doors[0].event_id
        event = event_with_id(self.event_id)
        self.places = [a_registration(event).id for _ in range(PEOPLE)]
        self.codes = [code_of(place_at(self.event_id, place)) for place in self.places]
        self.clock = SUMMIT_STARTS + 60 * MINUTE
        self.model = Model()
        self.first_answers: dict[UUID, Answer] = {}

    @rule(
        target=made,
        door=st.integers(0, 1),
        person=st.integers(0, PEOPLE - 1),
        minutes=st.lists(st.integers(0, 59), min_size=1, max_size=3),
    )
    def scan(self, door: int, person: int, minutes: list[int]):
        return multiple(*(Made(door, person, minute) for minute in minutes))

    @rule(
        group=st.lists(made, min_size=1, max_size=4),
        times=st.integers(1, 5),
        wrong_by=st.sampled_from([0, -36 * 60, 36 * 60, -56 * 365 * 24 * 60]),
    )
    def deliver(self, group: list[Made], times: int, wrong_by: int) -> None:
        """Several scans in one go, the whole go repeated, from devices whose clocks are wrong."""
        for _ in range(times):
            with transaction():
                answers = [(made, self.send(made, wrong_by * MINUTE)) for made in group]
            for made, answer in answers:
                self.model.scans[made.scan_id] = made
                first = self.first_answers.setdefault(made.scan_id, answer)
                assert answer == first, "the same scan got another answer"

    def send(self, made: Made, wrong_by: timedelta) -> Answer:
        self.clock += MINUTE / 60
        scan = Scan(
            scan_id=made.scan_id,
            code=self.codes[made.person],
            scanned_at=SUMMIT_STARTS + made.minute * MINUTE + wrong_by,
            sent_at=self.clock + wrong_by,
        )
        return check_in(scan, desk=self.doors[made.door], host=HOST, at=self.clock)

    @rule(scan=made, times=st.integers(1, 3))
    def undo(self, scan: Made, times: int) -> None:
        line = db.session.scalar(
            select(AttendanceEvent).where(
                AttendanceEvent.scan_id == scan.scan_id, AttendanceEvent.kind == Kind.ENTERED
            )
        )
        if line is None:
            return
        self.clock += MINUTE / 60
        for _ in range(times):
            try:
                with transaction():
                    undo_at_the_door(
                        line,
                        desk=self.doors[scan.door],
                        reason="Wrong person",
                        submission_id=uuid4(),
                        at=self.clock,
                    )
            except AlreadyUndone:
                assert scan.scan_id in self.model.undone
            self.model.undone.add(scan.scan_id)

    @invariant()
    def presence_is_what_the_model_says(self) -> None:
        db.session.rollback()
        found = db.session.scalars(
            select(Attendance).where(Attendance.registration_id.in_(self.places))
        ).all()
        attendances = {attendance.registration_id: attendance for attendance in found}
        assert len(attendances) == len(found)
        for person, place in enumerate(self.places):
            attendance, arrival = attendances.get(place), self.model.arrival(person)
            status = attendance.status if attendance else Presence.EXPECTED
            assert status is (Presence.PRESENT if arrival else Presence.EXPECTED)
            assert (attendance.arrived_at if attendance else None) == arrival

    @invariant()
    def nothing_is_written_twice_or_lost(self) -> None:
        lines = db.session.scalar(
            select(func.count())
            .select_from(AttendanceEvent)
            .where(AttendanceEvent.registration_id.in_(self.places))
        )
        assert lines == self.model.lines
        outcomes = {answer.outcome for answer in self.first_answers.values()}
        assert outcomes <= {Outcome.ADMITTED, Outcome.ALREADY}

    def teardown(self) -> None:
        db.session.rollback()


def code_of(place: Registration) -> str:
    return pass_code(the_code_of(place))


@pytest.mark.usefixtures("app")
def test_any_schedule_of_deliveries_comes_to_the_same_end():
    event = an_event(a_programme())
    TheLog.doors = [a_desk(event, DoorRole.SUPERVISOR) for _ in range(2)]
    run_state_machine_as_test(
        TheLog,
        settings=settings(
            max_examples=settings().max_examples
            * 3,  # 300, unless the run's profile says otherwise
            stateful_step_count=12,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
