"""Right rewritings of sums: renamed, nested, written out, split, shifted, moved in and out of products."""

from __future__ import annotations

import random

from benchmarks.verdicts.trees import Spot, instance, pick
from benchmarks.verdicts.worked import Worked
from generator.formula import (
    ONE,
    Add,
    Condition,
    Delta,
    Entry,
    Formula,
    Index,
    Letters,
    Multiply,
    Range,
    Size,
    Sum,
    free_letters,
    freshen,
    integers,
    literal,
    multiply,
    power,
    rename,
)

FRESH = "lrsuvabcdefgh"


def renamed(worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """Another letter for the summed one; it may hide a letter from outside that is not needed inside."""
    if not isinstance(spot.node, Sum) or spot.node.where:
        return None
    body = freshen(spot.node.body, Letters(7000))
    taken = (free_letters(body) - {spot.node.letter}) | set(worked.model.sizes)
    outside = [letter for letter, _ in spot.scope if letter not in taken and letter != spot.node.letter]
    hiding = outside if outside and numbers.random() < 0.5 else []
    new = numbers.choice(hiding) if hiding else pick("l", taken | {spot.node.letter})
    return Sum(new, spot.node.range, rename(body, {spot.node.letter: Index(new)}))


def swapped(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """Two nested sums in the other order."""
    match spot.node:
        case Sum(outer, wide, Sum(inner, narrow, body, ()), ()) if inner != outer:
            return Sum(inner, narrow, Sum(outer, wide, body))
        case _:
            return None


def written_out(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """Every term of a sum whose bounds are numbers."""
    if isinstance(spot.node, Sum) and not spot.node.where and len(integers(spot.node.range)) > 1:
        total = spot.node
        return Add(tuple(instance(total, literal(value)) for value in integers(total.range)))
    return None


def first_apart(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """The first term, then the others. Every size is 2 at least."""
    if not isinstance(spot.node, Sum) or spot.node.where or not _plural(spot.node.range):
        return None
    low, high = spot.node.range.lower, spot.node.range.upper
    later = Range(Index(low.letter, low.offset + 1), high)
    return Add((instance(spot.node, low), Sum(spot.node.letter, later, spot.node.body)))


def last_apart(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """All terms but the last, then the last."""
    if not isinstance(spot.node, Sum) or spot.node.where or not _plural(spot.node.range):
        return None
    low, high = spot.node.range.lower, spot.node.range.upper
    earlier = Range(low, Index(high.letter, high.offset - 1))
    return Add((Sum(spot.node.letter, earlier, spot.node.body), instance(spot.node, high)))


def _plural(range_: Range) -> bool:
    return range_.upper.letter is not None or len(integers(range_)) > 1


def shifted(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """Counted from 0."""
    if not isinstance(spot.node, Sum) or spot.node.where:
        return None
    total = spot.node
    low, high = total.range.lower, total.range.upper
    body = rename(freshen(total.body, Letters(7000)), {total.letter: Index(total.letter, 1)})
    return Sum(total.letter, Range(Index(low.letter, low.offset - 1), Index(high.letter, high.offset - 1)), body)


def one_apart(_worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """The term at a letter that is known, and the sum over all other values."""
    if not isinstance(spot.node, Sum) or spot.node.where:
        return None
    total = spot.node
    known = [letter for letter, range_ in spot.scope if range_ == total.range and letter != total.letter]
    if not known:
        return None
    other = Index(numbers.choice(known))
    where = (Condition(Index(total.letter), "!=", other),)
    return Add((Sum(total.letter, total.range, total.body, where), instance(total, other)))


def moved_in(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """All other factors into the sum; two sums become nested."""
    if not isinstance(spot.node, Multiply):
        return None
    factors = list(spot.node.factors)
    place = next((n for n, f in enumerate(factors) if isinstance(f, Sum) and not f.where), None)
    if place is None:
        return None
    total = factors.pop(place)
    assert isinstance(total, Sum)
    letter = pick(total.letter, frozenset().union(*map(free_letters, factors)) | {x for x, _ in spot.scope})
    body = rename(freshen(total.body, Letters(7000)), {total.letter: Index(letter)})
    return Sum(letter, total.range, multiply(*factors[:place], body, *factors[place:]))


def moved_out(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """Factors that do not depend on the letter in front of the sum."""
    match spot.node:
        case Sum(letter, range_, Multiply(factors), ()):
            outside = [factor for factor in factors if letter not in free_letters(factor)]
            inside = [factor for factor in factors if letter in free_letters(factor)]
            return multiply(*outside, Sum(letter, range_, multiply(*inside))) if outside and inside else None
        case _:
            return None


def spread(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """The sum of each term of what is summed."""
    match spot.node:
        case Sum(letter, range_, Add(terms), ()):
            return Add(tuple(Sum(letter, range_, term) for term in terms))
        case _:
            return None


def through_delta(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """An entry as the sum of all entries times Kronecker's delta."""
    if not isinstance(spot.node, Entry) or not spot.node.indices:
        return None
    ranges = worked.model.quantity[spot.node.name].ranges
    for place, (index, range_) in enumerate(zip(spot.node.indices, ranges, strict=True)):
        if index.letter is not None and any(item == (index.letter, range_) for item in spot.scope):
            new = pick("l", {letter for letter, _ in spot.scope} | set(worked.model.sizes))
            indices = (*spot.node.indices[:place], Index(new), *spot.node.indices[place + 1 :])
            return Sum(new, range_, Multiply((Delta(index, Index(new)), Entry(spot.node.name, indices))))
    return None


def mean(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """A size times the mean."""
    match spot.node:
        case Sum(letter, Range(low, Index(str() as size, 0)), body, ()) if low == literal(1):
            return Multiply((Size(size), Sum(letter, spot.node.range, Multiply((power(Size(size), -1), body)))))
        case _:
            return None


def ones(worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """A factor times the mean of ones over a size."""
    if not worked.model.sizes or isinstance(spot.node, Add):
        return None
    size = numbers.choice(worked.model.sizes)
    letter = pick("r", {letter for letter, _ in spot.scope} | set(worked.model.sizes))
    total = Sum(letter, Range(literal(1), Index(size)), ONE)
    return Multiply((spot.node, total, power(Size(size), -1)))
