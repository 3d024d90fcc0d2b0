"""A model as nodes and wires: what is drawn of each quantity, in which column, and which weight each wire carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from generator import anchors
from generator.diagram.unroll import Use, Window, scopes, small, uses
from generator.formula import Derivative, Entry, Formula, Index, Multiply, Name, walk
from generator.model import Model, Quantity, Role

MOST_ENTRIES = 6
_ACTIVE = frozenset({Role.INPUT, Role.HIDDEN, Role.OUTPUT, Role.LOSS})


@dataclass(frozen=True, slots=True)
class Node:
    """A unit before it has a place. `entries` are what it stands for; none where it stands for those left out.

    `whole`: it stands for all entries of the quantity.
    """

    key: str
    entries: tuple[Entry, ...]
    role: Role
    column: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge from one node to another, and the parameters that multiply on it."""

    source: str
    target: str
    weights: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes in reading order, wires in the order of the definitions."""

    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]
    by_entry: Mapping[Entry, str]
    by_name: Mapping[Name, str]

    def node_of(self, entry: Entry) -> str | None:
        """The key of the node that stands for the entry, if one is drawn."""
        return self.by_entry.get(entry) or self.by_name.get(entry.name)


def network(model: Model, window: Window, parameters: Mapping[Name, tuple[Entry, ...]]) -> Network:
    """The network of the model. `parameters` are drawn as units of their own, at these entries (none: at all)."""
    units = unit_names(model)
    drawn = tuple(q for q in model.quantities if q.name in units or q.name in parameters)
    columns = _columns(model, frozenset(q.name for q in drawn))
    nodes: list[Node] = []
    for quantity in drawn:
        nodes.extend(_nodes(quantity, columns[quantity.name], window, parameters.get(quantity.name, ())))
    nodes.extend(_targets(model, columns, window))
    by_entry = {entry: node.key for node in nodes if not node.whole for entry in node.entries}
    whole = (node for node in nodes if node.whole or node.role is Role.TARGET)
    by_name = {entry.name: node.key for node in whole for entry in node.entries}
    bare = Network(tuple(nodes), (), by_entry, by_name)
    return Network(bare.nodes, _wires(model, window, bare, units), by_entry, by_name)


def unit_names(model: Model) -> frozenset[Name]:
    """The quantities that are drawn as units: inputs, and what is computed from them.

    What is computed from parameters alone is a unit too, unless it multiplies one: then it is a weight. A definition
    that names a derivative is no part of the network.
    """
    fed = {q.name for q in model.quantities if q.role is Role.INPUT}
    weights: set[Name] = set()
    for definition in model.definitions:
        if fed & set(model.inputs[definition.name]):
            fed.add(definition.name)
            weights.update(_multiplying(definition.formula, fed))
    named = {d.name for d in model.definitions if any(isinstance(part, Derivative) for part in walk(d.formula))}
    active = {q.name for q in model.quantities if q.role in _ACTIVE}
    return frozenset((active - weights - named) | (fed - named))


def carried(use: Use, units: frozenset[Name]) -> bool:
    """Whether a used parameter multiplies a unit, so that it belongs to a wire."""
    return any(factor.name in units for factor in use.factors)


def _multiplying(formula: Formula, fed: set[Name]) -> Iterator[Name]:
    """Quantities that no input feeds and that multiply something that one feeds."""
    for part in walk(formula):
        if isinstance(part, Multiply):
            names = [factor.name for factor in part.factors if isinstance(factor, Entry)]
            if any(name in fed for name in names):
                yield from (name for name in names if name not in fed)


def _columns(model: Model, drawn: frozenset[Name]) -> dict[Name, int]:
    """The column of each drawn quantity: its depth, inputs first, and what no input feeds just before its consumer."""
    free = [q.name for q in model.quantities if q.name in drawn and q.name not in model.definition]
    order = (*free, *(d.name for d in model.definitions if d.name in drawn))
    depth = dict.fromkeys(free, 0)
    fed = {name: model.quantity[name].role is Role.INPUT for name in free}
    for name in order[len(free) :]:
        below = [other for other in model.inputs[name] if other in depth]
        depth[name] = 1 + max((depth[other] for other in below), default=-1)
        fed[name] = any(fed[other] for other in below)
    for name in reversed(order):
        consumers = [depth[consumer] for consumer in model.consumers(name) if consumer in depth]
        if consumers and not fed[name]:
            depth[name] = min(consumers) - 1
    rank = {level: column for column, level in enumerate(sorted(set(depth.values())))}
    return {name: rank[level] for name, level in depth.items()}


def _nodes(quantity: Quantity, column: int, window: Window, only: tuple[Entry, ...]) -> Iterator[Node]:
    if only:
        yield from (Node(anchors.entry(entry), (entry,), quantity.role, column) for entry in only)
        return
    shown = tuple(window.shown(span) for span in quantity.ranges)
    spread = sum(len(indices) > 1 for indices in shown)
    count = prod(len(indices) for indices in shown)
    if spread > 1 and (count > MOST_ENTRIES or not all(map(small, quantity.ranges))):
        whole = Entry(quantity.name, tuple(Index(letter) for letter in quantity.letters))
        yield Node(anchors.slug(quantity.name), (whole,), quantity.role, column, whole=True)
        return
    for indices in product(*shown):
        known = tuple(index for index in indices if index is not None)
        entry = Entry(quantity.name, known)
        left_out = len(known) < len(indices)
        yield Node("", (), quantity.role, column) if left_out else Node(
            anchors.entry(entry), (entry,), quantity.role, column
        )


def _targets(model: Model, columns: Mapping[Name, int], window: Window) -> Iterator[Node]:
    """The targets of one column of consumers as one node."""
    at: dict[int, list[Quantity]] = {}
    for quantity in model.quantities:
        beside = [columns[name] for name in model.consumers(quantity.name) if name in columns]
        if quantity.role is Role.TARGET and beside:
            at.setdefault(max(beside), []).append(quantity)
    for column, quantities in sorted(at.items()):
        entries: list[Entry] = []
        for quantity in quantities:
            found = [Entry(quantity.name, tuple(scope.values())) for scope in _choices(quantity, window)]
            entries.extend(found if len(found) <= MOST_ENTRIES else [model.whole(quantity.name)])
        yield Node(anchors.slug(quantities[0].name), tuple(entries), Role.TARGET, column)


def _choices(quantity: Quantity, window: Window) -> Iterator[dict[str, Index]]:
    positions = tuple(str(position) for position in range(len(quantity.ranges)))
    return scopes(positions, quantity.ranges, window)


def _wires(model: Model, window: Window, bare: Network, units: frozenset[Name]) -> tuple[Wire, ...]:
    weights: dict[tuple[str, str], list[Entry]] = {}
    for definition in model.definitions:
        for scope in scopes(definition.letters, definition.ranges, window):
            target = bare.node_of(Entry(definition.name, tuple(scope.values())))
            if target is None:
                continue
            for use in uses(definition.formula, scope, window):
                source = bare.node_of(use.entry)
                active = use.entry.name in units or model.quantity[use.entry.name].role is Role.TARGET
                if source is None or not (active or not carried(use, units)):
                    continue
                found = weights.setdefault((source, target), [])
                found.extend(w for w in _weights(model, units, use.factors) if w not in found)
    return tuple(Wire(source, target, tuple(found)) for (source, target), found in weights.items())


def _weights(model: Model, units: frozenset[Name], factors: Iterable[Entry]) -> Iterator[Entry]:
    return (f for f in factors if f.name not in units and model.quantity[f.name].role is not Role.TARGET)
