"""The oracle's numbers: from functions and differences of its own, and nothing of the engine."""

from __future__ import annotations

import ast
import math
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest

from generator.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Apply,
    Condition,
    Definition,
    Delta,
    Derivative,
    Entry,
    Extreme,
    Formula,
    Holds,
    Index,
    Indicator,
    Letter,
    Multiply,
    Name,
    Power,
    Product,
    Range,
    Size,
    Softmax,
    Sum,
    add,
    divide,
    literal,
    multiply,
    number,
    power,
)
from generator.functions import FUNCTIONS, derivative_at
from generator.oracle import Forward, OutOfRange, Outside, Point, Program, evaluate, exact

ORACLE = Path(__file__).parent.parent / "generator" / "oracle"
X = Entry(Name("x"))
K = Index("k")
ONE_TO_N = Range(literal(1), Index("n"))


def at(formula: Formula, x: Fraction = Fraction(1, 3), **letters: int) -> float:
    """The value of a formula where `x` and the entries `v_1, v_2, v_3` of `v` have numbers, and `n` is 3."""
    return float(evaluate(formula, (), Point({"n": 3}, {**values(3), (Name("x"), ()): x}), letters))


def values(count: int) -> dict[tuple[Name, tuple[int, ...]], Fraction]:
    return {(Name("v"), (i,)): Fraction(i, 10) for i in range(1, count + 1)}


def v(index: Index) -> Entry:
    return Entry(Name("v"), (index,))


def test_the_oracle_imports_the_formula_tree_and_mpmath_alone() -> None:
    allowed = {"generator.formula", "generator.oracle", "mpmath"}
    standard = {"__future__", "collections.abc", "dataclasses", "fractions", "typing"}
    for path in sorted(ORACLE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [str(node.module)]
            else:
                continue
            for module in modules:
                inside = module in standard or module in allowed or module.startswith("generator.oracle.")
                assert inside, f"{path.name} imports {module}"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (Size("n"), 3),
        (Letter(Index("k", 2)), 4),
        (add(X, number(Fraction(1, 6))), 0.5),
        (multiply(number(-2), X, X), -2 / 9),
        (divide(ONE, X), 3),
        (power(X, Fraction(1, 2)), math.sqrt(1 / 3)),
        (Power(number(2), X), 2 ** (1 / 3)),
        (Sum("k", ONE_TO_N, v(K)), 0.6),
        (Sum("k", ONE_TO_N, v(K), (Condition(K, "!=", literal(2)),)), 0.4),
        (Sum("k", Range(literal(2), Index("n", -2)), v(K)), 0),
        (Product("k", ONE_TO_N, v(K)), 0.006),
        (Sum("k", ONE_TO_N, Sum("j", Range(Index("k"), Index("n")), v(Index("j")))), 1.4),
        (Multiply((Sum("k", ONE_TO_N, v(K)), v(K))), 0.6 * 0.2),
        (Softmax(literal(1), "k", ONE_TO_N, v(K)), math.exp(0.1) / sum(math.exp(i / 10) for i in (1, 2, 3))),
        (Extreme("max", (X, v(literal(3)))), 1 / 3),
        (Extreme("min", (X, v(literal(3)))), 0.3),
        (Delta(K, literal(2)), 1),
        (Delta(K, literal(1)), 0),
        (Holds((Condition(K, ">", literal(1)), Condition(K, "<=", literal(2)))), 1),
        (Indicator(X, ">", ZERO), 1),
        (Entry(Name(r"\pi")), math.pi),
    ],
)
def test_each_node_has_the_value_that_its_docstring_tells(formula: Formula, value: float) -> None:
    assert math.isclose(at(formula, k=2), value, rel_tol=1e-14)


@pytest.mark.parametrize("key", sorted(FUNCTIONS))
@pytest.mark.parametrize("x", [Fraction(-7, 10), Fraction(1, 3), Fraction(9, 5)])
def test_the_rows_of_functions_say_what_the_oracle_measures(key: str, x: Fraction) -> None:
    row = FUNCTIONS[key]
    if key == "log" and x < 0:
        return
    measured = Derivative(Apply(key, X), (X,))
    assert math.isclose(at(Apply(key, X), x), at(row.formula, x), rel_tol=1e-14)
    assert math.isclose(at(measured, x), at(derivative_at(key, X), x), rel_tol=1e-14)
    assert math.isclose(at(measured, x), at(derivative_at(key, X, Apply(key, X)), x), rel_tol=1e-14)
    assert math.isclose(at(measured, x), at(Apply(key, X, 1), x), rel_tol=1e-14)


@pytest.mark.parametrize(
    ("function", "by_mpmath"),
    [
        ("sigmoid", lambda x: 1 / (1 + mpmath.exp(-x))),
        ("tanh", mpmath.tanh),
        ("softplus", lambda x: mpmath.log1p(mpmath.exp(x))),
        ("gelu", lambda x: x * mpmath.ncdf(x)),
        ("silu", lambda x: x * mpmath.sigmoid(x) if hasattr(mpmath, "sigmoid") else x / (1 + mpmath.exp(-x))),
        ("erf", mpmath.erf),
        ("log", mpmath.log),
    ],
)
def test_functions_have_the_values_that_mpmath_gives(function: str, by_mpmath: object) -> None:
    assert callable(by_mpmath)
    assert math.isclose(at(Apply(function, X)), by_mpmath(mpmath.mpf(1) / 3), rel_tol=1e-14)


