from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.groupwork.rules.tables import mixed
from app.groupwork.rules.wall import on_page, pages_of

people = st.lists(st.sampled_from(["Riverside", "Old Mill", "The Limes", None]), max_size=60).map(
    lambda teams: list(enumerate(teams))
)


@given(people, st.integers(1, 12))
def test_everybody_sits_somewhere_and_no_team_crowds_a_table(folk, tables):
    seats = mixed(folk, tables=tables)

    assert set(seats) == {who for who, _ in folk}
    assert all(0 <= table < tables for table in seats.values())
    for team in {team for _, team in folk}:
        mates = Counter(seats[who] for who, theirs in folk if theirs == team)
        at_each = [mates[table] for table in range(tables)]
        assert max(at_each) - min(at_each) <= 1


@given(st.integers(0, 200))
def test_the_wall_shows_each_card_once_in_a_round(things):
    cards = list(range(things))

    shown = [card for page in range(pages_of(things)) for card in on_page(cards, page)]

    assert shown == cards
