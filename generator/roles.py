"""What each quantity of a model is for, by the structure of its definitions alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.formula import (
    Add,
    Apply,
    Definition,
    Entry,
    Formula,
    Multiply,
    Name,
    Number,
    Power,
    Product,
    Softmax,
    Sum,
    children,
    entries,
    walk,
)
from generator.functions import FUNCTIONS
from generator.model import Role


@dataclass(frozen=True, slots=True)
class _Graph:
    definitions: tuple[Definition, ...]
    defined: frozenset[Name]
    consumed: frozenset[Name]

    @property
    def ends(self) -> tuple[Definition, ...]:
        """The definitions that nothing consumes."""
        return tuple(d for d in self.definitions if d.name not in self.consumed)


def roles(
    definitions: Iterable[Definition], differentiated: Iterable[Name], stated: Mapping[Name, Role]
) -> dict[Name, Role]:
    """The role of every quantity, in reading order. `differentiated` are the names in which a derivative is taken
    somewhere in the file; `stated` are the roles that the file states, which win.
    """
    lines = tuple(definitions)
    used = [entry.name for d in lines for entry in entries(d.formula)]
    graph = _Graph(lines, frozenset(d.name for d in lines), frozenset(used))
    free = tuple(dict.fromkeys(name for name in used if name not in graph.defined))
    found: dict[Name, Role] = dict(_defined_roles(graph))
    targets = frozenset(_targets(graph, free, found)) - frozenset(differentiated)
    asked = frozenset(differentiated)
    for name in free:
        found[name] = Role.TARGET if name in targets else _free_role(name, graph, asked, targets)
    order = dict.fromkeys([*(name for d in lines for name in (d.name, *(e.name for e in entries(d.formula))))])
    return {name: stated.get(name, found[name]) for name in order}


def _defined_roles(graph: _Graph) -> Iterator[tuple[Name, Role]]:
    losses = {d.name for d in graph.ends if not d.letters and not _is_activated(d.formula)}
    losses |= {d.name for d in graph.definitions if _is_part_of_loss(d, graph, losses)}
    for d in graph.definitions:
        if d.name in losses:
            yield d.name, Role.LOSS
        elif d.name not in graph.consumed or any(
            _uses(other, d.name) for other in graph.definitions if other.name in losses
        ):
            yield d.name, Role.OUTPUT
        else:
            yield d.name, Role.HIDDEN


def _is_activated(formula: Formula) -> bool:
    """Whether a formula is an activation of something: the value of a unit."""
    match formula:
        case Apply(function, _, 0):
            return function not in FUNCTIONS or FUNCTIONS[function].activation
        case Softmax():
            return True
        case _:
            return False


def _is_part_of_loss(d: Definition, graph: _Graph, losses: set[Name]) -> bool:
    """A number that only losses consume, each as a term of its own: `J = E + R`."""
    if d.letters or d.name in losses or d.name not in graph.consumed:
        return False
    consumers = [other for other in graph.definitions if _uses(other, d.name)]
    return all(other.name in losses and Entry(d.name) in _terms(other.formula) for other in consumers)


def _uses(d: Definition, name: Name) -> bool:
    return any(entry.name == name for entry in entries(d.formula))


def _terms(formula: Formula) -> Iterator[Formula]:
    """The terms of a formula, those under its sums and factors included."""
    match formula:
        case Add(terms):
            for term in terms:
                yield from _terms(term)
        case Sum(_, _, body) | Product(_, _, body):
            yield from _terms(body)
        case Multiply((Number(), *rest)):
            yield from _terms(Multiply(tuple(rest)) if len(rest) > 1 else rest[0])
        case _:
            yield formula


def _targets(graph: _Graph, free: tuple[Name, ...], found: Mapping[Name, Role]) -> Iterator[Name]:
    """Free names that only losses use, compared with an output by a difference or as its weight in a product."""
    losses = [d for d in graph.definitions if found[d.name] is Role.LOSS]
    others = {entry.name for d in graph.definitions if found[d.name] is not Role.LOSS for entry in entries(d.formula)}
    for name in free:
        if name not in others and any(_is_compared(name, d.formula, graph) for d in losses):
            yield name


def _is_compared(name: Name, formula: Formula, graph: _Graph) -> bool:
    for part in walk(formula):
        if isinstance(part, Add):
            bare = [term for term in part.terms if _is_bare(term, name)]
            if bare and any(_computed(term, graph) for term in part.terms if term not in bare):
                return True
        if isinstance(part, Power) and isinstance(part.base, Add) and _is_residual(name, part.base):
            return True
        if isinstance(part, Multiply) and any(isinstance(f, Entry) and f.name == name for f in part.factors):
            rest = [f for f in part.factors if not (isinstance(f, Entry) and f.name == name)]
            if any(_computed(f, graph) and not isinstance(f, Sum | Power) and _is_unit(f, graph) for f in rest):
                return True
    return False


def _is_residual(name: Name, difference: Add) -> bool:
    """Whether the name is subtracted from a product, or a product from it."""
    signs = {_is_minus(term) for term in difference.terms if not isinstance(_positive(term), Entry)}
    return len(signs) == 1 and any(_is_bare(t, name) and _is_minus(t) not in signs for t in difference.terms)


def _is_minus(term: Formula) -> bool:
    match term:
        case Number(value) | Multiply((Number(value), *_)):
            return value < 0
        case _:
            return False


def _positive(term: Formula) -> Formula:
    match term:
        case Multiply((Number(), Entry() as entry)):
            return entry
        case _:
            return term


def _is_bare(term: Formula, name: Name) -> bool:
    match term:
        case Entry(own) | Multiply((Number(), Entry(own))):
            return own == name
        case _:
            return False


def _computed(formula: Formula, graph: _Graph) -> bool:
    """Whether a formula contains something defined, or a computed value."""
    return any(entry.name in graph.defined for entry in entries(formula)) or any(
        isinstance(part, Apply | Softmax) for part in walk(formula)
    )


def _is_unit(formula: Formula, graph: _Graph) -> bool:
    """A defined entry, or a function of one."""
    match formula:
        case Entry(name):
            return name in graph.defined
        case Apply() | Softmax():
            return True
        case _:
            return False


def _free_role(name: Name, graph: _Graph, asked: frozenset[Name], targets: frozenset[Name]) -> Role:
    if any(_scales(name, d.formula) for d in graph.definitions if d.name in graph.consumed):
        return Role.WEIGHT
    partners = list(_partners(name, graph))
    indexed = _arity(name, graph)
    if partners and _is_weight(name, partners, indexed, graph, asked, targets):
        return Role.WEIGHT
    if _is_bias(name, graph):
        return Role.BIAS
    if name in asked:
        return Role.WEIGHT if partners else Role.INPUT
    if partners and any(partner not in targets for partner in partners):
        return Role.INPUT
    return Role.CONSTANT if not _activates(name, graph) else Role.INPUT


def _scales(name: Name, formula: Formula) -> bool:
    """Whether the name multiplies a sum over units."""
    return any(
        isinstance(part, Multiply)
        and any(isinstance(factor, Sum) for factor in part.factors)
        and any(isinstance(factor, Entry) and factor.name == name for factor in part.factors)
        for part in walk(formula)
    )


def _partners(name: Name, graph: _Graph) -> Iterator[Name]:
    """The names that stand in a product with `name`, outside the losses."""
    for d in graph.definitions:
        for part in walk(d.formula):
            if isinstance(part, Multiply):
                names = [factor.name for factor in part.factors if isinstance(factor, Entry)]
                if name in names:
                    yield from (other for other in names if other != name)


def _is_weight(
    name: Name, partners: list[Name], indexed: int, graph: _Graph, asked: frozenset[Name], targets: frozenset[Name]
) -> bool:
    """A weight multiplies a unit below: it has more indices than it, or the unit is computed, or it was asked for."""
    for partner in partners:
        if partner in targets:
            continue
        if partner in graph.defined or (partner.sample and not name.sample):
            return True
        if name.sample:
            return False
        other = _arity(partner, graph)
        if indexed != other:
            return indexed > other
        if (name in asked) != (partner in asked):
            return name in asked
        if _feeds_several(name, partner, graph):
            return False
        return _feeds_several(partner, name, graph) or _first(name, partner, graph)
    return False


def _feeds_several(name: Name, partner: Name, graph: _Graph) -> bool:
    """Whether `name` is met with several partners and `partner` only with it: an input that feeds several units."""
    return len(set(_partners(name, graph))) > 1 and len(set(_partners(partner, graph))) == 1


def _first(name: Name, partner: Name, graph: _Graph) -> bool:
    order = [entry.name for d in graph.definitions for entry in entries(d.formula)]
    return order.index(name) < order.index(partner)


def _arity(name: Name, graph: _Graph) -> int:
    return next(len(e.indices) for d in graph.definitions for e in entries(d.formula) if e.name == name)


def _is_bias(name: Name, graph: _Graph) -> bool:
    """A term of its own beside products or sums, in the definition of a unit."""
    for d in graph.definitions:
        if d in graph.ends and not d.letters and not _is_activated(d.formula):
            continue
        for part in walk(d.formula):
            if isinstance(part, Add) and any(_is_bare(term, name) for term in part.terms):
                others = [term for term in part.terms if not _is_bare(term, name)]
                if any(isinstance(term, Sum | Multiply) for term in others):
                    return True
    return False


def _activates(name: Name, graph: _Graph) -> bool:
    """Whether the name stands alone in the argument of a function: a unit's input."""
    for d in graph.definitions:
        for part in walk(d.formula):
            if isinstance(part, Apply | Softmax) and any(
                isinstance(c, Entry) and c.name == name for c in children(part)
            ):
                return True
        if d.formula == Entry(name) or (isinstance(d.formula, Entry) and d.formula.name == name):
            return True
    return False
