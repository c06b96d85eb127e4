import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.codes import (
    ALPHABET,
    check_character,
    derived_code,
    grouped,
    has_right_check_character,
    new_secret,
    normal_code,
)


def test_a_secret_has_130_bits():
    assert len(new_secret()) * 5 == 130


@pytest.mark.parametrize("typed", ["kx4 7pq", "KX4-7PQ", " Kx4.7pq "])
def test_a_typed_code_is_read_as_it_was_printed(typed):
    assert normal_code(typed) == "KX47PQ"


def test_look_alikes_are_forgiven():
    assert normal_code("oil-u") == "011V"


def test_a_code_is_grouped_so_that_it_can_be_read_aloud():
    assert grouped("ABCDEFGHJKMNPQRSTVWXYZ0123") == "ABCDE-FGHJK-MNPQR-STVWX-YZ0123"


def test_a_derived_code_is_the_same_each_time_and_another_for_another_key():
    assert derived_code(b"k", "a") == derived_code(b"k", "a")
    assert derived_code(b"k", "a") != derived_code(b"l", "a")


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=20), st.data())
def test_every_single_wrong_character_is_found(code, data):
    number = code + check_character(code)
    place = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([c for c in ALPHABET if c != number[place]]))

    assert has_right_check_character(number)
    assert not has_right_check_character(number[:place] + other + number[place + 1 :])


def test_the_check_character_follows_the_standard():
    # The worked example for GRid and ISO/IEC 7064 MOD 37,36 (IFPI GRid Standard, section 7).
    assert check_character("A12425GABC1234002") == "M"
