from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.kernel.actor import Actor
from app.people.models import Person
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.programmes import actions
from app.programmes.models import MemberRole, StaffRole
from app.programmes.rules import Role, sees_own_teams_only
from tests.factories.people import a_person, an_account
from tests.factories.programmes import a_coach_of, a_member, a_member_of_staff, a_programme, a_team

AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
HELEN = Actor("staff", uuid4(), "Helen Shaw")


def a_newcomer(**values: object) -> actions.NewMember:
    facts = {
        "name": "Gwen Price",
        "email": "gwen@hilltop.example",
        "role": MemberRole.MEMBER,
        "joined_on": date(2025, 4, 1),
    }
    return actions.NewMember(**{**facts, **values})


def test_create_team_gives_an_address_of_its_own_and_the_next_place(app):
    programme = a_programme()

    with transaction():
        slugs = [
            actions.create_team(programme, name=name, by=HELEN, at=AT).slug
            for name in ("The Limes", "The Limes", "New")
        ]

    assert slugs == ["the-limes", "the-limes-2", "new-2"]


def test_join_team_links_a_person_we_know_and_keeps_their_name(app):
    team = a_team(a_programme())
    known = a_person("Dr Siân O'Connor", email="sian@riverside.example")

    with transaction():
        membership = actions.join_team(
            team, a_newcomer(name="Sian OConnor", email="Sian@Riverside.example"), by=HELEN, at=AT
        )

    assert membership.person_id == known.id
    assert membership.person.name == "Dr Siân O'Connor"


def test_join_team_refuses_somebody_who_is_in_it(app):
    team = a_team(a_programme())
    with transaction():
        actions.join_team(team, a_newcomer(), by=HELEN, at=AT)

    with pytest.raises(actions.AlreadyInTeam, match="already a member"), transaction():
        actions.join_team(team, a_newcomer(joined_on=date(2026, 1, 1)), by=HELEN, at=AT)


def test_somebody_who_left_can_join_again(app):
    team = a_team(a_programme())
    person = a_person(email="gwen@hilltop.example")
    a_member(team, person, left_on=date(2025, 9, 30))

    with transaction():
        again = actions.join_team(team, a_newcomer(joined_on=date(2026, 1, 5)), by=HELEN, at=AT)

    assert again.joined_on == date(2026, 1, 5)


def test_leaving_before_joining_is_refused(app):
    membership = a_member(a_team(a_programme()), a_person())

    with pytest.raises(actions.LeftBeforeJoining), transaction():
        actions.change_membership(
            membership, role=MemberRole.LEAD, left_on=date(2025, 3, 1), by=HELEN, at=AT
        )


def test_change_membership_writes_down_what_stood_before(app):
    membership = a_member(a_team(a_programme()), a_person())

    with transaction():
        actions.change_membership(
            membership, role=MemberRole.LEAD, left_on=date(2026, 2, 1), by=HELEN, at=AT
        )

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.verb, entry.before, entry.after) == (
        "left",
        {"role": "member", "left_on": None},
        {"role": "lead", "left_on": "2026-02-01"},
    )


def test_a_coach_is_assigned_once(app):
    team = a_team(a_programme())
    coach = a_person("Tom Leigh", email="tom@northvale.example")
    a_coach_of(team, coach)

    with pytest.raises(actions.AlreadyCoach, match="Tom Leigh coaches"), transaction():
        actions.assign_coach(
            team, name="T", email=coach.email, from_on=date(2026, 1, 1), by=HELEN, at=AT
        )


def test_end_coaching_keeps_the_days_before(app):
    assignment = a_coach_of(a_team(a_programme()), a_person())

    with transaction():
        actions.end_coaching(assignment, to_on=date(2025, 12, 31), by=HELEN, at=AT)

    assert assignment.covers(date(2025, 12, 31))
    assert not assignment.covers(date(2026, 1, 1))


def test_give_role_refuses_to_give_it_twice(app):
    programme = a_programme()
    account = an_account()
    with transaction():
        actions.give_role(programme, account, Role.COACH, by=HELEN, at=AT)

    with pytest.raises(actions.RoleHeldAlready), transaction():
        actions.give_role(programme, account, Role.COACH, by=HELEN, at=AT)


def test_take_role_leaves_the_last_lead(app):
    programme = a_programme()
    first, second = (a_member_of_staff(programme, Role.LEAD) for _ in range(2))
    held = {row.account_id: row for row in db.session.scalars(select(StaffRole))}

    with transaction():
        actions.take_role(held[first.id], by=HELEN, at=AT)
    with pytest.raises(actions.LastLead, match="Give the role to somebody else"), transaction():
        actions.take_role(held[second.id], by=HELEN, at=AT)

    assert [row.account_id for row in db.session.scalars(select(StaffRole))] == [second.id]


def test_only_a_coach_alone_sees_own_teams_only():
    assert sees_own_teams_only({Role.COACH})
    assert sees_own_teams_only({Role.COACH, Role.ADMINISTRATOR})
    assert not sees_own_teams_only({Role.COACH, Role.ORGANISER})


def test_nobody_is_met_twice(app):
    team = a_team(a_programme())

    with transaction():
        actions.join_team(team, a_newcomer(), by=HELEN, at=AT)
        actions.assign_coach(
            team,
            name="Gwen",
            email="GWEN@hilltop.example",
            from_on=date(2026, 1, 1),
            by=HELEN,
            at=AT,
        )

    assert [person.name for person in db.session.scalars(select(Person))] == ["Gwen Price"]
