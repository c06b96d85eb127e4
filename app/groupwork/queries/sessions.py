"""Questions about a session: where it stands, its questions, and who has moved it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import contains_eager

from app.events.models import Event
from app.groupwork.models import Card, Dots, GroupWork, Prompt, Scribe, Seat, Step, Table
from app.groupwork.rules.stages import Move, Position, Stage, may_undo, moves_from, seen_at
from app.groupwork.rules.wall import page_now
from app.plumbing.database import ask, db
from app.programmes.models import Programme
from app.registration.models import Registration, Status


def group_work_of(event: Event) -> GroupWork | None:
    """Return the group work of an event, if it is prepared."""
    return db.session.scalar(select(GroupWork).where(GroupWork.event_id == event.id))


def shared_sessions_of(programme: Programme) -> Sequence[GroupWork]:
    """Return the sessions of a programme that were finished and shared, in the order of their events."""
    return db.session.scalars(
        select(GroupWork)
        .join(GroupWork.event)
        .options(contains_eager(GroupWork.event))
        .where(Event.programme_id == programme.id, GroupWork.shared_at.is_not(None))
        .order_by(Event.starts_at)
    ).all()


def prompts_of(work: GroupWork) -> Sequence[Prompt]:
    """Return the questions in their order."""
    return db.session.scalars(
        select(Prompt).where(Prompt.group_work_id == work.id).order_by(Prompt.place)
    ).all()


def prompt_at(work: GroupWork, place: int) -> Prompt:
    """Return the question at a place; there always is one."""
    return db.session.scalars(
        select(Prompt).where(Prompt.group_work_id == work.id, Prompt.place == place)
    ).one()


def last_step(work: GroupWork) -> Step | None:
    """Return the newest move that was not taken back."""
    return db.session.scalar(
        select(Step)
        .where(Step.group_work_id == work.id, Step.undone_at.is_(None))
        .order_by(Step.number.desc())
        .limit(1)
    )


def question_begun_at(work: GroupWork) -> datetime | None:
    """Return when the tables were asked the question at hand; more time does not begin it anew."""
    return db.session.scalar(
        select(func.max(Step.at)).where(
            Step.group_work_id == work.id,
            Step.undone_at.is_(None),
            Step.move.in_([Move.START.value, Move.NEXT.value]),
        )
    )


def step_at(work: GroupWork, number: int) -> Step | None:
    """Return the move of this number."""
    return db.session.scalar(
        select(Step).where(Step.group_work_id == work.id, Step.number == number)
    )


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a session stands for everybody who looks now."""

    work: GroupWork
    prompts: Sequence[Prompt]
    at: datetime

    @property
    def position(self) -> Position:
        """Return the stage and the question, as the clock has them."""
        return seen_at(self.work.position, ends_at=self.work.ends_at, at=self.at)

    @property
    def stage(self) -> Stage:
        """Return the stage."""
        return self.position.stage

    @property
    def prompt(self) -> Prompt:
        """Return the question at hand."""
        return self.prompts[self.work.question]

    @property
    def moves(self) -> tuple[Move, ...]:
        """Return the moves that lead on from here."""
        return moves_from(self.position, questions=len(self.prompts))

    @property
    def scene(self) -> str:
        """Return a word for what a page shows as a whole; with another one it is made anew."""
        return f"{self.work.steps}-{self.stage.value}"


def standing_of(work: GroupWork, *, at: datetime) -> Standing:
    """Return where a session stands."""
    return Standing(work=work, prompts=prompts_of(work), at=at)


def scene_word(work: GroupWork, *, at: datetime) -> str:
    """Return a word that changes whenever a table's page may look different: not with every card."""
    return _scene_word((work.steps, work.revision, work.stage, work.question, work.ends_at), at=at)


def scene_for(person_id: UUID, *, programme_slug: str, event_slug: str, at: datetime) -> str | None:
    """Return the same word for somebody with a place at an event, in one question; None without one."""
    row = ask(
        _scene(), person_id=person_id, programme_slug=programme_slug, event_slug=event_slug
    ).one_or_none()
    if row is None:
        return None
    *scene, table_id = row
    return f"{_scene_word(scene, at=at)}-{table_id}"


def _scene_word(scene: Sequence[Any], *, at: datetime) -> str:
    steps, revision, stage, question, ends_at = scene
    seen = seen_at(Position(stage, question), ends_at=ends_at, at=at).stage.value
    return f"{steps}-{revision}-{seen}"


@cache
def _scene() -> Select[*tuple[Any, ...]]:
    return (
        select(
            GroupWork.steps,
            GroupWork.revision,
            GroupWork.stage,
            GroupWork.question,
            GroupWork.ends_at,
            Seat.table_id,
        )
        .join(Event, GroupWork.event_id == Event.id)
        .join(Programme, Event.programme_id == Programme.id)
        .join(Registration, Registration.event_id == Event.id)
        .join(Seat, Seat.registration_id == Registration.id)
        .where(
            Programme.slug == bindparam("programme_slug"),
            Event.slug == bindparam("event_slug"),
            Registration.person_id == bindparam("person_id"),
            Registration.status == Status.CONFIRMED,
        )
    )


def undoable_step(work: GroupWork, *, at: datetime) -> Step | None:
    """Return the move that can be taken back now, if any."""
    step = last_step(work)
    return step if step is not None and may_undo(step.at, at=at) else None


def revision_of(event_id: UUID, *, at: datetime) -> str:
    """Return a word that changes whenever anything in a session may look different, in one question."""
    row = ask(_revision(), event_id=event_id).one_or_none()
    if row is None:
        return "none"
    (steps, revision, stage, question, ends_at, first, since, is_paused, *counts) = row
    seen = seen_at(Position(stage, question), ends_at=ends_at, at=at).stage.value
    # A thousand cards turn as their own number does: what counts is that the word changes in time.
    turn = page_now(6000, first=first, since=since, is_paused=is_paused, at=at)
    return "-".join(str(part) for part in (steps, revision, seen, turn, *counts))


@cache
def _revision() -> Select[*tuple[Any, ...]]:
    def number_of(counted: Select[int]) -> Any:  # SQLAlchemy names no type for it
        return counted.correlate(GroupWork).scalar_subquery()

    return select(
        GroupWork.steps,
        GroupWork.revision,
        GroupWork.stage,
        GroupWork.question,
        GroupWork.ends_at,
        GroupWork.wall_first,
        GroupWork.wall_since,
        GroupWork.wall_is_paused,
        number_of(select(func.count(Card.id)).where(Card.group_work_id == GroupWork.id)),
        number_of(
            select(
                func.count(Dots.table_id.distinct()) + func.count(Dots.registration_id.distinct())
            )
            .join(Prompt, Dots.prompt_id == Prompt.id)
            .where(Prompt.group_work_id == GroupWork.id)
        ),
        number_of(
            select(func.count(Scribe.id))
            .join(Table, Scribe.table_id == Table.id)
            .where(Table.group_work_id == GroupWork.id)
        ),
    ).where(GroupWork.event_id == bindparam("event_id"))
