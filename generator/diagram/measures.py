"""Boxes and curves: the geometry of a drawing. Lengths in points; y grows downwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """How far a name reaches from the start of its line: its width, and its height above and below the line."""

    width: float
    up: float
    down: float


Measure = Callable[[str, float], Box]


@dataclass(frozen=True, slots=True)
class Place:
    """A box by its middle and half its width and height."""

    x: float
    y: float
    half_width: float
    half_height: float

    def overlaps(self, other: Place, clear: float = 0.0) -> bool:
        """Whether two boxes come closer than `clear`."""
        return (
            abs(self.x - other.x) < self.half_width + other.half_width + clear
            and abs(self.y - other.y) < self.half_height + other.half_height + clear
        )

    def holds(self, point: Point, clear: float = 0.0) -> bool:
        """Whether a point comes closer than `clear` to the box."""
        return abs(self.x - point[0]) < self.half_width + clear and abs(self.y - point[1]) < self.half_height + clear


@dataclass(frozen=True, slots=True)
class Curve:
    """A line (two points) or a cubic Bezier curve (four)."""

    points: tuple[Point, ...]

    def at(self, t: float) -> Point:
        """The point at `t` from 0 to 1."""
        return self._rows(t)[-1][0]

    def samples(self, count: int) -> tuple[Point, ...]:
        """`count` points along the curve, both ends included."""
        return tuple(self.at(number / (count - 1)) for number in range(count))

    def cut(self, start: float, end: float) -> Curve:
        """The part from `start` to `end` (de Casteljau's construction)."""
        head = Curve(tuple(row[0] for row in self._rows(end)))
        return Curve(tuple(row[-1] for row in reversed(head._rows(start / end))))

    def moved(self, dx: float, dy: float) -> Curve:
        """The curve elsewhere."""
        return Curve(tuple((x + dx, y + dy) for x, y in self.points))

    @property
    def reversed(self) -> Curve:
        """The same curve from its other end."""
        return Curve(self.points[::-1])

    def _rows(self, t: float) -> list[tuple[Point, ...]]:
        rows = [self.points]
        while len(rows[-1]) > 1:
            rows.append(tuple((a + (c - a) * t, b + (d - b) * t) for (a, b), (c, d) in pairwise(rows[-1])))
        return rows
