"""A large organisation, written straight into the tables: programmes, people, passes and attendance.

Everything looks as the product would have left it after some years of work: letters that went out,
jobs that are done, a log behind every presence. One event of it is on now, its doors are open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID, uuid4

from sqlalchemy import insert

from app.certificates.models import CompletionRule, RuleCriterion
from app.certificates.rules import CriterionKind, Holder
from app.checkin.models import (
    Attendance,
    AttendanceEvent,
    CheckinPoint,
    DoorDevice,
    DoorLink,
    DoorRole,
    PointKind,
)
from app.checkin.rules.log import Kind, Method, Outcome
from app.checkin.rules.presence import Presence
from app.events.models import Event, EventKind
from app.kernel.codes import ALPHABET, derived_code, digest, new_secret, random_code
from app.people.models import Account, Person, Visit
from app.plumbing.database import Model, db, transaction
from app.plumbing.keys import key_for
from app.plumbing.mail import Letter, LetterState
from app.plumbing.queue import Job
from app.programmes.models import MemberRole, Programme, StaffRole, Team, TeamMembership
from app.programmes.rules import Role
from app.registration.models import PersonalCode, Registration, Source, Status

ROWS_AT_ONCE = 2000
TEAMS = 10


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there is, beside the event that is on now."""

    programmes: int = 3
    events: int = 10
    people: int = 2_000
    attendances: int = 6_000
    tickets: int = 500
    doors: int = 8


SMALL = Size()
LARGE = Size(programmes=30, events=100, people=20_000, attendances=60_000)


@dataclass(frozen=True)
class Ticket:
    """Somebody with a pass for the event that is on."""

    person_id: UUID
    registration_id: UUID
    code: str
    visit_key: str


@dataclass(frozen=True)
class Organisation:
    """What a test needs to know of it: the event that is on, who comes, and the keys of its doors."""

    programme_slug: str
    event_slug: str
    event_id: UUID
    room_code: str
    tickets: list[Ticket]
    door_keys: list[str]
    lead_uniquifier: str


def load_organisation(size: Size, *, at: datetime) -> Organisation:
    """Write an organisation of this size into an empty database."""
    return _Loader(size, at).load()


