"""A model as nodes and wires: what is drawn of each quantity, and which weight each wire carries."""

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
    """A unit of the quantity `name` before it has a place: the entries that it stands for, None for those left out.

    `whole`: it stands for every entry of the quantities.
    """

    key: str
    name: Name
    role: Role
    entries: tuple[Entry | None, ...]
    whole: bool = False

    @property
    def more(self) -> bool:
        """Whether it only stands for units left out."""
        return self.entries == (None,)


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


def network(model: Model, window: Window, parameters: Mapping[Name, tuple[Entry, ...]], asked: Name | None) -> Network:
    """The network of the model. `parameters` are drawn as units of their own, at these entries (none: at all).

    An input that a loss uses as a target stands beside the loss once more, unless it is `asked` about.
    """
    units = unit_names(model) | {name for name, only in parameters.items() if not only}
    drawn = [q for q in model.quantities if q.name in units or q.name in parameters]
    nodes = [node for q in drawn for node in _nodes(q, window, parameters.get(q.name, ()))]
    beside = [_beside(group, window, "") for group in _targets(model)]
    copies = [_beside((q,), window, "-again") for q in drawn if q.name != asked and _compared(model, q)]
    bare = Network(
        (*nodes, *beside, *copies),
        (),
        {entry: node.key for node in nodes if not node.whole for entry in node.entries if entry},
        {entry.name: node.key for node in (*nodes, *beside) if node.whole for entry in node.entries if entry},
    )
    wires = tuple(_wires(model, window, bare, units, {node.name: node.key for node in copies}))
    used = {key for wire in wires for key in (wire.source, wire.target)}
    kept = tuple(node for node in bare.nodes if node.role is not Role.TARGET or node.key in used)
    return Network(kept, wires, bare.by_entry, bare.by_name)


def unit_names(model: Model) -> frozenset[Name]:
    """The quantities that are drawn as units: inputs, and what is computed.

    What no input feeds and what multiplies a unit is a weight instead, and a definition that names a derivative is no
    part of the network.
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


def carried(used: Iterable[Use], units: frozenset[Name]) -> frozenset[Entry]:
    """What multiplies a unit in a definition's uses, so that it belongs to a wire."""
    return frozenset(factor for use in used if use.entry.name in units for factor in use.factors)


def _multiplying(formula: Formula, fed: set[Name]) -> Iterator[Name]:
    """Quantities that no input feeds and that multiply something that one feeds."""
    for part in walk(formula):
        if isinstance(part, Multiply):
            names = [factor.name for factor in part.factors if isinstance(factor, Entry)]
            if any(name in fed for name in names):
                yield from (name for name in names if name not in fed)


def _nodes(quantity: Quantity, window: Window, only: tuple[Entry, ...]) -> Iterator[Node]:
    name, role = quantity.name, quantity.role
    if only:
        yield from (Node(anchors.entry(entry), name, role, (entry,)) for entry in only)
        return
    if _grid(quantity, window):
        yield Node(anchors.slug(name), name, role, (_general(quantity),), whole=True)
        return
    for number, indices in enumerate(product(*(window.shown(span) for span in quantity.ranges))):
        known = tuple(index for index in indices if index is not None)
        if len(known) == len(indices):
            entry = Entry(name, known)
            yield Node(anchors.entry(entry), name, role, (entry,))
        else:
            yield Node(f"{anchors.slug(name)}-more-{number}", name, role, (None,))


def _grid(quantity: Quantity, window: Window) -> bool:
    """Whether the entries spread in two directions and are too many to be drawn one by one."""
    shown = [window.shown(span) for span in quantity.ranges]
    spread = sum(len(indices) > 1 for indices in shown)
    return spread > 1 and (prod(map(len, shown)) > MOST_ENTRIES or not all(map(small, quantity.ranges)))


def _general(quantity: Quantity) -> Entry:
    return Entry(quantity.name, tuple(map(Index, quantity.letters)))


def _targets(model: Model) -> Iterable[tuple[Quantity, ...]]:
    """The targets, those together that the same definitions use."""
    groups: dict[tuple[Name, ...], list[Quantity]] = {}
    for quantity in model.quantities:
        if quantity.role is Role.TARGET:
            groups.setdefault(tuple(model.consumers(quantity.name)), []).append(quantity)
    return map(tuple, groups.values())


def _compared(model: Model, quantity: Quantity) -> bool:
    """Whether an input goes into a loss beside what is computed from it."""
    roles = [model.quantity[consumer].role for consumer in model.consumers(quantity.name)]
    return quantity.role is Role.INPUT and Role.LOSS in roles and len(set(roles)) > 1


def _beside(quantities: tuple[Quantity, ...], window: Window, mark: str) -> Node:
    """Targets as one node that stands for all their entries."""
    entries: list[Entry | None] = []
    for quantity in quantities:
        choices = list(product(*(window.shown(span) for span in quantity.ranges)))
        if _grid(quantity, window):
            entries.append(_general(quantity))
        elif any(None in indices for indices in choices):
            first, last = (Entry(quantity.name, tuple(i for i in c if i)) for c in (choices[0], choices[-1]))
            entries.extend((first, None, last))
        else:
            entries.extend(Entry(quantity.name, tuple(i for i in indices if i)) for indices in choices)
    name = quantities[0].name
    return Node(anchors.slug(name) + mark, name, Role.TARGET, tuple(entries), whole=True)


def _wires(
    model: Model, window: Window, bare: Network, units: frozenset[Name], copies: Mapping[Name, str]
) -> Iterator[Wire]:
    weights: dict[tuple[str, str], list[Entry]] = {}
    for definition in model.definitions:
        loss = model.quantity[definition.name].role is Role.LOSS
        for scope in scopes(definition.letters, definition.ranges, window):
            target = bare.node_of(Entry(definition.name, tuple(scope.values())))
            used = tuple(uses(definition.formula, scope, window)) if target else ()
            on_wires = carried(used, units)
            for use in used:
                source = (copies.get(use.entry.name) if loss else None) or bare.node_of(use.entry)
                active = use.entry.name in units or model.quantity[use.entry.name].role is Role.TARGET
                if source and target and (active or use.entry not in on_wires):
                    found = weights.setdefault((source, target), [])
                    found.extend(w for w in _weights(model, units, use.factors) if w not in found)
    return (Wire(source, target, tuple(found)) for (source, target), found in weights.items())


def _weights(model: Model, units: frozenset[Name], factors: Iterable[Entry]) -> Iterator[Entry]:
    return (f for f in factors if f.name not in units and model.quantity[f.name].role is not Role.TARGET)
