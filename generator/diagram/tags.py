"""Labels on edges: each on its own edge, at the spot where it hides least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.diagram import style
from generator.diagram.measures import Curve, Measure, Place, Point
from generator.diagram.scene import Edge

_SPOTS = (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.22, 0.78)
_BADGE = 6.5


@dataclass(frozen=True, slots=True)
class Tag:
    """A label or a path's number on an edge (counted from 0)."""

    edge: int
    text: str
    place: Place


def tags(edges: Sequence[Edge], curves: Sequence[Curve], units: Sequence[Place], measure: Measure) -> tuple[Tag, ...]:
    """The labels of the edges, those of lit ones first, so that they have the best places."""
    ways = _ways(curves)
    found: list[Tag] = []
    order = sorted((n for n, edge in enumerate(edges) if edge.latex), key=lambda n: not edges[n].strands)
    for number in order:
        box = measure(edges[number].latex, style.WEIGHT)
        half = (box.width / 2 + 2.5, (box.up + box.down) / 2 + 2)
        place = _best(number, edges, curves[number], ways, half, (*units, *(tag.place for tag in found)))
        found.append(Tag(number, edges[number].latex, place))
    return tuple(found)


def badges(
    edges: Sequence[Edge], curves: Sequence[Curve], marks: Sequence[Tag], units: Sequence[Place]
) -> tuple[Tag, ...]:
    """The number of each path, on an edge that is its own where there is one, near the loss and without a label."""
    ways = _ways(curves)
    labelled = {tag.edge for tag in marks}
    found: list[Tag] = []
    for path in sorted({strand.path for edge in edges for strand in edge.strands}):
        own = [n for n, edge in enumerate(edges) if any(strand.path == path for strand in edge.strands)]
        number = min(own, key=lambda n: (len(edges[n].strands), n in labelled, -curves[n].points[-1][0], n))
        taken = (*units, *(tag.place for tag in (*marks, *found)))
        found.append(Tag(number, str(path), _best(number, edges, curves[number], ways, (_BADGE, _BADGE), taken)))
    return tuple(found)


def _ways(curves: Sequence[Curve]) -> tuple[tuple[Point, ...], ...]:
    return tuple(curve.samples(41) for curve in curves)


def _best(
    number: int,
    edges: Sequence[Edge],
    curve: Curve,
    ways: Sequence[Sequence[Point]],
    half: tuple[float, float],
    taken: Sequence[Place],
) -> Place:
    """The box on the curve of edge `number` that hides fewest other edges and touches nothing that is taken."""
    places = [Place(*curve.at(t), *half) for t in _SPOTS]

    def cost(place: Place) -> float:
        hidden = sum(
            (3.0 if edge.strands else 1.0)
            for n, (edge, way) in enumerate(zip(edges, ways, strict=True))
            if n != number and any(place.holds(point, 1.0) for point in way)
        )
        return hidden + 50.0 * sum(place.overlaps(other, 1.0) for other in taken) + 0.1 * places.index(place)

    return min(places, key=cost)
