import pytest

from app.reports.rules.counts import Count, counts_shown

HIDDEN = Count(None)


def test_large_numbers_are_shown_with_their_total():
    counts = counts_shown({"Hill Top": 5, "The Limes": 8}, smallest=5)

    assert counts.parts == {"Hill Top": Count(5), "The Limes": Count(8)}
    assert counts.total == Count(13)


def test_a_small_number_is_hidden_with_the_one_it_would_follow_from():
    counts = counts_shown({"Hill Top": 3, "The Limes": 8, "Old Mill": 6}, smallest=5)

    assert counts.parts == {"Hill Top": HIDDEN, "The Limes": Count(8), "Old Mill": HIDDEN}
    assert counts.total == Count(17)


def test_two_small_numbers_that_hide_each_other_need_no_third():
    counts = counts_shown({"Hill Top": 3, "Old Mill": 4, "The Limes": 6}, smallest=5)

    assert counts.parts == {"Hill Top": HIDDEN, "Old Mill": HIDDEN, "The Limes": Count(6)}


def test_a_complement_of_two_parts_hides_both():
    counts = counts_shown({"complete": 31, "not complete": 2}, smallest=5)

    assert set(counts.parts.values()) == {HIDDEN}
    assert counts.total == Count(33)


def test_nobody_is_said_and_hides_nothing():
    counts = counts_shown({"Hill Top": 0, "The Limes": 8}, smallest=5)

    assert counts.parts == {"Hill Top": Count(0), "The Limes": Count(8)}


def test_a_small_total_is_hidden_with_all_its_parts():
    counts = counts_shown({"Hill Top": 2, "The Limes": 2}, smallest=5)

    assert (*counts.parts.values(), counts.total) == (HIDDEN, HIDDEN, HIDDEN)


def test_a_total_is_hidden_from_which_each_part_would_follow_as_one():
    counts = counts_shown(dict.fromkeys("abcdef", 1), smallest=5)

    assert counts.total == HIDDEN


def test_no_total_where_there_is_nobody_is_nobody():
    assert counts_shown({}, smallest=5).total == Count(0)


@pytest.mark.parametrize(
    ("count", "cell"), [(Count(None), "not shown"), (Count(0), 0), (Count(7), 7)]
)
def test_a_spreadsheet_says_a_number_or_that_it_is_not_shown(count, cell):
    assert count.cell == cell
