"""Programmes, teams and staff roles for tests."""

from datetime import date
from uuid import uuid4

from app.people.models import Account, Person
from app.plumbing.database import db, transaction
from app.programmes.models import (
    CoachAssignment,
    MemberRole,
    Programme,
    StaffRole,
    Team,
    TeamMembership,
)
from app.programmes.rules import Role
from tests.factories.people import LONG_AGO, an_account


def a_programme(slug: str = "together", **values: object) -> Programme:
    facts: dict[str, object] = {
        "title": "Practices Improving Together 2025–26",
        "certificate_prefix": "PIT-2026",
        "host_organisation": "Northvale Improvement",
        "commissioner": "Northvale Health Board",
        "aims": "Shorter waits for patients and time to care for staff.",
        "contact_email": "team@northvale.example",
        "starts_on": date(2025, 4, 10),
        "ends_on": date(2026, 3, 31),
        "signatory_name": "Helen Shaw",
        "signatory_role": "Programme Director",
        "created_at": LONG_AGO,
    }
    programme = Programme(slug=slug, **{**facts, **values})
    with transaction():
        db.session.add(programme)
    return programme


def a_team(programme: Programme, name: str = "Hill Top Practice", **values: object) -> Team:
    slug = name.lower().replace(" ", "-")
    team = Team(programme_id=programme.id, slug=slug, name=name, created_at=LONG_AGO, **values)
    with transaction():
        db.session.add(team)
    return team


def a_member(team: Team, person: Person, **values: object) -> TeamMembership:
    facts = {"role": MemberRole.MEMBER, "joined_on": date(2025, 4, 1), **values}
    membership = TeamMembership(team_id=team.id, person_id=person.id, **facts)
    with transaction():
        db.session.add(membership)
    return membership


def a_coach_of(team: Team, person: Person) -> CoachAssignment:
    assignment = CoachAssignment(
        team_id=team.id, person_id=person.id, from_on=date(2025, 4, 1), to_on=None
    )
    with transaction():
        db.session.add(assignment)
    return assignment


def a_member_of_staff(
    programme: Programme, role: Role = Role.LEAD, name: str | None = None
) -> Account:
    """Return the account of somebody who holds this role in the programme."""
    account = an_account(name or f"{role.value.title()} {uuid4().hex[:4]}")
    with transaction():
        db.session.add(
            StaffRole(
                account_id=account.id, programme_id=programme.id, role=role, given_at=LONG_AGO
            )
        )
    return account
