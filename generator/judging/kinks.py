"""The kinks of formulas: a claim may bend where the model does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from generator.formula import (
    Apply,
    Extreme,
    Formula,
    Indicator,
    Product,
    Range,
    Softmax,
    Sum,
    add,
    canonical,
    children,
    free_letters,
    negative,
)
from generator.judging.letters import letters_of
from generator.model import Model
from generator.oracle import KINKED, Forward, OutOfRange, Outside, Real, Scope

MOST_PLACES = 12

Place = tuple[tuple[str, int], ...]
"""The values of the letters at a kink."""


@dataclass(frozen=True, slots=True)
class Kink:
    """What is 0 at a kink of a formula, and the letters that it uses, outermost first."""

    distance: Formula
    letters: tuple[tuple[str, Range], ...]


def kinks(model: Model, formulas: Iterable[Formula]) -> tuple[Kink, ...]:
    """The kinks of the formulas, without repeats."""
    found: dict[Kink, None] = {}
    for formula in formulas:
        for kink in _kinks(formula, letters_of(model, (formula,))):
            found[kink] = None
    return tuple(found)


def _kinks(formula: Formula, letters: tuple[tuple[str, Range], ...]) -> Iterator[Kink]:
    match formula:
        case Indicator(left, _, right) | Extreme(_, (left, right)):
            yield _kink(add(left, negative(right)), letters)
        case Apply(function, argument) if function in KINKED:
            yield _kink(argument, letters)
        case Sum(letter, range_, _) | Product(letter, range_, _) | Softmax(_, letter, range_):
            letters = (*letters, (letter, range_))
        case _:
            pass
    for child in children(formula):
        yield from _kinks(child, letters)


def _kink(distance: Formula, letters: tuple[tuple[str, Range], ...]) -> Kink:
    used = free_letters(distance)
    return Kink(canonical(distance), tuple((letter, range_) for letter, range_ in letters if letter in used))


def distances(forward: Forward, kink: Kink) -> Iterator[tuple[Place, Real]]:
    """How far a pass is from a kink, at a few values of its letters. Places where it has no value are left out."""
    for scope in islice(_scopes(forward, kink.letters), MOST_PLACES):
        try:
            yield tuple(scope.items()), forward.value(kink.distance, scope)
        except (Outside, OutOfRange):
            continue


def _scopes(forward: Forward, letters: tuple[tuple[str, Range], ...]) -> Iterator[Scope]:
    ranges = []
    for _, range_ in letters:
        bounds = {b.letter for b in (range_.lower, range_.upper) if b.letter is not None}
        if not bounds <= forward.point.sizes.keys():
            return
        ranges.append(forward.span(range_, {}))
    names = [letter for letter, _ in letters]
    yield from (dict(zip(names, values, strict=True)) for values in product(*ranges))
