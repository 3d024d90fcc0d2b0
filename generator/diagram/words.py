"""The drawing in words: captions, and the text for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from generator.derivation import Derivation
from generator.diagram.light import Chain
from generator.diagram.names import text as name
from generator.diagram.network import Network, Node, unit_names
from generator.diagram.view import View
from generator.formula import Apply, Entry, Formula, Softmax
from generator.functions import FUNCTIONS
from generator.model import Model, Role
from generator.plain import plain

_ONE = {Role.INPUT: "input", Role.OUTPUT: "output", Role.LOSS: "loss", Role.HIDDEN: "hidden"}
_MANY = {Role.INPUT: "inputs", Role.OUTPUT: "outputs", Role.LOSS: "losses", Role.HIDDEN: "hidden"}
_UNITS = {Role.INPUT: "input", Role.OUTPUT: "output", Role.LOSS: "loss", Role.HIDDEN: "hidden unit"}
_COUNT = ("No", "One", "Two", "Three", "Four", "Five", "Six")


def caption(model: Model, nodes: Sequence[Node]) -> str:
    """What the units of a column are together."""
    found = [node for node in nodes if node.role in _ONE]
    if not found:
        return ""
    role = found[0].role
    if role is Role.HIDDEN and all(_linear(model, node) for node in found if node.entries):
        return "net input"
    return _ONE[role] if len(found) == 1 else _MANY[role]


def function(model: Model, nodes: Sequence[Node]) -> str:
    """The function by which the units of a column are computed, if they all have the same."""
    found = {_function(model, node) for node in nodes if node.entries and node.role is not Role.TARGET}
    return found.pop() if len(found) == 1 else ""


def _definition(model: Model, node: Node) -> Formula | None:
    definition = model.definition.get(node.entries[0].name) if node.entries else None
    return definition.formula if definition else None


def _function(model: Model, node: Node) -> str:
    match _definition(model, node):
        case Softmax():
            return "softmax"
        case Apply(key, _, order):
            row = FUNCTIONS.get(key)
            return plain(row.latex if row else key) + "'" * order
        case _:
            return ""


def _linear(model: Model, node: Node) -> bool:
    """Whether the unit is only there to be put into a function."""
    if _function(model, node):
        return False
    consumers = [model.definition[c].formula for c in model.consumers(node.entries[0].name)]
    return bool(consumers) and all(_applied(formula) for formula in consumers)


def _applied(formula: Formula) -> bool:
    match formula:
        case Softmax(_, _, _, Entry()) | Apply(_, Entry()):
            return True
        case _:
            return False


def title(derivation: Derivation | None) -> str:
    """The drawing's name."""
    if derivation is None or not derivation.written_terms:
        return "The network"
    path = derivation.written_terms[0].path
    paths = "path" if len(derivation.written_terms) == 1 else "paths"
    return f"The network, with the {paths} from {name(path[-1])} to {name(path[0])}"


def text(
    model: Model,
    wired: Network,
    seen: View,
    derivation: Derivation | None,
    found: Sequence[tuple[Chain, ...]],
) -> str:
    """The drawing as a person would describe it: the columns, what joins them, and the lit paths."""
    sentences = [
        "A drawing of the network, from left to right.",
        *_columns(model, wired),
        *_drawn_for(model, seen),
        *_biases(model, wired),
    ]
    if derivation is not None:
        sentences.extend(_paths(wired, derivation, found))
    return " ".join(sentences)


def _columns(model: Model, wired: Network) -> Iterable[str]:
    for column in sorted({node.column for node in wired.nodes}):
        nodes = [node for node in wired.nodes if node.column == column]
        for role in dict.fromkeys(node.role for node in nodes):
            yield _group(model, wired, role, [node for node in nodes if node.role is role])


