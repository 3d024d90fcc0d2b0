"""The error term of every pair of output activation and loss, against differences in plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from generator.autodiff import Dual, Evaluation
from generator.formula import Entry, Formula, Name, literal
from generator.pairs import ROWS, NotRight, Pair, Row, pair

Numbers = list[float]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def softmax(pres: Numbers) -> Numbers:
    total = sum(map(math.exp, pres))
    return [math.exp(a) / total for a in pres]


OUTPUTS: Mapping[str, Callable[[Numbers], Numbers]] = {
    "logistic": lambda pres: list(map(sigmoid, pres)),
    "softmax": softmax,
    "none": list,
    "exponential": lambda pres: list(map(math.exp, pres)),
    "tanh": lambda pres: list(map(math.tanh, pres)),
    "ReLU": lambda pres: [max(0.0, a) for a in pres],
}
LOSSES: Mapping[str, Callable[[float, float], float]] = {
    "binary cross-entropy": lambda y, q: -q * math.log(y) - (1 - q) * math.log(1 - y),
    "summed binary cross-entropy": lambda y, q: -q * math.log(y) - (1 - q) * math.log(1 - y),
    "cross-entropy": lambda y, q: -q * math.log(y),
    "half squared error": lambda y, q: (y - q) ** 2 / 2,
    "squared error": lambda y, q: (y - q) ** 2,
    "Poisson likelihood": lambda y, q: y - q * math.log(y),
    "logistic loss, targets -1 and 1": lambda y, q: math.log1p(math.exp(-q * y)),
    "absolute error": lambda y, q: abs(y - q),
}
PRES, TARGETS = [0.3, 0.85, 0.55], [0.2, 0.9, 0.4]
SUMMING = [0.2, 0.7, 0.1]


def slope(row_output: str, row_loss: str, targets: Numbers, place: int) -> float:
    """The derivative of the loss in one pre-activation, by central differences."""

    def loss(step: float) -> float:
        pres = [a + step * (k == place) for k, a in enumerate(PRES)]
        return sum(map(LOSSES[row_loss], OUTPUTS[row_output](pres), targets))

    return (loss(1e-6) - loss(-1e-6)) / 2e-6


def number(formula: Formula, output: str, targets: Numbers, place: int) -> float:
    """The formula at the pre-activations and targets, for the output at `place`."""
    values = {"a": PRES, "Y": OUTPUTS[output](PRES), "Q": targets}
    known = {
        Entry(Name(name), (literal(k),)): Dual(v) for name, row in values.items() for k, v in enumerate(row, start=1)
    }
    return Evaluation(known, {"K": len(PRES)})(formula, {"k": place + 1}).value


@pytest.fixture(scope="module")
def derived() -> Mapping[str, Pair]:
    return {row.key: pair(row) for row in ROWS}


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_the_error_term_is_the_slope_of_the_loss(derived: Mapping[str, Pair], row: Row, place: int) -> None:
    found = derived[row.key]
    true = slope(row.output, row.loss, TARGETS, place)
    for formula in (found.derivation.formula, found.also):
        if formula is not None:
            assert number(formula, row.output, TARGETS, place) == pytest.approx(true, rel=1e-6)


def test_softmax_with_cross_entropy_is_output_minus_target_only_where_the_targets_sum_to_1(
    derived: Mapping[str, Pair],
) -> None:
    known = derived["softmax-ce"].known
    assert known is not None
    formula = known.formula
    assert number(formula, "softmax", SUMMING, 0) == pytest.approx(slope("softmax", "cross-entropy", SUMMING, 0))
    assert number(formula, "softmax", TARGETS, 0) != pytest.approx(slope("softmax", "cross-entropy", TARGETS, 0))


def test_softmax_of_two_under_the_summed_loss_is_twice_output_minus_target(derived: Mapping[str, Pair]) -> None:
    formula = derived["softmax-bce"].derivation.formula
    known = {
        Entry(Name(name), (literal(k),)): Dual(v)
        for name, row in {"Y": softmax([0.3, -0.4]), "Q": [0.2, 0.8]}.items()
        for k, v in enumerate(row, start=1)
    }
    found = Evaluation(known, {"K": 2})(formula, {"k": 1}).value
    assert found == pytest.approx(2 * (softmax([0.3, -0.4])[0] - 0.2))


def test_another_form_that_is_not_the_result_is_refused() -> None:
    row = next(row for row in ROWS if row.also)
    with pytest.raises(NotRight):
        pair(replace(row, also=f"2 ({row.also})"))
