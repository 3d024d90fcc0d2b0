"""The scene: what a drawing of a model shows, before anything has a place or a colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from generator.derivation import Derivation, Term
from generator.diagram import words
from generator.diagram.columns import columns
from generator.diagram.light import Light, Strand, chains, light, standing_alone
from generator.diagram.names import text
from generator.diagram.network import Network, Node, Wire, network
from generator.diagram.view import view
from generator.formula import Entry, Name
from generator.latex.printer import latex
from generator.model import Model, Role

FEW_LABELS = 4
_PARAMETERS = frozenset({Role.WEIGHT, Role.BIAS, Role.CONSTANT})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its id, what it is called (as LaTeX and as text), what it is, and the paths that run through it.

    A unit without LaTeX stands for those left out. `asked`: the derivative is taken in it. `name` is its quantity.
    """

    key: str
    latex: str
    text: str
    role: Role
    name: Name
    paths: tuple[int, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """Units one below the other, what they are together, and the function that computes them (either may be empty)."""

    units: tuple[Unit, ...]
    caption: str
    function: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge between two units by their ids, the weight that multiplies on it (or none), and the paths along it."""

    source: str
    target: str
    latex: str
    strands: tuple[Strand, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn, left to right, with a title and a text that says in words what the drawing shows."""

    columns: tuple[Column, ...]
    edges: tuple[Edge, ...]
    paths: int
    title: str
    text: str

    @property
    def units(self) -> tuple[Unit, ...]:
        """All units, column by column."""
        return tuple(chain.from_iterable(column.units for column in self.columns))


def scene(model: Model, derivation: Derivation | None = None, shown: tuple[Term, ...] | None = None) -> Scene:
    """The scene of the model, with the paths of terms lit and numbered as these are.

    `shown` are the terms as they stand beside the drawing; by default those with written-out sums.
    """
    terms = shown if shown is not None else derivation.written_terms if derivation is not None else ()
    seen = view(model, derivation, terms)
    found = tuple(chains(model, seen, term) for term in terms)
    every = tuple(chain.from_iterable(found))
    asked = None if derivation is None else derivation.asked.wrt[0].name
    wired = network(model, seen.window, standing_alone(model, seen, every), asked)
    place = columns(model, wired)
    lit = light(wired, tuple(zip(terms, found, strict=True)))
    ends = frozenset(drawn[-1] for drawn in every)
    told = words.text(model, wired, place, seen, found)
    groups = _by_column(wired, place)
    return Scene(
        tuple(_column(model, group, lit, ends) for group in groups),
        _edges(wired, place, lit, ends),
        len(terms),
        words.title(found),
        told,
    )


def _by_column(wired: Network, place: Mapping[str, int]) -> tuple[tuple[Node, ...], ...]:
    """The nodes of each column in order; a parameter used in the upper half of the drawing first."""
    columns_ = range(max(place.values(), default=-1) + 1)
    nodes = [[node for node in wired.nodes if place[node.key] == number] for number in columns_]
    height = {node.key: (n + 0.5) / len(column) for column in nodes for n, node in enumerate(column)}

    def first(node: Node) -> bool:
        above = [height[wire.target] for wire in wired.wires if wire.source == node.key]
        return node.role in _PARAMETERS and sum(above) < len(above) / 2

    mixed = [any(node.role not in _PARAMETERS for node in column) for column in nodes]
    return tuple(
        tuple(sorted(column, key=lambda node: not first(node))) if both else tuple(column)
        for column, both in zip(nodes, mixed, strict=True)
    )


def _column(model: Model, nodes: tuple[Node, ...], lit: Light, asked: frozenset[Entry]) -> Column:
    units = tuple(_unit(node, lit, asked) for node in nodes)
    return Column(units, words.caption(model, nodes), words.function(model, nodes))


def _unit(node: Node, lit: Light, asked: frozenset[Entry]) -> Unit:
    return Unit(
        node.key,
        "" if node.more else ", ".join(latex(entry) if entry else r"\ldots" for entry in node.entries),
        ", ".join(text(entry) if entry else "…" for entry in node.entries),
        node.role,
        node.name,
        lit.nodes.get(node.key, ()),
        not asked.isdisjoint(node.entries),
    )


def _edges(wired: Network, place: Mapping[str, int], lit: Light, asked: frozenset[Entry]) -> tuple[Edge, ...]:
    """The edges, labelled where there are few labels, where names follow no rule, and where something is asked."""
    crowd = Counter((place[w.target], bool(lit.strands.get((w.source, w.target)))) for w in wired.wires if w.weights)
    edges = []
    for wire in wired.wires:
        strands = lit.strands.get((wire.source, wire.target), ())
        carries = bool(strands) and not asked.isdisjoint(wire.weights)
        plain = all(not weight.indices for weight in wire.weights)
        pale, bright = (crowd[place[wire.target], shines] for shines in (False, True))
        few = (bright if strands else bright + pale) <= FEW_LABELS
        label = _label(wire, asked) if carries or plain or few else ""
        edges.append(Edge(wire.source, wire.target, label, strands, carries))
    return tuple(edges)


def _label(wire: Wire, asked: frozenset[Entry]) -> str:
    chosen = [weight for weight in wire.weights if weight in asked] or list(wire.weights)
    return ", ".join(map(latex, chosen)) if len(chosen) <= 2 else ""
