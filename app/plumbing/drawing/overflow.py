"""See whether words outgrew their place, which no style sheet can ask."""

from collections.abc import Iterator
from typing import Any

from weasyprint.document import Page
from weasyprint.formatting_structure.boxes import LineBox

PLACE = "words"
TOLERANCE = 2.0
"""Pixels: what rounding and an overhanging letter may take."""

# The tree of boxes is WeasyPrint's own affair and untyped; `tests/designs` guards what is used.


def runs_over(page: Page) -> bool:
    """Say whether a design's words are higher or wider than the place that it gives them."""
    return any(
        _is_too_high(place) or any(_is_too_wide(line, place) for line in _lines(place))
        for place in _boxes(page._page_box)
        if place.element is not None and PLACE in place.element.get("class", "").split()
    )


def _boxes(box: Any) -> Iterator[Any]:
    for found in box.descendants(placeholders=True):
        yield getattr(found, "_box", found)


def _lines(place: Any) -> Iterator[Any]:
    return (box for box in _boxes(place) if isinstance(box, LineBox))


def _is_too_high(place: Any) -> bool:
    """Compare heights: where the words stand in their place is up to the style sheet."""
    edges = [(line.position_y, line.position_y + line.height) for line in _lines(place)]
    if not edges:
        return False

    top, bottom = min(top for top, _ in edges), max(bottom for _, bottom in edges)
    return bool(bottom - top > place.height + TOLERANCE)


def _is_too_wide(line: Any, place: Any) -> bool:
    """See whether a line begins before its place or ends behind it."""
    edges = [(box.position_x, box.position_x + box.margin_width()) for box in line.children]
    return any(
        left < place.position_x - TOLERANCE or right > place.position_x + place.width + TOLERANCE
        for left, right in edges
    )
