"""Run charts for the sample's posters: where the points and the median lie."""

from dataclasses import dataclass
from statistics import median

from app.web.sample.posters import Series

WIDE, HIGH = 880, 580
LEFT, TOP = 90, 40


@dataclass(frozen=True)
class Mark:
    """A value of the scale, and how far down it lies."""

    words: str
    y: float


@dataclass(frozen=True)
class RunChart:
    """A measure over time, as a picture needs it."""

    series: Series
    points: tuple[tuple[float, float], ...]
    medians: tuple[tuple[float, float, float], ...]
    marks: tuple[Mark, ...]
    change_x: float

    @property
    def line(self) -> str:
        """Return the points as a line."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


def run_chart(series: Series) -> RunChart:
    """Lay a measure out: the points, the median before and after the change, and the scale."""
    values, change = series.values, series.from_week
    top = _round_up(max(values))
    xs = [LEFT + week * (WIDE - LEFT) / (len(values) - 1) for week in range(len(values))]
    settled = min(change + 5, len(values) - 2)
    return RunChart(
        series=series,
        points=tuple((x, _y(value, top)) for x, value in zip(xs, values, strict=True)),
        medians=(
            (xs[0], xs[change], _y(median(values[:change]), top)),
            (xs[settled], xs[-1], _y(median(values[settled:]), top)),
        ),
        marks=tuple(Mark(_words(top * part / 4), _y(top * part / 4, top)) for part in range(5)),
        change_x=xs[change],
    )


def _y(value: float, top: float) -> float:
    return TOP + (HIGH - TOP) * (1 - value / top)


def _round_up(value: float) -> float:
    """Return the next number that divides well by four."""
    steps = (0.4, 0.8, 1.2, 2, 4, 8, 12, 20, 32, 40, 60, 80, 100, 120, 160, 200, 240, 320, 400)
    return next(step for step in steps if step >= value)


def _words(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