def _group(model: Model, wired: Network, role: Role, nodes: Sequence[Node]) -> str:
    names = _row([name(node.entries[0]) if node.entries else "…" for node in nodes])
    if role is Role.TARGET:
        return f"Beside, the {'targets' if len(nodes[0].entries) > 1 else 'target'} {_row(map(name, nodes[0].entries))}."
    what = _UNITS.get(role, "parameter")
    if len(nodes) > 1:
        what = what.replace("loss", "losse") + "s"
    used = function(model, nodes)
    how = f" ({used})" if used else ""
    keys = {node.key for node in nodes}
    sources = {wire.source for wire in wired.wires if wire.target in keys}
    from_ = [node for node in wired.nodes if node.key and node.key in sources and node.role is not Role.TARGET]
    fed = f", computed from {_row([name(node.entries[0]) for node in from_])}" if from_ else ""
    return f"{what.capitalize()} {names}{how}{fed}."


def _row(parts: Iterable[str]) -> str:
    found = list(parts)
    if len(found) < 2 or "…" in found:
        return ", ".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def _drawn_for(model: Model, seen: View) -> Iterable[str]:
    chosen = [f"{letter} = {index.offset}" for letter, index in sorted(seen.instance.items()) if index.letter is None]
    if chosen:
        yield f"Drawn for {_row(chosen)}."
    samples = [index.letter for span, index in seen.window.single.items() if span not in seen.window.wanted]
    if samples:
        yield f"One sample, {_row(dict.fromkeys(filter(None, samples)))}, is drawn; the loss takes in all of them."


def _biases(model: Model, wired: Network) -> Iterable[str]:
    drawn = {entry.name for node in wired.nodes for entry in node.entries}
    names = [q.name for q in model.quantities if q.role is Role.BIAS and q.name not in drawn]
    if names:
        yield f"The {'biases' if len(names) > 1 else 'bias'} {_row(name(model.whole(n)) for n in names)} {'are' if len(names) > 1 else 'is'} not drawn."


def _paths(wired: Network, derivation: Derivation, found: Sequence[tuple[Chain, ...]]) -> Iterable[str]:
    terms = derivation.written_terms
    if not terms:
        return
    count = _COUNT[len(terms)] if len(terms) < len(_COUNT) else str(len(terms))
    start, end = name(found[0][0][-1]), name(found[0][0][0])
    yield f"{count} {'path' if len(terms) == 1 else 'paths'} from {start} to {end} {'is' if len(terms) == 1 else 'are'} lit."
    for number, drawn in enumerate(found, 1):
        stops = [list(dict.fromkeys(entries)) for entries in zip(*map(reversed, drawn), strict=True)]
        yield f"Path {number}: {'; '.join(_stops(wired, stops))}."


def _stops(wired: Network, stops: Sequence[Sequence[Entry]]) -> Iterable[str]:
    """The stations of a path, from the asked entry to the loss."""
    first = stops[0][0]
    if wired.node_of(first) is None and len(stops) > 1:
        ends = [wired.node_of(entry) for entry in stops[1]]
        edges = [wire for wire in wired.wires if wire.target in ends and first in wire.weights]
        sources = dict.fromkeys(_called(wired, wire.source) for wire in edges)
        where = "edge" if len(edges) == 1 else "edges"
        yield f"{name(first)}, on the {where} from {_row(sources)} to {_row(map(name, stops[1]))}" if edges else name(first)
        rest = 2 if edges else 1
    else:
        yield f"from {name(first)}"
        rest = 1
    for before, here in pairwise(stops[rest - 1 :]):
        yield f"then{_along(wired, before, here)} to {_row(map(name, here))}"


def _along(wired: Network, before: Sequence[Entry], here: Sequence[Entry]) -> str:
    """The weight between two stations, where there is one."""
    ends = (wired.node_of(before[0]), wired.node_of(here[0]))
    weights = [wire.weights for wire in wired.wires if (wire.source, wire.target) == ends]
    single = len(before) == len(here) == 1 and weights and len(weights[0]) == 1
    return f" along {name(weights[0][0])}" if single else ""


def _called(wired: Network, key: str) -> str:
    return next(name(node.entries[0]) for node in wired.nodes if node.key == key)
