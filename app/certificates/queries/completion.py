"""Questions about who completes a programme; those about all of it ask a fixed number of times."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, selectinload

from app.certificates.models import (
    CertificateIssue,
    CompletionRule,
    Exception_,
    RuleCriterion,
)
from app.certificates.rules import (
    CertificateKind,
    Completion,
    Criterion,
    Deeds,
    Gathering,
    Holder,
    Presence,
    Standing,
    completion,
)
from app.checkin.models import Attendance, HeadCount
from app.checkin.rules.presence import Presence as AttendanceState
from app.coaching.models import CoachVisit
from app.events.models import Event
from app.kernel.clock import london_day
from app.people.models import Person
from app.plumbing.database import db
from app.posters.models import Poster
from app.posters.queries.posters import is_handed_in
from app.programmes.models import Programme, Team, TeamMembership
from app.registration.models import Registration

Whose = Sequence[UUID] | Select[UUID] | None
"""Whose facts are asked for: these people's, or everybody's."""

WERE_THERE = (AttendanceState.PRESENT, AttendanceState.LEFT, AttendanceState.MADE_UP)


@dataclass(frozen=True, kw_only=True)
class PersonStanding:
    """Where a member of a team is with the rule for people."""

    person: Person
    team: Team
    left_on: date | None
    completion: Completion
    deeds: Deeds
    certificate: CertificateIssue | None

    holder = Holder.PERSON

    @property
    def id(self) -> UUID:
        """Return whose standing this is."""
        return self.person.id

    @property
    def name(self) -> str:
        """Return the name that stands in the list."""
        return self.person.name


@dataclass(frozen=True, kw_only=True)
class TeamStanding:
    """Where a team is with the rule for teams; `members` are those who have completed themselves."""

    team: Team
    completion: Completion
    deeds: Deeds
    certificate: CertificateIssue | None
    members: Sequence[PersonStanding] = field(default_factory=list)

    holder = Holder.TEAM

    @property
    def id(self) -> UUID:
        """Return whose standing this is."""
        return self.team.id

    @property
    def name(self) -> str:
        """Return the name that stands in the list."""
        return self.team.name


@dataclass(frozen=True)
class Standings:
    """Everybody in a programme, each with the rule judged part by part."""

    people: Sequence[PersonStanding]
    teams: Sequence[TeamStanding]

    def of(self, holder: Holder) -> Sequence["PersonStanding | TeamStanding"]:
        """Return the people or the teams."""
        return list(self.teams) if holder is Holder.TEAM else list(self.people)

    def counts(self, holder: Holder) -> Mapping[Standing, int]:
        """Return how many stand where; somebody who left without completing is not waited for."""
        lines = self.of(holder)
        counts = dict.fromkeys(Standing, 0)
        for line in lines:
            if line.completion.is_met or not has_left(line):
                counts[line.completion.standing] += 1
        return counts

    def to_issue(self) -> Sequence["PersonStanding | TeamStanding"]:
        """Return who is complete and has no certificate of it yet: teams first."""
        return [
            line
            for line in [*self.of(Holder.TEAM), *self.of(Holder.PERSON)]
            if line.completion.is_met and line.certificate is None
        ]


def has_left(line: PersonStanding | TeamStanding) -> bool:
    """Say whether somebody is no longer in their team."""
    return isinstance(line, PersonStanding) and line.left_on is not None


def standings_in(programme: Programme, *, at: datetime) -> Standings:
    """Judge everybody in a programme, in a fixed number of statements."""
    return _judged(_facts(programme, at=at))


def standing_of_person(
    programme: Programme, person_id: UUID, *, at: datetime
) -> PersonStanding | None:
    """Judge one person, if they are or were in a team of this programme."""
    people = _people(_facts(programme, at=at, whose=[person_id]))
    return next((line for line in people if line.id == person_id), None)


def standing_of_team(programme: Programme, team: Team, *, at: datetime) -> TeamStanding:
    """Judge one team of this programme."""
    members = select(TeamMembership.person_id).where(TeamMembership.team_id == team.id)
    facts = _facts(programme, at=at, whose=members)
    return _team(facts, team, _people(facts))


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What a programme's rules are judged by."""

    programme: Programme
    at: datetime
    gatherings: Sequence[Gathering]
    teams: Sequence[Team]
    memberships: Sequence[TeamMembership]
    presences: Mapping[tuple[UUID, UUID], Presence]
    visits: Mapping[UUID, int]
    posters: Mapping[UUID, int]
    rules: Mapping[Holder, Sequence[Criterion]]
    waived: Mapping[UUID, frozenset[UUID]]
    certificates: Mapping[UUID, CertificateIssue]


