import pytest

from app.posters.actions.papers import stand_cards
from app.posters.rules import CardSize
from tests.factories.posters import a_poster
from tests.factories.programmes import a_team
from tests.posters.papers import codes_in, findings_in, sizes_of, words_in

LONGEST = (
    "Measuring what matters to people who care for somebody with dementia, and changing one thing a "
    "week until it did; a year of small tests, told in nine run charts and one apology to reception"
)


@pytest.fixture
def posters(summit):
    given = {1: "Fewer missed calls", 2: LONGEST, 12: ""}
    return [
        a_poster(a_team(summit.programme, f"Practice {stand}"), summit, title=title, stand=stand)
        for stand, title in given.items()
    ]


def test_small_cards_share_sheets_in_the_order_of_their_stands(summit, posters):
    drawn = stand_cards(summit, posters, CardSize.A5).drawn()

    first, second, third = (f"HTTP://LOCALHOST/P/{poster.code}" for poster in posters)
    assert sizes_of(drawn) == [(297, 210), (297, 210)]
    assert codes_in(drawn) == sorted([first, second])
    assert codes_in(drawn, 1) == [third]
    assert findings_in(drawn) == ()


def test_large_cards_have_a_sheet_each(summit, posters):
    drawn = stand_cards(summit, posters, CardSize.A4).drawn()

    assert sizes_of(drawn) == [(210, 297)] * 3
    assert [codes_in(drawn, number) for number in range(3)] == [
        [f"HTTP://LOCALHOST/P/{poster.code}"] for poster in posters
    ]
    assert findings_in(drawn) == ()


def test_a_small_card_alone_is_no_larger_than_itself(summit, posters):
    drawn = stand_cards(summit, posters[:1], CardSize.A5).drawn()

    assert sizes_of(drawn) == [(148, 210)]


def test_a_card_says_stand_title_team_and_short_address(summit, posters):
    titled, longest, untitled = (
        words_in(stand_cards(summit, [poster], CardSize.A4).drawn()) for poster in posters
    )

    assert "Stand 1 " in titled and "Fewer missed calls Practice 1" in titled
    assert f"localhost/p/{posters[0].code}" in titled
    assert LONGEST in longest
    assert "Stand 12 " in untitled and "Practice 12 Look closer" in untitled


def test_a_card_without_a_stand_has_no_number(summit, team):
    drawn = stand_cards(summit, [a_poster(team, summit)], CardSize.A5).drawn()

    assert "Stand" not in words_in(drawn)
    assert "Fewer missed calls" in words_in(drawn)
