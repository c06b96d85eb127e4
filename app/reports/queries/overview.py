"""Facts of several rooms, joined for the pages that show a whole programme or event."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.certificates.models import CertificateIssue
from app.certificates.queries.completion import TeamStanding, rules_of, standings_in
from app.certificates.rules import CertificateKind, Holder
from app.checkin.models import Attendance, AttendanceEvent, CheckinPoint, DoorLink, PointKind
from app.checkin.rules.presence import Presence
from app.coaching.models import CoachVisit
from app.events.models import Event, EventKind
from app.events.queries import events_of
from app.kernel.clock import london_day
from app.kernel.text import counted
from app.people.models import Account, Person
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db
from app.plumbing.mail import Letter, LetterState
from app.posters.models import Poster
from app.posters.queries.posters import is_handed_in, posters_at
from app.programmes.models import Programme, Team, TeamMembership
from app.programmes.queries import rosters_in, teams_of
from app.registration.models import Registration, Status
from app.reports.rules.checks import PEOPLE, Milestone, Readiness, readable

WAS_THERE = (Presence.PRESENT, Presence.LEFT, Presence.MADE_UP)


@dataclass(frozen=True)
class EventLine:
    """An event on a programme's timeline, with how many are booked and how many came."""

    event: Event
    booked: int
    came: int

    def is_over(self, at: datetime) -> bool:
        """Say whether the event has ended."""
        return self.event.ends_at <= at


@dataclass(frozen=True)
class TeamCard:
    """A team at a glance."""

    team: Team
    members: int
    coaches: Sequence[str]
    attended: int
    held: int
    visits: int
    poster: bool
    standing: TeamStanding | None


@dataclass(frozen=True)
class Overview:
    """A whole programme at a glance."""

    events: Sequence[EventLine]
    cards: Sequence[TeamCard]
    next_event: Event | None
    ready: Readiness | None
    poster_event: Event | None


def overview_of(programme: Programme, *, at: datetime, today: date) -> Overview:
    """Join everything that a programme's first page shows, in a fixed number of statements."""
    events = [event for event in events_of(programme) if event.cancelled_at is None]
    booked, came = booked_by_event(programme), came_by_event(programme)
    lines = [EventLine(e, booked.get(e.id, 0), came.get(e.id, 0)) for e in events]
    coming = next((event for event in events if event.ends_at > at), None)
    poster_event = next((event for event in reversed(events) if event.shows_posters), None)
    cards = _cards(programme, events, poster_event, at=at, today=today)
    return Overview(
        events=lines,
        cards=cards,
        next_event=coming,
        ready=readiness_of(coming, teams=len(cards)) if coming else None,
        poster_event=poster_event,
    )


def _cards(
    programme: Programme,
    events: Sequence[Event],
    poster_event: Event | None,
    *,
    at: datetime,
    today: date,
) -> Sequence[TeamCard]:
    held = {event.id for event in events if event.ends_at <= at}
    attended = _events_by_team(programme)
    visits = visits_by_team(programme)
    posters = posters_at(poster_event) if poster_event else {}
    standings = {line.team.id: line for line in standings_in(programme, at=at).teams}
    return [
        TeamCard(
            team=roster.team,
            members=len(roster.memberships),
            coaches=[coach.person.name for coach in roster.coaches],
            attended=len(attended.get(roster.team.id, set()) & held),
            held=len(held),
            visits=visits.get(roster.team.id, 0),
            poster=roster.team.id in posters,
            standing=standings.get(roster.team.id),
        )
        for roster in rosters_in(programme, on=today)
    ]


def _counted(statement: Select[UUID, int]) -> dict[UUID, int]:
    return {key: number for key, number in db.session.execute(statement)}  # noqa: C416 - typed rows


def booked_by_event(programme: Programme) -> Mapping[UUID, int]:
    """Count who is booked, for each event of a programme."""
    return _counted(
        select(Registration.event_id, func.count())
        .join(Event)
        .where(Event.programme_id == programme.id, Registration.status == Status.CONFIRMED)
        .group_by(Registration.event_id)
    )


def came_by_event(programme: Programme) -> Mapping[UUID, int]:
    """Count who is or was there, for each event of a programme."""
    return _counted(
        select(Attendance.event_id, func.count())
        .join(Event, Event.id == Attendance.event_id)
        .where(
            Event.programme_id == programme.id,
            Attendance.status.in_([Presence.PRESENT, Presence.LEFT]),
        )
        .group_by(Attendance.event_id)
    )


