"""A session is prepared: its questions, its tables, and who sits where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from app.events.models import Event
from app.groupwork.actions.forgetting import plan_forgetting
from app.groupwork.models import Card, GroupWork, Prompt, Seat, Table
from app.groupwork.queries.cards import has_cards
from app.groupwork.queries.sessions import group_work_of, prompts_of
from app.groupwork.queries.tables import tables_of
from app.groupwork.rules.stages import Stage
from app.groupwork.rules.tables import Seating, mixed
from app.groupwork.rules.voting import Voters
from app.groupwork.rules.words import USUAL_MINUTES, USUAL_QUESTIONS
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold, insert_new
from app.programmes.queries import teams_of
from app.registration.models import Registration, Status
from app.registration.queries import registrations_of


class HasBegun(Refusal):
    """Questions and tables stay as they are once people write to them."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a session is meant to go."""

    questions: Sequence[str] = USUAL_QUESTIONS
    minutes: int = USUAL_MINUTES
    seating: Seating = Seating.BY_TEAM
    tables: int = 6
    is_moderated: bool = False
    voters: Voters = Voters.TABLES
    dots: int = 3


def prepare(event: Event, plan: Plan, *, by: Actor, at: datetime) -> GroupWork:
    """Prepare the group work of an event, or plan it anew while nobody has begun."""
    insert_new(
        GroupWork(
            id=uuid4(),
            event_id=event.id,
            stage=Stage.REHEARSAL,
            question=0,
            steps=0,
            revision=0,
            is_moderated=plan.is_moderated,
            seating=plan.seating,
            voters=plan.voters,
            dots=plan.dots,
            wall_first=0,
            wall_since=at,
            wall_is_paused=False,
            prepared_at=at,
        )
    )
    work = group_work_of(event)
    assert work is not None, "it is there: we or somebody at the same moment wrote it"
    hold(work)
    if work.stage is not Stage.REHEARSAL or has_cards(work):
        raise HasBegun(
            "The group work has begun, so its questions and tables stay as they are. "
            "Take the start back within a minute to change them."
        )
    work.is_moderated, work.voters, work.dots = plan.is_moderated, plan.voters, plan.dots
    work.revision += 1
    _ask(work, plan)
    _lay_tables(work, plan, event)
    plan_forgetting(event.programme, at=at)
    record(
        "prepared group work",
        work,
        by=by,
        at=at,
        programme_id=event.programme_id,
        after={"questions": len(plan.questions), "seating": plan.seating.value.replace("_", " ")},
    )
    return work


def _ask(work: GroupWork, plan: Plan) -> None:
    standing = {prompt.place: prompt for prompt in prompts_of(work)}
    for place, text in enumerate(plan.questions):
        prompt = standing.pop(place, None)
        if prompt is None:
            prompt = Prompt(group_work_id=work.id, place=place)
            db.session.add(prompt)
        prompt.text, prompt.minutes = text, plan.minutes
    for unwanted in standing.values():
        db.session.delete(unwanted)
    db.session.flush()


def _lay_tables(work: GroupWork, plan: Plan, event: Event) -> None:
    """Lay as many tables as wanted; cards with a code on them that were printed stay good."""
    teams = teams_of(event.programme) if plan.seating is Seating.BY_TEAM else []
    wanted = len(teams) or plan.tables
    standing = {table.number: table for table in tables_of(work)}
    work.seating = plan.seating
    for number in range(1, wanted + 1):
        table = standing.pop(number, None)
        if table is None:
            table = Table(id=uuid4(), group_work_id=work.id, number=number)
            db.session.add(table)
        table.team_id = teams[number - 1].id if teams else None
        table.joined_id = None
    db.session.flush()
    for unwanted in standing.values():
        db.session.execute(delete(Card).where(Card.table_id == unwanted.id))
        db.session.delete(unwanted)
    db.session.flush()
    seat_all(work, anew=True)


def seat_all(work: GroupWork, *, anew: bool = False) -> None:
    """Give everybody with a place a seat; whoever sits already stays, unless all are drawn anew."""
    hold(work)
    tables = [table for table in tables_of(work) if table.joined_id is None]
    if anew:
        db.session.execute(
            delete(Seat).where(
                Seat.table_id.in_(select(Table.id).where(Table.group_work_id == work.id))
            )
        )
    rows = db.session.execute(
        select(Seat.registration_id, Seat.table_id)
        .join(Table, Seat.table_id == Table.id)
        .where(Table.group_work_id == work.id)
    )
    seated = {place_id: table_id for place_id, table_id in rows}  # noqa: C416 - a Result is no mapping
    standing = [
        place
        for place in registrations_of(work.event, status=Status.CONFIRMED)
        if place.id not in seated
    ]
    for place, table in _seats(work, tables, standing, list(seated.values())):
        db.session.add(Seat(registration_id=place.id, table_id=table.id))
    db.session.flush()


def _seats(
    work: GroupWork,
    tables: Sequence[Table],
    people: Sequence[Registration],
    taken: Sequence[UUID],
) -> list[tuple[Registration, Table]]:
    if work.seating is Seating.BY_TEAM:
        of_team = {table.team_id: table for table in tables if table.team_id}
        return [(place, of_team[place.team_id]) for place in people if place.team_id in of_team]
    if not tables:
        return []
    drawn = mixed(
        [(place.id, place.team_id) for place in people],
        tables=len(tables),
        taken=[taken.count(table.id) for table in tables],
    )
    return [(place, tables[drawn[place.id]]) for place in people]
