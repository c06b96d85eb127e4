#!/usr/bin/env python3
"""Engrave the artwork of the certificate designs: `bin/engrave.py` writes certificates/*/artwork.svg.

Guilloches are curves drawn by turning wheels; here formulas turn them. Each ornament is one short
path that is repeated (`use`), so that the files stay small, in the repository and in every PDF.
Measures are millimetres on A4 landscape. Nothing lies nearer than 8 mm to an edge, because office
printers leave 5 mm blank; nothing fills the ground, because they would leave a rim around it.
"""

from collections.abc import Callable, Iterable, Iterator
from math import cos, hypot, pi, sin
from pathlib import Path

WIDE, HIGH = 297.0, 210.0
CERTIFICATES = Path(__file__).parents[1] / "certificates"

GOLD, PALE_GOLD, DEEP_GOLD = "#b08d3e", "#d8c48c", "#8c6c28"
GOLD_BREATH = "#f3ead3"
INK, INK_BREATH = "#1d2b50", "#e9ebf2"
FOREST, FOREST_BREATH = "#1f4a3a", "#e7efe9"
WINE, WINE_BREATH = "#641b34", "#f4e9ea"
TEAL, PALE_TEAL, TEAL_BREATH = "#2a6a6b", "#9cc3bf", "#e3efed"

Point = tuple[float, float]
Curve = Callable[[float], Point]
Shapes = Iterable[str]


# Drawing tools


def path(curve: Curve, pieces: int, *, closed: bool = False) -> str:
    """Write a curve over 0..1 as so many smooth pieces."""
    step, tiny = 1 / pieces, 1e-5
    knots = [curve(i * step) for i in range(pieces + 1)]
    tangents = [
        tuple(
            (after - before) / (2 * tiny)
            for before, after in zip(curve(t - tiny), curve(t + tiny), strict=True)
        )
        for t in (i * step for i in range(pieces + 1))
    ]
    written = [f"M{pair(knots[0])}"]
    for i in range(pieces):
        (ax, ay), (bx, by) = knots[i], knots[i + 1]
        (adx, ady), (bdx, bdy) = tangents[i], tangents[i + 1]
        first = (ax + adx * step / 3, ay + ady * step / 3)
        second = (bx - bdx * step / 3, by - bdy * step / 3)
        written.append(f"C{pair(first)} {pair(second)} {pair((bx, by))}")
    return "".join(written) + ("z" if closed else "")


def number(value: float) -> str:
    """Write a measure to the hundredth of a millimetre."""
    return f"{round(value, 2):g}" if round(value, 2) else "0"


def pair(point: Point) -> str:
    """Write a point."""
    return f"{number(point[0])} {number(point[1])}"


def stroke(d: str, colour: str, width: float) -> str:
    """Draw a path as a line."""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def fill(d: str, colour: str) -> str:
    """Draw a path as an area."""
    return f'<path d="{d}" fill="{colour}"/>'


def disc(centre: Point, radius: float, colour: str) -> str:
    """Draw a full circle."""
    x, y = map(number, centre)
    return f'<circle cx="{x}" cy="{y}" r="{number(radius)}" fill="{colour}"/>'


def ring(centre: Point, radius: float, colour: str, width: float) -> str:
    """Draw a circle as a line."""
    x, y = map(number, centre)
    return (
        f'<circle cx="{x}" cy="{y}" r="{number(radius)}" fill="none" '
        f'stroke="{colour}" stroke-width="{width:g}"/>'
    )


def frame(inset: float, colour: str, width: float, corner: float = 0) -> str:
    """Draw a rectangle at a distance from the edges of the sheet."""
    return (
        f'<rect x="{number(inset)}" y="{number(inset)}" width="{number(WIDE - 2 * inset)}" '
        f'height="{number(HIGH - 2 * inset)}" rx="{number(corner)}" fill="none" '
        f'stroke="{colour}" stroke-width="{width:g}"/>'
    )


def straight(start: Point, end: Point, colour: str, width: float) -> str:
    """Draw a line."""
    return stroke(f"M{pair(start)}L{pair(end)}", colour, width)


def repeated(name: str, shapes: Shapes, transforms: Iterable[str]) -> Iterator[str]:
    """Draw an ornament once for each transform."""
    first, *others = transforms
    yield f'<g transform="{first}"><g id="{name}">{"".join(shapes)}</g></g>'
    yield from (f'<use href="#{name}" transform="{other}"/>' for other in others)


def turned(count: int, centre: Point = (0, 0), start: float = 0) -> Iterator[str]:
    """Yield the transforms of so many steps around a centre."""
    for i in range(count):
        yield f"translate({pair(centre)}) rotate({number(start + 360 * i / count)})"