def visits_by_team(programme: Programme) -> Mapping[UUID, int]:
    """Count the coach visits of each team."""
    return _counted(
        select(CoachVisit.team_id, func.count())
        .join(Team)
        .where(Team.programme_id == programme.id, CoachVisit.withdrawn_at.is_(None))
        .group_by(CoachVisit.team_id)
    )


def _events_by_team(programme: Programme) -> Mapping[UUID, set[UUID]]:
    # A leaver's attendance still counts for the team: it is the team of the place that was taken.
    rows = db.session.execute(
        select(Registration.team_id, Registration.event_id)
        .join(Attendance, Attendance.registration_id == Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Event.programme_id == programme.id,
            Registration.team_id.is_not(None),
            Attendance.status.in_(WAS_THERE),
        )
        .distinct()
    )
    events: dict[UUID, set[UUID]] = {}
    for team_id, event_id in rows:
        assert team_id is not None, "asked for above"
        events.setdefault(team_id, set()).add(event_id)
    return events


@dataclass(frozen=True)
class EventNumbers:
    """How many stand where at an event."""

    booked: int
    invited: int
    declined: int
    cancelled: int
    here: int
    came: int


def numbers_of(event: Event) -> EventNumbers:
    """Count who stands where at an event, in two statements."""
    places = select(Registration.status, func.count()).where(Registration.event_id == event.id)
    status = {row[0]: row[1] for row in db.session.execute(places.group_by(Registration.status))}
    lines = select(Attendance.status, func.count()).where(Attendance.event_id == event.id)
    presence = {row[0]: row[1] for row in db.session.execute(lines.group_by(Attendance.status))}
    here = presence.get(Presence.PRESENT, 0)
    return EventNumbers(
        booked=status.get(Status.CONFIRMED, 0),
        invited=status.get(Status.INVITED, 0),
        declined=status.get(Status.DECLINED, 0),
        cancelled=status.get(Status.CANCELLED, 0),
        here=here,
        came=here + presence.get(Presence.LEFT, 0),
    )


def readiness_of(event: Event, *, teams: int | None = None) -> Readiness:
    """Return what is known about an event that is still to come."""
    numbers = numbers_of(event)
    links = live_door_links(event)
    rooms = db.session.scalar(
        select(func.count()).where(
            CheckinPoint.event_id == event.id, CheckinPoint.kind == PointKind.ROOM
        )
    )
    return Readiness(
        booked=numbers.booked,
        unanswered=numbers.invited,
        door_links=len(links),
        room_codes=rooms or 0,
        teams=len(teams_of(event.programme)) if teams is None else teams,
        shows_posters=event.shows_posters,
        posters=len(posters_at(event)),
        closes_the_programme=event.kind is EventKind.SUMMIT,
        has_completion_rule=bool(rules_of(event.programme).get(Holder.PERSON)),
    )


def live_door_links(event: Event) -> Sequence[DoorLink]:
    """Return the door links of an event that nobody has switched off."""
    return db.session.scalars(
        select(DoorLink)
        .join(CheckinPoint)
        .where(CheckinPoint.event_id == event.id, DoorLink.revoked_at.is_(None))
        .order_by(DoorLink.label)
    ).all()


@dataclass(frozen=True)
class Bounced:
    """Somebody whose mail came back."""

    name: str
    address: str
    error: str


def bounced_at(event: Event) -> Sequence[Bounced]:
    """Return who is booked or invited and whose newest letter was refused, by name."""
    newer = aliased(Letter)
    is_newest = ~exists().where(
        newer.to_address == Letter.to_address, newer.created_at > Letter.created_at
    )
    rows = db.session.execute(
        select(Person.name, Letter.to_address, Letter.last_error)
        .join(Registration, Registration.person_id == Person.id)
        .join(Letter, Letter.to_address == Person.email)
        .where(
            Registration.event_id == event.id,
            Registration.status.in_([Status.CONFIRMED, Status.INVITED]),
            Letter.state == LetterState.REFUSED,
            is_newest,
        )
        .order_by(Person.sorting_name)
    )
    return [Bounced(name, address, error or "") for name, address, error in rows]


def oldest_waiting_letter() -> datetime | None:
    """Return since when the letter that has waited longest waits."""
    return db.session.scalar(
        select(func.min(Letter.created_at)).where(Letter.state == LetterState.QUEUED)
    )


def newest_record(event: Event) -> datetime | None:
    """Return the moment of the newest thing that was written down at an event or its programme."""
    newest = [
        db.session.scalar(
            select(func.max(AuditEntry.at)).where(AuditEntry.programme_id == event.programme_id)
        ),
        db.session.scalar(
            select(func.max(AttendanceEvent.recorded_at)).where(
                AttendanceEvent.event_id == event.id
            )
        ),
    ]
    return max((moment for moment in newest if moment is not None), default=None)


