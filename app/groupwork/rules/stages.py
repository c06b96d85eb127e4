"""How a session moves: an explicit machine of stages, and what each of them lets people do.

    rehearsal → writing → closed → revealed → grouping → voting → counted
                   ↑___________ the next question ___________________|
    … → agreements → shared

Every screen derives from a position and the clock. Every move can be taken back for a minute.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(seconds=15)
"""After the time is up: whoever is in the middle of a word sends it."""
UNDO_WITHIN = timedelta(minutes=1)
MORE_TIME = timedelta(minutes=2)


class Stage(StrEnum):
    """Where a session stands."""

    REHEARSAL = "rehearsal"
    WRITING = "writing"
    CLOSED = "closed"
    REVEALED = "revealed"
    GROUPING = "grouping"
    VOTING = "voting"
    COUNTED = "counted"
    AGREEMENTS = "agreements"
    SHARED = "shared"


class Move(StrEnum):
    """What a facilitator does to go on."""

    START = "start"
    TIME = "time"
    MORE_TIME = "more_time"
    REVEAL = "reveal"
    GROUP = "group"
    VOTE = "vote"
    COUNT = "count"
    NEXT = "next"
    AGREE = "agree"
    SHARE = "share"


class NoSuchMove(ValueError):
    """A move does not lead on from where the session stands."""


@dataclass(frozen=True)
class Position:
    """A stage, and the question that it is about, counted from nought."""

    stage: Stage
    question: int = 0


BEGINNING = Position(Stage.REHEARSAL)

_WITHIN_A_QUESTION = {
    (Stage.REHEARSAL, Move.START): Stage.WRITING,
    (Stage.WRITING, Move.TIME): Stage.CLOSED,
    (Stage.WRITING, Move.MORE_TIME): Stage.WRITING,
    (Stage.CLOSED, Move.REVEAL): Stage.REVEALED,
    (Stage.CLOSED, Move.MORE_TIME): Stage.WRITING,
    (Stage.REVEALED, Move.GROUP): Stage.GROUPING,
    (Stage.REVEALED, Move.VOTE): Stage.VOTING,
    (Stage.GROUPING, Move.VOTE): Stage.VOTING,
    (Stage.VOTING, Move.COUNT): Stage.COUNTED,
    (Stage.AGREEMENTS, Move.SHARE): Stage.SHARED,
}
_DONE_WITH_A_QUESTION = (Stage.REVEALED, Stage.GROUPING, Stage.COUNTED)


def moves_from(position: Position, *, questions: int) -> tuple[Move, ...]:
    """Return the moves that lead on from here, the usual one first."""
    here = tuple(move for stage, move in _WITHIN_A_QUESTION if stage is position.stage)
    if position.stage not in _DONE_WITH_A_QUESTION:
        return here
    is_last = position.question + 1 >= questions
    onward = (Move.AGREE,) if is_last else (Move.NEXT, Move.AGREE)
    return (*here, *onward)


def after(position: Position, move: Move, *, questions: int) -> Position:
    """Return where a move leads; raise NoSuchMove where it does not lead on from here."""
    if move not in moves_from(position, questions=questions):
        raise NoSuchMove(move)
    if move is Move.NEXT:
        return Position(Stage.WRITING, position.question + 1)
    if move is Move.AGREE:
        return Position(Stage.AGREEMENTS, position.question)
    return Position(_WITHIN_A_QUESTION[position.stage, move], position.question)


def seen_at(position: Position, *, ends_at: datetime | None, at: datetime) -> Position:
    """Return where a session stands for everybody who looks: a clock that has run out has closed it."""
    has_run_out = position.stage is Stage.WRITING and ends_at is not None and at > ends_at + GRACE
    return Position(Stage.CLOSED, position.question) if has_run_out else position


def takes_cards(stage: Stage, *, ends_at: datetime | None, at: datetime) -> bool:
    """Say whether a card that arrives now is taken: while there is time, and in the grace after it."""
    if stage is Stage.REHEARSAL:
        return True
    if stage not in (Stage.WRITING, Stage.CLOSED):
        return False
    return ends_at is None or at <= ends_at + GRACE


def shows_cards(stage: Stage) -> bool:
    """Say whether others than their writers read the cards of the question at hand."""
    return stage in (
        Stage.REVEALED,
        Stage.GROUPING,
        Stage.VOTING,
        Stage.COUNTED,
        Stage.AGREEMENTS,
        Stage.SHARED,
    )


def takes_grouping(stage: Stage) -> bool:
    """Say whether cards can be put into themes: not before they are read, nor once they are voted on."""
    return stage in (Stage.REVEALED, Stage.GROUPING)


def takes_agreements(stage: Stage) -> bool:
    """Say whether agreements can be proposed and changed."""
    return stage is Stage.AGREEMENTS


def may_undo(done_at: datetime, *, at: datetime) -> bool:
    """Say whether a move can still be taken back."""
    return done_at <= at <= done_at + UNDO_WITHIN


def clock_again(ends_at: datetime | None, *, done_at: datetime, at: datetime) -> datetime | None:
    """Return a clock that a move had stopped or changed, with the time that was left on it then."""
    return at + (ends_at - done_at) if ends_at is not None else None


def with_more_time(ends_at: datetime | None, *, at: datetime) -> datetime:
    """Return the end of a clock with two more minutes, counted from now if it has run out."""
    return max(ends_at or at, at) + MORE_TIME
