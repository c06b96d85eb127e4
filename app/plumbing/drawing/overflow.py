"""See whether words left their place, which no style sheet can ask."""

from collections.abc import Iterator
from typing import Any

from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import LineBox

PLACE = "words"
TOLERANCE = 2.0
"""Pixels: what rounding and an overhanging letter may take."""

# The tree of boxes is WeasyPrint's own affair and untyped; `tests/plumbing` guards what is used.


def runs_over(page: Page) -> bool:
    """Say whether a line of words stands outside the place that its design gives them."""
    return any(
        _stands_out(line, place)
        for place in _boxes(page._page_box)
        if place.element is not None and place.element.get("class") == PLACE
        for line in _boxes(place)
        if isinstance(line, LineBox) and line.element is not place.element
    )


def _boxes(box: Any) -> Iterator[Any]:
    for found in box.descendants(placeholders=True):
        yield getattr(found, "_box", found)


def _stands_out(line: Any, place: Any) -> bool:
    left, right = _ink(line)
    return bool(
        line.position_y < place.position_y - TOLERANCE
        or line.position_y + line.height > place.position_y + place.height + TOLERANCE
        or left < place.position_x - TOLERANCE
        or right > place.position_x + place.width + TOLERANCE
    )


def _ink(line: Any) -> tuple[float, float]:
    """Return where a line's content begins and ends."""
    edges = [(box.position_x, box.position_x + box.margin_width()) for box in line.children]
    return min((left for left, _ in edges), default=line.position_x), max(
        (right for _, right in edges), default=line.position_x
    )
