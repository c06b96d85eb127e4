"""People's names: kept as their owners write them, made safe to store, sort and abbreviate."""

import re
import unicodedata

from app.kernel.refusal import Refusal

LONGEST_NAME = 200

_JOINERS = "\u200c\u200d"  # needed inside Persian and Indic words, and inside some emoji
_TURNS_DIRECTION = frozenset(["LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"])
_MOST_MARKS = 5  # no script stacks more on one letter; more would cover the lines around it

# fmt: off
_TITLES = frozenset([
    "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "sir", "dame", "lord",
    "lady", "rev", "revd", "reverend", "cllr", "hon",
])
_PARTICLES = frozenset([
    "al", "ap", "bin", "bint", "da", "dal", "de", "del", "della", "den", "der", "di", "dos", "du",
    "el", "ibn", "la", "le", "ní", "san", "st", "ten", "ter", "ua", "uí", "van", "von", "y", "zu",
])
_PLAIN = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
})
# fmt: on
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NOT_OF_A_WORD = re.compile(r"[^\w\s-]|_")


class NameTooLong(Refusal):
    """A name has more characters than any page or certificate can hold."""


def clean_name(text: str) -> str:
    """Return a name without stray blanks and invisible characters, its spelling and case untouched."""
    visible = "".join(_kept(character) for character in text)
    words = (word.strip(_JOINERS) for word in _without_towers(visible).split())
    name = unicodedata.normalize("NFC", " ".join(word for word in words if word))
    if len(name) > LONGEST_NAME:
        raise NameTooLong(
            f"This name has {len(name)} characters. Shorten it to {LONGEST_NAME} or fewer."
        )

    return name


def hides_something(text: str) -> bool:
    """Tell whether a text carries characters that control a screen instead of being read."""
    return any(
        unicodedata.bidirectional(character) in _TURNS_DIRECTION
        or (unicodedata.category(character) in {"Cc", "Cs"} and not character.isspace())
        for character in text
    )


def legible(text: str) -> str:
    """Return a text without the characters that `hides_something` tells of, with plain line ends."""
    if text.isprintable() and text.isascii():
        return text

    return "".join(
        character for character in _LINE_END.sub("\n", text) if not hides_something(character)
    )


def _kept(character: str) -> str:
    if character.isspace():
        return " "
    if character in _JOINERS:
        return character
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs"} else character


def _without_towers(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def sorting_name(name: str) -> str:
    """Return the key a list of people is sorted by: surname first, no accents, titles or case.

    Nobody can know which part of a name is the family's; this only orders lists, and never
    shows on a page.
    """
    surname, comma, given = name.partition(",")
    if not comma:
        given, surname = _split(_untitled(name.split()))
    # Letters that stand for several grow when they are spelt out; a key is no longer than a name.
    return _folded(f"{surname} {' '.join(_untitled(given.split()))}")[:LONGEST_NAME].strip()


def initials(name: str) -> str:
    """Return the first letters of the first and the last word: "Dr Siân O'Connor" gives "SO"."""
    surname, comma, given = name.partition(",")
    words = _untitled(f"{given} {surname}".split() if comma else name.split())
    letters = [letter for word in words if (letter := _first_letter(word))]
    return "".join([*letters[:1], *letters[1:][-1:]]).upper()


def _untitled(words: list[str]) -> list[str]:
    untitled = [word for word in words if word.rstrip(".").casefold() not in _TITLES]
    return untitled or words


def _split(words: list[str]) -> tuple[str, str]:
    start = max(len(words) - 1, 0)
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(_NOT_OF_A_WORD.sub("", bare).replace("-", " ").split())


def _first_letter(word: str) -> str:
    return next((character for character in word if character.isalpha()), "")
