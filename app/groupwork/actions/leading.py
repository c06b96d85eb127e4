"""A facilitator moves a session on, takes a move back, and turns the wall."""

from datetime import datetime, timedelta
from uuid import uuid4

from app.groupwork.actions.following_up import plan_letters
from app.groupwork.models import GroupWork, Prompt, Step
from app.groupwork.queries.sessions import prompt_at, prompts_of, step_at, undoable_step
from app.groupwork.queries.themes import themes_of
from app.groupwork.rules.stages import (
    Move,
    NoSuchMove,
    Position,
    Stage,
    after,
    clock_again,
    seen_at,
    with_more_time,
)
from app.kernel.actor import Actor
from app.kernel.refusal import Refusal
from app.plumbing.audit import record
from app.plumbing.database import db, hold

DONE = {
    Move.START: "started a question",
    Move.TIME: "ended the writing",
    Move.MORE_TIME: "gave more time",
    Move.REVEAL: "revealed the cards",
    Move.GROUP: "began to group the cards",
    Move.VOTE: "opened the vote",
    Move.COUNT: "counted the votes",
    Move.NEXT: "went on to the next question",
    Move.AGREE: "asked for agreements",
    Move.SHARE: "finished and shared",
}
"""What each move is called in the record of changes."""


class MovedOn(Refusal):
    """Somebody else led the session on while this facilitator looked at an older state of it."""


class NothingToVoteOn(Refusal):
    """A vote needs a theme."""


class TooLateToUndo(Refusal):
    """There is no move that can still be taken back."""


def move(work: GroupWork, move: Move, *, seen: int, by: Actor, at: datetime) -> None:
    """Lead a session on; the same move of two facilitators at once is one move.

    `seen` is how many moves the facilitator's page knew of: whoever looked at an older state may
    have meant something else.
    """
    hold(work)
    if seen != work.steps:
        _refuse_unless_same(work, move, seen)
        return
    prompts = prompts_of(work)
    here = seen_at(work.position, ends_at=work.ends_at, at=at)
    try:
        there = after(here, move, questions=len(prompts))
    except NoSuchMove as why:
        raise MovedOn("The session does not go on like that from here. Look again.") from why

    if move is Move.VOTE and not themes_of(prompts[here.question]):
        raise NothingToVoteOn("Votes go to themes. Put some cards into a theme first.")
    _note(work, move.value, by=by, at=at)
    _go(work, there, prompts[there.question], move, at=at)
    _follow_up(work, move, prompts[here.question], at=at)
    record(
        DONE[move],
        work,
        by=by,
        at=at,
        programme_id=work.event.programme_id,
        before={"stage": here.stage.value, "question": here.question + 1},
        after={"stage": there.stage.value, "question": there.question + 1},
    )


def _refuse_unless_same(work: GroupWork, move: Move, seen: int) -> None:
    meanwhile = step_at(work, seen + 1)
    if meanwhile is None or meanwhile.move != move.value or seen + 1 != work.steps:
        raise MovedOn("The session was led on from another phone a moment ago. Look again.")


def _note(work: GroupWork, what: str, *, by: Actor, at: datetime) -> None:
    work.steps += 1
    db.session.add(
        Step(
            id=uuid4(),
            group_work_id=work.id,
            number=work.steps,
            move=what,
            from_stage=work.stage,
            from_question=work.question,
            from_ends_at=work.ends_at,
            at=at,
            by=by.label[:80],
        )
    )


def _go(work: GroupWork, there: Position, prompt: Prompt, move: Move, *, at: datetime) -> None:
    work.stage, work.question = there.stage, there.question
    work.ends_at = _clock(work.ends_at, prompt, move, at=at)
    work.wall_first, work.wall_since, work.wall_is_paused = 0, at, False
    work.reading = None


def _clock(
    ends_at: datetime | None, prompt: Prompt, move: Move, *, at: datetime
) -> datetime | None:
    if move in (Move.START, Move.NEXT):
        return at + timedelta(minutes=prompt.minutes)
    if move is Move.MORE_TIME:
        return with_more_time(ends_at, at=at)
    if move is Move.TIME:
        return min(ends_at or at, at)
    return ends_at if move is Move.REVEAL else None


def _follow_up(work: GroupWork, move: Move, prompt: Prompt, *, at: datetime) -> None:
    if move is Move.COUNT:
        prompt.counted_at = at
    if move is Move.SHARE:
        work.shared_at = at
        plan_letters(work, at=at)


def undo(work: GroupWork, *, seen: int, by: Actor, at: datetime) -> None:
    """Take the last move back, within a minute; what was written meanwhile is kept.

    It counts as a step without a row of its own, so that it cannot itself be taken back.
    """
    hold(work)
    if seen + 1 == work.steps and step_at(work, work.steps) is None:
        return  # another facilitator has just taken the same move back
    if seen != work.steps:
        raise MovedOn("The session was led on from another phone a moment ago. Look again.")
    step = undoable_step(work, at=at)
    if step is None:
        raise TooLateToUndo("A move can be taken back for a minute, and that is over.")

    if step.move == Move.COUNT.value:
        prompt_at(work, step.from_question).counted_at = None
    if step.move == Move.SHARE.value:
        work.shared_at = None
    step.undone_at = at
    work.steps += 1
    work.stage, work.question = step.from_stage, step.from_question
    work.ends_at = clock_again(step.from_ends_at, done_at=step.at, at=at)
    work.wall_first, work.wall_since = 0, at
    record(
        "took a move back",
        work,
        by=by,
        at=at,
        programme_id=work.event.programme_id,
        before={"move": step.move},
        after={"stage": work.stage.value, "question": work.question + 1},
    )


def turn_wall(work: GroupWork, *, to: int, is_paused: bool, at: datetime) -> None:
    """Let the wall show these six, and stay there or go on turning."""
    hold(work)
    work.wall_first, work.wall_since, work.wall_is_paused = max(to, 0), at, is_paused
    work.revision += 1


def read_back(work: GroupWork, number: int | None, *, at: datetime) -> None:
    """Show one agreement on the wall, large, or all of them again."""
    hold(work)
    if work.stage is not Stage.AGREEMENTS:
        raise MovedOn("Agreements are read back while they are collected.")
    work.reading = number
    work.wall_since = at
    work.revision += 1
