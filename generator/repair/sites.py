"""The products of a formula, and how much each of them weighs in the whole at a few points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod

from generator.derivation import Part
from generator.formula import Add, Formula, Multiply, Sum, free_letters
from generator.oracle import RELATIONS
from generator.repair.pool import Pool, Visible, instances
from generator.repair.rough import Rough
from generator.repair.tree import Path

Values = tuple[tuple[float, ...], ...]
"""One number for each spot and each value of the summed letters there."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point and values of the free letters at which a claim is off: what it gives, and what is true."""

    rough: Rough
    letters: Mapping[str, int]
    claimed: float
    true: float


@dataclass(slots=True)
class Frame:
    """What is inside the same sums: which letters are visible, and their values, for each spot."""

    spots: tuple[Spot, ...]
    scopes: tuple[tuple[Mapping[str, int], ...], ...]
    visible: Visible
    pool: Pool
    offers: list[Offer] = field(default_factory=list)

    def values(self, formula: Formula) -> Values | None:
        """The numbers of a formula; None if it has none somewhere."""
        used = free_letters(formula)
        letters = [letter for letter, _ in self.visible.letters if letter in used]
        found = []
        for spot, scopes in zip(self.spots, self.scopes, strict=True):
            known: dict[tuple[int, ...], float] = {}
            places = [tuple([scope[letter] for letter in letters]) for scope in scopes]
            for place, scope in zip(places, scopes, strict=True):
                if place not in known:
                    value = spot.rough.value(formula, scope)
                    if value is None:
                        return None
                    known[place] = value
            found.append(tuple(known[place] for place in places))
        return tuple(found)

    def inside(self, total: Sum) -> Frame:
        """The frame inside of a sum, and for each of its scopes the number of the scope around."""
        scopes = tuple(
            tuple({**scope, total.letter: value} for scope in own for value in _values(spot.rough, total, scope))
            for spot, own in zip(self.spots, self.scopes, strict=True)
        )
        return Frame(self.spots, scopes, self.visible.within(total.letter, total.range), self.pool)

    def offer(self) -> list[Offer]:
        """Everything of the pool that can be written here, with its numbers."""
        if not self.offers:
            seen: set[Formula] = set()
            for template in self.pool.factors:
                for formula in instances(template, self.visible):
                    if formula not in seen:
                        seen.add(formula)
                        values = self.values(formula)
                        if values is not None:
                            self.offers.append(Offer(formula, values, template.gate, template.part))
        return self.offers


@dataclass(frozen=True, slots=True)
class Offer:
    """A factor that may be put in, its numbers, and what it does; `part` is None for what is inside of a factor."""

    formula: Formula
    values: Values
    gate: bool
    part: Part | None


@dataclass(frozen=True, slots=True)
class Site:
    """A product: where it stands, its factors with their numbers, and its part of the whole (`weights`).

    `around` are the factors that multiply it from outside, `outside` is what they come to. A sum or a bracket counts as
    a product of itself alone.
    """

    path: Path
    node: Formula
    factors: tuple[Formula, ...]
    numbers: tuple[Values, ...]
    weights: Values
    outside: Values
    frame: Frame
    around: tuple[Formula, ...]

    def place(self, number: int) -> Path:
        """The path of a factor."""
        return (*self.path, number) if isinstance(self.node, Multiply) else self.path


def _values(rough: Rough, total: Sum, scope: Mapping[str, int]) -> Iterator[int]:
    forward = rough.exact
    for value in forward.span(total.range, scope):
        inner = {**scope, total.letter: value}
        sides = ((forward.integer(c.left, inner), c.relation, forward.integer(c.right, inner)) for c in total.where)
        if all(RELATIONS[relation](left, right) for left, relation, right in sides):
            yield value


def sites(formula: Formula, frame: Frame) -> Iterator[Site]:
    """All products of a formula that it is linear in, outermost first; none where a number is missing."""
    ones = tuple(tuple(1.0 for _ in scopes) for scopes in frame.scopes)
    yield from _sites(formula, (), frame, ones, ())


def _sites(formula: Formula, path: Path, frame: Frame, outside: Values, around: tuple[Formula, ...]) -> Iterator[Site]:
    factors = formula.factors if isinstance(formula, Multiply) else (formula,)
    numbers = [frame.values(factor) for factor in factors]
    known = tuple(values for values in numbers if values is not None)
    if len(known) < len(numbers):
        return
    site = Site(path, formula, factors, known, _product(outside, *known), outside, frame, around)
    yield site
    for number, factor in enumerate(factors):
        place = site.place(number)
        others = tuple(values for other, values in enumerate(known) if other != number)
        beside = (*around, *(f for other, f in enumerate(factors) if other != number))
        weights = _product(outside, *others)
        match factor:
            case Add(terms):
                for term_number, term in enumerate(terms):
                    yield from _sites(term, (*place, term_number), frame, weights, beside)
            case Sum():
                inner = frame.inside(factor)
                yield from _sites(factor.body, (*place, 0), inner, _spread(frame, factor, weights), beside)
            case _:
                pass


def _product(*values: Values) -> Values:
    return tuple(tuple(prod(numbers) for numbers in zip(*spots, strict=True)) for spots in zip(*values, strict=True))


def _spread(frame: Frame, total: Sum, weights: Values) -> Values:
    """The weights of the scopes around, for each scope inside of a sum."""
    return tuple(
        tuple(w for scope, w in zip(scopes, own, strict=True) for _ in _values(spot.rough, total, scope))
        for spot, scopes, own in zip(frame.spots, frame.scopes, weights, strict=True)
    )
