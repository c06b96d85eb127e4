"""Typesetting that style sheets cannot do: sizes that fit, lines that balance, dates in words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from markupsafe import Markup

from app.plumbing.drawing.fonts import width

POINTS_IN_MM = 72 / 25.4
KERNING = 1.02
"""Room for what the advance widths alone do not tell."""

HELD = "\N{NO-BREAK SPACE}"

SMALLEST = 5.0
STEP = 0.5

QUOTED = re.compile(r"([“‘«„]*)(.*?)([”’»“]*)", re.DOTALL)

LEANING = re.compile(
    r"(a|an|and|at|by|for|from|in|of|on|or|our|that|the|their|this|to|with|&|Dr|Mr|Mrs|Ms|Prof) "
)
"""A line that ends in one of these reads on; better break before it."""

PIECES = re.compile(r"\S+")
BREAKS_ANYWHERE = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Chinese and Japanese signs: a line may break between any two of them."""

TALL = re.compile(r"[\u0590-\u0e7f]")
"""Hebrew, Arabic, Indian and Thai letters carry signs above and below, and need room for them."""

Line = tuple[str, ...]


def in_words(day: date | str) -> str:
    """Write a date as on British paper: 26 March 2026."""
    return f"{day:%-d %B %Y}".replace(" ", HELD) if isinstance(day, date) else day


def in_a_row(events: Iterable[Mapping[str, Any]]) -> str:
    """Name events with their dates, none of them broken between two lines."""
    told = [f"{event['title']}, {in_words(event['date'])}" for event in events]
    return f"{HELD}· ".join(event.replace(" ", HELD) for event in told)


def direction(text: str) -> str:
    """Say whether a text runs from the left or from the right, by its first letter."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def curly(text: str) -> str:
    """Write the quotation marks and apostrophes of a typewriter as those of print."""
    opened = re.sub(r"(?<![\w.,;:!?…)])[\"']", lambda mark: "“" if mark[0] == '"' else "‘", text)
    return opened.replace('"', "”").replace("'", "’")


def fitted(
    text: str,
    *,
    face: str,
    box: Sequence[float],
    largest: float,
    one_line_from: float = 0,
    leading: float = 1.16,
) -> Markup:
    """Set a text as large as its box (millimetres, wide and high) allows, in balanced lines.

    With `one_line_from`, one line of at least that size is better than several larger ones.
    Quotation marks around the whole hang outside: they do not push a line off its axis.
    """
    opening, words, closing = _unquoted(text)
    leading *= 1.3 if TALL.search(text) else 1
    size, lines = _size_and_lines(
        words, face, (box[0], box[1]), (largest, one_line_from or largest + 1), leading
    )
    return Markup(
        '<span style="display: block; direction: {}; font-size: {:g}pt; line-height: {:g}">'
        "{}</span>"
    ).format(
        direction(text), size, leading, Markup("<br>").join(_quoted(lines, opening, closing, face))
    )


def _unquoted(text: str) -> tuple[str, str, str]:
    """Return a text without the quotation marks around the whole, and these before and after."""
    opening, words, closing = QUOTED.fullmatch(text).groups()  # type: ignore[union-attr]  # matches anything
    return (opening, words, closing) if opening and closing else ("", text, "")


def _quoted(lines: Sequence[str], opening: str, closing: str, face: str) -> list[str]:
    """Return lines in their quotation marks, with as much room on the other side of the line."""
    if not opening or len(lines) == 1:
        return [f"{opening}{line}{closing}" for line in lines]

    first = Markup("{}{}{}").format(opening, lines[0], _room("right", opening, face))
    last = Markup("{}{}{}").format(_room("left", closing, face), lines[-1], closing)
    return [first, *lines[1:-1], last]


def _room(side: str, mark: str, face: str) -> Markup:
    """Return an empty piece of line as wide as a quotation mark."""
    return Markup('<span style="padding-{}: {:.3f}em"></span>').format(
        side, width(mark, face=face, size=1)
    )


@cache
def _size_and_lines(
    text: str,
    face: str,
    box: tuple[float, float],
    sizes: tuple[float, float],
    leading: float,
) -> tuple[float, tuple[str, ...]]:
    """Return the largest size at which the text fits its box, and its lines."""
    room, height = box[0] * POINTS_IN_MM / KERNING, box[1] * POINTS_IN_MM
    largest, one_line_from = sizes
    whole = min(largest, _half_points(room / width(text, face=face, size=1)))
    if whole >= one_line_from:
        return whole, (text,)

    size = largest
    lines = balanced(text, face=face, size=size, room=room)
    while size > SMALLEST and len(lines) * size * leading > height:
        size -= STEP
        lines = balanced(text, face=face, size=size, room=room)
    return size, lines


def _half_points(size: float) -> float:
    return size // STEP * STEP


def balanced(text: str, *, face: str, size: float, room: float) -> tuple[str, ...]:
    """Break a text into as few lines as fit, as equal in length as words allow."""
    pieces = [part for piece in _pieces(text) for part in _parted(piece, face, size, room)]
    widths = [width(piece, face=face, size=size) for piece in pieces]
    return tuple("".join(line).strip(f" {HELD}·") for line in _lines(pieces, widths, room))


def _pieces(text: str) -> list[str]:
    """Return the parts of a text that stay together, each with the space that follows it."""
    words = [word for word in text.split(" ") if word]
    spaced = [f"{word} " for word in words[:-1]] + words[-1:]
    return [piece for word in spaced for piece in _signs(word)]


def _signs(word: str) -> list[str]:
    """Return a word whole, or sign by sign where signs are not joined to words."""
    if not BREAKS_ANYWHERE.search(word):
        return [part for part in re.split(r"(?<=\w[-\N{EN DASH}/])(?=\w)", word) if part]

    return re.findall(rf"{BREAKS_ANYWHERE.pattern}\s*|[^\s]\s*", word)


def _parted(piece: str, face: str, size: float, room: float) -> list[str]:
    """Return a piece whole, or cut where it would run over the line."""
    parts = [""]
    for cluster in re.findall(r".[\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093c-\u094f]*", piece):
        if parts[-1] and width((parts[-1] + cluster).strip(), face=face, size=size) > room:
            parts.append("")
        parts[-1] += cluster
    return parts


def _lines(pieces: Sequence[str], widths: Sequence[float], room: float) -> list[Line]:
    """Choose the breaks with the least unevenness, on the smallest possible number of lines."""
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(pieces) + 1):
        best.append(
            min(
                (
                    best[start][0] + 1,
                    best[start][1] + _unevenness(pieces[start:end], widths[start:end], room),
                    start,
                )
                for start in range(end)
                if start == end - 1 or sum(widths[start:end]) <= room
            )
        )

    lines: list[Line] = []
    end = len(pieces)
    while end:
        start = best[end][2]
        lines.insert(0, tuple(pieces[start:end]))
        end = start
    return lines


def _unevenness(pieces: Sequence[str], widths: Sequence[float], room: float) -> float:
    """Return how badly a line would sit: its empty part squared, worse if it ends in mid-phrase."""
    empty = 1 - sum(widths) / room
    leans = 0.05 if LEANING.fullmatch(pieces[-1]) else 0
    splits = 0.4 if not pieces[-1].endswith(" ") else 0
    return empty**2 + leans + splits
