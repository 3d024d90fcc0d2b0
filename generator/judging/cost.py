"""How many nodes one forward pass, or one formula, evaluates: what a limit is set on before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod

from generator.formula import Formula, Index, Product, Range, Softmax, Sum, children
from generator.model import Model

MOST = 10**9


def cost(formula: Formula, sizes: Mapping[str, int]) -> int:
    """The number of nodes that evaluating a formula visits; a bound that is a letter of another sum counts as 0."""
    inside = sum(cost(child, sizes) for child in children(formula))
    if isinstance(formula, Sum | Product | Softmax):
        inside *= _length(formula.range, sizes)
    return min(1 + inside, MOST)


def pass_cost(model: Model, sizes: Mapping[str, int]) -> int:
    """The number of nodes that a whole forward pass visits, free entries included."""
    defined = (prod(_lengths(d.ranges, sizes)) * cost(d.formula, sizes) for d in model.definitions)
    free = (prod(_lengths(q.ranges, sizes)) for q in model.quantities)
    return min(sum(defined) + sum(free), MOST)


def _lengths(ranges: Iterable[Range], sizes: Mapping[str, int]) -> Iterable[int]:
    return (_length(range_, sizes) for range_ in ranges)


def _length(range_: Range, sizes: Mapping[str, int]) -> int:
    def bound(index: Index) -> int:
        return index.offset + (sizes.get(index.letter, 0) if index.letter else 0)

    return max(bound(range_.upper) - bound(range_.lower) + 1, 1)
