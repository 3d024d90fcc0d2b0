"""The scene: what a drawing of a model shows, before anything has a place or a colour."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from generator.derivation import Derivation
from generator.diagram import words
from generator.diagram.light import Chain, Light, Strand, chains, light, standing_alone
from generator.diagram.names import latex, text
from generator.diagram.network import Network, Node, Wire, network
from generator.diagram.view import View, view
from generator.formula import Entry, Name
from generator.model import Model, Role

FEW_LABELS = 4


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its id, what it is called (as LaTeX and as text), what it is, and the paths that run through it.

    A unit without a name stands for those left out. `asked`: the derivative is taken in it. `name` is its quantity.
    """

    key: str
    latex: str
    text: str
    role: Role
    name: Name | None
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


def scene(model: Model, derivation: Derivation | None = None) -> Scene:
    """The scene of the model, with the paths of the derivation's written-out terms lit, numbered as these are."""
    seen = view(model, derivation)
    terms = () if derivation is None else derivation.written_terms
    found = tuple((term, chains(model, seen, term)) for term in terms)
    every = tuple(chain.from_iterable(drawn for _, drawn in found))
    wired = network(model, seen.window, standing_alone(model, seen, every))
    lit = light(wired, found)
    asked = frozenset(drawn[-1] for drawn in every)
    columns = _columns(model, wired, lit, asked)
    return Scene(
        columns,
        _edges(wired, lit, asked),
        len(terms),
        words.title(derivation),
        words.text(model, wired, seen, derivation, tuple(drawn for _, drawn in found)),
    )


def _columns(model: Model, wired: Network, lit: Light, asked: frozenset[Entry]) -> tuple[Column, ...]:
    last = max(node.column for node in wired.nodes)
    columns = []
    for number in range(last + 1):
        nodes = [node for node in wired.nodes if node.column == number]
        units = tuple(_unit(node, lit, asked) for node in nodes)
        columns.append(Column(units, words.caption(model, nodes), words.function(model, nodes)))
    return tuple(columns)


def _unit(node: Node, lit: Light, asked: frozenset[Entry]) -> Unit:
    return Unit(
        node.key,
        ", ".join(latex(entry) for entry in node.entries),
        ", ".join(text(entry) for entry in node.entries),
        node.role,
        node.entries[0].name if node.entries else None,
        lit.nodes.get(node.key, ()),
        not asked.isdisjoint(node.entries),
    )


def _edges(wired: Network, lit: Light, asked: frozenset[Entry]) -> tuple[Edge, ...]:
    column = {node.key: node.column for node in wired.nodes}
    labels = {(wire.source, wire.target): _label(wire, asked) for wire in wired.wires}
    crowd = Counter(column[wire.target] for wire in wired.wires if labels[wire.source, wire.target])
    edges = []
    for wire in wired.wires:
        ends = (wire.source, wire.target)
        strands = lit.strands.get(ends, ())
        plain = all(not weight.indices for weight in wire.weights)
        shown = strands or plain or crowd[column[wire.target]] <= FEW_LABELS
        carries = bool(strands) and not asked.isdisjoint(wire.weights)
        edges.append(Edge(*ends, labels[ends] if shown else "", strands, carries))
    return tuple(edges)


def _label(wire: Wire, asked: frozenset[Entry]) -> str:
    chosen = [weight for weight in wire.weights if weight in asked] or list(wire.weights)
    return ", ".join(map(latex, chosen)) if len(chosen) <= 2 else ""
