"""The factor by which one formula is another: a number, or one made of sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod

from generator.domain import NoPoint
from generator.formula import ONE, Formula, Size, multiply, number, power
from generator.judging.bench import Bench, TooLarge
from generator.judging.compare import Pair, compare_inside, differ, negligible, prepared, spots
from generator.oracle import OutOfRange, Real, exactly

LARGEST = 1000
"""Numerators and denominators of a factor are at most this large."""

CLOSE = Fraction(1, 10**28)
EXPONENTS = (0, 1, -1, 2, -2)
APART = 3
"""Up to so many sizes may stand in a factor together."""

Ratios = list[tuple[Mapping[str, int], Fraction]]


def factor(bench: Bench, pair: Pair) -> Formula | None:
    """What the right side has to be multiplied by to be the left; proved at further sizes. None if there is none."""
    inside = prepared(bench, pair)
    ratios = _ratios(bench, inside)
    for candidate in _candidates(bench, ratios) if ratios else ():
        scaled = replace(inside, right=multiply(candidate, inside.right))
        if candidate != ONE and compare_inside(bench, scaled).equal and _holds_further(bench, scaled):
            return bench.replaced.back(candidate)
    return None


def _ratios(bench: Bench, pair: Pair) -> Ratios:
    """One ratio for each assignment of the sizes, if all points agree on it; empty if they do not."""
    found: dict[tuple[tuple[str, int], ...], Real] = {}
    try:
        for forward in bench.passes():
            for spot in spots(pair, forward):
                if spot is None:
                    continue
                if spot.right == 0 or negligible(spot):
                    if differ(pair, spot):
                        return []
                    continue
                ratio = spot.left / spot.right
                first = found.setdefault(tuple(forward.point.sizes.items()), ratio)
                if abs(ratio - first) > abs(first) * CLOSE.numerator / CLOSE.denominator:
                    return []
    except (OutOfRange, NoPoint):
        return []
    return [(dict(sizes), exactly(ratio)) for sizes, ratio in found.items()]


def _candidates(bench: Bench, ratios: Ratios) -> Iterator[Formula]:
    """Numbers times powers of sizes that give the ratios, the simplest first."""
    names = sorted(bench.model.sizes)
    for exponents in _exponents(len(names)):
        sizes = [prod((Fraction(s[n]) ** e for n, e in zip(names, exponents, strict=True))) for s, _ in ratios]
        numbers = {_rational(ratio / size) for (_, ratio), size in zip(ratios, sizes, strict=True)}
        value = numbers.pop()
        if value is not None and not numbers:
            powers = (power(Size(n), e) for n, e in zip(names, exponents, strict=True) if e)
            yield multiply(number(value), *powers)


def _exponents(count: int) -> list[tuple[int, ...]]:
    """Exponents of the sizes, the simplest first; of many sizes only one at a time."""
    if count <= APART:
        return sorted(product(EXPONENTS, repeat=count), key=lambda e: sum(abs(x) for x in e))
    single = [tuple(e if place == at else 0 for place in range(count)) for at in range(count) for e in EXPONENTS[1:3]]
    return [(0,) * count, *single]


def _rational(value: Fraction) -> Fraction | None:
    """The simple fraction that a number is, if it is one."""
    near = value.limit_denominator(LARGEST)
    simple = abs(near.numerator) <= LARGEST and abs(near - value) <= abs(value) * CLOSE
    return near if simple else None


def _holds_further(bench: Bench, pair: Pair) -> bool:
    """Whether the two are equal at other sizes too, each different from all before; not where these are too large."""
    names = sorted(bench.model.sizes)
    most = max((value for sizes in bench.sizes for value in sizes.values()), default=0)
    try:
        larger = {name: most + n for n, name in enumerate(names, 1)}
        further = bench.again(given=bench.given, fixed=larger) if names else bench
    except TooLarge:
        return False
    return compare_inside(further, pair).equal