def _facts(programme: Programme, *, at: datetime, whose: Whose = None) -> _Facts:
    return _Facts(
        programme=programme,
        at=at,
        gatherings=gatherings_of(programme),
        teams=db.session.scalars(
            select(Team)
            .where(Team.programme_id == programme.id)
            .order_by(Team.stage_order, Team.name)
        ).all(),
        memberships=memberships_in(programme, whose),
        presences=_presences_in(programme, whose),
        visits=_visits_in(programme, at=at),
        posters=_posters_in(programme),
        rules=rules_of(programme),
        waived=_waived_in(programme),
        certificates={
            issue.holder_id: issue
            for issue in _newest_issues(programme, CertificateKind.COMPLETION)
        },
    )


def gatherings_of(programme: Programme) -> Sequence[Gathering]:
    """Return a programme's events as its rules see them; those called off are not asked for."""
    events = db.session.scalars(
        select(Event)
        .where(Event.programme_id == programme.id, Event.cancelled_at.is_(None))
        .order_by(Event.starts_at, Event.id)
    )
    return [as_gathering(event) for event in events]


def as_gathering(event: Event) -> Gathering:
    """Return an event as the rules of completion see it."""
    return Gathering(
        id=event.id,
        kind=event.kind.value,
        title=event.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )


def memberships_in(programme: Programme, whose: Whose = None) -> Sequence[TeamMembership]:
    """Return everybody who is or was in a team of the programme, by name; or some people's times."""
    wanted = (
        select(TeamMembership)
        .join(TeamMembership.team)
        .join(TeamMembership.person)
        .options(contains_eager(TeamMembership.team), contains_eager(TeamMembership.person))
        .where(Team.programme_id == programme.id)
        .order_by(Person.sorting_name, Person.id, TeamMembership.joined_on)
    )
    if whose is not None:
        wanted = wanted.where(TeamMembership.person_id.in_(whose))
    return db.session.scalars(wanted).all()


def _presences_in(programme: Programme, whose: Whose) -> Mapping[tuple[UUID, UUID], Presence]:
    wanted = (
        select(
            Registration.person_id,
            Attendance.event_id,
            Attendance.status,
            Attendance.arrived_at,
            Attendance.left_at,
            Attendance.flag,
        )
        .join(Registration, Attendance.registration_id == Registration.id)
        .join(Event, Registration.event_id == Event.id)
        .where(Event.programme_id == programme.id, Attendance.status.in_(WERE_THERE))
    )
    if whose is not None:
        wanted = wanted.where(Registration.person_id.in_(whose))
    return {
        (person, event): _presence(status, arrived_at=arrived_at, left_at=left_at, flag=flag)
        for person, event, status, arrived_at, left_at, flag in db.session.execute(wanted)
    }


def presence_in(attendance: Attendance) -> Presence:
    """Return what a line of attendance says about having been there."""
    return _presence(
        attendance.status,
        arrived_at=attendance.arrived_at,
        left_at=attendance.left_at,
        flag=attendance.flag,
    )


def _presence(
    status: AttendanceState, *, arrived_at: datetime | None, left_at: datetime | None, flag: str
) -> Presence:
    return Presence(
        arrived_at=arrived_at,
        left_at=left_at if status is AttendanceState.LEFT else None,
        is_made_up=status is AttendanceState.MADE_UP,
        is_flagged=bool(flag),
    )


