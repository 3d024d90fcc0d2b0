"""The functions that a formula may apply: one row each, with derivative, domain, range and explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from generator.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Apply,
    Entry,
    Formula,
    Indicator,
    Name,
    Number,
    add,
    divide,
    multiply,
    negative,
    number,
    power,
    substitute,
)

ARGUMENT = Entry(Name("x"))
VALUE = Entry(Name("y"))


@dataclass(frozen=True, slots=True)
class Function:
    """A function of one real number.

    `derivative` is in the argument `x`. `by_value`, where there is one, is the derivative in the value `y` of the
    function: the form that people write when the value has a name (`Y(1 - Y)`). `kinks` are the arguments at which
    the function has no derivative. `bound` is the largest size of the derivative, where there is one that matters.
    `spellings` are the words read as this function, in `\\operatorname{}` or as a command.
    """

    key: str
    latex: str
    title: str
    formula: Formula
    derivative: Formula
    by_value: Formula | None
    domain: str
    range: str
    explanation: str
    spellings: tuple[str, ...] = ()
    kinks: tuple[Fraction, ...] = ()
    bound: Fraction | None = None
    activation: bool = False


def _at(key: str, argument: Formula = ARGUMENT) -> Formula:
    return Apply(key, argument)


_HALF = number(Fraction(1, 2))
_PHI = multiply(
    _HALF,
    add(ONE, Apply("erf", divide(ARGUMENT, power(number(2), Fraction(1, 2))))),
)
_POSITIVE = Indicator(ARGUMENT, ">", ZERO)
_NEGATIVE = Indicator(ARGUMENT, "<", ZERO)
_NOT_POSITIVE = Indicator(ARGUMENT, "<=", ZERO)
_LEAK = Number(Fraction(1, 100))

_ROWS = (
    Function(
        "sigmoid",
        r"\sigma",
        "logistic function (sigmoid)",
        divide(ONE, add(ONE, _at("exp", negative(ARGUMENT)))),
        multiply(_at("sigmoid"), add(ONE, negative(_at("sigmoid")))),
        multiply(VALUE, add(ONE, negative(VALUE))),
        r"\mathbb{R}",
        "(0, 1)",
        "The derivative is largest, 1/4, where the value is 1/2, and nearly 0 where the value is near 0 or 1.",
        ("sigmoid", "logistic", "logsig"),
        bound=Fraction(1, 4),
        activation=True,
    ),
    Function(
        "tanh",
        r"\tanh",
        "hyperbolic tangent",
        divide(
            add(_at("exp"), negative(_at("exp", negative(ARGUMENT)))),
            add(_at("exp"), _at("exp", negative(ARGUMENT))),
        ),
        add(ONE, negative(power(_at("tanh"), 2))),
        add(ONE, negative(power(VALUE, 2))),
        r"\mathbb{R}",
        "(-1, 1)",
        "The derivative is largest, 1, where the value is 0, and nearly 0 where the value is near -1 or 1.",
        ("tanh",),
        bound=Fraction(1),
        activation=True,
    ),
    Function(
        "relu",
        r"\operatorname{ReLU}",
        "rectified linear unit",
        multiply(ARGUMENT, _POSITIVE),
        _POSITIVE,
        Indicator(VALUE, ">", ZERO),
        r"\mathbb{R}",
        r"[0, \infty)",
        "The derivative is 1 where the unit is on and 0 where it is off; at 0 there is none, and software takes 0.",
        ("relu", "rectifier"),
        kinks=(Fraction(0),),
        bound=Fraction(1),
        activation=True,
    ),
    Function(
        "leaky_relu",
        r"\operatorname{LeakyReLU}",
        "leaky rectified linear unit (slope 1/100)",
        add(multiply(ARGUMENT, _POSITIVE), multiply(_LEAK, ARGUMENT, _NEGATIVE)),
        add(_POSITIVE, multiply(_LEAK, _NEGATIVE)),
        add(Indicator(VALUE, ">", ZERO), multiply(_LEAK, Indicator(VALUE, "<", ZERO))),
        r"\mathbb{R}",
        r"\mathbb{R}",
        "The derivative is 1 on the positive side and 1/100 on the negative one, so that no unit goes silent.",
        ("leakyrelu", "lrelu"),
        kinks=(Fraction(0),),
        activation=True,
    ),
    Function(
        "softplus",
        r"\operatorname{softplus}",
        "softplus",
        _at("log", add(ONE, _at("exp"))),
        _at("sigmoid"),
        add(ONE, negative(_at("exp", negative(VALUE)))),
        r"\mathbb{R}",
        r"(0, \infty)",
        "A smooth ReLU: its derivative is the logistic function of the same argument.",
        ("softplus",),
        bound=Fraction(1),
        activation=True,
    ),
    Function(
        "elu",
        r"\operatorname{ELU}",
        "exponential linear unit",
        add(multiply(ARGUMENT, _POSITIVE), multiply(add(_at("exp"), MINUS_ONE), _NOT_POSITIVE)),
        add(_POSITIVE, multiply(_at("exp"), _NOT_POSITIVE)),
        None,
        r"\mathbb{R}",
        r"(-1, \infty)",
        "The derivative is 1 on the positive side and decays like e^x on the negative one; at 0 both sides give 1.",
        ("elu",),
        bound=Fraction(1),
        activation=True,
    ),
    Function(
        "gelu",
        r"\operatorname{GELU}",
        "Gaussian error linear unit",
        multiply(ARGUMENT, _PHI),
        add(
            _PHI,
            multiply(
                ARGUMENT,
                divide(
                    _at("exp", multiply(Number(Fraction(-1, 2)), power(ARGUMENT, 2))),
                    power(multiply(number(2), Entry(Name(r"\pi"))), Fraction(1, 2)),
                ),
            ),
        ),
        None,
        r"\mathbb{R}",
        r"[-0.17, \infty)",
        "The argument times the probability that a standard normal number is smaller: the exact form, not tanh's.",
        ("gelu",),
        activation=True,
    ),
    Function(
        "silu",
        r"\operatorname{SiLU}",
        "sigmoid linear unit (swish)",
        multiply(ARGUMENT, _at("sigmoid")),
        multiply(
            _at("sigmoid"),
            add(ONE, multiply(ARGUMENT, add(ONE, negative(_at("sigmoid"))))),
        ),
        None,
        r"\mathbb{R}",
        r"[-0.28, \infty)",
        "The argument times its own logistic function.",
        ("silu", "swish"),
        activation=True,
    ),
    Function(
        "exp",
        r"\exp",
        "exponential function",
        _at("exp"),
        _at("exp"),
        VALUE,
        r"\mathbb{R}",
        r"(0, \infty)",
        "Its own derivative.",
        ("exp",),
    ),
    Function(
        "log",
        r"\log",
        "natural logarithm",
        _at("log"),
        divide(ONE, ARGUMENT),
        None,
        r"(0, \infty)",
        r"\mathbb{R}",
        "One over the argument; the argument must be positive. Both log and ln are the natural logarithm here.",
        ("log", "ln"),
    ),
    Function(
        "sin",
        r"\sin",
        "sine",
        _at("sin"),
        _at("cos"),
        None,
        r"\mathbb{R}",
        "[-1, 1]",
        "The cosine.",
        ("sin",),
    ),
    Function(
        "cos",
        r"\cos",
        "cosine",
        _at("cos"),
        negative(_at("sin")),
        None,
        r"\mathbb{R}",
        "[-1, 1]",
        "Minus the sine.",
        ("cos",),
    ),
    Function(
        "abs",
        r"\operatorname{abs}",
        "absolute value",
        multiply(ARGUMENT, _at("sgn")),
        _at("sgn"),
        None,
        r"\mathbb{R}",
        r"[0, \infty)",
        "The sign of the argument; at 0 there is none.",
        ("abs",),
        kinks=(Fraction(0),),
    ),
    Function(
        "sgn",
        r"\operatorname{sgn}",
        "sign",
        add(_POSITIVE, negative(_NEGATIVE)),
        ZERO,
        None,
        r"\mathbb{R}",
        r"\{-1, 0, 1\}",
        "Flat on both sides: the derivative is 0 except at 0, where there is none.",
        ("sgn", "sign"),
        kinks=(Fraction(0),),
    ),
)

FUNCTIONS: Mapping[str, Function] = {row.key: row for row in _ROWS}


def derivative_at(function: str, argument: Formula, value: Formula | None = None) -> Formula:
    """The derivative of `function` at `argument`, by `value` (the name of the function's value) where possible.

    A function without a row is generic: its derivative is `f'(argument)`.
    """
    row = FUNCTIONS.get(function)
    if row is None:
        return Apply(function, argument, 1)
    if value is not None and row.by_value is not None:
        return substitute(row.by_value, lambda part: value if part == VALUE else None)
    return substitute(row.derivative, lambda part: argument if part == ARGUMENT else None)
