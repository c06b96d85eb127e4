from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.radar import CENTRE_X, CENTRE_Y, RADIUS, STYLES, WIDTH, radar

AREAS = ["Planning an improvement project", "Methodology", "Testing change", "Data"]


def linear(channel):
    return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4


def channels(colour):
    return [int(colour[n : n + 2], 16) for n in (1, 3, 5)]


def grey(colour):
    """What a black-and-white printer makes of a colour, from 0 to 255 (ITU-R BT.601)."""
    red, green, blue = channels(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def contrast_on_white(colour):
    """WCAG 2.2, 1.4.11: graphics stand out 3:1."""
    red, green, blue = (linear(channel / 255) for channel in channels(colour))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_outlines_keep_apart_in_grey_print_and_stand_out_on_paper():
    greys = [grey(colour) for colour, _, _ in STYLES]

    assert all(older - newer > 25 for older, newer in pairwise(greys))
    assert all(contrast_on_white(colour) >= 3 for colour, _, _ in STYLES)


def test_each_outline_has_a_dash_and_a_marker_of_its_own():
    assert len({dash for _, dash, _ in STYLES}) == len({mark for *_, mark in STYLES}) == 4


@given(st.lists(st.floats(1, 5), min_size=3, max_size=8))
def test_each_value_lies_on_its_spoke_as_far_out_as_it_is_high(values):
    (outline,) = radar(AREAS[:1] * len(values), [("Launch", values)], highest=5).outlines

    for value, marker in zip(values, outline.markers, strict=True):
        far = ((marker.x - CENTRE_X) ** 2 + (marker.y - CENTRE_Y) ** 2) ** 0.5
        assert far == pytest.approx(RADIUS * value / 5, abs=0.2)


def test_a_value_that_is_missing_leaves_a_gap():
    whole, gap = radar(
        AREAS, [("Launch", [2, 2, 2, 2]), ("Summit", [3, None, 3, 3])], highest=5
    ).outlines

    assert whole.path.endswith("Z")
    assert not gap.path.endswith("Z")
    assert (len(whole.markers), len(gap.markers)) == (4, 3)


def test_the_newest_outline_is_the_strongest_however_many_there_are():
    for count in range(1, 5):
        outlines = radar(AREAS, [("Round", [2, 2, 2, 2])] * count, highest=5).outlines

        assert [one.is_newest for one in outlines] == [False] * (count - 1) + [True]
        newest = outlines[-1]
        assert (newest.colour, newest.dash) == (STYLES[-1][0], "")


@given(st.integers(3, 8), st.integers(3, 7))
def test_numbers_of_the_scale_stand_between_the_spokes(spokes, highest):
    drawn = radar(["Area"] * spokes, [], highest=highest)

    assert [ring.step for ring in drawn.rings] == list(range(1, highest + 1))
    # Left of the first spoke, on which the markers of the first area stand.
    assert all(0 < ring.x < CENTRE_X < WIDTH for ring in drawn.rings)
