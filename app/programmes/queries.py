"""Questions about programmes, teams and who works on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.permission import Permission
from app.people.models import Account, Person
from app.plumbing.database import db
from app.programmes.models import CoachAssignment, Programme, StaffRole, Team, TeamMembership
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
    return frozenset(
        row.team_id for row in rows if row.from_on <= on and (row.to_on is None or on <= row.to_on)
    )
