"""In which column each node stands."""

from __future__ import annotations

from generator.diagram.network import Network
from generator.formula import Name
from generator.model import Model, Role


def columns(model: Model, wired: Network) -> dict[str, int]:
    """The column of each node by its key: the depth of its quantity, inputs first.

    What no input feeds stands just before what uses it, and targets stand beside it.
    """
    rows = {node.key: node.name for node in wired.nodes if node.role is not Role.TARGET}
    links = [(rows[w.source], rows[w.target]) for w in wired.wires if w.source in rows]
    depth = _depth(model, list(dict.fromkeys(rows.values())), dict.fromkeys(links))
    rank = {level: column for column, level in enumerate(sorted(set(depth.values())))}
    found = {key: rank[depth[name]] for key, name in rows.items()}
    for node in wired.nodes:
        if node.role is Role.TARGET:
            found[node.key] = max(found[wire.target] for wire in wired.wires if wire.source == node.key)
    return found


def _depth(model: Model, names: list[Name], links: dict[tuple[Name, Name], None]) -> dict[Name, int]:
    free = [name for name in names if name not in model.definition]
    order = (*free, *(d.name for d in model.definitions if d.name in names))
    depth: dict[Name, int] = {}
    fed: dict[Name, bool] = {}
    for name in order:
        below = [source for source, target in links if target == name]
        depth[name] = 1 + max((depth[source] for source in below), default=-1)
        fed[name] = model.quantity[name].role is Role.INPUT or any(fed[source] for source in below)
    for name in reversed(order):
        above = [depth[target] for source, target in links if source == name]
        if above and not fed[name]:
            depth[name] = min(above) - 1
    return depth
