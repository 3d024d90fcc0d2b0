"""The ways of edges: straight where nothing is in between, else in an arc around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import hypot

from generator.diagram import style
from generator.diagram.measures import Curve, Place, Point

_CLEAR = 5.0
_FLATTEST = 16


def route(source: Place, target: Place, others: Sequence[Place]) -> Curve:
    """The flattest curve between the middles of two boxes that keeps clear of the others."""
    straight = Curve(((source.x, source.y), (target.x, target.y)))
    for curve in (straight, *_arcs(source, target)):
        points = curve.samples(25)
        if not any(other.holds(point, _CLEAR) for other in others for point in points):
            return curve
    return straight


def _arcs(source: Place, target: Place) -> Iterator[Curve]:
    for size in range(1, _FLATTEST):
        for sign in (-1, 1):
            rise = sign * size * style.ROW * 2 / 3
            across = target.x - source.x
            bends = ((source.x + across * 0.2, source.y + rise), (source.x + across * 0.8, target.y + rise))
            yield Curve(((source.x, source.y), *bends, (target.x, target.y)))


def strand(curve: Curve, number: int, count: int, ends: tuple[Place, Place]) -> Curve:
    """Strand `number` of `count` of an edge, side by side with the others, between the rims of the two units."""
    (x0, y0), (x1, y1) = curve.points[0], curve.points[-1]
    length = hypot(x1 - x0, y1 - y0) or 1.0
    apart = (number - (count - 1) / 2) * min(style.STRAND, 1.5 * style.RADIUS / count)
    moved = curve.moved(-(y1 - y0) / length * apart, (x1 - x0) / length * apart)
    return moved.cut(_leaves(moved, ends[0]), 1 - _leaves(moved.reversed, ends[1]))


def _leaves(curve: Curve, place: Place) -> float:
    """Where the curve leaves the unit in which it starts."""
    low, high = 0.0, 0.5
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(place, curve.at(middle)) else (low, middle)
    return high


def _within(place: Place, point: Point) -> bool:
    """Whether a point is within a unit: a circle, or a bar with round ends."""
    flat = max(0.0, place.half_width - place.half_height)
    across = max(0.0, abs(point[0] - place.x) - flat)
    return hypot(across, point[1] - place.y) < place.half_height
