"""Where everything of a scene goes. Lengths are in units of the drawing (points); y grows downwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.diagram import style
from generator.diagram.measures import Curve, Measure, Place
from generator.diagram.routes import route, strand
from generator.diagram.scene import FEW_LABELS, Column, Edge, Scene, Unit
from generator.diagram.tags import Tag, badges, tags
from generator.model import Role

_OWN = frozenset({Role.INPUT, Role.HIDDEN, Role.OUTPUT, Role.LOSS})
_TALL = _OWN | {Role.TARGET}


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn line of an edge: `number` counts the edges of the scene, `path` is 0 for a pale one."""

    edge: int
    path: int
    link: str
    curve: Curve


@dataclass(frozen=True, slots=True)
class Layout:
    """All places. `units` are in the order of the scene's, `heads` are the middles of the columns."""

    width: float
    height: float
    units: tuple[Place, ...]
    lines: tuple[Line, ...]
    tags: tuple[Tag, ...]
    badges: tuple[Tag, ...]
    heads: tuple[float, ...]


def layout(scene: Scene, measure: Measure) -> Layout:
    """The layout of a scene: columns left to right, each centred, edges around what they do not touch."""
    heads, width = _heads(scene, measure)
    top = style.MARGIN + _caption_height(scene)
    units: list[Place] = []
    for column, x in zip(scene.columns, heads, strict=True):
        units.extend(_column(column, x, 0.0, measure))
    found = {u.key: p for u, p in zip(scene.units, units, strict=True) if u.key}
    curves = [route(found[e.source], found[e.target], _others(found, e)) for e in scene.edges]
    lines = tuple(_lines(scene.edges, curves, found))
    marks = tags(scene.edges, curves, tuple(found.values()), measure)
    numbers = badges(scene.edges, curves, marks, tuple(found.values()))
    low, high, left, right = _extent(units, lines)
    shift_x = max(0.0, style.MARGIN - left)
    shift_y = top - low
    return _moved(
        Layout(
            max(width, right + style.MARGIN) + shift_x,
            high + style.MARGIN + shift_y,
            tuple(units),
            lines,
            marks,
            numbers,
            tuple(heads),
        ),
        shift_x,
        shift_y,
    )


def half_width(unit: Unit, measure: Measure) -> float:
    """Half the width of a unit: that of a circle, or as wide as its label needs."""
    if not unit.latex:
        return style.RADIUS / 2
    return max(style.RADIUS, measure(unit.latex, style.LABEL).width / 2 + 7)


def _caption_height(scene: Scene) -> float:
    rows = any(c.caption for c in scene.columns) + any(c.function for c in scene.columns)
    return rows * (style.WORD + 3) + 4


def _heads(scene: Scene, measure: Measure) -> tuple[list[float], float]:
    """The middle of each column, and the width of all."""
    heads: list[float] = []
    edge = style.MARGIN
    for number, column in enumerate(scene.columns):
        half = max(*(half_width(unit, measure) for unit in column.units), 3 * len(column.caption))
        if number:
            edge += _gap(scene, number, measure)
        heads.append(edge + half)
        edge += 2 * half
    return heads, edge + style.MARGIN


def _gap(scene: Scene, number: int, measure: Measure) -> float:
    """The space before a column: wide where edges cross or carry labels."""
    ends = {unit.key for unit in scene.columns[number].units}
    into = [edge for edge in scene.edges if edge.target in ends]
    labels = [measure(edge.latex, style.WEIGHT).width for edge in into if edge.latex]
    crossing = len(into) > len(scene.columns[number].units)
    crowded = 2.0 if len(labels) > FEW_LABELS else 1.7 if len(labels) > 2 else 1.25
    return max(style.GAP * (crowded if crossing else 0.6), max(labels, default=0.0) + 24)


def _steps(column: Column) -> Iterator[float]:
    """The distance of each unit from the one above it."""
    above: Unit | None = None
    for unit in column.units:
        yield 0.0 if above is None else style.ROW * (1.0 if unit.latex and above.latex else 0.72)
        above = unit


def _column(column: Column, x: float, middle: float, measure: Measure) -> Iterator[Place]:
    """The places of a column: its own units around the middle, what stands beside them below (or above, if first)."""
    steps = list(_steps(column))
    down = [sum(steps[: number + 1]) for number in range(len(steps))]
    own = [y for y, unit in zip(down, column.units, strict=True) if unit.role in _OWN] or down
    start = middle - (own[0] + own[-1]) / 2
    for y, unit in zip(down, column.units, strict=True):
        high = style.RADIUS * (0.5 if not unit.latex else 1.0 if unit.role in _TALL else 0.7)
        yield Place(x, start + y, half_width(unit, measure), high)


def _others(found: Mapping[str, Place], edge: Edge) -> tuple[Place, ...]:
    return tuple(place for key, place in found.items() if key not in (edge.source, edge.target))


def _lines(edges: Sequence[Edge], curves: Sequence[Curve], found: Mapping[str, Place]) -> Iterator[Line]:
    """The lines of all edges, pale ones first."""
    for lit in (False, True):
        for number, (edge, curve) in enumerate(zip(edges, curves, strict=True)):
            ends = (found[edge.source], found[edge.target])
            if not lit and not edge.strands:
                yield Line(number, 0, "", strand(curve, 0, 1, ends))
            for place, each in enumerate(edge.strands if lit else ()):
                yield Line(number, each.path, each.link, strand(curve, place, len(edge.strands), ends))


def _extent(units: Sequence[Place], lines: Sequence[Line]) -> tuple[float, float, float, float]:
    """Highest and lowest y, smallest and largest x of all that is drawn."""
    points = [point for line in lines for point in line.curve.samples(21)]
    low = min([u.y - u.half_height for u in units] + [y - 4 for _, y in points])
    high = max([u.y + u.half_height for u in units] + [y + 4 for _, y in points])
    left = min([u.x - u.half_width for u in units] + [x - 4 for x, _ in points])
    right = max([u.x + u.half_width for u in units] + [x + 4 for x, _ in points])
    return low, high, left, right


def _moved(found: Layout, dx: float, dy: float) -> Layout:
    def placed(place: Place) -> Place:
        return replace(place, x=place.x + dx, y=place.y + dy)

    def tagged(marks: Sequence[Tag]) -> tuple[Tag, ...]:
        return tuple(replace(tag, place=placed(tag.place)) for tag in marks)

    return replace(
        found,
        units=tuple(map(placed, found.units)),
        lines=tuple(replace(line, curve=line.curve.moved(dx, dy)) for line in found.lines),
        tags=tagged(found.tags),
        badges=tagged(found.badges),
        heads=tuple(head + dx for head in found.heads),
    )
