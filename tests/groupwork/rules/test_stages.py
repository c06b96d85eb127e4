from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groupwork.rules.stages import (
    BEGINNING,
    GRACE,
    Move,
    NoSuchMove,
    Position,
    Stage,
    after,
    clock_again,
    may_undo,
    moves_from,
    seen_at,
    shows_cards,
    takes_agreements,
    takes_cards,
    takes_grouping,
    with_more_time,
)

AT = datetime(2026, 3, 26, 11, 0, tzinfo=UTC)
questions = st.integers(1, 9)
choices = st.lists(st.integers(0, 8), max_size=60)


def walked(many, chosen):
    """Every position of a walk, with the move that led there."""
    here, way = BEGINNING, [(None, BEGINNING)]
    for choice in chosen:
        moves = moves_from(here, questions=many)
        if not moves:
            break
        move = moves[choice % len(moves)]
        here = after(here, move, questions=many)
        way.append((move, here))
    return way


@given(questions, choices)
def test_a_walk_stays_within_the_questions_and_never_goes_back_to_an_earlier_one(many, chosen):
    asked = [position.question for _, position in walked(many, chosen)]

    assert asked == sorted(asked)
    assert all(0 <= question < many for question in asked)


@given(questions, choices)
def test_cards_are_read_only_after_a_reveal_of_their_own_question(many, chosen):
    revealed = set()
    for move, position in walked(many, chosen):
        if move is Move.REVEAL:
            revealed.add(position.question)
        if shows_cards(position.stage):
            assert position.question in revealed


@given(questions, choices)
def test_votes_are_counted_only_after_a_vote(many, chosen):
    stages = [position.stage for _, position in walked(many, chosen)]

    for before, stage in pairwise(stages):
        assert stage is not Stage.COUNTED or before is Stage.VOTING


@given(questions, choices)
def test_nothing_but_the_shared_end_is_a_dead_end(many, chosen):
    for _, position in walked(many, chosen):
        moves = moves_from(position, questions=many)
        assert bool(moves) is (position.stage is not Stage.SHARED)


@given(questions, choices, st.sampled_from(Move))
def test_a_move_is_refused_unless_it_is_offered(many, chosen, move):
    *_, (_, here) = walked(many, chosen)
    is_offered = move in moves_from(here, questions=many)

    if is_offered:
        assert isinstance(after(here, move, questions=many), Position)
    else:
        with pytest.raises(NoSuchMove):
            after(here, move, questions=many)


@given(st.sampled_from(Stage), st.timedeltas(timedelta(0), timedelta(hours=1)))
def test_a_card_is_never_taken_while_others_read_cards(stage, late):
    if shows_cards(stage):
        assert not takes_cards(stage, ends_at=AT, at=AT + late)
        assert not takes_cards(stage, ends_at=None, at=AT)


@given(st.sampled_from(Stage))
def test_no_stage_takes_two_kinds_of_things(stage):
    taken = (
        takes_cards(stage, ends_at=None, at=AT),
        takes_grouping(stage),
        takes_agreements(stage),
    )

    assert sum(taken) <= 1


@given(st.timedeltas(timedelta(minutes=-9), timedelta(minutes=9)))
def test_writing_is_closed_for_everybody_once_the_grace_is_over(passed):
    here = Position(Stage.WRITING, 1)

    seen = seen_at(here, ends_at=AT, at=AT + passed)

    assert seen.question == 1
    assert (seen.stage is Stage.WRITING) is (passed <= GRACE)
    assert takes_cards(Stage.WRITING, ends_at=AT, at=AT + passed) is (passed <= GRACE)


@given(st.timedeltas(timedelta(minutes=-9), timedelta(minutes=9)))
def test_a_move_can_be_taken_back_for_a_minute(passed):
    assert may_undo(AT, at=AT + passed) is (timedelta(0) <= passed <= timedelta(minutes=1))


@given(st.timedeltas(timedelta(0), timedelta(minutes=1)))
def test_a_clock_goes_on_with_what_was_left_on_it(passed):
    ends_at = AT + timedelta(minutes=5)

    again = clock_again(ends_at, done_at=AT, at=AT + passed)

    assert again - (AT + passed) == timedelta(minutes=5)


@given(st.timedeltas(timedelta(minutes=-30), timedelta(minutes=30)))
def test_two_more_minutes_are_at_least_two_minutes(left):
    ends_at = with_more_time(AT + left, at=AT)

    assert ends_at >= AT + timedelta(minutes=2)
    assert ends_at >= AT + left + timedelta(minutes=2)


def test_a_session_without_a_clock_has_none_to_set_again():
    assert clock_again(None, done_at=AT, at=AT) is None
