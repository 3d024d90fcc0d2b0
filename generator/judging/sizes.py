"""Which numbers stand for the open sizes where formulas are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from generator.formula import (
    Condition,
    Delta,
    Entry,
    Formula,
    Holds,
    Index,
    Product,
    Range,
    Softmax,
    Sum,
    children,
)
from generator.model import Model

LEAST = 2
FEW = 3
"""Up to so many open sizes are all drawn different; more of them take two values each, in different patterns."""

Sizes = dict[str, int]
Ranges = Mapping[str, Range]


def assignments(model: Model, formulas: Iterable[Formula], fixed: Mapping[str, int]) -> tuple[Sizes, ...]:
    """At least two assignments of the open sizes, each size with two values; one where all are fixed.

    Sizes that the file does not equate differ, from each other and from the sizes that are numbers.
    """
    least = _least(model, tuple(formulas))
    names = [name for name in sorted(model.sizes) if name not in fixed]
    if not names:
        return (dict(fixed),)
    if len(names) > FEW:
        return tuple({**fixed, **pattern} for pattern in _patterns(names, least))
    taken = {q.upper.offset for quantity in model.quantities for q in quantity.ranges if q.upper.letter is None}
    first = _distinct(names, least, taken, {})
    second = _distinct(names[::-1], least, taken, first)
    return ({**fixed, **first}, {**fixed, **second})


def _distinct(names: list[str], least: Sizes, taken: set[int], unlike: Sizes) -> Sizes:
    """The smallest sizes that differ from each other, from those taken, and each from its value in `unlike`."""
    found: Sizes = {}
    used = set(taken)
    for name in names:
        found[name] = next(v for v in count(least[name]) if v not in used and v != unlike.get(name))
        used.add(found[name])
    return found


def _patterns(names: list[str], least: Sizes) -> Iterator[Sizes]:
    """Assignments in which any two sizes differ at least once, and each size has two values."""
    bits = len(names).bit_length()
    yield {name: least[name] + (~number & 1) for number, name in enumerate(names, 1)}
    for bit in range(bits):
        yield {name: least[name] + (number >> bit & 1) for number, name in enumerate(names, 1)}


def _least(model: Model, formulas: tuple[Formula, ...]) -> Sizes:
    """The smallest values of the sizes for which every literal index in the formulas has its place."""
    least = dict.fromkeys(model.sizes, LEAST)

    def need(range_: Range, index: Index, scope: Ranges) -> None:
        upper = range_.upper
        if index.letter is not None:
            within = scope.get(index.letter)
            if within is not None and within.upper.letter is None:
                need(range_, Index(None, within.upper.offset + index.offset), {})
        elif upper.letter in least:
            least[upper.letter] = max(least[upper.letter], index.offset - upper.offset)

    def look(formula: Formula, scope: Ranges) -> None:
        match formula:
            case Entry(name, indices) if name in model.quantity:
                for range_, index in zip(model.quantity[name].ranges, indices, strict=False):
                    need(range_, index, scope)
            case Sum(letter, range_, _, where) | Product(letter, range_, _, where):
                scope = {**scope, letter: range_}
                need(range_, range_.lower, scope)
                conditions(where, scope)
            case Softmax(index, letter, range_, _):
                need(range_, index, scope)
                scope = {**scope, letter: range_}
            case Delta(left, right):
                conditions((Condition(left, "=", right),), scope)
            case Holds(where):
                conditions(where, scope)
            case _:
                pass
        for child in children(formula):
            look(child, scope)

    def conditions(where: tuple[Condition, ...], scope: Ranges) -> None:
        for condition in where:
            for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
                if one.letter is not None and one.letter in scope and other.letter is None:
                    need(scope[one.letter], other, {})

    for formula in (*formulas, *(a.left for a in model.assumptions)):
        look(formula, {})
    for definition in model.definitions:
        look(definition.formula, dict(zip(definition.letters, definition.ranges, strict=True)))
    return least
