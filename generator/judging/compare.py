"""Whether two formulas are equal as functions, by their values at the points of a bench."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, product

from generator.domain import NoPoint, one_sided
from generator.formula import (
    ZERO,
    Add,
    Condition,
    Derivative,
    Entry,
    Formula,
    Multiply,
    Name,
    Sum,
    walk,
)
from generator.judging.bench import Bench
from generator.judging.letters import Letters
from generator.oracle import RELATIONS, Forward, OutOfRange, Outside, Real, Scope

EQUAL_DIGITS = 30
"""Formulas are equal where they differ by less than 10^-EQUAL_DIGITS of the absolute values of their terms."""

SUSPECT_DIGITS = 20
ZERO_DIGITS = 25
WHOLE = 4
TURN = 2
ALL = 6
"""Up to so many combinations of free letters are all tried; of more, a choice with every pair equal and unequal."""


class Open(StrEnum):
    """Why it could not be settled whether two formulas are equal."""

    NO_POINT = "no point was found at which all quantities of the model are real and all that is given holds"
    UNDEFINED = "the claim has no real value at the points that were tried"
    ONE_SIDED = "no points were found on both sides of every kink at which the claim has a value"
    ZERO = "both sides were 0 at all points that were tried"
    NO_INDEX = "no values of the indices fulfil the conditions of the claim"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two formulas, for every value of the letters (each in its range) where all conditions hold."""

    left: Formula
    right: Formula
    letters: Letters = ()
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """A pass, the values of the free letters, and the two values there."""

    forward: Forward
    letters: Scope
    left: Real
    right: Real


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found: equal, a `spot` where they differ, the index that is `out_of_range`, or why it is `open`."""

    equal: bool = False
    spot: Spot | None = None
    out_of_range: OutOfRange | None = None
    open: Open | None = None


def compare(bench: Bench, pair: Pair) -> Comparison:
    """Whether the two are equal wherever both have values."""
    return compare_inside(bench, prepared(bench, pair))


def compare_inside(bench: Bench, pair: Pair) -> Comparison:
    """The same for a pair that is in terms of the sizes of the bench."""
    whole: list[Forward] = []
    telling = pair.right == ZERO
    anywhere = False
    try:
        for number, forward in enumerate(bench.passes()):
            found = list(spots(pair, forward, number))
            anywhere = anywhere or bool(found)
            values = [spot for spot in found if spot is not None]
            for spot in values:
                if differ(pair, spot):
                    return Comparison(spot=spot)
            telling = telling or not all(negligible(spot) for spot in values)
            if len(values) == len(found):
                whole.append(forward)
    except OutOfRange as index:
        return Comparison(out_of_range=index)
    except NoPoint:
        return Comparison(open=Open.NO_POINT)
    return _unrefuted(bench, pair, whole, anywhere=anywhere, telling=telling)


def _unrefuted(bench: Bench, pair: Pair, whole: list[Forward], *, anywhere: bool, telling: bool) -> Comparison:
    if not anywhere:
        return Comparison(open=Open.NO_INDEX)
    if not whole:
        return Comparison(open=Open.UNDEFINED)
    concerned = related(bench, pair)
    if any(switch.name in concerned for switch in one_sided(whole)):
        return Comparison(open=Open.ONE_SIDED)
    return Comparison(equal=True) if telling else Comparison(open=Open.ZERO)


def prepared(bench: Bench, pair: Pair) -> Pair:
    """The pair in terms of the sizes of the bench."""
    to = bench.replaced
    return Pair(to.formula(pair.left), to.formula(pair.right), to.letters(pair.letters), to.where(pair.where))


def spots(pair: Pair, forward: Forward, number: int = 0) -> Iterator[Spot | None]:
    """The values of both sides for each choice of the letters; None where a side has no real value.

    Where a bench has many passes, those after the first `WHOLE` take turns in the choices that they try.
    """
    found = list(choices(pair, forward))
    if number >= WHOLE:
        turns = -(-len(found) // TURN)
        found = found[number % turns :: turns]
    for letters in found:
        try:
            left = forward.value(pair.left, letters)
            yield Spot(forward, letters, left, forward.value(pair.right, letters))
        except Outside:
            yield None


def choices(pair: Pair, forward: Forward) -> Iterator[Scope]:
    """Values of the letters: all, or of many a choice in which every two letters are equal and unequal."""
    names = [letter for letter, _ in pair.letters]
    ranges = [forward.span(range_, {}) for _, range_ in pair.letters]
    found = list(product(*ranges))
    if len(found) > ALL:
        found = _some(found)
    for values in found:
        letters = dict(zip(names, values, strict=True))
        if all(_holds(forward, condition, letters) for condition in pair.where):
            yield letters


def _some(found: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Evenly spaced ones, and for every two places the first in which they are equal and the last in which not."""
    count = len(found[0])
    chosen = set(found[:: len(found) // (ALL // 2)]) | {found[-1]}
    for a, b in combinations(range(count), 2):
        chosen.update([v for v in found if v[a] == v[b]][:2])
        chosen.update([v for v in found if v[a] != v[b]][-2:])
    return sorted(chosen)


def _holds(forward: Forward, condition: Condition, letters: Scope) -> bool:
    left, right = forward.integer(condition.left, letters), forward.integer(condition.right, letters)
    return RELATIONS[condition.relation](left, right)


def differ(pair: Pair, spot: Spot) -> bool:
    """Whether the two values differ by more than rounding can explain."""
    gap = abs(spot.left - spot.right)
    if gap * 10**EQUAL_DIGITS <= abs(spot.left) + abs(spot.right):
        return False
    if gap * 10**SUSPECT_DIGITS > 1:
        return True
    terms = magnitude(spot, pair.left) + magnitude(spot, pair.right)
    return bool(gap * 10**EQUAL_DIGITS > terms)


def magnitude(spot: Spot, formula: Formula) -> Real:
    """The sum of the absolute values of the terms of a formula."""
    return _magnitude(spot.forward, formula, dict(spot.letters))


def _magnitude(forward: Forward, formula: Formula, letters: dict[str, int]) -> Real:
    match formula:
        case Add(terms):
            return sum(_magnitude(forward, term, letters) for term in terms)
        case Multiply(factors):
            size = forward.context.one
            for factor in factors:
                size *= _magnitude(forward, factor, letters)
            return size
        case Sum(letter, range_, body):
            values = forward.span(range_, letters)
            return sum(_magnitude(forward, body, {**letters, letter: value}) for value in values)
        case Derivative(of):
            return abs(forward.value(formula, letters)) + _magnitude(forward, of, letters)
        case _:
            return abs(forward.value(formula, letters))


def negligible(spot: Spot) -> bool:
    """Whether the left value is 0 but for rounding."""
    return bool(abs(spot.left) * 10**ZERO_DIGITS < 1)


def related(bench: Bench, pair: Pair) -> frozenset[Name]:
    """The quantities that two formulas use, and those from which these are computed."""
    parts = (part for formula in (pair.left, pair.right) for part in walk(formula))
    found = {part.name for part in parts if isinstance(part, Entry)}
    for definition in reversed(bench.model.definitions):
        if definition.name in found:
            found.update(bench.model.inputs[definition.name])
    return frozenset(found)
