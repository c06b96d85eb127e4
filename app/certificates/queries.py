"""Questions about completion and certificates; those about a whole programme ask a fixed number of times."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.certificates.models import (
    CertificateIssue,
    CompletionRule,
    Exception_,
    PrintFile,
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
    PrintOrder,
    Standing,
    completion,
)
from app.checkin.models import Attendance, HeadCount
from app.checkin.rules import Presence as AttendanceState
from app.coaching.models import CoachVisit
from app.events.models import Event
from app.kernel.clock import london_day
from app.kernel.codes import normal_code
from app.kernel.names import sorting_name
from app.people.models import Person
from app.plumbing.database import db
from app.plumbing.mail import Letter, letters_about
from app.plumbing.queue import Job
from app.posters.models import Poster
from app.programmes.models import MemberRole, Programme, Team, TeamMembership
from app.registration.models import Registration

COMPLETION = "completion"
"""The award of whoever completes the programme."""

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
    people = _judged(_facts(programme, at=at, person_id=person_id)).people
    return next((line for line in people if line.id == person_id), None)


def standing_of_team(programme: Programme, team: Team, *, at: datetime) -> TeamStanding:
    """Judge one team of this programme."""
    return next(line for line in standings_in(programme, at=at).teams if line.id == team.id)


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


def _facts(programme: Programme, *, at: datetime, person_id: UUID | None = None) -> _Facts:
    return _Facts(
        programme=programme,
        at=at,
        gatherings=gatherings_of(programme),
        teams=db.session.scalars(
            select(Team)
            .where(Team.programme_id == programme.id)
            .order_by(Team.stage_order, Team.name)
        ).all(),
        memberships=_memberships_in(programme, person_id),
        presences=_presences_in(programme, person_id),
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
    return [
        Gathering(
            id=event.id,
            kind=event.kind.value,
            title=event.title,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
        )
        for event in events
    ]


def _memberships_in(programme: Programme, person_id: UUID | None) -> Sequence[TeamMembership]:
    wanted = (
        select(TeamMembership)
        .join(TeamMembership.team)
        .join(TeamMembership.person)
        .options(contains_eager(TeamMembership.team), contains_eager(TeamMembership.person))
        .where(Team.programme_id == programme.id)
        .order_by(Person.sorting_name, Person.id, TeamMembership.joined_on)
    )
    if person_id is not None:
        wanted = wanted.where(TeamMembership.person_id == person_id)
    return db.session.scalars(wanted).all()


def _presences_in(
    programme: Programme, person_id: UUID | None
) -> Mapping[tuple[UUID, UUID], Presence]:
    wanted = (
        select(Registration.person_id, Attendance)
        .join(Registration, Attendance.registration_id == Registration.id)
        .join(Event, Registration.event_id == Event.id)
        .where(Event.programme_id == programme.id, Attendance.status.in_(WERE_THERE))
    )
    if person_id is not None:
        wanted = wanted.where(Registration.person_id == person_id)
    return {
        (person, attendance.event_id): presence_in(attendance)
        for person, attendance in db.session.execute(wanted)
    }


def presence_in(attendance: Attendance) -> Presence:
    """Return what a line of attendance says about having been there."""
    return Presence(
        arrived_at=attendance.arrived_at,
        left_at=attendance.left_at if attendance.status is AttendanceState.LEFT else None,
        is_made_up=attendance.status is AttendanceState.MADE_UP,
        is_flagged=bool(attendance.flag),
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
        .where(Event.programme_id == programme.id, Poster.withdrawn_at.is_(None))
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


def issue_at(programme: Programme, issue_id: UUID) -> CertificateIssue | None:
    """Return this certificate, if it was issued in this programme."""
    return db.session.scalar(
        select(CertificateIssue).where(
            CertificateIssue.id == issue_id, CertificateIssue.programme_id == programme.id
        )
    )


def issue_with_id(issue_id: UUID) -> CertificateIssue | None:
    """Return a certificate for later work, which has no programme at hand."""
    return db.session.get(CertificateIssue, issue_id)


def issue_with_code(typed: str) -> CertificateIssue | None:
    """Return the certificate that carries this check code, however it was typed."""
    return db.session.scalar(
        select(CertificateIssue)
        .options(joinedload(CertificateIssue.programme), joinedload(CertificateIssue.team))
        .where(CertificateIssue.code == normal_code(typed))
    )


def replacement_of(issue: CertificateIssue) -> CertificateIssue | None:
    """Return the certificate that took this one's place."""
    if issue.superseded_by_id is None:
        return None
    return db.session.get(CertificateIssue, issue.superseded_by_id)


