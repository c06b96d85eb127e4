"""Rules, presence and certificates for tests."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from app.certificates.actions.issuing import issue_completion
from app.certificates.models import CertificateIssue, CompletionRule, RuleCriterion
from app.certificates.queries.completion import standing_of_person
from app.certificates.rules import CriterionKind, Holder
from app.checkin.models import Attendance
from app.checkin.rules.log import Method
from app.checkin.rules.presence import Presence
from app.coaching.models import CoachVisit
from app.events.models import Event, EventKind
from app.kernel.actor import Actor
from app.people.models import Person
from app.plumbing.database import db, transaction
from app.plumbing.queue import run_due
from app.posters.models import Poster
from app.programmes.models import Programme, Team
from app.programmes.queries import team_at
from tests.factories.events import SUMMIT_STARTS, an_event
from tests.factories.people import LONG_AGO, a_person
from tests.factories.programmes import a_member, a_programme, a_team
from tests.factories.registration import a_registration

HELEN = Actor("staff", uuid4(), "Helen Shaw")
AFTER_THE_SUMMIT = datetime(2026, 3, 26, 16, 0, tzinfo=UTC)


def a_rule(programme: Programme, holder: Holder, *parts: dict[str, object]) -> CompletionRule:
    """A rule of these parts; for one without parts: at least one event."""
    facts = {"kind": CriterionKind.EVENTS, "needed": 1, "make_up_counts": False}
    with transaction():
        rule = CompletionRule(programme_id=programme.id, holder=holder, changed_at=LONG_AGO)
        rule.criteria = [
            RuleCriterion(position=position, **{**facts, **part})
            for position, part in enumerate(parts or ({},))
        ]
        db.session.add(rule)
    return rule


def the_rules_of_the_fixture(programme: Programme) -> None:
    a_rule(
        programme,
        Holder.PERSON,
        {"event_kind": EventKind.LAUNCH, "make_up_counts": True},
        {"event_kind": EventKind.LEARNING_SESSION, "needed": 2},
        {"event_kind": EventKind.SUMMIT, "minimum_minutes": 180},
    )
    a_rule(
        programme,
        Holder.TEAM,
        {"needed": 0, "members_needed": 2},
        {"kind": CriterionKind.COACH_VISITS, "needed": 4},
        {"kind": CriterionKind.POSTER},
    )


def the_events_of_the_fixture(programme: Programme) -> list[Event]:
    days = [
        ("launch", EventKind.LAUNCH, "Launch", datetime(2025, 4, 10, 8, 30, tzinfo=UTC)),
        ("ls1", EventKind.LEARNING_SESSION, "Learning session 1", datetime(2025, 6, 12, 8, 30, tzinfo=UTC)),
        ("ls2", EventKind.LEARNING_SESSION, "Learning session 2", datetime(2025, 9, 18, 8, 30, tzinfo=UTC)),
        ("ls3", EventKind.LEARNING_SESSION, "Learning session 3", datetime(2026, 1, 22, 9, 30, tzinfo=UTC)),
        ("summit", EventKind.SUMMIT, "Summit", SUMMIT_STARTS),
    ]  # fmt: skip
    return [
        an_event(programme, slug, kind=kind, title=title, starts_at=starts_at)
        for slug, kind, title, starts_at in days
    ]


def a_presence(
    person: Person, event: Event, team: Team | None = None, **values: object
) -> Attendance:
    """Somebody's presence at an event, from its beginning."""
    registration = a_registration(event, person, team)
    facts: dict[str, object] = {
        "status": Presence.PRESENT,
        "arrived_at": event.starts_at,
        "method": Method.DOOR_SCAN,
        "changed_at": event.starts_at,
    }
    with transaction():
        attendance = Attendance(
            registration_id=registration.id, event_id=event.id, **{**facts, **values}
        )
        db.session.add(attendance)
    return attendance


def some_visits(team: Team, number: int, **values: object) -> None:
    coach = a_person("Asha Patel")
    with transaction():
        for place in range(number):
            db.session.add(
                CoachVisit(
                    team_id=team.id,
                    coach_id=coach.id,
                    visited_on=date(2025, 5, 1) + timedelta(days=40 * place),
                    minutes=60,
                    recorded_at=LONG_AGO,
                    recorded_by="Asha Patel",
                    **values,
                )
            )


def a_poster(team: Team, event: Event) -> Poster:
    poster = Poster(event_id=event.id, team_id=team.id, title="Our poster", submitted_at=LONG_AGO)
    with transaction():
        db.session.add(poster)
    return poster


def a_complete_person(
    name: str = "Gwen Price",
    *,
    programme: Programme | None = None,
    team: Team | None = None,
    **values: object,
) -> Person:
    """Somebody in a team who was at the one event that the rule asks for."""
    programme = programme or (team.programme if team else a_programme())
    team = team or team_at(programme, "hill-top-practice") or a_team(programme)
    person = a_person(name, **values)
    a_member(team, person)
    event = db.session.query(Event).filter_by(programme_id=programme.id).first()
    a_presence(person, event or an_event(programme), team)
    return person


def a_certificate(
    name: str = "Gwen Price",
    *,
    programme: Programme | None = None,
    at: datetime = AFTER_THE_SUMMIT,
    drawn: bool = False,
    **values: object,
) -> CertificateIssue:
    """A certificate of completion as it was issued to somebody."""
    programme = programme or a_programme()
    if not db.session.query(CompletionRule).filter_by(programme_id=programme.id).count():
        a_rule(programme, Holder.PERSON)
    person = a_complete_person(name, programme=programme, **values)
    with transaction():
        line = standing_of_person(programme, person.id, at=at)
        issue = issue_completion(programme, line, by=HELEN, at=at)
    if drawn:
        run_due(lambda: at)
        db.session.rollback()
    return issue
