"""Plots for caveats: a map of a function of two variables around a level, and curves of one variable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, hypot, isfinite, log10

import numpy as np
from matplotlib.figure import Figure
from matplotlib.path import Path

from generator.caveats.record import Plot
from generator.diagram import style
from generator.diagram.chart import Axis, Chart, Mark
from generator.diagram.measures import Point
from generator.diagram.pen import outline

_FINE = 61
_SMOOTH = 240
_FAR = 1e300
_APART = 30.0
_ALONG = (0.5, 0.3, 0.7, 0.15, 0.85)


@dataclass(frozen=True, slots=True)
class Line:
    """A function of the variable across, and its name (LaTeX), which is written at `at`."""

    latex: str
    function: Callable[[float], float]
    at: float


@dataclass(frozen=True, slots=True)
class Level:
    """A height that a function cannot pass or is compared with, and its name (LaTeX)."""

    latex: str
    height: float


def sum_plot(
    total: Callable[[float, float], float],
    across: Axis,
    up: Axis,
    latex: str,
    title: str,
    text: str,
    *,
    level: float = 1.0,
    step: float = 0.2,
    marks: Sequence[Mark] = (),
    prefix: str = "sum",
) -> str:
    """A map of `total`, called `latex`: the line on which it is `level`, its two sides, a thin line every `step`."""
    chart = Chart(across, up, (250.0, 250.0), prefix)
    grid = _Grid(total, across, up)
    chart.path(grid.between(-_FAR, level), "gx-below")
    chart.path(grid.between(level, _FAR), "gx-above")
    heights = [level + step * n for n in range(-40, 41) if n and grid.low < level + step * n < grid.high]
    for height in heights:
        chart.path(grid.line(height), "gx-level")
    chart.path(grid.line(level), "gx-here")
    dots = [chart.place(mark.x, mark.y) for mark in marks]
    for height in heights:
        crossing = grid.crossing(height)
        x, y = chart.place(*crossing) if crossing else (0.0, 0.0)
        if crossing and all(hypot(x - a, y - b) > _APART for a, b in dots):
            chart.word(f"{height:.4g}", x, y + 3, "gx-tick gx-halo")
    _sides(chart, grid, latex, level)
    for mark in marks:
        chart.mark(mark)
    return chart.svg(title, text, "")


def line_plot(
    lines: Sequence[Line],
    across: Axis,
    up: Axis,
    title: str,
    text: str,
    *,
    levels: Sequence[Level] = (),
    marks: Sequence[Mark] = (),
    prefix: str = "curves",
) -> str:
    """Curves of one variable, each with a hue, a stroke and its name, over dotted `levels`; gaps where not finite."""
    chart = Chart(across, up, (280.0, 190.0), prefix)
    for level in levels:
        chart.path(outline([(across.low, level.height), (across.high, level.height)], "ML"), "gx-rule")
    for number, line in enumerate(lines, 1):
        chart.path(_curve(line.function, across, up), f"gx-edge gx-curve gx-path-{number}")
    for level in levels:
        chart.name(level.latex, chart.place(across.high, level.height))
    for line in lines:
        chart.name(line.latex, chart.place(line.at, line.function(line.at)))
    for mark in marks:
        chart.mark(mark)
    return chart.svg(title, text, "".join(map(style.path_css, range(1, len(lines) + 1))))


def caveat_plot(plot: Plot, title: str, prefix: str = "plot") -> str:
    """The plot of a caveat: its curves with their labels, the main one heavy between tinted sides, and its spots."""
    points = [point for curve in plot.curves for point in curve.points] + [(spot.x, spot.y) for spot in plot.spots]
    across, up = (_axis(axis.latex, [point[side] for point in points]) for side, axis in enumerate((plot.x, plot.y)))
    chart = Chart(across, up, (250.0, 250.0), prefix)
    main = [curve for curve in plot.curves if curve.main]
    for curve in main if len(main) == 1 else ():
        (first, *_), (*_, last) = curve.points, curve.points
        for kind, height in (("gx-below", up.low), ("gx-above", up.high)):
            side = (*curve.points, (last[0], height), (first[0], height), first)
            chart.path(outline(side, f"M{'L' * (len(side) - 2)}Z"), kind)
    for curve in sorted(plot.curves, key=lambda curve: curve.main):
        commands = f"M{'L' * (len(curve.points) - 1)}"
        chart.path(outline(curve.points, commands), "gx-here" if curve.main else "gx-level")
    for spot in plot.spots:
        chart.mark(Mark(spot.x, spot.y, spot.label))
    for curve in plot.curves:
        chart.name(curve.label, *(chart.place(*curve.points[int(at * (len(curve.points) - 1))]) for at in _ALONG))
    return chart.svg(title, plot.alt, "")


def _axis(latex: str, values: Sequence[float]) -> Axis:
    """An axis over the values, with round ends."""
    low, high = min(values), max(values)
    unit = 10.0 ** (floor(log10(high - low or 1.0)) - 1)
    return Axis(latex, floor(low / unit) * unit, ceil(high / unit) * unit)


def _sides(chart: Chart, grid: _Grid, latex: str, level: float) -> None:
    """What is true at the two ends of the diagonal, and on the line between them."""
    for share in (0.11, 0.89):
        point = grid.diagonal(share)
        relation = ">" if grid.total(*point) > level else "<"
        chart.name(f"{latex} {relation} {level:g}", chart.place(*point))
    points = np.asarray(grid.line(level).vertices)
    if len(points):
        x, y = points[len(points) // 5]
        chart.name(f"{latex} = {level:g}", chart.place(float(x), float(y)))


def _curve(function: Callable[[float], float], across: Axis, up: Axis) -> Path:
    points: list[Point] = []
    commands = ""
    inside = False
    for number in range(_SMOOTH + 1):
        x = across.low + (across.high - across.low) * number / _SMOOTH
        y = function(x)
        visible = isfinite(y) and up.low <= y <= up.high
        if visible:
            points.append((x, y))
            commands += "L" if inside else "M"
        inside = visible
    return outline(points or [(across.low, up.low)], commands or "M")


class _Grid:
    """A function of two variables at the points of a grid, with matplotlib's contours."""

    def __init__(self, total: Callable[[float, float], float], across: Axis, up: Axis) -> None:
        self.total, self.across, self.up = total, across, up
        self._x = [across.low + (across.high - across.low) * n / (_FINE - 1) for n in range(_FINE)]
        self._y = [up.low + (up.high - up.low) * n / (_FINE - 1) for n in range(_FINE)]
        self._heights = [[total(x, y) for x in self._x] for y in self._y]
        self.low = min(map(min, self._heights))
        self.high = max(map(max, self._heights))
        self._axes = Figure().add_subplot()

    def line(self, height: float) -> Path:
        """The points at which the function has this height."""
        return self._axes.contour(self._x, self._y, self._heights, levels=[height]).get_paths()[0]

    def between(self, low: float, high: float) -> Path:
        """The area in which the function lies between the two."""
        return self._axes.contourf(self._x, self._y, self._heights, levels=[low, high]).get_paths()[0]

    def diagonal(self, share: float) -> tuple[float, float]:
        """The point at this share of the way from the lower left to the upper right corner."""
        return (
            self.across.low + (self.across.high - self.across.low) * share,
            self.up.low + (self.up.high - self.up.low) * share,
        )

    def crossing(self, height: float) -> tuple[float, float] | None:
        """Where the diagonal has this height, away from the corners."""
        shares = [0.15 + 0.7 * n / 700 for n in range(701)]
        above = [self.total(*self.diagonal(share)) > height for share in shares]
        found = next((n for n in range(1, len(shares)) if above[n] != above[n - 1]), None)
        return None if found is None else self.diagonal(shares[found])
