"""Letters of every room speak alike."""

import re

import pytest

from app.web.settings import ROOT

LETTERS = sorted((ROOT / "templates").glob("*/email/[!_]*.*"))
GREETING = re.compile(r"^\s*(?:<p>)?((?:Dear|Hello|Hi)\b.*?)(?:</p>)?$", re.M)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_letter_greets_a_person_by_name_and_strangers_without(letter):
    greetings = GREETING.findall(letter.read_text())

    # Without a name it goes to whoever reads an address that somebody typed.
    assert all(re.fullmatch(r"Dear \{\{ [\w.]+ \}\},|Hello,", said) for said in greetings)
    assert len(greetings) <= 1


def test_there_are_letters():
    assert len(LETTERS) > 40
