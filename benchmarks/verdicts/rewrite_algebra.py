"""Right rewritings of sums of terms and products: signs, brackets, powers, and the same on both sides of a bar."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from benchmarks.verdicts.trees import Spot
from benchmarks.verdicts.worked import Worked
from generator.formula import (
    MINUS_ONE,
    ONE,
    Add,
    Entry,
    Formula,
    Multiply,
    Number,
    Power,
    Size,
    add,
    bound_letter,
    children,
    multiply,
    negative,
    number,
    power,
)


def turned(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """Minus the difference the other way round."""
    if isinstance(spot.node, Add) and len(spot.node.terms) == 2:
        return Multiply((MINUS_ONE, Add(tuple(negative(term) for term in reversed(spot.node.terms)))))
    return None


def both_negative(_worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """Two factors, each with a minus."""
    if not isinstance(spot.node, Multiply) or len(spot.node.factors) < 2:
        return None
    chosen = set(numbers.sample(range(len(spot.node.factors)), 2))
    factors = enumerate(spot.node.factors)
    return Multiply(tuple(Multiply((MINUS_ONE, f)) if place in chosen else f for place, f in factors))


def distributed(_worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """A bracket multiplied out."""
    if not isinstance(spot.node, Multiply):
        return None
    places = [place for place, factor in enumerate(spot.node.factors) if isinstance(factor, Add)]
    if not places:
        return None
    place = numbers.choice(places)
    bracket = spot.node.factors[place]
    before, after = spot.node.factors[:place], spot.node.factors[place + 1 :]
    assert isinstance(bracket, Add)
    return Add(tuple(multiply(*before, term, *after) for term in bracket.terms))


def collected(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """A common factor in front of a bracket."""
    if not isinstance(spot.node, Add) or not all(isinstance(term, Multiply) for term in spot.node.terms):
        return None
    rows = [list(term.factors) for term in spot.node.terms if isinstance(term, Multiply)]
    common = [f for f in rows[0] if not isinstance(f, Number) and all(f in row for row in rows)]
    if not common:
        return None
    for row in rows:
        row.remove(common[0])
    return Multiply((common[0], Add(tuple(multiply(*row) for row in rows))))


def reordered(_worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """Factors or terms in another order."""
    match spot.node:
        case Multiply(parts):
            return Multiply(tuple(numbers.sample(parts, len(parts))))
        case Add(parts):
            return Add(tuple(numbers.sample(parts, len(parts))))
        case _:
            return None


def bracketed(_worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """Brackets that mean nothing."""
    match spot.node:
        case Multiply(parts) if len(parts) > 2:
            place = numbers.randrange(1, len(parts))
            return Multiply((Multiply(parts[:place]), Multiply(parts[place:])))
        case Add(parts) if len(parts) > 2:
            place = numbers.randrange(1, len(parts))
            return Add((Add(parts[:place]), Add(parts[place:])))
        case _:
            return None


def _some_entry(worked: Worked, spot: Spot, numbers: random.Random) -> Entry | None:
    """A free entry inside that can stand outside as well; at generic points it is not 0."""
    chosen = [e for e in _loose(spot.node, frozenset()) if e.name not in worked.model.definition]
    return numbers.choice(chosen) if chosen else None


def _loose(formula: Formula, bound: frozenset[str | None]) -> Iterator[Entry]:
    """The entries whose letters no sum inside binds."""
    if isinstance(formula, Entry) and not bound & {index.letter for index in formula.indices}:
        yield formula
    for child in children(formula):
        yield from _loose(child, bound | {bound_letter(formula)} - {None})


def same_above_and_below(worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """Multiplied and divided by an entry."""
    entry = None if isinstance(spot.node, Number) else _some_entry(worked, spot, numbers)
    return None if entry is None else Multiply((spot.node, entry, power(entry, -1)))


def bracket_above_and_below(worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """Multiplied and divided by a bracket that is never 0."""
    entry = None if isinstance(spot.node, Number) else _some_entry(worked, spot, numbers)
    if entry is None:
        return None
    bracket = Add((ONE, power(entry, 2)))
    return Multiply((power(bracket, -1), Multiply((spot.node, bracket))))


def size_above_and_below(worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """Multiplied and divided by a size."""
    if not worked.model.sizes or isinstance(spot.node, Number):
        return None
    size = Size(numbers.choice(worked.model.sizes))
    return Multiply((size, spot.node, power(size, -1)))


def plus_and_minus(worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """An entry added and taken away."""
    entry = None if isinstance(spot.node, Number) else _some_entry(worked, spot, numbers)
    return None if entry is None else Add((spot.node, entry, negative(entry)))


def two_halves(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """A half and a half."""
    if isinstance(spot.node, Number):
        return None
    half = Number(Fraction(1, 2))
    return Add((Multiply((half, spot.node)), Multiply((half, spot.node))))


def two_thirds(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """Three times minus twice."""
    if isinstance(spot.node, Number):
        return None
    return Add((Multiply((number(3), spot.node)), Multiply((number(-2), spot.node))))


def square_as_product(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """A square as the thing times itself; a product of powers as one power."""
    match spot.node:
        case Power(base, Number(value)) if value == 2:
            return Multiply((base, base))
        case Power(base, Number(value)) if value == -2:
            return Power(Multiply((base, base)), MINUS_ONE)
        case _:
            return None


def squares_as_product(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """1 - a^2 as (1 - a)(1 + a)."""
    match spot.node:
        case Add((Number(one), Multiply((Number(minus), Power(base, Number(two)))))) if one == -minus == two / 2 == 1:
            return Multiply((Add((ONE, negative(base))), Add((ONE, base))))
        case _:
            return None


def product_as_squares(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """a(1 - a) as a - a^2."""
    if not isinstance(spot.node, Multiply):
        return None
    factors = list(spot.node.factors)
    for first in factors:
        other = Add((ONE, negative(first)))
        if other in factors:
            factors.remove(first)
            factors[factors.index(other)] = Add((first, negative(power(first, 2))))
            return multiply(*factors)
    return None


def twice_inverted(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """One over one over a free entry."""
    free = isinstance(spot.node, Entry) and spot.node.name not in worked.model.definition
    return Power(Power(spot.node, MINUS_ONE), MINUS_ONE) if free else None


def over_one(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """A product as a fraction whose denominator is one over a free factor."""
    if not isinstance(spot.node, Multiply):
        return None
    for place, factor in enumerate(spot.node.factors):
        if isinstance(factor, Entry) and factor.name not in worked.model.definition:
            others = (*spot.node.factors[:place], *spot.node.factors[place + 1 :])
            return Multiply((*others, Power(Power(factor, MINUS_ONE), MINUS_ONE)))
    return None


def completed_square(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """A difference of two as the difference of their squares over their sum, where that is not 0."""
    if not isinstance(spot.node, Add) or len(spot.node.terms) != 2:
        return None
    first, second = spot.node.terms
    other = negative(second)
    if not (isinstance(first, Entry) and isinstance(other, Entry)):
        return None
    above = add(power(first, 2), negative(power(other, 2)))
    return Multiply((above, Power(Add((first, other)), MINUS_ONE)))