def at(point: Point, *, turn: float = 0, scale: float = 1) -> str:
    """Return the transform that puts an ornament somewhere."""
    return f"translate({pair(point)}) rotate({number(turn)}) scale({scale:g})"


def group(transform: str, shapes: Shapes) -> str:
    """Put shapes somewhere together."""
    return f'<g transform="{transform}">{"".join(shapes)}</g>'


# Ornaments, each around (0, 0)


def strand(length: float, height: float, phase: float) -> Curve:
    """Return one wave of a braid."""
    return lambda t: (length * t, height * sin(2 * pi * t + phase))


def braid(
    name: str, start: Point, end: Point, *, height: float, waves: int, strands: int, **pen: object
) -> Iterator[str]:
    """Draw a band of waves, each a little behind the one before."""
    whole = hypot(end[0] - start[0], end[1] - start[1])
    length = whole / waves
    lag = 0.42 * pi / (strands - 1)
    phases = [side + k * lag for side in (0, pi) for k in range(strands)]
    d = "".join(path(strand(length, height, phase), 8) for phase in phases)
    upright = end[0] == start[0]
    wave = [stroke(d, str(pen["colour"]), float(str(pen["width"])))]
    steps = (
        at((start[0], start[1] + i * length), turn=90)
        if upright
        else at((start[0] + i * length, start[1]))
        for i in range(waves)
    )
    yield from repeated(name, wave, steps)


def rosette(
    name: str, inner: float, outer: float, petals: int, colour: str, width: float
) -> Iterator[str]:
    """Draw a wheel of ellipses that touch an inner and an outer circle."""
    middle, reach = (inner + outer) / 2, (outer - inner) / 2
    d = path(
        lambda t: (middle + reach * cos(2 * pi * t), reach * 0.62 * sin(2 * pi * t)), 8, closed=True
    )
    yield from repeated(name, [stroke(d, colour, width)], turned(petals))


def bloom(name: str, radius: float, petals: int, colour: str, width: float) -> Iterator[str]:
    """Draw a flower of crossing loops, each petal a bundle of narrowing lines."""
    d = "".join(
        path(
            lambda t, k=k: (
                radius * (0.16 + 0.84 * sin(pi * t)) * cos(0.9 * k * sin(2 * pi * t)),
                radius * (0.16 + 0.84 * sin(pi * t)) * sin(0.9 * k * sin(2 * pi * t)),
            ),
            16,
        )
        for k in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
    )
    yield from repeated(name, [stroke(d, colour, width)], turned(petals))


def star(points: int, outer: float, inner: float) -> str:
    """Return the outline of a star that stands on two points."""
    corners = [
        (
            (outer, inner)[i % 2] * sin(pi * i / points),
            -(outer, inner)[i % 2] * cos(pi * i / points),
        )
        for i in range(2 * points)
    ]
    return "M" + "L".join(map(pair, corners)) + "z"


def scallop(radius: float, depth: float, count: int) -> str:
    """Return the outline of a seal."""
    return path(
        lambda t: (
            (radius + depth * cos(2 * pi * count * t)) * cos(2 * pi * t),
            (radius + depth * cos(2 * pi * count * t)) * sin(2 * pi * t),
        ),
        count * 4,
        closed=True,
    )


def seal(name: str, key: str) -> Iterator[str]:
    """Draw a gold seal with two ribbons, 15 mm in radius with them."""
    ribbon = "M-2.6 6L-8.4 21.5L-4.9 20.2L-2.4 22.8L1.8 8z"
    yield fill(ribbon, key)
    yield group("scale(-1 1)", [fill(ribbon, key)])
    yield fill(scallop(11.3, 0.5, 36), GOLD)
    yield ring((0, 0), 9.9, "#f7efd8", 0.28)
    yield disc((0, 0), 9.2, DEEP_GOLD)
    yield from rosette(f"{name}-wheel", 4.1, 9, 40, PALE_GOLD, 0.13)
    yield disc((0, 0), 4.3, key)
    yield ring((0, 0), 4.3, "#f7efd8", 0.3)
    yield fill(star(8, 3.1, 1.35), "#f7efd8")
    yield disc((0, 0), 0.75, GOLD)


def medallion(name: str, radius: float, key: str) -> Iterator[str]:
    """Draw a small wheel for the corner of a frame."""
    yield disc((0, 0), radius, "#ffffff")
    yield ring((0, 0), radius, key, 0.55)
    yield ring((0, 0), radius - 0.75, GOLD, 0.15)
    yield from rosette(f"{name}-wheel", radius * 0.3, radius - 1.1, 28, GOLD, 0.13)
    yield disc((0, 0), radius * 0.2, key)


