"""Walking and rebuilding formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.formula.nodes import (
    Add,
    Apply,
    Delta,
    Derivative,
    Entry,
    Extreme,
    Formula,
    Holds,
    Index,
    Indicator,
    Letter,
    Multiply,
    Power,
    Product,
    Softmax,
    Sum,
    add,
    multiply,
    power,
)


def children(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside."""
    match formula:
        case Add(parts) | Multiply(parts) | Extreme(_, parts):
            return parts
        case Power(base, exponent):
            return (base, exponent)
        case Apply(_, argument) | Softmax(_, _, _, argument):
            return (argument,)
        case Sum(_, _, body) | Product(_, _, body):
            return (body,)
        case Indicator(left, _, right):
            return (left, right)
        case Derivative(of, wrt):
            return (of, *wrt)
        case _:
            return ()


def replace_children(formula: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """The same node with `change` applied to each formula directly inside."""
    match formula:
        case Add(terms):
            return add(*(change(term) for term in terms))
        case Multiply(factors):
            return multiply(*(change(factor) for factor in factors))
        case Extreme(kind, arguments):
            return Extreme(kind, tuple(change(argument) for argument in arguments))
        case Power(base, exponent):
            return power(change(base), change(exponent))
        case Apply(function, argument, order):
            return Apply(function, change(argument), order)
        case Softmax(index, letter, range_, argument):
            return Softmax(index, letter, range_, change(argument))
        case Sum(letter, range_, body, where):
            return Sum(letter, range_, change(body), where)
        case Product(letter, range_, body, where):
            return Product(letter, range_, change(body), where)
        case Indicator(left, relation, right):
            return Indicator(change(left), relation, change(right))
        case Derivative(of, wrt, held):
            changed = tuple(change(entry) for entry in wrt)
            return Derivative(change(of), tuple(e for e in changed if isinstance(e, Entry)), held)
        case _:
            return formula


def walk(formula: Formula) -> Iterator[Formula]:
    """The formula and all formulas inside it, outermost first."""
    yield formula
    for child in children(formula):
        yield from walk(child)


def entries(formula: Formula) -> Iterator[Entry]:
    """All entries inside, in reading order, repeats included."""
    return (part for part in walk(formula) if isinstance(part, Entry))


def bound_letter(formula: Formula) -> str | None:
    """The letter that this node binds in what is inside it."""
    return formula.letter if isinstance(formula, Sum | Product | Softmax) else None


def own_indices(formula: Formula) -> tuple[Index, ...]:
    """The indices written on this node itself (not on what is inside), bounds included."""
    match formula:
        case Entry(_, indices):
            return indices
        case Letter(index):
            return (index,)
        case Delta(left, right):
            return (left, right)
        case Holds(conditions):
            return tuple(i for c in conditions for i in (c.left, c.right))
        case Sum(_, range_, _, where) | Product(_, range_, _, where):
            return (range_.lower, range_.upper, *(i for c in where for i in (c.left, c.right)))
        case Softmax(index, _, range_, _):
            return (index, range_.lower, range_.upper)
        case _:
            return ()


def free_letters(formula: Formula) -> frozenset[str]:
    """The letters that no sum inside binds. Names of sizes in bounds count too: they are never bound."""
    own = frozenset(i.letter for i in own_indices(formula) if i.letter is not None)
    inner = frozenset[str]().union(*(free_letters(child) for child in children(formula)))
    bound = bound_letter(formula)
    if bound is None:
        return own | inner
    if isinstance(formula, Softmax):
        return own | (inner - {bound})
    return (own | inner) - {bound}


def substitute(formula: Formula, change: Callable[[Formula], Formula | None]) -> Formula:
    """`formula` with each part for which `change` gives a formula replaced by it, outermost first."""
    changed = change(formula)
    if changed is not None:
        return changed
    return replace_children(formula, lambda child: substitute(child, change))