def _visits_in(programme: Programme, *, at: datetime) -> Mapping[UUID, int]:
    rows = db.session.execute(
        select(CoachVisit.team_id, func.count())
        .join(Team, CoachVisit.team_id == Team.id)
        .where(
            Team.programme_id == programme.id,
            CoachVisit.withdrawn_at.is_(None),
            CoachVisit.visited_on <= london_day(at),
        )
        .group_by(CoachVisit.team_id)
    )
    return dict(rows.all())


def _posters_in(programme: Programme) -> Mapping[UUID, int]:
    rows = db.session.execute(
        select(Poster.team_id, func.count())
        .join(Event, Poster.event_id == Event.id)
        .where(Event.programme_id == programme.id, is_handed_in())
        .group_by(Poster.team_id)
    )
    return dict(rows.all())


def rule_rows_of(programme: Programme) -> Mapping[Holder, CompletionRule]:
    """Return a programme's rules as they are kept, by whom they are for."""
    rows = db.session.scalars(
        select(CompletionRule)
        .options(selectinload(CompletionRule.criteria))
        .where(CompletionRule.programme_id == programme.id)
    )
    return {rule.holder: rule for rule in rows}


def rules_of(programme: Programme) -> Mapping[Holder, Sequence[Criterion]]:
    """Return a programme's rules, by whom they are for."""
    rows = rule_rows_of(programme)
    return {
        holder: [criterion_in(row) for row in rows[holder].criteria] if holder in rows else []
        for holder in Holder
    }


def criterion_in(row: RuleCriterion) -> Criterion:
    """Return the part of a rule that a row keeps."""
    return Criterion(
        id=row.id,
        kind=row.kind,
        event_kind=row.event_kind.value if row.event_kind else None,
        needed=row.needed,
        minimum_minutes=row.minimum_minutes,
        members_needed=row.members_needed,
        make_up_counts=row.make_up_counts,
    )


def _waived_in(programme: Programme) -> Mapping[UUID, frozenset[UUID]]:
    waived: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for exception in exceptions_in(programme):
        waived[exception.holder_id].add(exception.criterion_id)
    return {holder: frozenset(criteria) for holder, criteria in waived.items()}


def exceptions_in(programme: Programme) -> Sequence[Exception_]:
    """Return the exceptions that stand in a programme, the newest first."""
    return db.session.scalars(
        select(Exception_)
        .where(Exception_.programme_id == programme.id, Exception_.withdrawn_at.is_(None))
        .order_by(Exception_.granted_at.desc(), Exception_.id)
    ).all()


def exceptions_for(programme: Programme, holder_id: UUID) -> Sequence[Exception_]:
    """Return the exceptions that stand for one person or team."""
    return [line for line in exceptions_in(programme) if line.holder_id == holder_id]


def exception_at(programme: Programme, exception_id: UUID) -> Exception_ | None:
    """Return this exception, if it was granted in this programme."""
    return db.session.scalar(
        select(Exception_).where(
            Exception_.id == exception_id, Exception_.programme_id == programme.id
        )
    )


def _newest_issues(programme: Programme, kind: CertificateKind) -> Sequence[CertificateIssue]:
    """Return certificates of a kind, so that a replacement comes after what it replaces."""
    return db.session.scalars(
        select(CertificateIssue)
        .where(CertificateIssue.programme_id == programme.id, CertificateIssue.kind == kind)
        .order_by(CertificateIssue.revision, CertificateIssue.serial)
    ).all()


def _judged(facts: _Facts) -> Standings:
    people = _people(facts)
    return Standings(people, [_team(facts, team, people) for team in facts.teams])


def _people(facts: _Facts) -> Sequence[PersonStanding]:
    newest: dict[UUID, TeamMembership] = {}
    for membership in facts.memberships:
        newest[membership.person_id] = membership  # they come in the order in which they began
    return [_person(facts, membership) for membership in newest.values()]