def replaced_by(issue: CertificateIssue) -> CertificateIssue | None:
    """Return the certificate whose place this one took."""
    return db.session.scalar(
        select(CertificateIssue).where(CertificateIssue.superseded_by_id == issue.id)
    )


def holders_with(programme: Programme, award: str) -> frozenset[UUID]:
    """Return who has been issued this award, whatever became of it."""
    return frozenset(
        db.session.scalars(
            select(CertificateIssue.holder_id).where(
                CertificateIssue.programme_id == programme.id, CertificateIssue.award == award
            )
        )
    )


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


def issue_with_number(typed: str, *, word: str) -> CertificateIssue | None:
    """Return the certificate of this number, if a word of the name on it is given too.

    Numbers follow each other, so a number alone would let anybody read the whole register.
    """
    issue = db.session.scalar(
        select(CertificateIssue).where(_as_typed(CertificateIssue.number) == normal_code(typed))
    )
    if issue is None:
        return None
    known = set(sorting_name(str(issue.fields["recipient"])).split())
    return issue if known & set(sorting_name(word).split()) else None


def _as_typed(number: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    """Return a number as `normal_code` would leave it: no hyphens, look-alikes forgiven."""
    for sign, forgiven in (("-", ""), ("I", "1"), ("L", "1"), ("O", "0"), ("U", "V")):
        number = func.replace(number, sign, forgiven)
    return number


def issues_in_batch(programme: Programme, batch: str) -> Sequence[CertificateIssue]:
    """Return the certificates that were issued with one press of a button, in their order."""
    return db.session.scalars(
        select(CertificateIssue)
        .where(CertificateIssue.programme_id == programme.id, CertificateIssue.batch == batch)
        .order_by(CertificateIssue.serial)
    ).all()


PAGE_SIZE = 50


class State(StrEnum):
    """What became of a certificate."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


def state_of(issue: CertificateIssue) -> State:
    """Return what became of a certificate."""
    if issue.revoked_at is not None:
        return State.WITHDRAWN
    return State.REPLACED if issue.superseded_at is not None else State.VALID


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the register."""

    kind: CertificateKind | None = None
    state: State | None = None
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class RegisterPage:
    """One page of what was looked for, and how many there are of each sort in all."""

    issues: Sequence[CertificateIssue]
    total: int
    page: int
    of_kind: Mapping[CertificateKind, int]
    in_state: Mapping[State, int]


def register_page(programme: Programme, wanted: Wanted) -> RegisterPage:
    """Return one page of a programme's register, the newest number first."""
    found = _wanted(programme, wanted)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = min(wanted.page, max((total + PAGE_SIZE - 1) // PAGE_SIZE, 1))
    issues = db.session.scalars(
        found.order_by(CertificateIssue.serial.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    of_kind, in_state = _sorts_in(programme)
    return RegisterPage(issues, total, page, of_kind, in_state)


def register_in_full(programme: Programme, wanted: Wanted) -> Sequence[CertificateIssue]:
    """Return everything in a programme's register that was looked for, in number order."""
    return db.session.scalars(_wanted(programme, wanted).order_by(CertificateIssue.serial)).all()


def _wanted(programme: Programme, wanted: Wanted) -> Select[CertificateIssue]:
    found = select(CertificateIssue).where(CertificateIssue.programme_id == programme.id)
    if wanted.kind is not None:
        found = found.where(CertificateIssue.kind == wanted.kind)
    if wanted.state is not None:
        found = found.where(_in_state(wanted.state))
    return found.where(_with_words(wanted.words)) if wanted.words.strip() else found


def _in_state(state: State) -> ColumnElement[bool]:
    withdrawn = CertificateIssue.revoked_at.is_not(None)
    replaced = CertificateIssue.superseded_at.is_not(None)
    match state:
        case State.WITHDRAWN:
            return withdrawn
        case State.REPLACED:
            return and_(not_(withdrawn), replaced)
        case State.VALID:
            return and_(not_(withdrawn), not_(replaced))


def _with_words(words: str) -> ColumnElement[bool]:
    """Find by number, by the name as printed, or by the person's name without its accents."""
    printed = CertificateIssue.fields["recipient"].as_string()
    plain = sorting_name(words) or words
    return or_(
        CertificateIssue.number.icontains(words.strip(), autoescape=True),
        printed.icontains(words.strip(), autoescape=True),
        CertificateIssue.person_id.in_(
            select(Person.id).where(Person.sorting_name.contains(plain, autoescape=True))
        ),
    )


def _sorts_in(
    programme: Programme,
) -> tuple[Mapping[CertificateKind, int], Mapping[State, int]]:
    of_kind, in_state = dict.fromkeys(CertificateKind, 0), dict.fromkeys(State, 0)
    withdrawn = CertificateIssue.revoked_at.is_not(None)
    replaced = CertificateIssue.superseded_at.is_not(None)
    rows = db.session.execute(
        select(CertificateIssue.kind, withdrawn, replaced, func.count())
        .where(CertificateIssue.programme_id == programme.id)
        .group_by(CertificateIssue.kind, withdrawn, replaced)
    )
    for kind, is_withdrawn, is_replaced, number in rows:
        of_kind[kind] += number
        state = State.REPLACED if is_replaced else State.VALID
        in_state[State.WITHDRAWN if is_withdrawn else state] += number
    return of_kind, in_state


def about(issue: CertificateIssue) -> str:
    """Return how letters say that they are about this certificate."""
    return f"certificate:{issue.id}"


def letters_to(issue: CertificateIssue) -> int:
    """Return how many letters were written about a certificate."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Letter).where(Letter.about == about(issue))
        )
        or 0
    )


def was_written(issue: CertificateIssue, *, subject: str, since: datetime) -> bool:
    """Say whether a letter of this subject about a certificate was written at a moment or after it."""
    found = db.session.scalar(
        select(Letter.id)
        .where(Letter.about == about(issue), Letter.subject == subject, Letter.created_at >= since)
        .limit(1)
    )
    return found is not None


@dataclass(frozen=True)
class SendingLine:
    """One certificate on its way: to whom, and how far its letter is."""

    issue: CertificateIssue
    recipient: Person | None
    letter: Letter | None
    is_waiting: bool

    @property
    def can_be_sent(self) -> bool:
        """Say whether it has an address and was not sent yet."""
        has_address = self.recipient is not None and bool(self.recipient.email)
        return has_address and self.letter is None and not self.is_waiting


def sending_lines(programme: Programme, *, at: datetime) -> Sequence[SendingLine]:
    """Return every valid certificate with its recipient and its newest letter, in number order."""
    issues = db.session.scalars(
        select(CertificateIssue)
        .options(joinedload(CertificateIssue.person))
        .where(
            CertificateIssue.programme_id == programme.id,
            CertificateIssue.revoked_at.is_(None),
            CertificateIssue.superseded_at.is_(None),
        )
        .order_by(CertificateIssue.serial)
    ).all()
    contacts = _contacts_in(programme, on=london_day(at))
    letters = letters_about(*(about(issue) for issue in issues))
    waiting = _waiting()
    return [
        SendingLine(
            issue=issue,
            recipient=issue.person or contacts.get(issue.holder_id),
            letter=letters.get(about(issue)),
            is_waiting=str(issue.id) in waiting,
        )
        for issue in issues
    ]


def sending_line(issue: CertificateIssue, *, at: datetime) -> SendingLine:
    """Return how far the letter about one certificate is."""
    return SendingLine(
        issue=issue,
        recipient=recipient_of(issue, at=at),
        letter=letters_about(about(issue)).get(about(issue)),
        is_waiting=str(issue.id) in _waiting(),
    )


def recipient_of(issue: CertificateIssue, *, at: datetime) -> Person | None:
    """Return who receives a certificate: the person, or whoever leads the team."""
    if issue.person is not None:
        return issue.person
    return _contacts_in(issue.programme, on=london_day(at)).get(issue.holder_id)


def _contacts_in(programme: Programme, *, on: date) -> Mapping[UUID, Person]:
    """Return for each team the lead with an address, or else the first member who has one."""
    contacts: dict[UUID, Person] = {}
    members = [line for line in _memberships_in(programme, None) if line.covers(on)]
    for member in sorted(members, key=lambda line: line.role is not MemberRole.LEAD):
        if member.person.email:
            contacts.setdefault(member.team_id, member.person)
    return contacts


def _waiting() -> frozenset[str]:
    """Return the certificates whose letter is about to be written."""
    jobs = db.session.scalars(
        select(Job).where(
            Job.name == "certificates.tell_recipient",
            Job.done_at.is_(None),
            Job.cancelled_at.is_(None),
        )
    )
    return frozenset(str(job.arguments["issue_id"]) for job in jobs)


def certificates_of(person: Person, *, at: datetime) -> Sequence[CertificateIssue]:
    """Return somebody's own certificates and those of the teams they are or were in."""
    teams = select(TeamMembership.team_id).where(TeamMembership.person_id == person.id)
    return db.session.scalars(
        select(CertificateIssue)
        .options(joinedload(CertificateIssue.programme))
        .where(
            or_(
                CertificateIssue.person_id == person.id,
                (CertificateIssue.holder == Holder.TEAM) & CertificateIssue.holder_id.in_(teams),
            ),
            CertificateIssue.superseded_at.is_(None),
            CertificateIssue.issued_at <= at,
        )
        .order_by(CertificateIssue.issued_at.desc(), CertificateIssue.serial)
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


def print_at(programme: Programme, print_id: UUID) -> PrintFile | None:
    """Return this print file, if it was made for this programme."""
    return db.session.scalar(
        select(PrintFile).where(PrintFile.id == print_id, PrintFile.programme_id == programme.id)
    )


def prints_of(programme: Programme) -> Sequence[PrintFile]:
    """Return the newest files for the printer."""
    return db.session.scalars(
        select(PrintFile)
        .where(PrintFile.programme_id == programme.id)
        .order_by(PrintFile.asked_at.desc())
        .limit(10)
    ).all()


def in_print_order(programme: Programme, order: PrintOrder) -> Sequence[CertificateIssue]:
    """Return every valid certificate in the order in which it leaves the printer.

    In stage order each team's certificate is followed by those of its people; special recognition
    comes last, as on stage.
    """
    issues = db.session.scalars(
        select(CertificateIssue)
        .options(joinedload(CertificateIssue.team), joinedload(CertificateIssue.person))
        .where(CertificateIssue.programme_id == programme.id, _in_state(State.VALID))
    ).all()
    places = {PrintOrder.STAGE: _on_stage, PrintOrder.TEAM: _by_team, PrintOrder.SURNAME: _by_name}
    return sorted(issues, key=places[order])


Place = tuple[bool, int, str, bool, str, int]


def _on_stage(issue: CertificateIssue) -> Place:
    return _place(issue, stage=issue.team.stage_order if issue.team else 0, team=_team_name(issue))


def _by_team(issue: CertificateIssue) -> Place:
    return _place(issue, stage=0, team=_team_name(issue))


def _by_name(issue: CertificateIssue) -> Place:
    return _place(issue, stage=0, team="")


def _place(issue: CertificateIssue, *, stage: int, team: str) -> Place:
    return (
        issue.kind is CertificateKind.RECOGNITION,
        stage,
        team,
        issue.holder is Holder.PERSON,
        issue.person.sorting_name if issue.person else _team_name(issue),
        issue.serial,
    )


def _team_name(issue: CertificateIssue) -> str:
    return sorting_name(issue.team.name) if issue.team else ""


def longest_names_in(programme: Programme) -> tuple[str, str]:
    """Return the longest name of a person and of a team: what a design must have room for."""
    people = db.session.scalars(
        select(Person)
        .join(TeamMembership, TeamMembership.person_id == Person.id)
        .join(Team, TeamMembership.team_id == Team.id)
        .where(Team.programme_id == programme.id)
    )
    teams = db.session.scalars(select(Team.name).where(Team.programme_id == programme.id))
    return (
        max((person.name_on_certificate for person in people), key=len, default=""),
        max(teams, key=len, default=""),
    )


def current_members(programme: Programme, *, on: date) -> Sequence[TeamMembership]:
    """Return who is in a team of the programme on a day, by name."""
    return [line for line in _memberships_in(programme, None) if line.covers(on)]


def print_with_id(print_id: UUID) -> PrintFile | None:
    """Return a print file for later work, which has no programme at hand."""
    return db.session.get(PrintFile, print_id)


def issues_of_award(programme: Programme, award: str) -> Sequence[CertificateIssue]:
    """Return every certificate of one award, in number order."""
    return db.session.scalars(
        select(CertificateIssue)
        .where(CertificateIssue.programme_id == programme.id, CertificateIssue.award == award)
        .order_by(CertificateIssue.serial)
    ).all()


def names_in(programme: Programme) -> Sequence[str]:
    """Return every name that certificates of a programme may print: teams, then their members."""
    teams = db.session.scalars(select(Team.name).where(Team.programme_id == programme.id)).all()
    people = [line.person.name_on_certificate for line in _memberships_in(programme, None)]
    return list(dict.fromkeys([*teams, *people]))
