"""Questions about agreements: those of a session, of a person, and those still open at the next event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.events.models import Event
from app.groupwork.models import Agreement, FollowUp, GroupWork, Table
from app.groupwork.rules.agreeing import Outcome
from app.people.models import Person
from app.plumbing.database import db
from app.programmes.models import TeamMembership
from app.registration.models import Registration, Status


def agreements_of(work: GroupWork) -> Sequence[Agreement]:
    """Return what was agreed in a session, in its order; what was taken back is not among it."""
    return db.session.scalars(_agreements().where(Agreement.group_work_id == work.id)).all()


def _agreements() -> Select[Agreement]:
    return (
        select(Agreement)
        .where(Agreement.withdrawn_at.is_(None))
        .options(
            joinedload(Agreement.table),
            joinedload(Agreement.owner).joinedload(Registration.person),
            joinedload(Agreement.owner).joinedload(Registration.team),
            joinedload(Agreement.owner_team),
        )
        .order_by(Agreement.number)
    )


def agreement_at(work: GroupWork, agreement_id: UUID) -> Agreement | None:
    """Return this agreement, if it is one of this session."""
    return db.session.scalar(
        _agreements().where(Agreement.group_work_id == work.id, Agreement.id == agreement_id)
    )


def agreement_sent_as(submission_id: UUID) -> Agreement | None:
    """Return the agreement that a form has become."""
    return db.session.scalar(select(Agreement).where(Agreement.submission_id == submission_id))


def agreements_of_table(table: Table) -> Sequence[Agreement]:
    """Return what a table has proposed."""
    return db.session.scalars(_agreements().where(Agreement.table_id == table.writes_for.id)).all()


def agreements_owned_by(person: Person, work: GroupWork, *, on: date) -> Sequence[Agreement]:
    """Return what somebody is to do, alone or with their team."""
    own = aliased(Registration)
    teams = select(TeamMembership.team_id).where(
        TeamMembership.person_id == person.id,
        TeamMembership.joined_on <= on,
        or_(TeamMembership.left_on.is_(None), TeamMembership.left_on >= on),
    )
    booked_with = select(Registration.team_id).where(
        Registration.person_id == person.id, Registration.event_id == work.event_id
    )
    return db.session.scalars(
        _agreements()
        .outerjoin(own, own.id == Agreement.owner_id)
        .where(
            Agreement.group_work_id == work.id,
            or_(
                own.person_id == person.id,
                Agreement.owner_team_id.in_(teams),
                Agreement.owner_team_id.in_(booked_with),
            ),
        )
    ).all()


def agreements_undertaken_by(person: Person) -> Sequence[Agreement]:
    """Return what somebody undertook in sessions that are shared, alone or with the team they came with.

    What they said no to is not theirs. The oldest first.
    """
    own, place, held_at = aliased(Registration), aliased(Registration), aliased(Event)
    came_with = (
        select(place.id)
        .where(
            place.person_id == person.id,
            place.event_id == GroupWork.event_id,
            place.team_id == Agreement.owner_team_id,
            place.status == Status.CONFIRMED,
        )
        .exists()
    )
    return db.session.scalars(
        _agreements()
        .join(Agreement.group_work)
        .join(held_at, GroupWork.event_id == held_at.id)
        .outerjoin(own, own.id == Agreement.owner_id)
        .options(
            contains_eager(Agreement.group_work).contains_eager(GroupWork.event.of_type(held_at))
        )
        .where(
            GroupWork.shared_at.is_not(None),
            Agreement.declined_at.is_(None),
            or_(own.person_id == person.id, came_with),
        )
        .order_by(None)
        .order_by(held_at.starts_at, Agreement.number)
    ).all()


def open_before(event: Event) -> Sequence[Agreement]:
    """Return what was agreed at earlier events of the programme and is not done yet, the oldest first."""
    earlier = aliased(Event)
    return db.session.scalars(
        _agreements()
        .join(Agreement.group_work)
        .join(earlier, GroupWork.event_id == earlier.id)
        .options(contains_eager(Agreement.group_work))
        .where(
            earlier.programme_id == event.programme_id,
            earlier.starts_at < event.starts_at,
            GroupWork.shared_at.is_not(None),
            or_(
                Agreement.outcome.is_(None),
                Agreement.outcome.in_([Outcome.PARTLY, Outcome.NOT_YET]),
            ),
        )
        .order_by(None)
        .order_by(earlier.starts_at, Agreement.number)
    ).all()


def follow_ups_of(work: GroupWork) -> Sequence[FollowUp]:
    """Return the letters about a session's agreements, with what was answered, the newest answer first."""
    return db.session.scalars(
        select(FollowUp)
        .join(FollowUp.agreement)
        .options(contains_eager(FollowUp.agreement))
        .where(and_(Agreement.group_work_id == work.id, Agreement.withdrawn_at.is_(None)))
        .order_by(FollowUp.answered_at.desc(), FollowUp.months)
    ).all()


def follow_up_with_id(follow_up_id: UUID) -> FollowUp | None:
    """Return a letter that asks after an agreement."""
    return db.session.get(FollowUp, follow_up_id)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many agreements there are, and what became of them."""

    total: int
    done: int
    partly: int
    not_yet: int
    dropped: int
    unanswered: int


def tally_of(agreements: Sequence[Agreement]) -> Tally:
    """Count what became of agreements."""

    def with_outcome(outcome: Outcome | None) -> int:
        return sum(one.outcome is outcome for one in agreements)

    return Tally(
        total=len(agreements),
        done=with_outcome(Outcome.DONE),
        partly=with_outcome(Outcome.PARTLY),
        not_yet=with_outcome(Outcome.NOT_YET),
        dropped=with_outcome(Outcome.DROPPED),
        unanswered=with_outcome(None),
    )
