"""The drawing in words: captions, and the text for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from generator.diagram.light import Chain
from generator.diagram.names import text as name
from generator.diagram.network import Network, Node
from generator.diagram.view import View
from generator.formula import Apply, Entry, Formula, Softmax
from generator.functions import FUNCTIONS
from generator.model import Model, Role
from generator.plain import plain

_CAPTIONS = {
    Role.INPUT: ("input", "inputs"),
    Role.HIDDEN: ("hidden", "hidden"),
    Role.OUTPUT: ("output", "outputs"),
    Role.LOSS: ("loss", "losses"),
}
_KINDS = {
    Role.INPUT: ("input", "inputs"),
    Role.HIDDEN: ("hidden unit", "hidden units"),
    Role.OUTPUT: ("output", "outputs"),
    Role.LOSS: ("loss", "losses"),
    Role.TARGET: ("target", "targets"),
}
_COUNT = ("No", "One", "Two", "Three", "Four", "Five", "Six")


def caption(model: Model, nodes: Sequence[Node]) -> str:
    """What the units of a column are together."""
    found = [node for node in nodes if node.role in _CAPTIONS]
    if not found:
        return ""
    if found[0].role is Role.HIDDEN and all(_net_input(model, node) for node in found):
        return "net input"
    return _CAPTIONS[found[0].role][len(found) > 1]


def function(model: Model, nodes: Sequence[Node]) -> str:
    """The functions by which the units of a column are computed, if they are one or two."""
    found = dict.fromkeys(_function(model, node) for node in nodes if node.role in _CAPTIONS)
    return ", ".join(found) if len(found) <= 2 and "" not in found else ""


def _function(model: Model, node: Node) -> str:
    definition = model.definition.get(node.name)
    match definition.formula if definition else None:
        case Softmax():
            return "softmax"
        case Apply(key, _, order):
            row = FUNCTIONS.get(key)
            return plain(row.latex if row else key) + "'" * order
        case _:
            return ""


def _net_input(model: Model, node: Node) -> bool:
    """Whether the unit is only there to be put into a function."""
    consumers = [model.definition[consumer].formula for consumer in model.consumers(node.name)]
    return not _function(model, node) and bool(consumers) and all(map(_applied, consumers))


def _applied(formula: Formula) -> bool:
    match formula:
        case Softmax(_, _, _, Entry()) | Apply(_, Entry()):
            return True
        case _:
            return False


def title(found: Sequence[tuple[Chain, ...]]) -> str:
    """The drawing's name."""
    if not found:
        return "The network"
    path = found[0][0]
    return f"The network, with the {'path' if len(found) == 1 else 'paths'} from {name(path[-1])} to {name(path[0])}"


def text(model: Model, wired: Network, place: Mapping[str, int], seen: View, found: Sequence[tuple[Chain, ...]]) -> str:
    """The drawing as a person would describe it: the columns, what joins them, and the lit paths."""
    sentences = [
        "The network from left to right.",
        *_columns(model, wired, place),
        *_biases(model, wired),
        *_drawn_for(seen),
        *_paths(wired, found),
    ]
    return " ".join(sentences)


def row(parts: Iterable[str]) -> str:
    """Names in a row, as in a sentence."""
    found = list(parts)
    if len(found) < 2 or "…" in found:
        return ", ".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def _called(nodes: Iterable[Node]) -> str:
    return row(name(entry) if entry else "…" for node in nodes for entry in node.entries)


def _columns(model: Model, wired: Network, place: Mapping[str, int]) -> Iterator[str]:
    for number in range(max(place.values(), default=-1) + 1):
        nodes = [node for node in wired.nodes if place[node.key] == number]
        for key in dict.fromkeys((node.role, _function(model, node)) for node in nodes):
            yield _group(wired, *key, [n for n in nodes if (n.role, _function(model, n)) == key])