def leaf(length: float, width: float) -> str:
    """Return the outline of a leaf that grows to the right."""
    return (
        f"M0 0C{number(length * 0.25)} {number(-width)} {number(length * 0.7)} "
        f"{number(-width * 0.75)} {number(length)} 0"
        f"C{number(length * 0.7)} {number(width * 0.55)} {number(length * 0.25)} "
        f"{number(width * 0.7)} 0 0z"
    )


def rings(name: str, count: int, away: float, radius: float, pen: tuple[str, float]) -> Shapes:
    """Draw linked rings around a centre: people who hold together."""
    return repeated(name, [ring((away, 0), radius, *pen)], turned(count))


def sprig(name: str, leaves: int, *, bend: float, length: float) -> Iterator[str]:
    """Draw a laurel twig that grows to the right and bends."""
    radius = length / bend
    stem = path(lambda t: (radius * sin(bend * t), radius * (1 - cos(bend * t))), 6)
    yield stroke(stem, GOLD, 0.22)
    blade = fill(leaf(5.4, 1.5), GOLD)
    yield from repeated(f"{name}-leaf", [blade], _leaves(leaves, radius, bend))


def _leaves(count: int, radius: float, bend: float) -> Iterator[str]:
    """Yield where the leaves of a twig sit: in pairs, smaller towards the tip, one at the end."""
    for i in range(count):
        t = (i + 0.4) / count
        place = (radius * sin(bend * t), radius * (1 - cos(bend * t)))
        for side in (-1, 1):
            turn = bend * t * 180 / pi + side * (38 - 12 * t)
            yield at(place, turn=turn, scale=1 - 0.4 * t)
    yield at((radius * sin(bend), radius * (1 - cos(bend))), turn=bend * 180 / pi, scale=0.62)


# The four designs


def corners(inset: float) -> list[Point]:
    """Return the four corners of a frame."""
    return [(x, y) for x in (inset, WIDE - inset) for y in (inset, HIGH - inset)]


BAND, CLEAR = 17.4, 27.0
"""The middle of the frames' bands, and where these begin beside a corner."""


def frame_lines(key: str) -> Iterator[str]:
    """Draw the lines that hold a frame's band."""
    yield frame(11.2, key, 0.9)
    yield frame(12.6, GOLD, 0.16)
    yield frame(22.2, GOLD, 0.16)
    yield frame(23.1, GOLD, 0.16)


def completion() -> Iterator[str]:
    """Engrave the classic: a braided frame, a bloom behind the name, a seal."""
    yield group(at((WIDE / 2, 95)), bloom("bloom", 62, 18, GOLD_BREATH, 0.16))
    yield from frame_lines(INK)
    pen = {"height": 3.7, "strands": 6, "colour": GOLD, "width": 0.15}
    for name, y in (("top", BAND), ("bottom", HIGH - BAND)):
        yield from braid(name, (CLEAR, y), (WIDE - CLEAR, y), waves=14, **pen)
    for name, x in (("left", BAND), ("right", WIDE - BAND)):
        yield from braid(name, (x, CLEAR), (x, HIGH - CLEAR), waves=9, **pen)
    yield from repeated("corner", medallion("corner", 9, INK), map(at, corners(BAND)))
    yield group(at((WIDE / 2, 172)), seal("seal", INK))


def team() -> Iterator[str]:
    """Engrave linked rings: around the sheet, behind the names, in the seal."""
    yield group(at((WIDE / 2, 95)), rings("circle", 24, 36, 27, ("#d9e6dd", 0.24)))
    yield from frame_lines(FOREST)
    link = [ring((0, 0), 3.6, GOLD, 0.28), ring((0, 0), 2.9, GOLD, 0.12)]
    yield from repeated("link", link, map(at, links()))
    yield from repeated("corner", clover("corner"), map(at, corners(BAND)))
    yield group(at((WIDE / 2, 172)), seal("seal", FOREST))


def links() -> Iterator[Point]:
    """Yield the places of the rings along the four sides."""
    for count, whole, place in (
        (54, WIDE, lambda along, side: (along, side)),
        (34, HIGH, lambda along, side: (side, along)),
    ):
        start, step = CLEAR + 1.6, (whole - 2 * CLEAR - 3.2) / (count - 1)
        across = HIGH if whole == WIDE else WIDE
        for side in (BAND, across - BAND):
            yield from (place(start + i * step, side) for i in range(count))


