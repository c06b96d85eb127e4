"""The verbs of programmes: their facts, their teams over time, and the roles staff hold."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.kernel.text import free_slug
from app.people.actions import meet
from app.people.models import Account
from app.plumbing.audit import record
from app.plumbing.database import db, hold
from app.plumbing.queue import enqueue
from app.programmes.models import (
    CoachAssignment,
    MemberRole,
    Programme,
    StaffRole,
    Team,
    TeamMembership,
)
from app.programmes.rules import Role

# Words that stand in addresses where a programme's or a team's own word stands.
TAKEN_WORDS = frozenset(
    [
        "new",
        "programmes",
        "accounts",
        "mail",
        "jobs",
        "health",
        "changes",
        "settings",
        "links",
        "stands",
        "cards",
        "live",
        "reports",
        "words",
        "vote",
    ]
)
"""Words that stand in addresses where the word of a programme or a team could stand."""


class AlreadyInTeam(Refusal):
    """The person is in the team on that day."""


class LeftBeforeJoining(Refusal):
    """The day of leaving lies before the day of joining."""


class LastLead(Refusal):
    """A programme would be left without anybody to lead it."""


@dataclass(frozen=True, kw_only=True)
class ProgrammeFacts:
    """What a programme says about itself."""

    title: str
    starts_on: date
    ends_on: date
    commissioner: str
    host_organisation: str
    aims: str
    contact_email: str
    certificate_prefix: str
    signatory_name: str
    signatory_role: str
    care_needs_kept_days: int = 14


def create_programme(facts: ProgrammeFacts, *, by: Actor, at: datetime) -> Programme:
    """Begin a programme."""
    taken = set(db.session.scalars(select(Programme.slug)))
    programme = Programme(
        slug=free_slug(facts.title, taken | TAKEN_WORDS), created_at=at, **asdict(facts)
    )
    db.session.add(programme)
    db.session.flush()
    record("created", programme, by=by, at=at, programme_id=programme.id, after=asdict(facts))
    # The rules live a few floors up, which a name of work reaches and an import must not.
    enqueue("certificates.set_usual_rules", due_at=at, programme_id=str(programme.id))
    return programme


def change_programme(
    programme: Programme, facts: ProgrammeFacts, *, by: Actor, at: datetime
) -> None:
    """Write what a programme says about itself anew."""
    before, after = _differences(programme, asdict(facts))
    if not after:
        return

    _write(programme, after)
    record(
        "changed",
        programme,
        by=by,
        at=at,
        programme_id=programme.id,
        before=before,
        after=after,
    )


def create_team(programme: Programme, *, name: str, by: Actor, at: datetime) -> Team:
    """Add a team, last in the order of the stage."""
    standing = db.session.execute(
        select(Team.slug, Team.stage_order).where(Team.programme_id == programme.id)
    ).all()
    team = Team(
        programme_id=programme.id,
        slug=free_slug(name, {row.slug for row in standing} | TAKEN_WORDS),
        name=name,
        stage_order=max((row.stage_order for row in standing), default=0) + 1,
        created_at=at,
    )
    db.session.add(team)
    db.session.flush()
    record("created", team, by=by, at=at, programme_id=programme.id, after={"name": name})
    return team


def change_team(team: Team, *, name: str, stage_order: int, by: Actor, at: datetime) -> None:
    """Rename a team, or move it in the order of the stage."""
    before, after = _differences(team, {"name": name, "stage_order": stage_order})
    if not after:
        return

    _write(team, after)
    record(
        "changed", team, by=by, at=at, programme_id=team.programme_id, before=before, after=after
    )


@dataclass(frozen=True, kw_only=True)
class NewMember:
    """Somebody who joins a team."""

    name: str
    email: str | None
    role: MemberRole
    joined_on: date


def join_team(team: Team, member: NewMember, *, by: Actor, at: datetime) -> TeamMembership:
    """Take somebody into a team; a person whose address we know is linked and keeps their name."""
    person = meet(name=member.name, email=member.email, at=at)
    standing = db.session.scalars(
        select(TeamMembership).where(
            TeamMembership.team_id == team.id, TeamMembership.person_id == person.id
        )
    ).all()
    if any(row.left_on is None or row.left_on >= member.joined_on for row in standing):
        raise AlreadyInTeam(f"{person.name} is already a member of {team.name}.")

    membership = TeamMembership(
        team_id=team.id, person_id=person.id, role=member.role, joined_on=member.joined_on
    )
    db.session.add(membership)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise AlreadyInTeam(f"{member.name} is already a member of {team.name}.") from clash
    record(
        "joined",
        membership,
        by=by,
        at=at,
        programme_id=team.programme_id,
        after={"team": team.name, "person_id": person.id, "role": member.role},
    )
    return membership


def change_membership(
    membership: TeamMembership,
    *,
    role: MemberRole,
    left_on: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Give a member another role, or write down the day on which they left."""
    if left_on is not None and left_on < membership.joined_on:
        raise LeftBeforeJoining("The day of leaving lies before the day of joining.")

    before, after = _differences(membership, {"role": role, "left_on": left_on})
    if not after:
        return
    _write(membership, after)
    record(
        "left" if after.get("left_on") else "changed",
        membership,
        by=by,
        at=at,
        programme_id=membership.team.programme_id,
        before=before,
        after=after,
    )


