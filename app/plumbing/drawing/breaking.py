"""Break a text into lines: as few as fit, as equal in length as words allow.

All widths are in ems, so one measuring serves every size.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.plumbing.drawing.fonts import width

HELD = "\N{NO-BREAK SPACE}"

LETTER_WITH_MARKS = re.compile(r".[\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093c-\u094f]*")

SIGNS = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
"""Chinese, Japanese and Korean signs: a line may break between any two of them."""

LEANING = re.compile(
    r"(a|an|and|at|by|for|from|in|of|on|or|our|that|the|their|this|to|with|&|Dr|Mr|Mrs|Ms|Prof) "
)
"""A line that ends in one of these reads on; better break before it."""

COST_OF_LEANING = 0.05
COST_OF_SPLITTING = 0.4


@dataclass(frozen=True)
class Piece:
    """A part of a text that stays together, with the space that follows it."""

    text: str
    width: float


@dataclass(frozen=True)
class _Broken:
    """The best way to break the pieces up to some place, and where its last line starts."""

    lines: int
    cost: float
    start: int


def pieces_of(text: str, *, face: str, room: float) -> list[Piece]:
    """Return the pieces of a text, none wider than the room."""
    return [
        Piece(part, width(part, face=face, size=1))
        for word in _spaced(text)
        for sign in _signs(word)
        for part in _parts(sign, face, room)
    ]


def fewest_lines(pieces: Sequence[Piece], *, room: float) -> int:
    """Return on how many lines the pieces fit at least."""
    lines, used = 1, 0.0
    for piece in pieces:
        if used and used + piece.width > room:
            lines, used = lines + 1, 0.0
        used += piece.width
    return lines


def balanced(pieces: Sequence[Piece], *, room: float) -> tuple[str, ...]:
    """Return the fewest lines on which the pieces fit, with the least unevenness."""
    best = [_Broken(0, 0.0, 0)]
    for end in range(1, len(pieces) + 1):
        best.append(min(_ways(best, pieces[:end], room), key=lambda way: (way.lines, way.cost)))

    lines: list[str] = []
    end = len(pieces)
    while end:
        start = best[end].start
        line = "".join(piece.text for piece in pieces[start:end])
        lines.insert(0, line.strip(f" {HELD}·"))
        end = start
    return tuple(lines)


def _ways(best: Sequence[_Broken], pieces: Sequence[Piece], room: float) -> Iterator[_Broken]:
    """Yield every way to end a line with the last of these pieces."""
    used = 0.0
    for start in range(len(pieces) - 1, -1, -1):
        used += pieces[start].width
        if used > room and start < len(pieces) - 1:
            return
        cost = (1 - used / room) ** 2 + _cost_of_ending(pieces[-1])
        yield _Broken(best[start].lines + 1, best[start].cost + cost, start)


def _cost_of_ending(piece: Piece) -> float:
    """Return how badly a line ends that ends with this piece."""
    if LEANING.fullmatch(piece.text):
        return COST_OF_LEANING
    return 0.0 if piece.text.endswith(" ") else COST_OF_SPLITTING


def _spaced(text: str) -> list[str]:
    """Return the words of a text, each but the last with its space."""
    words = [word for word in text.split(" ") if word]
    return [f"{word} " for word in words[:-1]] + words[-1:]


def _signs(word: str) -> list[str]:
    """Return a word whole, or sign by sign where signs are not joined to words."""
    return re.findall(r"\S\s*", word) if SIGNS.search(word) else [word]


def _parts(piece: str, face: str, room: float) -> list[str]:
    """Return a piece whole, or cut where it would run over the line: at a hyphen if it has one."""
    if width(piece.strip(), face=face, size=1) <= room:
        return [piece]

    parts = re.split(r"(?<=\S-)(?=\S)", piece)
    if len(parts) > 1:
        return [cut for part in parts for cut in _parts(part, face, room)]

    return _cut(piece, face, room)


def _cut(piece: str, face: str, room: float) -> list[str]:
    """Return a piece that has no place to break, cut between two letters."""
    parts, used = [""], 0.0
    for letter in LETTER_WITH_MARKS.findall(piece):
        wide = width(letter.strip(), face=face, size=1)
        if parts[-1] and used + wide > room:
            parts, used = [*parts, ""], 0.0
        parts[-1] += letter
        used += wide
    return parts
