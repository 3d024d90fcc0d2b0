"""A scene as SVG: matplotlib draws lines, units and names; classes, links and words are added to what it drew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement

from matplotlib.path import Path

from generator.diagram import style, svg
from generator.diagram.layout import Layout, Line, layout
from generator.diagram.measures import Curve, Place
from generator.diagram.pen import Pen, outline
from generator.diagram.scene import Scene, Unit
from generator.formula import Name
from generator.model import Role

_ROUND = 0.5523
_NEURONS = frozenset({Role.INPUT, Role.HIDDEN, Role.OUTPUT})


def draw(scene: Scene, prefix: str = "network", targets: Mapping[Name, str] | None = None) -> str:
    """The scene as an SVG element for a page; ids begin with `prefix`; units link to `targets`, if these are given.

    `targets` are addresses by quantity (`#eq-Z`).
    """
    pen = Pen(prefix)
    placed = layout(scene, pen.measure)
    _all(pen, scene, placed)
    found = pen.parts()
    body = (
        *_edges(placed, found, pale=scene.paths > 0),
        *_weights(scene, placed, found),
        *_units(scene, found, targets or {}),
        *_numbers(placed),
        *_heads(scene, placed),
    )
    frame = svg.Frame(prefix, placed.width, placed.height, scene.title, scene.text, style.figure_css(scene.paths))
    return svg.figure(frame, found.letters, body, links=bool(targets))


def _all(pen: Pen, scene: Scene, placed: Layout) -> None:
    for number, line in enumerate(placed.lines):
        pen.outline(f"line-{number}", _line(line.curve))
    for number, tag in enumerate(placed.tags):
        pen.name(f"tag-{number}", tag.text, style.WEIGHT, tag.place.x, tag.place.y)
    for number, (unit, place) in enumerate(zip(scene.units, placed.units, strict=True)):
        pen.outline(f"unit-{number}", _shape(unit, place))
        if unit.latex:
            pen.name(f"name-{number}", unit.latex, style.LABEL, place.x, place.y)


def _line(curve: Curve) -> Path:
    return outline(curve.points, "ML" if len(curve.points) == 2 else "MCCC")


def _shape(unit: Unit, place: Place) -> Path:
    """A circle or a bar with round ends; a box for losses, targets and parameters; three dots for units left out."""
    if not unit.latex:
        dots = (_bar(Place(place.x, place.y + 5.5 * step, 1.4, 1.4), 1.4) for step in (-1, 0, 1))
        return Path.make_compound_path(*dots)
    return _bar(place, place.half_height if unit.role in _NEURONS else 5.0)


def _bar(place: Place, corner: float) -> Path:
    """A box with round corners."""
    left, right = place.x - place.half_width, place.x + place.half_width
    top, bottom = place.y - place.half_height, place.y + place.half_height
    bend = corner * (1 - _ROUND)
    points = [(left + corner, top)]
    for x, y, ahead in ((right, top, (0, 1)), (right, bottom, (-1, 0)), (left, bottom, (0, -1)), (left, top, (1, 0))):
        back = (ahead[1], -ahead[0])
        points += [
            (x - back[0] * corner, y - back[1] * corner),
            (x - back[0] * bend, y - back[1] * bend),
            (x + ahead[0] * bend, y + ahead[1] * bend),
            (x + ahead[0] * corner, y + ahead[1] * corner),
        ]
    return outline([*points, points[0]], f"M{'LCCC' * 4}Z")


def _edges(placed: Layout, found: svg.Parts, *, pale: bool) -> Iterator[Element]:
    for number, line in enumerate(placed.lines):
        (element,) = found.groups[f"line-{number}"]
        element.set("class", _edge_class(line, pale=pale))
        if line.link:
            element.set("data-link", line.link)
        yield element


def _edge_class(line: Line, *, pale: bool) -> str:
    if line.path:
        return f"gx-edge gx-path-{line.path}"
    return "gx-edge gx-pale" if pale else "gx-edge"


def _weights(scene: Scene, placed: Layout, found: svg.Parts) -> Iterator[Element]:
    """The labels of the edges, each on a ground that keeps lines from running through it."""
    for number, tag in enumerate(placed.tags):
        edge = scene.edges[tag.edge]
        state = " gx-asked" if edge.asked else " gx-pale" if scene.paths and not edge.strands else ""
        group = Element("g", {"class": f"gx-weight{state}"})
        place = tag.place
        group.append(svg.ground(place.x, place.y, place.half_width, place.half_height))
        group.extend(found.groups[f"tag-{number}"])
        yield group


def _units(scene: Scene, found: svg.Parts, targets: Mapping[Name, str]) -> Iterator[Element]:
    for number, unit in enumerate(scene.units):
        group = Element("g", {"class": _unit_class(unit, pale=scene.paths > 0)})
        group.extend(found.groups[f"unit-{number}"])
        group.extend(found.groups.get(f"name-{number}", ()))
        if unit.latex:
            group.set("data-unit", unit.key)
        address = targets.get(unit.name) if unit.latex else None
        if address is None:
            yield group
        else:
            link = Element("a", {"href": address, "aria-label": unit.text})
            link.append(group)
            yield link


def _unit_class(unit: Unit, *, pale: bool) -> str:
    kind = unit.role.value if unit.latex else "more"
    state = " gx-asked" if unit.asked else " gx-lit" if unit.paths else " gx-pale" if pale else ""
    return f"gx-unit gx-{kind}{state}"


def _numbers(placed: Layout) -> Iterator[Element]:
    for tag in placed.badges:
        group = Element("g", {"class": f"gx-number gx-path-{tag.text}"})
        middle = {"cx": tag.place.x, "cy": tag.place.y, "r": tag.place.half_width}
        SubElement(group, "circle", {name: svg.number(value) for name, value in middle.items()})
        group.append(svg.word(tag.text, tag.place.x, tag.place.y + 3.2))
        yield group


def _heads(scene: Scene, placed: Layout) -> Iterator[Element]:
    """What the columns are, above them."""
    for column, x in zip(scene.columns, placed.heads, strict=True):
        if column.caption:
            yield svg.word(column.caption, x, style.MARGIN + style.WORD, "gx-caption")
        if column.function:
            yield svg.word(column.function, x, style.MARGIN + 2 * style.WORD + 3, "gx-function")