def visits_of(team: Team) -> Sequence[CoachVisit]:
    """Return a team's visits, the latest first."""
    return db.session.scalars(
        select(CoachVisit)
        .where(CoachVisit.team_id == team.id, CoachVisit.withdrawn_at.is_(None))
        .order_by(CoachVisit.visited_on.desc(), CoachVisit.recorded_at.desc())
    ).all()


def came_of_team(team: Team) -> Mapping[UUID, int]:
    """Count how many of a team were at each event."""
    return _counted(
        select(Registration.event_id, func.count())
        .join(Attendance, Attendance.registration_id == Registration.id)
        .where(Registration.team_id == team.id, Attendance.status.in_(WAS_THERE))
        .group_by(Registration.event_id)
    )


def posters_of(team: Team) -> Sequence[Poster]:
    """Return the posters that a team has handed in."""
    return db.session.scalars(select(Poster).where(Poster.team_id == team.id, is_handed_in())).all()


def certificates_of(team: Team) -> Sequence[CertificateIssue]:
    """Return the certificates that a team itself holds and that are valid."""
    return db.session.scalars(
        select(CertificateIssue)
        .where(
            CertificateIssue.team_id == team.id,
            CertificateIssue.holder == Holder.TEAM,
            CertificateIssue.revoked_at.is_(None),
            CertificateIssue.superseded_at.is_(None),
        )
        .order_by(CertificateIssue.issued_at)
    ).all()


def milestones_of(team: Team, *, at: datetime) -> Sequence[Milestone]:
    """Return a team's year on one line: events, visits, posters, certificates, in their order."""
    events = [event for event in events_of(team.programme) if event.cancelled_at is None]
    came = came_of_team(team)
    happened = [
        *[_visit(visit) for visit in visits_of(team)],
        *[_poster(poster) for poster in posters_of(team)],
        *[_certificate(issue) for issue in certificates_of(team)],
    ]
    coming = next((event for event in events if event.ends_at > at), None)
    gatherings = [
        _gathering(
            event, came.get(event.id, 0), is_over=event.ends_at <= at, is_next=event is coming
        )
        for event in events
    ]
    return sorted([*gatherings, *happened], key=lambda milestone: milestone.on)


def _gathering(event: Event, came: int, *, is_over: bool, is_next: bool) -> Milestone:
    on = london_day(event.starts_at)
    if is_over:
        note = f"{counted(came, 'member')} came" if came else "Nobody came"
        return Milestone(on, event.title, "done" if came else "todo", note, "Done")
    note = f"{counted(came, 'member')} here" if came else ""
    return Milestone(on, event.title, "now" if is_next else "todo", note)


def _visit(visit: CoachVisit) -> Milestone:
    return Milestone(visit.visited_on, f"Visit by {visit.coach.name}", "done", visit.next_step)


def _poster(poster: Poster) -> Milestone:
    assert poster.submitted_at is not None
    return Milestone(london_day(poster.submitted_at), "Poster handed in", "done", poster.title)


def _certificate(issue: CertificateIssue) -> Milestone:
    title = (
        "Special recognition"
        if issue.kind is CertificateKind.RECOGNITION
        else "Certificate of completion"
    )
    return Milestone(london_day(issue.issued_at), title, "done", issue.number)


@dataclass(frozen=True)
class Change:
    """One line of the record of changes, with its actor and subject in words."""

    entry: AuditEntry
    who: str
    what: str
    names: Mapping[str, str]

    @property
    def before(self) -> Mapping[str, str]:
        """Return what stood there before, as people read it."""
        return readable(self.entry.before, self.names)

    @property
    def after(self) -> Mapping[str, str]:
        """Return what stands there since, as people read it."""
        return readable(self.entry.after, self.names)


@dataclass(frozen=True)
class ChangesPage:
    """One page of the record of changes, and how many lines there are in all."""

    changes: Sequence[Change]
    total: int


SUBJECT_WORDS = {
    "account": "Account",
    "attendance_event": "Attendance",
    "certificate_issue": "Certificate",
    "comment": "Comment",
    "coach_assignment": "Coaching",
    "coach_visit": "Coach visit",
    "completion_exception": "Exception",
    "completion_rule": "Completion rule",
    "door_link": "Door link",
    "contact_exchange": "Contact details",
    "event": "Event",
    "group_agreement": "Agreement",
    "group_card": "Card",
    "group_work": "Group work",
    "head_count": "Head count",
    "invitation_list": "Invitation list",
    "marketplace": "Marketplace",
    "network_member": "Network",
    "personal_code": "Pass",
    "job": "Job",
    "person": "Person",
    "poster": "Poster",
    "poster_answer": "Answer at a poster",
    "poster_question": "Question at a poster",
    "programme": "Programme",
    "questionnaire": "Questionnaire",
    "questionnaire_version": "Questionnaire",
    "reflection": "Reflection",
    "registration": "Registration",
    "staff_role": "Role",
    "team": "Team",
    "team_membership": "Team member",
    "wave": "Skills round",
    "write_up": "Write-up",
}


