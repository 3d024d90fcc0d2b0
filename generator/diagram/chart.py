"""The ground of a plot: a rectangle with two axes, into which points, curves and names are put."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor, log10
from xml.etree.ElementTree import Element, SubElement

from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from generator.diagram import style, svg
from generator.diagram.measures import Place, Point
from generator.diagram.pen import Pen

_LEFT, _TOP, _RIGHT, _BOTTOM = 44.0, 10.0, 12.0, 42.0


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: what it shows, as LaTeX, and from where to where."""

    latex: str
    low: float
    high: float

    def ticks(self) -> tuple[float, ...]:
        """Between three and seven round numbers within the axis."""
        span = self.high - self.low
        power = 10.0 ** floor(log10(span / 3))
        step = next((m * power for m in (1, 2, 5, 10) if span / (m * power) <= 6), 10 * power)
        first = -floor(-self.low / step + 1e-9)
        return tuple(n * step for n in range(first, floor(self.high / step + 1e-9) + 1))


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a plot, and what is written beside it (LaTeX)."""

    x: float
    y: float
    latex: str


class Chart:
    """A plot in the making. What is drawn later lies on top."""

    def __init__(self, across: Axis, up: Axis, size: tuple[float, float], prefix: str) -> None:
        self.across, self.up = across, up
        self._width, self._height = size
        self._pen = Pen(prefix)
        self._prefix = prefix
        self._bodies: list[tuple[str, Element]] = []
        self._taken: list[Place] = []

    def place(self, x: float, y: float) -> Point:
        """Where a point lies in the drawing."""
        across, down = self._transform.transform((x, y))
        return float(across), float(down)

    def path(self, path: Path, kind: str) -> None:
        """A path in the numbers of the axes, of a class; points that change nothing to see are left out."""
        moved = path.transformed(self._transform)
        moved.should_simplify = True
        self._pen.outline(self._next(Element("path", {"class": kind})), moved)

    def name(self, latex: str, *places: Point) -> None:
        """A name on a ground of its own, its middle at the first place of the drawing where it covers no other."""
        box = self._pen.measure(latex, style.WEIGHT)
        half_width, half_height = box.width / 2 + 2.5, (box.up + box.down) / 2 + 2
        found = [self._kept(Place(x, y, half_width, half_height)) for x, y in places]
        free = (place for place in found if not any(place.overlaps(other) for other in self._taken))
        chosen = next(free, found[0])
        self._taken.append(chosen)
        group = Element("g", {"class": "gx-weight"})
        group.append(svg.ground(chosen.x, chosen.y, half_width, half_height))
        self._pen.name(self._next(group), latex, style.WEIGHT, chosen.x, chosen.y)

    def _kept(self, place: Place) -> Place:
        """The place moved into the frame."""
        x = min(max(place.x, _LEFT + place.half_width + 2), _LEFT + self._width - place.half_width - 2)
        y = min(max(place.y, _TOP + place.half_height + 2), _TOP + self._height - place.half_height - 2)
        return replace(place, x=x, y=y)

    def word(self, text: str, x: float, y: float, kind: str) -> None:
        """A word with its middle at the place `x`, `y` of the drawing."""
        self._next(svg.word(text, x, y, kind))

    def mark(self, mark: Mark) -> None:
        """A dot, and its name above it, to the side where there is more room."""
        x, y = self.place(mark.x, mark.y)
        self._next(Element("circle", {"class": "gx-dot", "cx": svg.number(x), "cy": svg.number(y), "r": "4"}))
        away = 8 + self._pen.measure(mark.latex, style.WEIGHT).width / 2
        side = away if x < _LEFT + self._width / 2 else -away
        self._taken.append(Place(x, y, 4, 4))
        self.name(mark.latex, (x + side, y - 11), (x + side, y + 11), (x - side, y - 11), (x - side, y + 11))

    def svg(self, title: str, text: str, css: str) -> str:
        """The whole plot as an SVG element; nothing can be drawn after."""
        self._axes()
        found = self._pen.parts()
        for name, element in self._bodies:
            drawn = found.groups.get(name, ())
            if element.tag == "path":
                element.set("d", drawn[0].get("d", "") if drawn else "")
            else:
                element.extend(drawn)
        width, height = _LEFT + self._width + _RIGHT, _TOP + self._height + _BOTTOM
        frame = svg.Frame(self._prefix, width, height, title, text, style.plot_css() + css)
        return svg.figure(frame, found.letters, (element for _, element in self._bodies))

    @property
    def _transform(self) -> Affine2D:
        x = self._width / (self.across.high - self.across.low)
        y = self._height / (self.up.high - self.up.low)
        return Affine2D().translate(-self.across.low, -self.up.high).scale(x, -y).translate(_LEFT, _TOP)

    def _next(self, element: Element) -> str:
        name = f"part-{len(self._bodies)}"
        self._bodies.append((name, element))
        return name

    def _axes(self) -> None:
        """The frame, the ticks with their numbers, and the names of the axes."""
        right, bottom = _LEFT + self._width, _TOP + self._height
        ticks = "".join(self._ticks())
        frame = f"M{svg.number(_LEFT)} {svg.number(_TOP)}V{svg.number(bottom)}H{svg.number(right)}{ticks}"
        outline = Element("g", {"class": "gx-frame"})
        SubElement(outline, "path", {"d": frame})
        self._next(outline)
        for tick in self.across.ticks():
            self.word(_written(tick), self.place(tick, self.up.low)[0], bottom + 15, "gx-tick")
        for tick in self.up.ticks():
            self.word(_written(tick), _LEFT - 7, self.place(self.across.low, tick)[1] + 3.5, "gx-tick gx-right")
        self._pen.name(self._next(Element("g")), self.across.latex, style.LABEL, _LEFT + self._width / 2, bottom + 30)
        self._pen.name(self._next(Element("g")), self.up.latex, style.LABEL, 13, _TOP + self._height / 2)

    def _ticks(self) -> Iterator[str]:
        for tick in self.across.ticks():
            x, y = self.place(tick, self.up.low)
            yield f"M{svg.number(x)} {svg.number(y)}v4"
        for tick in self.up.ticks():
            x, y = self.place(self.across.low, tick)
            yield f"M{svg.number(x)} {svg.number(y)}h-4"


def _written(tick: float) -> str:
    return f"{tick:.6g}".replace("-", "−")