def _person(facts: _Facts, membership: TeamMembership) -> PersonStanding:
    deeds = Deeds(
        gatherings=facts.gatherings,
        presences={
            gathering.id: [facts.presences.get((membership.person_id, gathering.id))]
            for gathering in facts.gatherings
        },
        visits=facts.visits.get(membership.team_id, 0),
        posters=facts.posters.get(membership.team_id, 0),
        ends_on=facts.programme.ends_on,
        at=facts.at,
    )
    gone = membership.left_on is not None and membership.left_on < london_day(facts.at)
    return PersonStanding(
        person=membership.person,
        team=membership.team,
        left_on=membership.left_on if gone else None,
        completion=completion(
            facts.rules[Holder.PERSON],
            deeds,
            waived=facts.waived.get(membership.person_id, frozenset()),
        ),
        deeds=deeds,
        certificate=facts.certificates.get(membership.person_id),
    )


def _team(facts: _Facts, team: Team, people: Sequence[PersonStanding]) -> TeamStanding:
    members = [line for line in facts.memberships if line.team_id == team.id]
    deeds = Deeds(
        gatherings=facts.gatherings,
        presences={
            gathering.id: [
                facts.presences.get((member.person_id, gathering.id))
                for member in members
                if member.covers(gathering.day)
            ]
            for gathering in facts.gatherings
        },
        visits=facts.visits.get(team.id, 0),
        posters=facts.posters.get(team.id, 0),
        ends_on=facts.programme.ends_on,
        at=facts.at,
    )
    return TeamStanding(
        team=team,
        completion=completion(
            facts.rules[Holder.TEAM], deeds, waived=facts.waived.get(team.id, frozenset())
        ),
        deeds=deeds,
        certificate=facts.certificates.get(team.id),
        members=[line for line in people if line.team.id == team.id],
    )


def open_head_counts(programme: Programme) -> Sequence[tuple[Event, HeadCount]]:
    """Return events whose newest head count differs from the list and is not resolved."""
    rows = db.session.execute(
        select(Event, HeadCount)
        .join(HeadCount, HeadCount.event_id == Event.id)
        .where(Event.programme_id == programme.id)
        .order_by(Event.starts_at, HeadCount.counted_at)
    ).all()
    newest = {event.id: (event, count) for event, count in rows}
    return [
        (event, count)
        for event, count in newest.values()
        if count.counted != count.here and count.resolved_at is None
    ]


def presences_at(event: Event) -> Sequence[Registration]:
    """Return the places of everybody who was at an event without any doubt, by name."""
    return db.session.scalars(
        select(Registration)
        .join(Attendance, Attendance.registration_id == Registration.id)
        .join(Registration.person)
        .outerjoin(Registration.team)
        .options(contains_eager(Registration.person), contains_eager(Registration.team))
        .where(
            Registration.event_id == event.id,
            Attendance.status.in_((AttendanceState.PRESENT, AttendanceState.LEFT)),
            Attendance.flag == "",
        )
        .order_by(Person.sorting_name, Person.id)
    ).all()


def programmes_joined_by(person: Person) -> Sequence[Programme]:
    """Return the programmes in which somebody is or was in a team, the newest first."""
    return db.session.scalars(
        select(Programme)
        .where(
            Programme.id.in_(
                select(Team.programme_id)
                .join(TeamMembership, TeamMembership.team_id == Team.id)
                .where(TeamMembership.person_id == person.id)
            )
        )
        .order_by(Programme.starts_on.desc())
    ).all()


def current_members(programme: Programme, *, on: date) -> Sequence[TeamMembership]:
    """Return who is in a team of the programme on a day, by name."""
    return [line for line in memberships_in(programme) if line.covers(on)]


def names_in(programme: Programme) -> Sequence[str]:
    """Return every name that certificates of a programme may print: teams, then their members."""
    teams = db.session.scalars(select(Team.name).where(Team.programme_id == programme.id)).all()
    people = [line.person.name_on_certificate for line in memberships_in(programme)]
    return list(dict.fromkeys([*teams, *people]))
