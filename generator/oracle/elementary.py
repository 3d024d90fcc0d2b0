"""Functions of one real number, each by its own formula, and their derivatives as differences."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath

Real = Any
"""A real number of the context in use: an `mpf` of `DIGITS` digits, or a float."""

DIGITS = 150
STEP = 40
"""Steps are 10^-STEP: a first derivative is good to 40 digits, a second to 40, and rounding leaves 70."""

EXPONENT_LIMIT = 2000
SATURATING = frozenset({"sigmoid", "tanh", "softplus", "elu", "silu", "exp"})
KINKED = frozenset({"relu", "leaky_relu", "elu", "abs", "sgn"})


class Outside(Exception):
    """The point is outside of the domain: something is not real or finite, at a kink, or saturated."""


def exact() -> Real:
    """A fresh context of `DIGITS` digits."""
    context = mpmath.MPContext()
    context.dps = DIGITS
    return context


def exactly(value: Real) -> Fraction:
    """The binary number that an `mpf` or a float is, as a fraction."""
    if isinstance(value, float):
        return Fraction(value)
    sign, mantissa, exponent, _ = value._mpf_
    whole = Fraction(-int(mantissa) if sign else int(mantissa))
    return whole * Fraction(2 ** int(exponent)) if exponent >= 0 else whole / 2 ** -int(exponent)


def elementary(context: Real, function: str, x: Real) -> Real:
    """The value of a function; leaky ReLU has slope 1/100, ELU alpha 1, GELU is the exact one."""
    match function:
        case "sigmoid":
            return 1 / (1 + context.exp(-x))
        case "tanh" | "exp" | "sin" | "cos" | "erf":
            return getattr(context, function)(x)
        case "log":
            if x <= 0:
                raise Outside("the logarithm of a number that is not positive")
            return context.log(x)
        case "relu":
            return x if x > 0 else context.zero
        case "leaky_relu":
            return x if x > 0 else x / 100
        case "softplus":
            return context.log(1 + context.exp(x))
        case "elu":
            return x if x > 0 else context.exp(x) - 1
        case "gelu":
            return x * (1 + context.erf(x / context.sqrt(context.mpf(2)))) / 2
        case "silu":
            return x / (1 + context.exp(-x))
        case "abs":
            return abs(x)
        case "sgn":
            return context.mpf((x > 0) - (x < 0))
        case _:
            return _generic(context, function, x)


def real_power(context: Real, base: Real, exponent: Real) -> Real:
    """A power with any real exponent; of a base that is not positive only with a whole one."""
    if abs(exponent) > EXPONENT_LIMIT:
        raise Outside("an exponent too large")
    if exponent == int(exponent) and base != 0:
        return base ** int(exponent)
    if base <= 0:
        raise Outside("a power of a number that is not positive")
    return context.exp(exponent * context.log(base))


def _generic(context: Real, function: str, x: Real) -> Real:
    """A smooth function that has no special property, another one for each name."""
    seed = sum(ord(letter) * 31**place for place, letter in enumerate(function, 1))
    a, b, c, d = (context.mpf(5 + seed // 17**place % 17) / 16 for place in range(4))
    return a * context.sin(b * x + c) + d * context.tanh(x - a) + b * x + c


def derived(context: Real, step: Real, function: str, order: int, x: Real) -> Real:
    """The function or a derivative of it, by differences. At a kink, where there is none, software's 0."""
    if order == 0:
        return elementary(context, function, x)
    if x == 0 and function in KINKED:
        return context.zero
    there = derived(context, step, function, order - 1, x + step)
    return (there - derived(context, step, function, order - 1, x)) / step
