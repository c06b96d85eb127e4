"""Questions about programmes, teams and who works on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.kernel.actor import Actor
from app.kernel.permission import Permission
from app.people.models import Account, Person
from app.plumbing.database import db
from app.programmes.models import (
    CoachAssignment,
    MemberRole,
    Programme,
    StaffRole,
    Team,
    TeamMembership,
)
from app.programmes.rules import Role, allowed


@dataclass(frozen=True)
class Staff:
    """A member of staff in front of one programme (or of none): who they are and may do."""

    account_id: UUID
    person_id: UUID
    name: str
    roles: frozenset[Role]

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return everything they may do here."""
        return allowed(self.roles)

    def may(self, permission: Permission) -> bool:
        """Say whether they may do this here."""
        return permission in self.permissions

    @property
    def actor(self) -> Actor:
        """Return who they are for the record of changes."""
        return Actor("staff", self.account_id, self.name)


def staff_at(account: Account, programme: Programme | None) -> Staff | None:
    """Return what somebody is in a programme, or None if they are nothing there.

    Without a programme: what they are anywhere, so that their list of programmes can open.
    """
    held = select(StaffRole.role).where(StaffRole.account_id == account.id)
    if programme is not None:
        held = held.where(StaffRole.programme_id == programme.id)
    roles = frozenset(db.session.scalars(held))
    if account.is_administrator:
        roles |= {Role.ADMINISTRATOR}
    if not roles:
        return None
    return Staff(account.id, account.person_id, account.person.name, roles)


def programme_called(slug: str) -> Programme | None:
    """Return the programme at this address."""
    return db.session.scalar(select(Programme).where(Programme.slug == slug))


def programmes_of(staff: Staff) -> Sequence[Programme]:
    """Return the programmes in which somebody holds a role, newest first."""
    return db.session.scalars(
        select(Programme)
        .where(
            Programme.id.in_(
                select(StaffRole.programme_id).where(StaffRole.account_id == staff.account_id)
            )
        )
        .order_by(Programme.starts_on.desc())
    ).all()


def teams_of(programme: Programme) -> Sequence[Team]:
    """Return a programme's teams in stage order."""
    return db.session.scalars(
        select(Team).where(Team.programme_id == programme.id).order_by(Team.stage_order, Team.name)
    ).all()


def team_at(programme: Programme, slug: str) -> Team | None:
    """Return the team at this address, if it belongs to this programme."""
    return db.session.scalar(
        select(Team).where(Team.programme_id == programme.id, Team.slug == slug)
    )


def memberships_of(team: Team) -> Sequence[TeamMembership]:
    """Return everybody who is or was in a team, by name."""
    return db.session.scalars(
        select(TeamMembership)
        .join(Person)
        .where(TeamMembership.team_id == team.id)
        .order_by(Person.sorting_name)
    ).all()


def memberships_in(programme: Programme) -> Sequence[TeamMembership]:
    """Return everybody who is or was in any team of a programme."""
    return db.session.scalars(
        select(TeamMembership).join(Team).where(Team.programme_id == programme.id)
    ).all()


def team_of(person: Person, programme: Programme, *, on: date) -> Team | None:
    """Return the team somebody belongs to in a programme on a day."""
    rows = db.session.scalars(
        select(TeamMembership)
        .join(Team)
        .where(TeamMembership.person_id == person.id, Team.programme_id == programme.id)
        .order_by(TeamMembership.joined_on.desc())
    )
    return next((row.team for row in rows if row.covers(on)), None)


def coached_team_ids(person_id: UUID, *, on: date) -> frozenset[UUID]:
    """Return the teams a coach looks after on a day."""
    rows = db.session.scalars(select(CoachAssignment).where(CoachAssignment.person_id == person_id))
    return frozenset(row.team_id for row in rows if row.covers(on))


def all_programmes() -> Sequence[Programme]:
    """Return every programme, newest first: for whoever runs the server."""
    return db.session.scalars(select(Programme).order_by(Programme.starts_on.desc())).all()


@dataclass(frozen=True)
class Roster:
    """A team with everybody who is in it on a day, and its coaches."""

    team: Team
    memberships: Sequence[TeamMembership]
    coaches: Sequence[CoachAssignment]

    @property
    def lead(self) -> TeamMembership | None:
        """Return who leads the team day by day."""
        return next((row for row in self.memberships if row.role is MemberRole.LEAD), None)


def rosters_in(programme: Programme, *, on: date) -> list[Roster]:
    """Return every team with its members and coaches of a day, in three statements."""
    members: dict[UUID, list[TeamMembership]] = {}
    for membership in db.session.scalars(
        select(TeamMembership)
        .join(Team)
        .join(Person)
        .options(joinedload(TeamMembership.person))
        .where(Team.programme_id == programme.id)
        .order_by(Person.sorting_name)
    ):
        if membership.covers(on):
            members.setdefault(membership.team_id, []).append(membership)
    coaches: dict[UUID, list[CoachAssignment]] = {}
    for assignment in coaching_in(programme):
        if assignment.covers(on):
            coaches.setdefault(assignment.team_id, []).append(assignment)
    return [
        Roster(team, members.get(team.id, []), coaches.get(team.id, []))
        for team in teams_of(programme)
    ]


def coaching_in(programme: Programme) -> Sequence[CoachAssignment]:
    """Return who coaches or coached which team of a programme, the first one first."""
    return db.session.scalars(
        select(CoachAssignment)
        .join(Team)
        .options(joinedload(CoachAssignment.person))
        .where(Team.programme_id == programme.id)
        .order_by(CoachAssignment.from_on)
    ).all()


def coaches_of(team: Team) -> Sequence[CoachAssignment]:
    """Return who coaches or coached a team, the first one first."""
    return db.session.scalars(
        select(CoachAssignment)
        .options(joinedload(CoachAssignment.person))
        .where(CoachAssignment.team_id == team.id)
        .order_by(CoachAssignment.from_on)
    ).all()


def membership_at(team: Team, membership_id: UUID) -> TeamMembership | None:
    """Return a membership, if it is one of this team."""
    return db.session.scalar(
        select(TeamMembership).where(
            TeamMembership.team_id == team.id, TeamMembership.id == membership_id
        )
    )


def assignment_at(team: Team, assignment_id: UUID) -> CoachAssignment | None:
    """Return a coach's time with a team, if it is one of this team."""
    return db.session.scalar(
        select(CoachAssignment).where(
            CoachAssignment.team_id == team.id, CoachAssignment.id == assignment_id
        )
    )


def staff_of(programme: Programme) -> Sequence[StaffRole]:
    """Return who holds which role in a programme, by name."""
    return db.session.scalars(
        select(StaffRole)
        .join(Account)
        .join(Person)
        .options(joinedload(StaffRole.account))
        .where(StaffRole.programme_id == programme.id)
        .order_by(Person.sorting_name, StaffRole.role)
    ).all()


def accounts_who_may(programme: Programme, permission: Permission) -> Sequence[Account]:
    """Return the active accounts of whoever may do this in a programme, each once, by name."""
    accounts = {
        held.account_id: held.account
        for held in staff_of(programme)
        if held.account.active and permission in allowed([held.role])
    }
    return list(accounts.values())


def role_held_at(programme: Programme, role_id: UUID) -> StaffRole | None:
    """Return a held role, if it is one of this programme."""
    return db.session.scalar(
        select(StaffRole).where(StaffRole.programme_id == programme.id, StaffRole.id == role_id)
    )
