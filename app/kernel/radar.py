"""Ratings as the points of a radar chart: geometry alone, for a page and for paper alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

MOST_OUTLINES = 4
WIDTH, CENTRE_X, CENTRE_Y, RADIUS = 480, 240, 186, 124
LEGEND_TOP, LEGEND_STEP = 362, 26
LONGEST_LINE = 15

# From light to dark in even steps, so that the outlines keep their order in grey print; each also has
# its own dash and marker, because colour alone tells nothing to many people. All stand out 3:1 and
# more on white.
STYLES = (
    ("#9a8d80", "2 5", "circle"),
    ("#b4580c", "7 5", "square"),
    ("#0b604f", "15 5", "triangle"),
    ("#3d1352", "", "diamond"),
)


@dataclass(frozen=True)
class Ring:
    """One step of the scale: its outline, and where its number stands: between two spokes."""

    points: str
    step: int
    x: float
    y: float


@dataclass(frozen=True)
class Spoke:
    """One axis: its end, and its label in short lines."""

    x: float
    y: float
    label_x: float
    anchor: str
    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Marker:
    """A point of an outline, as the corners of its marker; a circle has none."""

    x: float
    y: float
    corners: str


@dataclass(frozen=True)
class Drawn:
    """One outline: its path, its markers, how it looks, and its line in the legend."""

    label: str
    path: str
    markers: tuple[Marker, ...]
    colour: str
    dash: str
    is_newest: bool
    legend_y: float
    legend_marker: Marker


@dataclass(frozen=True)
class Radar:
    """A radar chart, ready to be written down as SVG."""

    width: int
    height: int
    centre_x: int
    centre_y: int
    rings: tuple[Ring, ...]
    spokes: tuple[Spoke, ...]
    outlines: tuple[Drawn, ...]


def radar(
    axes: Sequence[str], outlines: Sequence[tuple[str, Sequence[float | None]]], *, highest: int
) -> Radar:
    """Draw outlines, oldest first; a value that is None leaves a gap instead of a lie."""
    assert len(outlines) <= MOST_OUTLINES, "more cannot be told apart"
    styles = STYLES[MOST_OUTLINES - len(outlines) :]
    return Radar(
        width=WIDTH,
        height=LEGEND_TOP + LEGEND_STEP * len(outlines),
        centre_x=CENTRE_X,
        centre_y=CENTRE_Y,
        rings=tuple(_ring(step, len(axes), highest) for step in range(1, highest + 1)),
        spokes=tuple(_spoke(n, len(axes), label) for n, label in enumerate(axes)),
        outlines=tuple(
            _outline(n, label, values, styles[n], highest, is_newest=n == len(outlines) - 1)
            for n, (label, values) in enumerate(outlines)
        ),
    )


def _at(number: int, of: int, share: float) -> tuple[float, float]:
    angle = -pi / 2 + 2 * pi * number / of
    return CENTRE_X + RADIUS * share * cos(angle), CENTRE_Y + RADIUS * share * sin(angle)


def _share(value: float, highest: int) -> float:
    """Return how far out a value lies; 1, the first step, is not the centre but the first ring."""
    return value / highest


def _ring(step: int, of: int, highest: int) -> Ring:
    corners = [_at(n, of, _share(step, highest)) for n in range(of)]
    # On a spoke the markers would stand on the numbers.
    (x, y), (other_x, other_y) = corners[0], corners[-1]
    return Ring(_points(corners), step, round((x + other_x) / 2, 1), round((y + other_y) / 2, 1))


def _spoke(number: int, of: int, label: str) -> Spoke:
    x, y = _at(number, of, 1)
    label_x, label_y = _at(number, of, 1.12)
    sideways = (label_x - CENTRE_X) / RADIUS
    anchor = "middle" if abs(sideways) < 0.3 else "start" if sideways > 0 else "end"
    words = _lines(label, LONGEST_LINE * 2 if anchor == "middle" else LONGEST_LINE)
    height = 17 * (len(words) - 1)
    below = label_y > CENTRE_Y + RADIUS * 0.5
    above = label_y < CENTRE_Y - RADIUS * 0.5
    top = label_y + 8 if below else label_y - height - 2 if above else label_y + 5 - height / 2
    placed = tuple((round(top + 17 * n, 1), text) for n, text in enumerate(words))
    return Spoke(round(x, 1), round(y, 1), round(label_x, 1), anchor, placed)


def _lines(label: str, longest: int) -> list[str]:
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _outline(
    number: int,
    label: str,
    values: Sequence[float | None],
    style: tuple[str, str, str],
    highest: int,
    *,
    is_newest: bool,
) -> Drawn:
    colour, dash, kind = style
    corners = [
        None if value is None else _at(n, len(values), _share(value, highest))
        for n, value in enumerate(values)
    ]
    legend_y = LEGEND_TOP + LEGEND_STEP * number
    return Drawn(
        label=label,
        path=_path(corners),
        markers=tuple(_marker(kind, corner) for corner in corners if corner is not None),
        colour=colour,
        dash=dash,
        is_newest=is_newest,
        legend_y=legend_y,
        legend_marker=_marker(kind, (CENTRE_X - 120, legend_y)),
    )


def _path(corners: Sequence[tuple[float, float] | None]) -> str:
    """Return the outline: closed where every corner is there, and open where one is missing."""
    known = [corner for corner in corners if corner is not None]
    if len(known) == len(corners):
        return f"M{_points(known)}Z".replace(" ", " L")
    legs = [
        f"M{_points([start, end])}".replace(" ", " L")
        for n, start in enumerate(corners)
        if start is not None and (end := corners[(n + 1) % len(corners)]) is not None
    ]
    return " ".join(legs)


def _marker(kind: str, at: tuple[float, float]) -> Marker:
    x, y = at
    shapes = {
        "circle": [],
        "square": [(x - 5, y - 5), (x + 5, y - 5), (x + 5, y + 5), (x - 5, y + 5)],
        "triangle": [(x, y - 6.5), (x + 6, y + 5), (x - 6, y + 5)],
        "diamond": [(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)],
    }
    return Marker(round(x, 1), round(y, 1), _points(shapes[kind]))


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