class _Loader:
    def __init__(self, size: Size, at: datetime) -> None:
        self.size, self.at = size, at
        self.long_ago = at - timedelta(days=400)
        self.pass_key = key_for("pass")
        self.codes = 0

    def load(self) -> Organisation:
        programmes = [uuid4() for _ in range(self.size.programmes)]
        with transaction():
            self._programmes(programmes)
            teams = self._teams(programmes)
            events = self._events(programmes)
            for number, programme_id in enumerate(programmes):
                self._members(programme_id, teams[programme_id], events[programme_id], number)
            self._rules(programmes)
            return self._the_event_that_is_on(programmes[0], teams[programmes[0]])

    def _programmes(self, ids: list[UUID]) -> None:
        written(
            Programme,
            (
                {
                    "id": id_,
                    "slug": f"programme-{number}",
                    "title": f"Improving Together {number}",
                    "certificate_prefix": f"IT{number}",
                    "host_organisation": "Northvale Improvement",
                    "commissioner": "Northvale Health Board",
                    "aims": "Shorter waits for patients and time to care for staff.",
                    "contact_email": "team@northvale.example",
                    "starts_on": self.long_ago.date(),
                    "ends_on": (self.at + timedelta(days=30)).date(),
                    "signatory_name": "Helen Shaw",
                    "signatory_role": "Programme Director",
                    "created_at": self.long_ago,
                }
                for number, id_ in enumerate(ids)
            ),
        )

    def _teams(self, programmes: list[UUID]) -> dict[UUID, list[UUID]]:
        teams = {programme_id: [uuid4() for _ in range(TEAMS)] for programme_id in programmes}
        written(
            Team,
            (
                {
                    "id": team_id,
                    "programme_id": programme_id,
                    "slug": f"practice-{number}",
                    "name": f"Practice {number}",
                    "stage_order": number,
                    "created_at": self.long_ago,
                }
                for programme_id, ids in teams.items()
                for number, team_id in enumerate(ids)
            ),
        )
        return teams

    def _events(self, programmes: list[UUID]) -> dict[UUID, list[UUID]]:
        events: dict[UUID, list[UUID]] = {programme_id: [] for programme_id in programmes}
        rows = []
        for number in range(self.size.events):
            programme_id = programmes[number % len(programmes)]
            id_ = uuid4()
            events[programme_id].append(id_)
            starts_at = self.at - timedelta(days=20 + number)
            rows.append(self._event(id_, programme_id, f"session-{number}", starts_at))
        written(Event, iter(rows))
        return events

    def _event(
        self, id_: UUID, programme_id: UUID, slug: str, starts_at: datetime
    ) -> dict[str, object]:
        return {
            "id": id_,
            "programme_id": programme_id,
            "slug": slug,
            "kind": EventKind.LEARNING_SESSION,
            "title": slug.replace("-", " ").capitalize(),
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=6),
            "venue": "Council Chamber",
            "address": "Market Square, Northvale",
            "capacity": None,
            "changes_close_at": starts_at - timedelta(days=3),
            "check_in_opens_at": starts_at - timedelta(hours=6),
            "created_at": self.long_ago,
        }

    def _members(
        self, programme_id: UUID, teams: list[UUID], events: list[UUID], number: int
    ) -> None:
        """Write one programme's people, and their attendance at its events."""
        share = self.size.people // self.size.programmes
        people = self._people(share, f"p{number}")
        self._memberships(people, teams)
        self._codes(people, programme_id)
        wanted = self.size.attendances // self.size.programmes
        seats = ((person, event) for event in events for person in people)
        attended = [
            (uuid4(), person_id, teams[place % TEAMS], event_id)
            for place, (person_id, event_id) in enumerate(islice(seats, wanted))
        ]
        self._registrations(attended)
        self._attendances(attended)
        self._letters(attended, programme_id)

    def _people(self, how_many: int, prefix: str) -> list[UUID]:
        ids = [uuid4() for _ in range(how_many)]
        written(
            Person,
            (
                {
                    "id": id_,
                    "name": f"Person {prefix} {number:05}",
                    "sorting_name": f"{prefix} {number:05}, Person",
                    "email": f"{prefix}-{number}@practice.example",
                    "created_at": self.long_ago,
                }
                for number, id_ in enumerate(ids)
            ),
        )
        return ids

    def _memberships(self, people: list[UUID], teams: list[UUID]) -> None:
        written(
            TeamMembership,
            (
                {
                    "id": uuid4(),
                    "team_id": teams[number % TEAMS],
                    "person_id": person_id,
                    "role": MemberRole.MEMBER,
                    "joined_on": self.long_ago.date(),
                }
                for number, person_id in enumerate(people)
            ),
        )

    def _codes(self, people: list[UUID], programme_id: UUID) -> list[str]:
        ids = [uuid4() for _ in people]
        codes = [derived_code(self.pass_key, str(id_)) for id_ in ids]
        written(
            PersonalCode,
            (
                {
                    "id": id_,
                    "person_id": person_id,
                    "programme_id": programme_id,
                    "code_hash": digest(code),
                    "short_code": self._short_code(),
                    "version": 1,
                    "created_at": self.long_ago,
                }
                for id_, person_id, code in zip(ids, people, codes, strict=True)
            ),
        )
        return codes

    def _short_code(self) -> str:
        self.codes += 1
        return "".join(ALPHABET[(self.codes * 7919 >> 5 * place) & 31] for place in range(6))

    def _registrations(self, places: list[tuple[UUID, UUID, UUID, UUID]]) -> None:
        written(
            Registration,
            (
                {
                    "id": id_,
                    "event_id": event_id,
                    "person_id": person_id,
                    "team_id": team_id,
                    "status": Status.CONFIRMED,
                    "source": Source.INVITATION,
                    "created_at": self.long_ago,
                    "booked_by_kind": "staff",
                    "confirmed_at": self.long_ago,
                }
                for id_, person_id, team_id, event_id in places
            ),
        )

    def _attendances(self, places: list[tuple[UUID, UUID, UUID, UUID]]) -> None:
        device = uuid4()
        written(
            AttendanceEvent,
            (
                {
                    "id": uuid4(),
                    "event_id": event_id,
                    "registration_id": id_,
                    "sender": device,
                    "scan_id": uuid4(),
                    "kind": Kind.ENTERED,
                    "outcome": Outcome.ADMITTED,
                    "method": Method.DOOR_SCAN,
                    "actor_kind": "door",
                    "actor_id": device,
                    "actor_label": "Bea",
                    "recorded_at": self.long_ago,
                    "happened_at": self.long_ago,
                }
                for id_, _, _, event_id in places
            ),
        )
        written(
            Attendance,
            (
                {
                    "id": uuid4(),
                    "registration_id": id_,
                    "event_id": event_id,
                    "status": Presence.PRESENT,
                    "arrived_at": self.long_ago,
                    "method": Method.DOOR_SCAN,
                    "changed_at": self.long_ago,
                }
                for id_, _, _, event_id in places
            ),
        )

    def _letters(self, places: list[tuple[UUID, UUID, UUID, UUID]], programme_id: UUID) -> None:
        letters = [uuid4() for _ in places]
        written(
            Letter,
            (
                {
                    "id": id_,
                    "to_name": "Person",
                    "to_address": "person@practice.example",
                    "subject": "Your pass",
                    "text": None,
                    "html": None,
                    "enclosures": [],
                    "message_id": f"<{id_.hex}@northvale.example>",
                    "state": LetterState.ACCEPTED,
                    "created_at": self.long_ago,
                    "sent_at": self.long_ago,
                    "about": f"registration:{place[0]}",
                    "programme_id": programme_id,
                }
                for id_, place in zip(letters, places, strict=True)
            ),
        )
        written(
            Job,
            (
                {
                    "id": uuid4(),
                    "name": "mail.deliver",
                    "arguments": {"letter_id": str(id_)},
                    "due_at": self.long_ago,
                    "created_at": self.long_ago,
                    "done_at": self.long_ago,
                }
                for id_ in letters
            ),
        )

    def _rules(self, programmes: list[UUID]) -> None:
        for programme_id in programmes:
            rule = CompletionRule(
                programme_id=programme_id, holder=Holder.PERSON, changed_at=self.long_ago
            )
            rule.criteria = [RuleCriterion(position=0, kind=CriterionKind.EVENTS, needed=1)]
            db.session.add(rule)

    def _the_event_that_is_on(self, programme_id: UUID, teams: list[UUID]) -> Organisation:
        event_id = uuid4()
        starts_at = self.at + timedelta(minutes=5)
        written(Event, iter([self._event(event_id, programme_id, "summit", starts_at)]))
        people = self._people(self.size.tickets, "summit")
        self._memberships(people, teams)
        codes = self._codes(people, programme_id)
        places = [
            (uuid4(), person_id, teams[place % TEAMS], event_id)
            for place, person_id in enumerate(people)
        ]
        self._registrations(places)
        visits = self._visits(people)
        return Organisation(
            programme_slug="programme-0",
            event_slug="summit",
            event_id=event_id,
            room_code=self._room(event_id),
            tickets=[
                Ticket(person_id, place[0], code, visit)
                for person_id, place, code, visit in zip(people, places, codes, visits, strict=True)
            ],
            door_keys=[self._door(event_id, number) for number in range(self.size.doors)],
            lead_uniquifier=self._lead(programme_id),
        )

    def _visits(self, people: list[UUID]) -> list[str]:
        keys = [new_secret() for _ in people]
        written(
            Visit,
            (
                {
                    "id": uuid4(),
                    "person_id": person_id,
                    "key_hash": digest(key),
                    "created_at": self.at,
                    "expires_at": self.at + timedelta(days=30),
                }
                for person_id, key in zip(people, keys, strict=True)
            ),
        )
        return keys

    def _point(self, event_id: UUID, name: str, kind: PointKind) -> CheckinPoint:
        point = CheckinPoint(
            id=uuid4(),
            event_id=event_id,
            kind=kind,
            name=name,
            address_code=random_code(8),
            code_key=bytes(range(32)),
            created_at=self.long_ago,
        )
        db.session.add(point)
        db.session.flush()
        return point

    def _room(self, event_id: UUID) -> str:
        return self._point(event_id, "Council Chamber", PointKind.ROOM).address_code

    def _door(self, event_id: UUID, number: int) -> str:
        point = self._point(event_id, f"Door {number}", PointKind.DOOR)
        key = new_secret()
        link = DoorLink(
            id=uuid4(),
            point_id=point.id,
            role=DoorRole.STEWARD,
            label=point.name,
            token_hash=digest(new_secret()),
            opens_at=self.at - timedelta(hours=1),
            closes_at=self.at + timedelta(hours=12),
            created_at=self.long_ago,
        )
        db.session.add(link)
        db.session.flush()
        db.session.add(
            DoorDevice(
                door_link_id=link.id,
                key_hash=digest(key),
                steward_name="Bea",
                enrolled_at=self.at - timedelta(hours=1),
            )
        )
        db.session.flush()
        return key

    def _lead(self, programme_id: UUID) -> str:
        (person_id,) = self._people(1, "lead")
        account = Account(
            id=uuid4(),
            person_id=person_id,
            email="lead-0@practice.example",
            fs_uniquifier=uuid4().hex,
            confirmed_at=self.long_ago,
            created_at=self.long_ago,
        )
        db.session.add(account)
        db.session.flush()
        db.session.add(
            StaffRole(
                account_id=account.id,
                programme_id=programme_id,
                role=Role.LEAD,
                given_at=self.long_ago,
            )
        )
        return account.fs_uniquifier


def written(model: type[Model], rows: Iterator[dict[str, object]]) -> None:
    """Insert rows in large steps, past the session; the tables' own defaults still hold."""
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        db.session.execute(insert(model.__table__), batch)
