"""Printing chooses letters, and the formula stays the same: no index is captured."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from generator.derive import derive
from generator.formula import Entry, Formula, Index, Name, Range, Sum, add, canonical, literal, multiply
from generator.writer import Writer, writer
from tests.models import NAMED, random_cases
from tests.pieces import Case

LOOSE = Writer(frozenset("ijk"))
RANGE = Range(literal(1), literal(2))


def w(first: str, second: str) -> Formula:
    return Entry(Name("W"), (Index(first), Index(second)))


def lines(case: Case) -> Iterator[Formula]:
    for entry in case.asks:
        derivation = derive(case.model, case.asked(entry))
        yield from (line.formula for step in derivation.steps for line in step.lines)
        yield from (derivation.formula, derivation.entry, derivation.written)


@pytest.mark.parametrize("case", NAMED, ids=lambda case: str(case.title))
def test_every_line_is_printed_as_the_formula_that_it_is(case: Case) -> None:
    for formula in lines(case):
        assert canonical(writer(case.model).lettered(formula)) == canonical(formula)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(random_cases())
def test_every_line_of_a_random_model_too(case: Case) -> None:
    for formula in lines(case):
        assert canonical(writer(case.model).lettered(formula)) == canonical(formula)


def test_a_letter_bound_twice_is_chosen_for_each_place() -> None:
    inner = Sum("j#1", RANGE, w("j#2", "j#1"))
    both = add(Sum("j#2", RANGE, inner), Sum("j#1", RANGE, w("j#1", "j#1")))
    assert LOOSE.math(both).latex == r"\sum_{j=1}^2 \sum_{l=1}^2 W_{jl} + \sum_{j=1}^2 W_{jj}"


def test_a_free_letter_is_never_borrowed() -> None:
    formula = multiply(w("k", "k"), Sum("k#3", RANGE, w("k#3", "k")))
    assert LOOSE.math(formula).latex == r"W_{kk} \sum_{l=1}^2 W_{lk}"


def test_a_sum_written_with_a_letter_of_the_left_side_gets_another() -> None:
    formula = Sum("i", RANGE, w("i", "i"))
    assert canonical(LOOSE.lettered(formula, beside=("i",))) == canonical(formula)
    assert LOOSE.letters(formula, beside=("i",)) == {"i": "l"}