def test_first_and_second_derivatives_are_good_to_thirty_digits() -> None:
    point = Point({}, {(Name("x"), ()): Fraction(1, 3)})
    y = Definition(Name("y"), (), (), Apply("exp", multiply(number(2), X)))
    context = exact()
    third = context.exp(context.mpf(2) / 3)
    first = evaluate(Derivative(y.entry, (X,)), (y,), point, {})
    second = evaluate(Derivative(y.entry, (X, X)), (y,), point, {})
    assert abs(first / (2 * third) - 1) < context.mpf(10) ** -30
    assert abs(second / (4 * third) - 1) < context.mpf(10) ** -30


CHAIN = (
    Definition(Name("a"), (), (), power(X, 2)),
    Definition(Name("b"), (), (), multiply(Entry(Name("a")), X)),
    Definition(Name("c"), (), (), multiply(Entry(Name("a")), Entry(Name("b")))),
)
A, B, C = (Entry(Name(letter)) for letter in "abc")


@pytest.mark.parametrize(
    ("derivative", "value"),
    [
        (Derivative(C, (X,)), 5 / 3**4),
        (Derivative(C, (A,)), 1 / 3**3 + 1 / 3**3),
        (Derivative(C, (A,), (Name("b"),)), 1 / 3**3),
        (Derivative(C, (B,)), 1 / 9),
        (Derivative(A, (B,)), 0),
        (Derivative(X, (X,)), 1),
        (Derivative(multiply(C, X), (X,)), 6 / 3**5),
        (Derivative(C, (X, X)), 20 / 3**3),
        (Derivative(C, (A, B)), 1),
        (Derivative(Derivative(C, (B,)), (X,)), 2 / 3),
    ],
)
def test_a_derivative_goes_through_all_definitions_but_those_cut(derivative: Derivative, value: float) -> None:
    found = evaluate(derivative, CHAIN, Point({}, {(Name("x"), ()): Fraction(1, 3)}), {})
    assert math.isclose(found, value, rel_tol=1e-14, abs_tol=1e-30)


def test_a_quantity_may_be_defined_as_a_derivative() -> None:
    slope = Definition(Name("d"), (), (), Derivative(C, (B,)))
    found = evaluate(Derivative(slope.entry, (X,)), (*CHAIN, slope), Point({}, {(Name("x"), ()): Fraction(1, 3)}), {})
    assert math.isclose(found, 2 / 3, rel_tol=1e-14)


@pytest.mark.parametrize(
    "formula",
    [
        Apply("log", add(X, MINUS_ONE)),
        Power(add(X, MINUS_ONE), number(Fraction(1, 2))),
        Power(ZERO, MINUS_ONE),
        Power(ZERO, number(Fraction(-1, 2))),
    ],
)
def test_what_is_not_a_real_number_is_outside(formula: Formula) -> None:
    with pytest.raises(Outside):
        at(formula)


@pytest.mark.parametrize(
    "formula",
    [
        Apply("relu", X),
        Apply("abs", X),
        Extreme("max", (ZERO, X)),
        Indicator(X, ">", ZERO),
        Apply("sigmoid", divide(ONE, X)),
    ],
)
def test_a_kink_or_saturation_of_the_model_is_outside_and_of_a_claim_is_not(formula: Formula) -> None:
    near = Point({}, {(Name("x"), ()): Fraction(1, 10**6)})
    with pytest.raises(Outside):
        evaluate(Entry(Name("y")), (Definition(Name("y"), (), (), formula),), near, {})
    evaluate(formula, (), near, {})


def test_the_derivative_of_relu_at_zero_is_software_s_zero() -> None:
    assert at(Apply("relu", X, 1), Fraction(0)) == 0


def test_an_index_out_of_its_range_is_named() -> None:
    y = Definition(Name("y"), ("k",), (ONE_TO_N,), v(K))
    point = Point({"n": 3}, values(4))
    for entry in (Entry(Name("y"), (literal(4),)), Entry(Name("v"), (literal(5),))):
        with pytest.raises(OutOfRange, match=str(entry.indices[0].offset)):
            evaluate(entry, (y,), point, {})


def test_each_entry_is_computed_once_and_kinks_are_recorded() -> None:
    y = Definition(Name("y"), ("k",), (ONE_TO_N,), Apply("relu", add(v(K), number(Fraction(-1, 4)))))
    forward = Forward(Program((y,)), Point({"n": 3}, values(3)), exact())
    forward.value(Sum("k", ONE_TO_N, Entry(Name("y"), (K,))), {})
    sides = {switch.indices: bool(distance > 0) for switch, distance in forward.switches.items()}
    assert sides == {(1,): False, (2,): False, (3,): True}
