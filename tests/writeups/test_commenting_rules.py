import pytest

from app.writeups.rules.commenting import (
    CommentStatus,
    held_word_in,
    links_in,
    status_once_confirmed,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("No link at all. Really.", 0),
        ("See https://a.example/x and HTTP://b.example", 2),
        ("www.shop.example and cheap-pills.com/now", 2),
        ("https://a.example " * 50, 50),
        ("[x](https://a.example)", 1),
    ],
)
def test_links_are_counted(text, number):
    assert links_in(text) == number


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Visit our CASINO today", "casino"),
        ("An occasional visit", ""),
        ("cheap loans, at once", "cheap loans"),
        ("", ""),
    ],
)
def test_a_listed_word_is_found_whole(text, word):
    assert held_word_in(text, "casino\ncheap loans, pills") == word


def test_no_list_holds_nothing():
    assert held_word_in("casino", " \n,") == ""


@pytest.mark.parametrize(
    ("before", "held", "expected"),
    [
        (False, False, CommentStatus.WAITING),
        (True, False, CommentStatus.APPROVED),
        (True, True, CommentStatus.WAITING),
        (False, True, CommentStatus.WAITING),
    ],
)
def test_the_first_comment_waits_and_later_ones_pass(before, held, expected):
    assert status_once_confirmed(was_approved_before=before, held=held) is expected
