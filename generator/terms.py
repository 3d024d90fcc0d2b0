"""Pieces of a derivative put in the form in which a person writes them: deltas resolved, like pieces joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.calculus import Binder, Pair, Piece, rename_piece
from generator.derivation import Factor, Link, Part
from generator.formula import (
    Condition,
    Delta,
    Formula,
    Holds,
    Index,
    Multiply,
    Number,
    Power,
    Range,
    Size,
    Sum,
    add,
    free_letters,
    multiply,
    power,
)
from generator.rational import positive_first, tidy_sign, together


@dataclass(frozen=True, slots=True)
class Collapsed:
    """The sum `binder` of which one entry, `kept`, is left, since `standing` has to be the index `fixed`."""

    binder: Binder
    kept: Index
    standing: Index
    fixed: Index


def collapse(piece: Piece, ranges: Mapping[str, Range]) -> tuple[Piece | None, tuple[Collapsed, ...]]:
    """The piece with every sum over a letter that a delta fixes reduced to that entry; None if nothing is left.

    `ranges` are those of the free letters. An entry that need not lie in the range of the sum keeps a bracket.
    """
    done: list[Collapsed] = []
    current: Piece | None = settle(piece)
    while current is not None:
        found = _fixed(current)
        if found is None:
            break
        binder, pair, (standing, fixed) = found
        kept = Index(fixed.letter, fixed.offset - standing.offset)
        known = {**ranges, **{b.letter: b.range for b in current.sums}}
        limits = _limits(kept, binder.range, known)
        if limits is None:
            return None, tuple(done)
        where = (*limits, *binder.where)
        current = replace(
            current,
            sums=tuple(b for b in current.sums if b is not binder),
            deltas=tuple(p for p in current.deltas if p is not pair),
            factors=(*current.factors, *((Factor(Holds(where), (), Part.OTHER),) if where else ())),
        )
        current = settle(rename_piece(current, {binder.letter: kept}))
        done.append(Collapsed(binder, kept, standing, fixed))
    return current, tuple(done)


def settle(piece: Piece) -> Piece | None:
    """The piece without deltas that are 1; None if one is 0."""
    open_pairs: list[Pair] = []
    for left, right in piece.deltas:
        if left.letter != right.letter:
            open_pairs.append((left, right))
        elif left.offset != right.offset:
            return None
    return replace(piece, deltas=tuple(open_pairs))


def _fixed(piece: Piece) -> tuple[Binder, Pair, Pair] | None:
    """A sum over a letter that a delta fixes, that delta, and its sides: the summed one first."""
    for binder in piece.sums:
        for pair in piece.deltas:
            for own, other in (pair, pair[::-1]):
                if own.letter == binder.letter and other.letter != binder.letter:
                    return binder, pair, (own, other)
    return None


def _limits(kept: Index, range_: Range, ranges: Mapping[str, Range]) -> tuple[Condition, ...] | None:
    """The conditions under which `kept` lies in `range_` that are not sure; None where it surely does not."""
    if kept.letter is None:
        least = most = kept
    elif kept.letter in ranges:
        own = ranges[kept.letter]
        least = Index(own.lower.letter, own.lower.offset + kept.offset)
        most = Index(own.upper.letter, own.upper.offset + kept.offset)
    else:
        least = most = kept
    found = []
    for low, high, condition in (
        (range_.lower, least, Condition(range_.lower, "<=", kept)),
        (most, range_.upper, Condition(kept, "<=", range_.upper)),
    ):
        if low.letter == high.letter:
            if low.offset > high.offset:
                if kept.letter is None:
                    return None
                found.append(condition)
        elif kept.letter is not None:
            found.append(condition)
    return tuple(found)


def joined(pieces: Iterable[Piece], part: Part | None = None) -> list[Piece]:
    """The pieces with those under the same sums and deltas made one, over a common denominator.

    `part` is what a joined factor does; without it the part of the first piece's last factor.
    """
    groups: dict[tuple[tuple[Binder, ...], frozenset[Pair], tuple[object, ...]], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault((piece.sums, frozenset(piece.deltas), piece.path), []).append(piece)
    return [_join(group, part) for group in groups.values()]


def _join(group: list[Piece], part: Part | None) -> Piece:
    first = group[0]
    if len(group) == 1:
        return replace(first, factors=signed(first.factors))
    links = tuple(dict.fromkeys(link for piece in group for factor in piece.factors for link in factor.links))
    does = part or (first.factors[-1].part if first.factors else Part.OTHER)
    coefficient = add(*(product(piece.factors) for piece in group))
    factors = tuple(
        Factor(formula, links, Part.NUMBER if isinstance(formula, Number) else does)
        for formula in together(coefficient)
    )
    events = tuple(dict.fromkeys(event for piece in group for event in piece.locals))
    return replace(first, factors=factors, locals=events)


def signed(factors: Sequence[Factor]) -> tuple[Factor, ...]:
    """The factors with one number in front at most, its sign turned into a difference where there is one."""
    factors = _numbers_together(factors)
    rest = [factor for factor in factors if not isinstance(factor.formula, Number)]
    constant = product(f for f in factors if isinstance(f.formula, Number))
    if not rest:
        return (Factor(constant, _links(factors), Part.NUMBER),)
    tidy = tidy_sign((constant, *(factor.formula for factor in rest)))
    front = tidy[: len(tidy) - len(rest)]
    turned = (replace(f, formula=formula) for f, formula in zip(rest, tidy[len(front) :], strict=True))
    numbers = [f for f in factors if isinstance(f.formula, Number)]
    return (*(Factor(formula, _links(numbers), Part.NUMBER) for formula in front), *turned)


def _numbers_together(factors: Sequence[Factor]) -> Sequence[Factor]:
    """The factors with the numbers of denominators taken out where there is a number to join: 2 / (2 m)."""
    if all(not isinstance(f.formula, Number) or abs(f.formula.value) == 1 for f in factors):
        return factors
    found: list[Factor] = []
    for factor in factors:
        match factor.formula:
            case Power(Multiply((Number() as inner, *others)), Number(exponent)) if exponent < 0:
                found.append(Factor(power(inner, exponent), factor.links, Part.NUMBER))
                found.append(replace(factor, formula=power(multiply(*others), exponent)))
            case _:
                found.append(factor)
    return found


def chained(factors: Iterable[Factor]) -> tuple[Factor, ...]:
    """The factors of one link as they are printed: numbers, then what is on the way, then gates."""
    rank = {Part.NUMBER: 0, Part.GATE: 2}
    return tuple(sorted(factors, key=lambda factor: rank.get(factor.part, 1)))


def bracketed(pieces: Sequence[Piece]) -> Piece:
    """Pieces of one path as one: common factors in front, the rest in one bracket."""
    if len(pieces) == 1:
        return pieces[0]
    first = pieces[0]
    common = tuple(f for f in dict.fromkeys(first.factors) if _is_common(f, pieces))
    rests = [replace(p, factors=_without(p.factors, common)) for p in pieces]
    links = _links(f for p in pieces for f in p.factors)
    inner = positive_first(written(rest, hoist=True) for rest in rests)
    errors = any(f.part is Part.ERROR for p in pieces for f in p.factors)
    bracket = Factor(inner, links, Part.ERROR if errors else Part.GATE)
    events = tuple(dict.fromkeys(event for piece in pieces for event in piece.locals))
    return Piece((), (), signed((*common, bracket)), events, first.path)


def _is_common(factor: Factor, pieces: Sequence[Piece]) -> bool:
    if isinstance(factor.formula, Number):
        return False
    bound = {b.letter for p in pieces for b in p.sums}
    in_all = all(any(f.formula == factor.formula for f in p.factors) for p in pieces)
    return in_all and not (free_letters(factor.formula) & bound)


def _without(factors: tuple[Factor, ...], common: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """`factors` less one of each of `common`."""
    left = list(factors)
    for factor in common:
        left.pop(next(i for i, f in enumerate(left) if f.formula == factor.formula))
    return tuple(left)


def written(piece: Piece, *, hoist: bool = False) -> Formula:
    """The piece as a formula: constants, sums, factors in order, deltas.

    With `hoist` what does not depend on a sum stands in front of it; else all of the chain stands behind the sums.
    """
    shape = laid_out(piece, hoist=hoist)
    body = product(shape.inside)
    for binder in reversed(shape.sums):
        body = Sum(binder.letter, binder.range, body, binder.where)
    return multiply(product(shape.front), body)


@dataclass(frozen=True, slots=True)
class Shape:
    """A piece in the order in which it is written: what stands before the sums, the sums, what stands behind."""

    front: tuple[Factor, ...]
    sums: tuple[Binder, ...]
    inside: tuple[Factor, ...]


def laid_out(piece: Piece, *, hoist: bool = False) -> Shape:
    """Where each factor of the piece stands when it is written; deltas last."""
    binders = list(piece.sums)
    brackets: list[Formula] = []
    rest: list[Factor] = []
    for factor in piece.factors:
        if isinstance(factor.formula, Holds):
            brackets.extend(_absorb(factor.formula, binders))
        else:
            rest.append(factor)
    ends = [*brackets, *(Delta(left, right) for left, right in piece.deltas)]
    rest.extend(Factor(formula, (), Part.OTHER) for formula in ends)
    bound = {b.letter for b in binders}
    front = [f for f in rest if _is_constant(f.formula) or (hoist and binders and not free_letters(f.formula) & bound)]
    return Shape(tuple(front), tuple(binders), tuple(f for f in rest if f not in front))


def _absorb(holds: Holds, binders: list[Binder]) -> Iterator[Formula]:
    """Conditions on a summed letter join that sum; the others stay a bracket."""
    for condition in holds.conditions:
        letters = {condition.left.letter, condition.right.letter}
        place = max((i for i, b in enumerate(binders) if b.letter in letters), default=None)
        if place is None:
            yield Holds((condition,))
        else:
            binders[place] = replace(binders[place], where=(*binders[place].where, condition))


def _is_constant(formula: Formula) -> bool:
    match formula:
        case Number() | Size():
            return True
        case Power(base, exponent):
            return _is_constant(base) and _is_constant(exponent)
        case Multiply(factors):
            return all(map(_is_constant, factors))
        case _:
            return False


def product(factors: Iterable[Factor]) -> Formula:
    """The product of the factors."""
    return multiply(*(factor.formula for factor in factors))


def _links(factors: Iterable[Factor]) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(link for factor in factors for link in factor.links))
