"""What a commissioner is told about a programme: facts of many rooms, with small numbers hidden."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.certificates.models import CertificateIssue
from app.certificates.queries.completion import TeamStanding, rules_of, standings_in
from app.certificates.queries.register import State, stands_as
from app.certificates.rules import CertificateKind, Holder, Standing, rule_sentence
from app.checkin.models import Attendance
from app.events.models import Event
from app.events.queries import events_of
from app.plumbing.database import db
from app.plumbing.queue import Job
from app.posters.models import Poster
from app.posters.queries.posters import shown_at
from app.programmes.models import Programme
from app.programmes.queries import teams_of
from app.questionnaires.queries.answers import questionnaire_of
from app.questionnaires.queries.results import closed_rounds, cohort_report
from app.questionnaires.rules.publishing import USUAL_SMALLEST
from app.questionnaires.rules.reporting import Report
from app.registration.models import Registration
from app.reports.queries.group_work import GroupWorkReport, group_work_report
from app.reports.queries.overview import WAS_THERE, visits_by_team
from app.reports.rules.counts import Count, Counts, counts_shown

WITHOUT_A_TEAM = "Without a team"
"""Who came and belongs to none of the teams: coaches, guests, speakers."""


@dataclass(frozen=True)
class GridLine:
    """A team of the attendance grid, with how many of it came to each event."""

    name: str
    counts: Sequence[Count]


@dataclass(frozen=True)
class TeamLine:
    """A team on its way to completing the programme; teams are no people, and nothing is hidden."""

    standing: TeamStanding
    visits: int

    @property
    def is_complete(self) -> bool:
        """Say whether the team has completed the programme."""
        return self.standing.completion.is_met


@dataclass(frozen=True)
class Recognition:
    """A special recognition: of a team by its name, of a person by their team alone."""

    whom: str
    citation: str


@dataclass(frozen=True, kw_only=True)
class CommissionerReport:
    """Everything that the report says, on paper and in the files alike."""

    programme: Programme
    at: datetime
    smallest: int
    events: Sequence[Event]
    still_to_come: Sequence[Event]
    grid: Sequence[GridLine]
    came: Sequence[Count]
    teams: Sequence[TeamLine]
    team_rule: str
    people_rule: str
    people: Counts
    skills: Report | None
    posters: Sequence[Poster]
    group_work: GroupWorkReport
    recognitions: Sequence[Recognition]

    @property
    def complete_teams(self) -> int:
        """Return how many teams have completed the programme."""
        return sum(line.is_complete for line in self.teams)

    @property
    def visits(self) -> int:
        """Return how many visits the coaches paid."""
        return sum(line.visits for line in self.teams)


COMPLETE, NOT_COMPLETE = "complete", "not complete"


def commissioner_report(programme: Programme, *, at: datetime) -> CommissionerReport:
    """Join what the rooms know of a programme, for whoever paid for it."""
    events = [event for event in events_of(programme) if event.cancelled_at is None]
    held = [event for event in events if event.ends_at <= at]
    smallest = smallest_in(programme)
    attendance = [counts_shown(who, smallest=smallest) for who in _who_came(programme, held)]
    standings = standings_in(programme, at=at)
    visits = visits_by_team(programme)
    rules = rules_of(programme)
    return CommissionerReport(
        programme=programme,
        at=at,
        smallest=smallest,
        events=held,
        still_to_come=[event for event in events if event.ends_at > at],
        grid=list(_grid(programme, attendance)),
        came=[counts.total for counts in attendance],
        teams=[TeamLine(one, visits.get(one.team.id, 0)) for one in standings.teams],
        team_rule=rule_sentence(rules[Holder.TEAM]),
        people_rule=rule_sentence(rules[Holder.PERSON]),
        people=_people(standings.counts(Holder.PERSON), smallest=smallest),
        skills=cohort_report(closed_rounds(programme), of_everybody=False),
        posters=_posters(events),
        group_work=group_work_report(programme),
        recognitions=_recognitions(programme),
    )


def smallest_in(programme: Programme) -> int:
    """Return how many people a number must stand for before it is shown, as for the skills figures."""
    questionnaire = questionnaire_of(programme)
    return questionnaire.smallest_group if questionnaire else USUAL_SMALLEST


def _who_came(programme: Programme, events: Sequence[Event]) -> Iterator[Mapping[str, int]]:
    rows = db.session.execute(
        select(Registration.event_id, Registration.team_id, func.count())
        .join(Attendance, Attendance.registration_id == Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(Event.programme_id == programme.id, Attendance.status.in_(WAS_THERE))
        .group_by(Registration.event_id, Registration.team_id)
    )
    came: dict[UUID, dict[str, int]] = {event.id: {} for event in events}
    for event_id, team_id, number in rows:
        if event_id in came:
            came[event_id][_part(team_id)] = number
    return iter(came.values())


def _part(team_id: UUID | None) -> str:
    return str(team_id) if team_id else WITHOUT_A_TEAM


def _grid(programme: Programme, attendance: Sequence[Counts]) -> Iterator[GridLine]:
    for team in teams_of(programme):
        yield GridLine(team.name, [counts.of(_part(team.id)) for counts in attendance])
    others = [counts.of(WITHOUT_A_TEAM) for counts in attendance]
    if any(not count.is_nobody for count in others):
        yield GridLine(WITHOUT_A_TEAM, others)


def _people(standing: Mapping[Standing, int], *, smallest: int) -> Counts:
    complete = standing[Standing.MET]
    numbers = {COMPLETE: complete, NOT_COMPLETE: sum(standing.values()) - complete}
    return counts_shown(numbers, smallest=smallest)


def _posters(events: Sequence[Event]) -> Sequence[Poster]:
    return [
        shown.poster
        for event in events
        if event.shows_posters
        for shown in shown_at(event)
        if shown.poster.is_handed_in and shown.poster.hidden_at is None
    ]


def _recognitions(programme: Programme) -> Sequence[Recognition]:
    issues = db.session.scalars(
        select(CertificateIssue)
        .where(
            CertificateIssue.programme_id == programme.id,
            CertificateIssue.kind == CertificateKind.RECOGNITION,
            stands_as(State.VALID),
        )
        .order_by(CertificateIssue.serial)
    )
    return [Recognition(_whom(issue), str(issue.fields.get("citation", ""))) for issue in issues]


def _whom(issue: CertificateIssue) -> str:
    if issue.holder is Holder.TEAM:
        return str(issue.fields["recipient"])
    return f"A member of {issue.team.name}" if issue.team else "A person"


def batch_of(programme: Programme) -> str:
    """Return under which name the work of making a programme's report goes."""
    return f"commissioner:{programme.id}"


def newest_work_on(programme: Programme) -> Job | None:
    """Return the newest work of making a programme's report, done or not."""
    return db.session.scalar(
        select(Job)
        .where(Job.batch == batch_of(programme), Job.cancelled_at.is_(None))
        .order_by(Job.created_at.desc(), Job.id)
        .limit(1)
    )


def newest_made(programme: Programme) -> Job | None:
    """Return the newest work of making a programme's report that is done."""
    return db.session.scalar(
        select(Job)
        .where(Job.batch == batch_of(programme), Job.done_at.is_not(None))
        .order_by(Job.done_at.desc())
        .limit(1)
    )
