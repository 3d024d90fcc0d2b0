"""Functions that a file writes out and that have a row of their own: `f(x) = 1 / (1 + e^{-x})` is the logistic one."""

from __future__ import annotations

from fractions import Fraction

from generator.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Apply,
    Extreme,
    Formula,
    Indicator,
    Multiply,
    Number,
    add,
    divide,
    multiply,
    negative,
    number,
    replace_children,
)
from generator.functions import ARGUMENT, FUNCTIONS

_EXP = Apply("exp", ARGUMENT)
_BACK = Apply("exp", negative(ARGUMENT))
_TWICE = Apply("exp", multiply(number(2), ARGUMENT))
_BACK_TWICE = Apply("exp", multiply(number(-2), ARGUMENT))
_ON = Indicator(ARGUMENT, ">", ZERO)

_FORMS: tuple[tuple[str, Formula], ...] = (
    *((key, row.formula) for key, row in FUNCTIONS.items()),
    ("sigmoid", divide(_EXP, add(ONE, _EXP))),
    ("sigmoid", add(ONE, negative(divide(ONE, add(ONE, _EXP))))),
    ("tanh", divide(add(_TWICE, MINUS_ONE), add(_TWICE, ONE))),
    ("tanh", divide(add(ONE, negative(_BACK_TWICE)), add(ONE, _BACK_TWICE))),
    ("tanh", add(divide(number(2), add(ONE, _BACK_TWICE)), MINUS_ONE)),
    ("relu", Extreme("max", (ZERO, ARGUMENT))),
    ("relu", Extreme("max", (ARGUMENT, ZERO))),
    ("relu", multiply(ARGUMENT, _ON)),
    ("softplus", Apply("log", add(ONE, _EXP))),
    ("silu", divide(ARGUMENT, add(ONE, _BACK))),
    ("leaky_relu", Extreme("max", (multiply(Number(Fraction(1, 100)), ARGUMENT), ARGUMENT))),
)


def row_of(body: Formula) -> str | None:
    """The key of the row that a function's body is, up to the order of terms and factors; None if it is none."""
    match body:
        case Apply(function, argument, 0) if argument == ARGUMENT and function in FUNCTIONS:
            return function
    ordered = _ordered(body)
    return next((key for key, form in _FORMS if _ordered(form) == ordered), None)


def _ordered(formula: Formula) -> Formula:
    inside = replace_children(formula, _ordered)
    match inside:
        case Add(terms):
            return Add(tuple(sorted(terms, key=repr)))
        case Multiply(factors):
            return Multiply(tuple(sorted(factors, key=repr)))
        case Extreme(kind, arguments):
            return Extreme(kind, tuple(sorted(arguments, key=repr)))
        case _:
            return inside
