from datetime import UTC, datetime

import pytest

from app.network.rules import next_digest_at, topic_key, topics_in


@pytest.mark.parametrize(
    ("typed", "topics"),
    [
        ("", []),
        ("Front desk,  home   visits ,", ["Front desk", "home visits"]),
        ("Front desk\nfront DESK", ["front DESK"]),
        ("ﬃ" * 40, ["ﬃ" * 40]),
    ],
)
def test_topics_are_read_between_commas_and_lines_each_once(typed, topics):
    assert topics_in(typed) == topics


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 3, 26, 9, tzinfo=UTC), datetime(2026, 4, 1, 6, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), datetime(2027, 1, 1, 7, tzinfo=UTC)),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), datetime(2026, 8, 1, 6, tzinfo=UTC)),
    ],
)
def test_the_next_digest_goes_out_at_seven_on_the_first_in_britain(at, due):
    assert next_digest_at(at) == due


def test_the_key_of_a_topic_fits_however_its_letters_fold():
    assert len(topic_key("ﬃ" * 40)) == 80