class AlreadyCoach(Refusal):
    """The person coaches the team already."""


def assign_coach(
    team: Team, *, name: str, email: str, from_on: date, by: Actor, at: datetime
) -> CoachAssignment:
    """Let somebody coach a team from a day on."""
    person = meet(name=name, email=email, at=at)
    standing = db.session.scalars(
        select(CoachAssignment).where(
            CoachAssignment.team_id == team.id, CoachAssignment.person_id == person.id
        )
    ).all()
    if any(row.to_on is None or row.to_on >= from_on for row in standing):
        raise AlreadyCoach(f"{person.name} coaches {team.name} already.")

    assignment = CoachAssignment(team_id=team.id, person_id=person.id, from_on=from_on)
    db.session.add(assignment)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise AlreadyCoach(f"{name} coaches {team.name} already.") from clash
    record(
        "assigned",
        assignment,
        by=by,
        at=at,
        programme_id=team.programme_id,
        after={"team": team.name, "person_id": person.id, "from_on": from_on},
    )
    return assignment


def end_coaching(assignment: CoachAssignment, *, to_on: date, by: Actor, at: datetime) -> None:
    """Write down the last day on which somebody coached a team."""
    if to_on < assignment.from_on:
        raise LeftBeforeJoining("The last day lies before the first.")

    before = {"to_on": assignment.to_on}
    assignment.to_on = to_on
    record(
        "ended",
        assignment,
        by=by,
        at=at,
        programme_id=assignment.team.programme_id,
        before=before,
        after={"to_on": to_on},
    )


class RoleHeldAlready(Refusal):
    """Somebody holds the role already."""


def give_role(
    programme: Programme, account: Account, role: Role, *, by: Actor, at: datetime
) -> StaffRole:
    """Let a member of staff work on a programme."""
    sentence = f"{account.person.name} is {role.value} of this programme already."
    held = StaffRole(account_id=account.id, programme_id=programme.id, role=role, given_at=at)
    standing = select(StaffRole.id).where(
        StaffRole.account_id == account.id,
        StaffRole.programme_id == programme.id,
        StaffRole.role == role,
    )
    if db.session.scalar(standing) is not None:
        raise RoleHeldAlready(sentence)

    db.session.add(held)
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise RoleHeldAlready(sentence) from clash
    record(
        "gave role",
        held,
        by=by,
        at=at,
        programme_id=programme.id,
        after={"account_id": account.id, "role": role},
    )
    return held


def take_role(held: StaffRole, *, by: Actor, at: datetime) -> None:
    """End a role; the last lead of a programme stays."""
    if held.role is Role.LEAD and len(_leads_of(held.programme)) == 1:
        raise LastLead(
            f"{held.account.person.name} is the only lead of this programme. "
            "Give the role to somebody else first."
        )

    record(
        "took role",
        held,
        by=by,
        at=at,
        programme_id=held.programme_id,
        before={"account_id": held.account_id, "role": held.role},
    )
    db.session.delete(held)


def _leads_of(programme: Programme) -> list[StaffRole]:
    # The programme's row is held, so that two leads cannot remove each other at once.
    hold(programme)
    rows = select(StaffRole).where(
        StaffRole.programme_id == programme.id, StaffRole.role == Role.LEAD
    )
    return list(db.session.scalars(rows))


def _differences(row: Any, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    # The row is any of our models; its columns are named by the callers above.
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    return {name: getattr(row, name) for name in changed}, changed


def _write(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