def changes_page(
    programme: Programme | None, *, subject: str = "", page: int = 1, size: int = 50
) -> ChangesPage:
    """Return one page of the record of changes of a programme, or of the server, the newest first."""
    found = _changes_in(programme, subject)
    entries = db.session.scalars(found.limit(size).offset((page - 1) * size)).all()
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    return ChangesPage(_in_words(entries), total)


def all_changes(programme: Programme, *, subject: str = "") -> Sequence[Change]:
    """Return a programme's whole record of changes, the newest first."""
    return _in_words(db.session.scalars(_changes_in(programme, subject)).all())


def subjects_changed_in(programme: Programme | None) -> Sequence[tuple[str, int]]:
    """Return what kinds of things were changed in a programme, and how often."""
    rows = db.session.execute(
        select(AuditEntry.subject_kind, func.count())
        .where(_is_about(programme))
        .group_by(AuditEntry.subject_kind)
        .order_by(AuditEntry.subject_kind)
    )
    return [(kind, number) for kind, number in rows]


def _is_about(programme: Programme | None) -> ColumnElement[bool]:
    if programme is None:
        return AuditEntry.programme_id.is_(None)
    return AuditEntry.programme_id == programme.id


def _changes_in(programme: Programme | None, subject: str) -> Select[AuditEntry]:
    found = select(AuditEntry).where(_is_about(programme))
    if subject:
        found = found.where(AuditEntry.subject_kind == subject)
    return found.order_by(AuditEntry.at.desc(), AuditEntry.id)


def _in_words(entries: Sequence[AuditEntry]) -> Sequence[Change]:
    """Name the actors and subjects of these lines, in a fixed number of statements."""
    people = {e.actor_id for e in entries} | _named_in(entries)
    names = {
        **_names(select(Account.id, Person.name).join(Person), people, Account.id),
        **_names(select(Person.id, Person.name), people, Person.id),
    }
    names_said = {str(key): name for key, name in names.items()}
    subjects: dict[UUID, str] = {}
    for found, column in (
        (select(Account.id, Person.name).join(Person), Account.id),
        (select(Person.id, Person.name), Person.id),
        (select(Event.id, Event.title), Event.id),
        (select(Team.id, Team.name), Team.id),
        (select(Registration.id, Person.name).join(Person), Registration.id),
        (select(TeamMembership.id, Person.name).join(Person), TeamMembership.id),
        (select(CertificateIssue.id, CertificateIssue.number), CertificateIssue.id),
        (select(CoachVisit.id, Team.name).join(Team), CoachVisit.id),
    ):
        subjects |= _names(found, {e.subject_id for e in entries}, column)
    return [
        Change(
            entry,
            _who(entry, names),
            " ".join(
                part
                for part in (
                    SUBJECT_WORDS.get(entry.subject_kind, entry.subject_kind.replace("_", " ")),
                    subjects.get(entry.subject_id, ""),
                )
                if part
            ),
            names_said,
        )
        for entry in entries
    ]


def _named_in(entries: Iterable[AuditEntry]) -> set[UUID]:
    """Return the ids of the people whom the values of these lines name."""
    values = [value for e in entries for value in (e.before, e.after)]
    return {UUID(str(value[key])) for value in values for key in PEOPLE if value.get(key)}


def _names(
    found: Select[UUID, str], ids: AbstractSet[UUID | None], column: InstrumentedAttribute[UUID]
) -> dict[UUID, str]:
    rows = db.session.execute(found.where(column.in_([key for key in ids if key is not None])))
    return {row[0]: row[1] for row in rows}


ACTOR_WORDS = {
    "attendee": "An attendee",
    "door": "A door",
    "public": "Somebody without an account",
    "system": "Hooray",
    "staff": "A member of staff",
    "team": "A team",
}


def _who(entry: AuditEntry, names: Mapping[UUID, str]) -> str:
    fallback = ACTOR_WORDS.get(entry.actor_kind, entry.actor_kind)
    return names.get(entry.actor_id, fallback) if entry.actor_id else fallback
