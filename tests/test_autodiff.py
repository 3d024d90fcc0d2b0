"""The second route to every number, held against 30 digits of mpmath and against differences."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest

from generator.autodiff import RULES, Dual, Evaluation, OutOfDomain, differentiate, forward
from generator.errors import Unsupported
from generator.formula import Apply, Derivative, Entry, Name, Number, Power, literal, multiply, number
from generator.functions import ARGUMENT, FUNCTIONS
from generator.oracle import Point, evaluate
from generator.routes import constants
from tests.models import NAMED
from tests.odd_models import ODD
from tests.pieces import Case

POINTS = (-1.7, -0.4, 0.3, 0.9, 2.2)
X = Entry(Name("x"))

REFERENCE = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "tanh": mpmath.tanh,
    "relu": lambda x: mpmath.mpf(max(x, 0)),
    "leaky_relu": lambda x: x if x > 0 else x / 100,
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "elu": lambda x: x if x > 0 else mpmath.exp(x) - 1,
    "gelu": lambda x: x * mpmath.ncdf(x),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "abs": abs,
    "sgn": mpmath.sign,
    "erf": mpmath.erf,
}


def near(left: float, right: float) -> bool:
    return math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-14)


def test_every_function_of_the_table_has_a_rule_and_a_reference() -> None:
    assert set(FUNCTIONS) <= set(RULES) == set(REFERENCE)


@pytest.mark.parametrize("key", sorted(RULES))
def test_a_rule_gives_the_value_and_the_slope_of_its_function(key: str) -> None:
    for x in POINTS:
        if key == "log" and x < 0:
            with pytest.raises(OutOfDomain):
                RULES[key](Dual(x, 1.0))
            continue
        found = RULES[key](Dual(x, 1.0))
        with mpmath.workdps(30):
            assert near(found.value, float(REFERENCE[key](mpmath.mpf(x))))
            assert near(found.slope, float(mpmath.diff(REFERENCE[key], mpmath.mpf(x))))


@pytest.mark.parametrize("key", sorted(FUNCTIONS))
def test_the_derivative_in_the_table_of_functions_is_the_slope_of_the_rule(key: str) -> None:
    row = FUNCTIONS[key]
    for x in POINTS:
        if key == "log" and x < 0:
            continue
        value = Evaluation({ARGUMENT: Dual(x)}, {})(row.derivative, {}).value
        assert near(value, RULES[key](Dual(x, 1.0)).slope)
        assert near(Evaluation({ARGUMENT: Dual(x)}, {})(row.formula, {}).value, RULES[key](Dual(x)).value)


@pytest.mark.parametrize(
    ("formula", "value", "slope"),
    [
        (Power(X, number(3)), 0.512, 3 * 0.64),
        (Power(X, number(-2)), 0.8**-2, -2 * 0.8**-3),
        (Power(number(2), X), 2**0.8, math.log(2) * 2**0.8),
        (multiply(X, Apply("exp", X)), 0.8 * math.exp(0.8), 1.8 * math.exp(0.8)),
        (Apply("sigmoid", number(0), 1), 0.25, 0.0),
    ],
)
def test_arithmetic_carries_value_and_slope(formula: Power, value: float, slope: float) -> None:
    found = Evaluation({X: Dual(0.8, 1.0)}, {})(formula, {})
    assert near(found.value, value)
    assert near(found.slope, slope)


def test_a_root_of_a_negative_number_is_out_of_domain() -> None:
    with pytest.raises(OutOfDomain):
        Evaluation({X: Dual(-0.8)}, {})(Power(X, Number(number(1).value / 2)), {})


def test_a_second_derivative_is_refused() -> None:
    with pytest.raises(Unsupported):
        differentiate(Derivative(X, (X, X)), (), {X: 0.5}, {})


@pytest.mark.parametrize("case", ODD, ids=lambda case: case.title)
def test_parts_of_ranges_conditions_and_offsets_mean_what_they_mean_by_hand(case: Case) -> None:
    sizes = dict(case.stand_ins)
    values = forward(case.model.definitions, constants(case.values(3)), sizes)
    assert near(values[case.loss].value, BY_HAND[case.title]({_name(e): v.value for e, v in values.items()}))


def _name(entry: Entry) -> tuple[str, ...]:
    return (entry.name.base, *(str(index.offset) for index in entry.indices))


def _penalty(v: dict[tuple[str, ...], float]) -> float:
    fit = sum(v["y", s] * math.log(v["p", s]) + (1 - v["y", s]) * math.log(1 - v["p", s]) for s in "123")
    return -fit / 3 + v[r"\lambda",] / 6 * (v["w", "1"] ** 2 + v["w", "2"] ** 2)


def _hinge(v: dict[tuple[str, ...], float]) -> float:
    return sum(v["q", k] * sum(max(0, 1 + v["s", l] - v["s", k]) for l in "123" if l != k) for k in "123")


def _discount(v: dict[tuple[str, ...], float]) -> float:
    g, a = v[r"\gamma",], v["a",]
    return g * (v["y", "2"] - a * v["y", "1"]) ** 2 + g**2 * (v["y", "3"] - a * v["y", "2"]) ** 2


def _pairs(v: dict[tuple[str, ...], float]) -> float:
    return sum(v["A", i, j] * v["h", i] * v["h", j] for i in "123" for j in "123" if j >= i)


def _likelihood(v: dict[tuple[str, ...], float]) -> float:
    chance = math.prod(1 / (1 + math.exp(-v["w",] * v["x", i])) for i in "123")
    return -math.log(chance) + 0.5 * math.log(2 * math.pi * v[r"\sigma_w",] ** 2)


def _open(v: dict[tuple[str, ...], float]) -> float:
    y = math.tanh(v["w", "1"] * v["x", "1"] + v["w", "2"] * v["x", "2"])
    return 0.5 * (y - v["t",]) ** 2


BY_HAND = dict(
    zip((case.title for case in ODD), (_penalty, _hinge, _discount, _pairs, _likelihood, _open), strict=True)
)


def test_a_cut_quantity_is_moved_by_itself_and_a_held_one_is_not_moved() -> None:
    case = next(case for case in ODD if case.title == "Neighbours in time with a discount")
    sizes = dict(case.stand_ins)
    values = {e: v.value for e, v in forward(case.model.definitions, constants(case.values(3)), sizes).items()}
    first, second = (Entry(Name("y"), (literal(n),)) for n in (1, 2))
    assert differentiate(Derivative(second, (first,)), case.model.definitions, values, sizes) == 0.0
    a = Entry(Name("a"))
    total = differentiate(Derivative(case.loss, (a,)), case.model.definitions, values, sizes)
    direct = differentiate(Derivative(case.loss, (a,), (Name("y"),)), case.model.definitions, values, sizes)
    v = {_name(e): value for e, value in values.items()}
    by_hand = sum(
        -2 * v[r"\gamma",] ** t * (v["y", str(t + 1)] - v["a",] * v["y", str(t)]) * v["y", str(t)] for t in (1, 2)
    )
    assert near(direct, by_hand)
    assert not near(total, direct)


@pytest.mark.parametrize("case", [c for c in (*NAMED, *ODD) if "left open" not in c.title], ids=lambda c: c.title)
def test_the_numbers_agree_with_the_oracle_which_knows_no_chain_rule(case: Case) -> None:
    given = case.values(5)
    sizes = dict(case.stand_ins)
    values = {e: v.value for e, v in forward(case.model.definitions, constants(given), sizes).items()}
    exact = {(e.name, tuple(i.offset for i in e.indices)): Fraction(value) for e, value in given.items()}
    for ask in case.asks:
        asked = case.asked(case.instance(ask))
        true = float(evaluate(asked, case.model.definitions, Point(sizes, exact), {}))
        found = differentiate(asked, case.model.definitions, values, sizes)
        assert math.isclose(found, true, rel_tol=1e-11, abs_tol=1e-14)
