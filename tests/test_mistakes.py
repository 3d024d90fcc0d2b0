"""A right formula, corrupted in a known way, is never judged right; a repaired one is the truth by another route."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generator.autodiff import differentiate, forward
from generator.checking import check
from generator.derive import derive
from generator.formula import (
    MINUS_ONE,
    ZERO,
    Add,
    Derivative,
    Entry,
    Formula,
    Multiply,
    Number,
    children,
    literal,
    number,
    rename,
    walk,
)
from generator.judge import judge
from generator.judging.letters import letters_of
from generator.problem import Claim
from generator.repair.tree import Path, at, replaced, tidy
from generator.routes import Derived, constants
from generator.verdict import Verdict
from tests.models import Outline, build, outlines
from tests.pieces import Case

LARGEST = 120
"""Formulas of more nodes are left out: they test nothing else and take longer."""


def paths(formula: Formula, path: Path = ()) -> Iterator[Path]:
    yield path
    for place, child in enumerate(children(formula)):
        yield from paths(child, (*path, place))


def size(formula: Formula) -> int:
    return sum(1 for _ in walk(formula))


def corrupted(case: Case, formula: Formula) -> Iterator[Formula]:
    """The formula with one mistake: a factor or term left out, a sign, a half, another quantity of the same shape."""
    for path in paths(formula):
        part = at(formula, path)
        match part:
            case Multiply(factors):
                yield replaced(formula, path, Multiply((MINUS_ONE, *factors)))
                yield replaced(formula, path, Multiply((number(Fraction(1, 2)), *factors)))
                for n, factor in enumerate(factors):
                    if not isinstance(factor, Number):
                        yield replaced(formula, path, Multiply((*factors[:n], *factors[n + 1 :])))
            case Add(terms):
                for n in range(len(terms)):
                    yield replaced(formula, path, Add((*terms[:n], *terms[n + 1 :])))
            case Entry(name, indices):
                shape = case.model.quantity[name].ranges
                for quantity in case.model.quantities:
                    if quantity.ranges == shape and quantity.name != name:
                        yield replaced(formula, path, Entry(quantity.name, indices))
            case _:
                pass


def claim(case: Case, left: Derivative, right: Formula) -> Claim:
    return Claim("", (left, right), case.model, letters_of(case.model, (left, right)))


def value(case: Case, left: Derivative, formula: Formula, seed: int) -> tuple[float, float]:
    """A formula and the derivative that it claims to be, by floats and automatic differentiation."""
    sizes = dict(case.stand_ins)
    definitions = case.model.definitions
    values = {entry: one.value for entry, one in forward(definitions, constants(case.values(seed)), sizes).items()}
    letters = {letter: 1 for letter, _ in letters_of(case.model, (left,))}
    first = rename(left, {letter: literal(one) for letter, one in letters.items()})
    assert isinstance(first, Derivative)
    true = differentiate(first, definitions, values, sizes)
    try:
        return Derived(derive(case.model, left), constants(values), sizes).number(formula, letters), true
    except ArithmeticError:
        return math.nan, true


def small(outline: Outline) -> bool:
    return len(outline.hidden) <= 2 and not outline.written


@settings(max_examples=25, deadline=None, derandomize=True)
@given(outlines().filter(small).map(build), st.integers(0, 10**6))
def test_every_line_of_a_derivation_and_every_form_of_its_answer_is_right(case: Case, seed: int) -> None:
    left = case.asked(random.Random(seed).choice(case.asks))
    derivation = derive(case.model, left)
    assume(derivation.entry != ZERO and size(derivation.entry) <= LARGEST)
    check(case.model, derivation)
    for formula in (derivation.entry, derivation.written):
        found = judge(claim(case, left, formula))
        assert (found.verdict, found.reason) == (Verdict.RIGHT, None)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(outlines().filter(small).map(build), st.integers(0, 10**6))
def test_a_mistake_is_never_judged_right_and_a_repair_is_the_truth(case: Case, seed: int) -> None:
    numbers = random.Random(seed)
    left = case.asked(numbers.choice(case.asks))
    derivation = derive(case.model, left)
    assume(derivation.entry != ZERO and size(derivation.entry) <= LARGEST)
    mistakes = sorted({tidy(formula) for formula in corrupted(case, derivation.entry)}, key=repr)
    for formula in numbers.sample(mistakes, min(2, len(mistakes))):
        claimed, true = value(case, left, formula, seed)
        if math.isclose(claimed, true, rel_tol=1e-6, abs_tol=1e-9):
            continue
        found = judge(claim(case, left, formula))
        assert found.verdict in {Verdict.WRONG, Verdict.PROPORTIONAL, Verdict.CONDITIONAL, Verdict.UNDECIDED}
        for one in found.diagnosis:
            repaired, true = value(case, left, one.repaired, seed + 1)
            assert math.isclose(repaired, true, rel_tol=1e-7, abs_tol=1e-9), one