def clover(name: str) -> Iterator[str]:
    """Draw linked rings for the corner of a frame."""
    yield disc((0, 0), 9, "#ffffff")
    yield ring((0, 0), 9, FOREST, 0.55)
    yield ring((0, 0), 8.25, GOLD, 0.15)
    yield from rings(f"{name}-ring", 12, 4.1, 3.6, (GOLD, 0.14))
    yield disc((0, 0), 1.6, FOREST)


def recognition() -> Iterator[str]:
    """Engrave a burst of light that leaves its middle to the citation, and laurel."""
    yield stroke("".join(rays(480)), "#ecdbbb", 0.14)
    yield frame(11.2, WINE, 0.9)
    yield frame(12.8, GOLD, 0.16)
    yield frame(13.6, GOLD, 0.16)
    yield group(at((WIDE / 2, 171), scale=1.15), wreath())
    yield from corner_twigs()
    yield from repeated("spark", [fill(star(8, 2.7, 1.15), WINE)], map(at, corners(18.4)))


def rays(count: int) -> Iterator[str]:
    """Yield lines from an oval outwards, their ends in waves."""
    for i in range(count):
        angle = 2 * pi * i / count
        wave = abs(sin(12 * angle))
        inner, outer = (99 * cos(angle), 50 * sin(angle)), (128 * cos(angle), 80 * sin(angle))
        ends = (
            (
                WIDE / 2 + inner[0] + along * (outer[0] - inner[0]),
                98 + inner[1] + along * (outer[1] - inner[1]),
            )
            for along in (0.34 * wave + 0.05 * (i % 2), 1 - 0.3 * wave - 0.05 * (i % 2))
        )
        yield "M" + "L".join(map(pair, ends))


def wreath() -> Iterator[str]:
    """Draw two laurel twigs around a star."""
    halves = ("translate(0 13) scale(1 -1)", "translate(0 13) scale(-1 -1)")
    yield from repeated("half", sprig("half", 7, bend=2.35, length=27), halves)
    yield group("translate(0 1.5)", [fill(star(8, 6.6, 2.9), WINE), disc((0, 0), 1.6, GOLD)])


def corner_twigs() -> Iterator[str]:
    """Draw two twigs growing from each corner along the frame."""
    places = [
        f"translate({pair((x, y))}) scale({1 if x < WIDE / 2 else -1} {1 if y < HIGH / 2 else -1}) {along}"
        for x, y in corners(19)
        for along in ("translate(3.2 -.4)", "matrix(0 1 1 0 -.4 3.2)")
    ]
    yield from repeated("twig", sprig("twig", 9, bend=0.12, length=46), places)


def attendance() -> Iterator[str]:
    """Engrave a flowing ribbon at the side, and leave the rest to the words."""
    yield from ribbon((34, 11), 188, lines=24)
    yield group(at((75, 31), scale=0.72), emblem())


def ribbon(start: Point, length: float, *, lines: int) -> Iterator[str]:
    """Draw a bundle of waves, from dark to pale, that begins and ends in a point."""
    for k in range(lines):
        along = k / (lines - 1)
        d = path(
            lambda t, a=along: (
                start[0]
                + 15 * sin(pi * t) ** 0.8 * sin(2 * pi * 2.5 * t + 2.3 * a * sin(pi * t) - 0.4)
                if 0 < t < 1
                else start[0],
                start[1] + length * t,
            ),
            36,
        )
        yield stroke(d, between(TEAL, PALE_TEAL, along), 0.2)


def emblem() -> Iterator[str]:
    """Draw the star of the seals as a line drawing."""
    yield from rosette("emblem-wheel", 4.4, 9.2, 32, PALE_TEAL, 0.2)
    yield ring((0, 0), 9.2, TEAL, 0.35)
    yield disc((0, 0), 4.6, TEAL)
    yield fill(star(8, 3.3, 1.45), "#ffffff")


def between(one: str, other: str, share: float) -> str:
    """Mix two colours."""
    parts = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


DESIGNS = {
    "attendance": attendance,
    "completion": completion,
    "recognition": recognition,
    "team": team,
}


def main() -> None:
    """Write the artwork of every design."""
    for name, engraved in DESIGNS.items():
        (CERTIFICATES / name / "artwork.svg").write_text(svg(engraved()))


def svg(shapes: Shapes) -> str:
    """Return shapes as the file of an A4 sheet."""
    body = "\n".join(shapes)
    return (
        "<!-- Engraved by bin/engrave.py: change it there, or draw your own instead. -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" '
        f'viewBox="0 0 297 210">\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    main()
