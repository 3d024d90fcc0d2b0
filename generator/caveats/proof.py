"""Proof by evaluation: what a caveat says is compared with the forward pass before it is given."""

from __future__ import annotations

from generator.derivation import Derivation
from generator.formula import Entry, Formula, Range, Softmax, entries, free_letters, walk
from generator.judging.bench import Bench, TooDeep, TooLarge
from generator.judging.compare import Pair, compare
from generator.model import Assumption, Model
from generator.oracle import exact

Equation = tuple[Formula, Formula]


class Unproved(Exception):
    """Something that a caveat says was not found true at every point that was tried; the caveat is not given."""


def prove(model: Model, *equations: Equation, given: tuple[Assumption, ...] = ()) -> None:
    """Both sides of every equation are equal on the domain of the model where `given` holds; else `Unproved`."""
    formulas = tuple(side for equation in equations for side in equation)
    try:
        bench = Bench(model, formulas, exact(), given)
        for left, right in equations:
            if not compare(bench, Pair(left, right, letters(model, left, right))).equal:
                raise Unproved(left, right)
    except (TooLarge, TooDeep) as limit:
        raise Unproved from limit


def prove_derivation(model: Model, derivation: Derivation) -> Derivation:
    """The derivation, every line of every step equal to what the step derives; else `Unproved`."""
    prove(model, *((step.left, line.formula) for step in derivation.steps for line in step.lines))
    return derivation


def letters(model: Model, *formulas: Formula) -> tuple[tuple[str, Range], ...]:
    """The free letters of the formulas, each with the range of the position in which it stands."""
    free = frozenset[str]().union(*(free_letters(formula) for formula in formulas)) - set(model.sizes)
    found: dict[str, Range] = {}
    for formula in formulas:
        for entry in entries(formula):
            _note(found, entry, model.quantity[entry.name].ranges if entry.name in model.quantity else ())
        for part in walk(formula):
            if isinstance(part, Softmax) and part.index.letter is not None and not part.index.offset:
                found.setdefault(part.index.letter, part.range)
    return tuple((letter, range_) for letter, range_ in sorted(found.items()) if letter in free)


def _note(found: dict[str, Range], entry: Entry, ranges: tuple[Range, ...]) -> None:
    for index, range_ in zip(entry.indices, ranges, strict=False):
        if index.letter is not None and not index.offset:
            found.setdefault(index.letter, range_)
