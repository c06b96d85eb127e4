"""Typesetting that style sheets cannot do: sizes that fit, lines that balance, dates in words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from markupsafe import Markup

from app.plumbing.drawing.breaking import HELD, balanced, fewest_lines, pieces_of
from app.plumbing.drawing.fonts import width

POINTS_IN_MM = 72 / 25.4
KERNING = 1.02
"""Room for what the advance widths alone do not tell."""

SMALLEST = 6.5
"""Points: below this a reader at arm's length gives up."""

STEP = 0.5

QUOTED = re.compile(r"([“‘«„]*)(.*?)([”’»“]*)", re.DOTALL)

TALL = re.compile(r"[\u0590-\u0e7f]")
"""Hebrew, Arabic, Indian and Thai letters carry signs above and below, and need room for them."""


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
        direction(text), size, leading, Markup("<br/>").join(_quoted(lines, opening, closing, face))
    )


def _unquoted(text: str) -> tuple[str, str, str]:
    """Return a text without the quotation marks around the whole, and these before and after."""
    opening, words, closing = QUOTED.fullmatch(text).groups()  # type: ignore[union-attr]  # matches anything
    return (opening, words, closing) if opening and words and closing else ("", text, "")


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
    # Some texts have no width: aims that somebody pasted as an invisible character.
    whole = min(largest, room / max(width(text, face=face, size=1), 0.1) // STEP * STEP)
    if whole >= one_line_from:
        return whole, (text,)

    size = largest
    pieces = pieces_of(text, face=face, room=room / size)
    while size > SMALLEST and fewest_lines(pieces, room=room / size) * size * leading > height:
        size = max(size - STEP, SMALLEST)
        pieces = pieces_of(text, face=face, room=room / size)
    return size, balanced(pieces, room=room / size)
