"""The lit paths: which wires and nodes the terms of a result run along, from the loss to the asked entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from generator import anchors
from generator.derivation import Link, Term
from generator.diagram.network import Network, Wire, carried, unit_names
from generator.diagram.unroll import Use, at, scopes, uses
from generator.diagram.view import View
from generator.formula import Entry, Name, Range
from generator.model import Model, Role

Chain = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Strand:
    """A path on an edge: the number of the path, and the id of the link, which formula and table share."""

    path: int
    link: str


@dataclass(frozen=True, slots=True)
class Light:
    """The strands of each wire (by source and target) and the paths through each node (by key)."""

    strands: Mapping[tuple[str, str], tuple[Strand, ...]]
    nodes: Mapping[str, tuple[int, ...]]


def path_id(number: int) -> str:
    """The id and class of the path of term `number`, from 1; a formula's marked term has the same."""
    return f"path-{number}"


def link_id(term: Term, link: Link) -> str:
    """The id that a link of the term's path has in drawing, formula and table; `ValueError` if it is on none."""
    for consumer, producer in pairwise(term.path):
        if (consumer.name, producer.name) == (link.consumer, link.producer):
            return anchors.link(consumer, producer)
    message = f"no link of the path: {link.consumer.base} uses {link.producer.base}"
    raise ValueError(message)


def chains(model: Model, seen: View, term: Term) -> tuple[Chain, ...]:
    """The drawn paths of a term, loss first: one for each choice of drawn indices of its sums.

    A letter that the term does not sum over may stand for one entry only; what no definition joins is left out.
    """
    ranges: dict[str, Range] = {}
    for entry in term.path:
        for index, span in zip(entry.indices, model.quantity[entry.name].ranges, strict=True):
            open_letter = index.letter is not None and index.letter not in {*model.sizes, *seen.instance}
            if open_letter and index.letter is not None:
                ranges.setdefault(index.letter, span)
    letters = tuple(ranges)
    choices = scopes(letters, tuple(ranges.values()), seen.window)
    found = tuple(tuple(at(entry, {**seen.instance, **chosen}) for entry in term.path) for chosen in choices)
    joined = tuple(drawn for drawn in found if all(_joined(model, seen, *link) for link in pairwise(drawn)))
    return joined or found


def standing_alone(model: Model, seen: View, found: Iterable[Chain]) -> dict[Name, tuple[Entry, ...]]:
    """Parameters that are drawn as units: asked ones that multiply no unit, and sources where nothing is an input."""
    units = unit_names(model)
    alone: dict[Name, tuple[Entry, ...]] = {}
    if not any(quantity.role is Role.INPUT for quantity in model.quantities):
        alone.update(dict.fromkeys(_sources(model, units), ()))
        units |= frozenset(alone)
    for chain in found:
        asked = chain[-1]
        if len(chain) < 2 or asked.name in units or model.quantity[asked.name].role is Role.TARGET:
            continue
        used = tuple(_uses(model, seen, chain[-2]))
        direct = any(use.entry == asked for use in used)
        if direct and chain[-2].name in units and asked not in carried(used, units):
            alone[asked.name] = tuple(dict.fromkeys((*alone.get(asked.name, ()), asked)))
    return alone


def _joined(model: Model, seen: View, consumer: Entry, producer: Entry) -> bool:
    return any(use.entry == producer for use in _uses(model, seen, consumer))


def _uses(model: Model, seen: View, consumer: Entry) -> Iterator[Use]:
    definition = model.definition[consumer.name]
    return uses(definition.formula, dict(zip(definition.letters, consumer.indices, strict=True)), seen.window)


def _sources(model: Model, units: frozenset[Name]) -> Iterator[Name]:
    """Of each definition without units the weights with the fewest positions: the rest multiplies them."""
    for definition in model.definitions:
        names = model.inputs[definition.name]
        weights = [name for name in names if model.quantity[name].role is Role.WEIGHT]
        if definition.name in units and weights and not units & set(names):
            fewest = min(len(model.quantity[name].ranges) for name in weights)
            yield from (name for name in weights if len(model.quantity[name].ranges) == fewest)


def light(wired: Network, found: Iterable[tuple[Term, tuple[Chain, ...]]]) -> Light:
    """The light of terms, numbered from 1, with the chains of each."""
    strands: dict[tuple[str, str], dict[int, Strand]] = {}
    nodes: dict[str, dict[int, None]] = {}
    for number, (term, drawn) in enumerate(found, 1):
        for chain in drawn:
            for key in filter(None, map(wired.node_of, chain)):
                nodes.setdefault(key, {})[number] = None
            for drawn_link, link in zip(pairwise(chain), pairwise(term.path), strict=True):
                for wire in _between(wired, *drawn_link):
                    strand = Strand(number, anchors.link(*link))
                    strands.setdefault((wire.source, wire.target), {}).setdefault(number, strand)
                    nodes.setdefault(wire.source, {})[number] = None
                    nodes.setdefault(wire.target, {})[number] = None
    return Light(
        {ends: tuple(by_path.values()) for ends, by_path in strands.items()},
        {key: tuple(numbers) for key, numbers in nodes.items()},
    )


def _between(wired: Network, consumer: Entry, producer: Entry) -> tuple[Wire, ...]:
    """The wires of one link: the wire itself, those that carry the parameter, or all routes where units lie between."""
    target, source = wired.node_of(consumer), wired.node_of(producer)
    if target is None:
        return ()
    carrying = [wire for wire in wired.wires if producer in wire.weights] or [
        wire for wire in wired.wires if any(weight.name == producer.name for weight in wire.weights)
    ]
    direct = [wire for wire in wired.wires if (wire.source, wire.target) == (source, target)]
    into = direct or [wire for wire in carrying if wire.target == target]
    if into:
        return tuple(into)
    starts = (source,) if source else tuple(wire.target for wire in carrying)
    return (*(() if source else carrying), *_routes(wired, starts, target))


def _routes(wired: Network, sources: tuple[str, ...], target: str) -> tuple[Wire, ...]:
    """All wires on a way from one of the sources to the target."""
    after, before = set(sources), {target}
    for _ in wired.nodes:
        after |= {wire.target for wire in wired.wires if wire.source in after}
        before |= {wire.source for wire in wired.wires if wire.target in before}
    return tuple(wire for wire in wired.wires if wire.source in after & before and wire.target in after & before)