def _group(wired: Network, role: Role, used: str, nodes: Sequence[Node]) -> str:
    """A sentence about units of one kind and function: what they are called, and from what they are computed."""
    keys = {node.key for node in nodes}
    sources = {wire.source for wire in wired.wires if wire.target in keys}
    names = {node.name for node in wired.nodes if node.key in sources and node.role is not Role.TARGET}
    below = [node for node in wired.nodes if node.name in names and (node.key in sources or node.more)]
    many = len(nodes) > 1 or len(nodes[0].entries) > 1
    kind = _KINDS.get(role, ("parameter", "parameters"))[many]
    by = f" by {used}" if used else ""
    own = ", each from its own one of" if many and _one_by_one(wired, keys) else " from"
    fed = f", computed{by}{own} {_called(below)}" if below else ""
    where = "Beside it, the " if role is Role.TARGET else ""
    whole = f"{where}{kind} {_called(nodes)}{fed}."
    return whole[0].upper() + whole[1:]


def _one_by_one(wired: Network, keys: set[str]) -> bool:
    """Whether each unit has a single source, which it shares with none."""
    sources = [wire.source for wire in wired.wires if wire.target in keys]
    targets = {wire.target for wire in wired.wires if wire.target in keys}
    return len(sources) == len(targets) == len(set(sources))


def _biases(model: Model, wired: Network) -> Iterator[str]:
    drawn = {node.name for node in wired.nodes}
    names = [name(model.whole(q.name)) for q in model.quantities if q.role is Role.BIAS and q.name not in drawn]
    if names:
        yield f"The bias{'es' if len(names) > 1 else ''} {row(names)} {'are' if len(names) > 1 else 'is'} not drawn."


def _drawn_for(seen: View) -> Iterator[str]:
    chosen = [f"{letter} = {index.offset}" for letter, index in sorted(seen.instance.items()) if index.letter is None]
    if chosen:
        yield f"Drawn for {row(chosen)}."
    samples = [index.letter for span, index in seen.window.single.items() if span not in seen.window.wanted]
    if samples:
        yield f"One sample, {row(dict.fromkeys(filter(None, samples)))}, is drawn; the loss takes in all of them."


def _paths(wired: Network, found: Sequence[tuple[Chain, ...]]) -> Iterator[str]:
    if not found:
        return
    count = _COUNT[len(found)] if len(found) < len(_COUNT) else str(len(found))
    start, end = name(found[0][0][-1]), name(found[0][0][0])
    yield f"{count} {'path is' if len(found) == 1 else 'paths are'} lit from {start} to {end}."
    for number, drawn in enumerate(found, 1):
        stops = [tuple(dict.fromkeys(entries)) for entries in zip(*map(reversed, drawn), strict=True)]
        yield f"Path {number}: {', then '.join(_stops(wired, stops))}."


def _stops(wired: Network, stops: Sequence[tuple[Entry, ...]]) -> Iterator[str]:
    """The stations of a path, from the asked entry to the loss."""
    first, units = stops[0][0], stops
    edges = [
        wire
        for wire in wired.wires
        if first in wire.weights and len(stops) > 1 and wire.target in map(wired.node_of, stops[1])
    ]
    if edges:
        sources = row(dict.fromkeys(_node_called(wired, wire.source) for wire in edges))
        yield f"{name(first)} on the edge{'s' if len(edges) > 1 else ''} from {sources} to {_each(wired, stops[1])}"
        units = stops[1:]
    else:
        yield f"from {name(first)}"
    for before, here in pairwise(units):
        yield f"{_along(wired, before, here)}to {_each(wired, here)}"


def _each(wired: Network, entries: Sequence[Entry]) -> str:
    if len(entries) == 1:
        return name(entries[0])
    keys = {wired.node_of(entry) for entry in entries}
    return f"each of {_called(n for n in wired.nodes if n.key in keys or (n.more and n.name == entries[0].name))}"


def _along(wired: Network, before: Sequence[Entry], here: Sequence[Entry]) -> str:
    """The weight between two stations, where there is one."""
    ends = (wired.node_of(before[0]), wired.node_of(here[0]))
    weights = [wire.weights for wire in wired.wires if (wire.source, wire.target) == ends]
    single = len(before) == len(here) == 1 and weights and len(weights[0]) == 1
    return f"along {name(weights[0][0])} " if single else ""


def _node_called(wired: Network, key: str) -> str:
    return _called(node for node in wired.nodes if node.key == key)
