"""An attacker with linear algebra tries everything that is published, over several rounds."""

from collections import Counter
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.questionnaires.rules.closing import Answered, Earlier, Round, after, close_round
from app.questionnaires.rules.publishing import (
    Hidden,
    Place,
    TeamCount,
    hidden_by_itself,
    is_safe,
    shown_teams,
)
from app.questionnaires.rules.sheets import Area, Item, Sheet

SMALLEST = 3
SHEET = Sheet(
    ("no", "so-so", "yes"),
    tuple(Area(name, name.title(), (Item(f"{name}-1", f"{name}?"),)) for name in "abc"),
)
TEAMS = ("north", "south", "east")
PEOPLE = [f"p{number}" for number in range(11)]


def rank(rows):
    """The rank of a matrix, exactly."""
    rows = [[Fraction(cell) for cell in row] for row in rows if any(row)]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((n for n in range(found, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for other in range(found + 1, len(rows)):
            if factor := rows[other][column] / rows[found][column]:
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[found], strict=True)
                ]
        found += 1
    return found


def worked_out(published, people, *, smallest):
    """Groups of fewer than `smallest` people about whom something follows from the published sums."""
    whole = rank([[who in group for who in people] for group in published])
    return [
        group
        for size in range(1, smallest)
        for group in combinations(people, size)
        if rank([[who in g for who in people if who not in group] for g in published]) < whole
    ]


def everything_published(rounds):
    """The groups about which each round's figures were published, in all that was ever shown."""
    groups: dict[str, list[set[str]]] = {}
    history: list[Earlier] = []
    for name, (answers, teams, leavers) in enumerate(rounds):
        closing = close_round(Round(str(name), SHEET, answers), teams, history, smallest=SMALLEST)
        mine = groups.setdefault(str(name), [])
        if closing.cohort:
            mine.append(set(answers))
        for team, result in closing.teams.items():
            if result.why is None:
                mine.append({who for who, one in answers.items() if one.team == team})
        if closing.panel:
            for other in closing.panel.figures:
                groups[other].append(set(closing.people))
        history = after(Round(str(name), SHEET, answers), closing, history)
        history = [taken_back(one, leavers) for one in history]
    return groups


def taken_back(one, leavers):
    """A closed round after these people took their answers back."""
    for who in sorted(leavers):
        one = one.without(who)
    return one


@st.composite
def a_series(draw):
    team_of = {who: draw(st.sampled_from([*TEAMS, None])) for who in PEOPLE}
    linked = {who: draw(st.integers(0, 5)) > 0 for who in PEOPLE}
    members = {team: sum(t == team for t in team_of.values()) for team in TEAMS}
    rounds = []
    for _ in range(draw(st.integers(1, 4))):
        out = draw(st.sets(st.sampled_from(PEOPLE), max_size=6))
        answers = {
            who: Answered(dict.fromkeys(("a-1", "b-1", "c-1"), 2), team_of[who], linked[who])
            for who in PEOPLE
            if who not in out
        }
        counts = Counter(one.team for one in answers.values())
        teams = {team: TeamCount(counts[team], members[team]) for team in TEAMS}
        leavers = draw(st.sets(st.sampled_from(PEOPLE), max_size=2))
        rounds.append((answers, teams, leavers))
    return rounds


@settings(max_examples=120)
@given(a_series())
def test_nobody_is_worked_out_of_all_that_was_ever_published(rounds):
    for groups in everything_published(rounds).values():
        assert worked_out(groups, PEOPLE, smallest=SMALLEST) == []


def test_the_attacker_finds_what_an_incautious_publisher_shows():
    everybody, team = set("abcdefgh"), set("abcdef")

    assert worked_out([everybody, team], sorted(everybody), smallest=3) == [("g", "h")]


@given(a_series())
def test_the_panel_holds_only_people_who_answered_every_round_and_may_be_followed(rounds):
    history, before = [], None
    for name, (answers, teams, leavers) in enumerate(rounds):
        closing = close_round(Round(str(name), SHEET, answers), teams, history, smallest=SMALLEST)
        if closing.people is not None:
            assert all(answers[who].is_linked for who in closing.people)
            assert all(
                set(closing.people) <= set(one.answers) for one in history if one.is_in_chain
            )
            assert before is None or closing.people <= before
            assert len(closing.people) >= SMALLEST
            before = closing.people
        history = after(Round(str(name), SHEET, answers), closing, history)
        history = [taken_back(one, leavers) for one in history]


def test_a_team_is_hidden_below_the_smallest_number_unless_all_agreed():
    assert hidden_by_itself(TeamCount(4, 8), smallest=5) is Hidden.TOO_FEW
    assert hidden_by_itself(TeamCount(5, 8), smallest=5) is None
    assert hidden_by_itself(TeamCount(2, 2, all_agreed=True), smallest=5) is None
    assert hidden_by_itself(TeamCount(0, 4, all_agreed=False), smallest=5) is Hidden.NOBODY


def test_a_team_of_which_all_but_one_answered_is_hidden():
    assert hidden_by_itself(TeamCount(7, 8), smallest=5) is Hidden.ALL_BUT_ONE
    assert hidden_by_itself(TeamCount(8, 8), smallest=5) is None
    assert hidden_by_itself(TeamCount(1, 1), smallest=5) is Hidden.TOO_FEW


def test_with_one_hidden_team_the_smallest_other_is_hidden_too():
    teams = {"a": TeamCount(9, 20), "b": TeamCount(6, 20), "c": TeamCount(2, 20)}
    columns = {name: Counter({0: team.answered}) for name, team in teams.items()}

    assert shown_teams(teams, columns, smallest=5) == {
        "a": None,
        "b": Hidden.COMPLEMENT,
        "c": Hidden.TOO_FEW,
    }


def test_two_hidden_teams_that_are_large_enough_together_hide_each_other():
    teams = {"a": TeamCount(9, 20), "b": TeamCount(3, 20), "c": TeamCount(2, 20)}
    columns = {name: Counter({0: team.answered}) for name, team in teams.items()}

    assert shown_teams(teams, columns, smallest=5) == {
        "a": None,
        "b": Hidden.TOO_FEW,
        "c": Hidden.TOO_FEW,
    }


def test_two_people_who_fell_out_are_not_the_difference_of_two_tables():
    column = Counter({Place(None, 0): 2, Place(None, 1): 30})

    assert not is_safe(column, smallest=5)
    assert is_safe(Counter({Place(None, 0): 5, Place(None, 1): 27}), smallest=5)
    assert is_safe(Counter({Place(None, 1): 32}), smallest=5)


def test_when_few_fall_out_others_are_left_out_by_lot_with_them():
    def answers(people):
        return {
            who: Answered(dict.fromkeys(("a-1", "b-1", "c-1"), 2), None, True) for who in people
        }

    first, second = answers(PEOPLE), answers(PEOPLE[1:])
    opening = close_round(Round("1", SHEET, first), {}, [], smallest=3)
    history = after(Round("1", SHEET, first), opening, [])

    closing = close_round(Round("2", SHEET, second), {}, history, smallest=3)

    # One fell out; two more leave the first round's difference at three, a third the second's.
    assert (closing.panel.n, closing.panel.left_out) == (7, 3)
    assert closing == close_round(Round("2", SHEET, second), {}, history, smallest=3)


def test_whoever_takes_answers_back_is_not_the_difference_of_two_tables():
    def answers(people):
        return {
            who: Answered(dict.fromkeys(("a-1", "b-1", "c-1"), 2), None, True) for who in people
        }

    first, second = answers(PEOPLE), answers(PEOPLE[1:])
    opening = close_round(Round("1", SHEET, first), {}, [], smallest=3)
    (left,) = after(Round("1", SHEET, first), opening, [])

    closing = close_round(Round("2", SHEET, second), {}, [left.without(PEOPLE[0])], smallest=3)

    # As if the one had only not answered again: the first table still has them in it.
    assert (closing.panel.n, closing.panel.left_out) == (7, 3)


def test_a_team_that_somebody_left_with_their_answers_is_not_the_same_people():
    def answers(people):
        return {
            who: Answered(dict.fromkeys(("a-1", "b-1", "c-1"), 2), "north", True) for who in people
        }

    first, second = answers(PEOPLE), answers(PEOPLE[1:])
    teams = {"north": TeamCount(11, 11)}
    opening = close_round(Round("1", SHEET, first), teams, [], smallest=3)
    (whole,) = after(Round("1", SHEET, first), opening, [])
    left = whole.without(PEOPLE[0])

    closing = close_round(
        Round("2", SHEET, second), {"north": TeamCount(10, 10)}, [left], smallest=3
    )

    assert closing.teams["north"].why is None
    assert closing.teams["north"].same_people_as == frozenset()
