"""Formulas as 64-bit floating point computes them: overflow is infinity, 0 times infinity is not a number.

Python raises an error where IEEE 754 has infinity or nan; array libraries do as the standard says, and so does this.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from generator.errors import Unsupported
from generator.formula import Add, Apply, Entry, Extreme, Formula, Multiply, Number, Power, Size

NAN = math.nan
INFINITY = math.inf
NO_SIZES: Mapping[str, int] = {}


def ieee(formula: Formula, values: Mapping[Entry, float], sizes: Mapping[str, int] = NO_SIZES) -> float:
    """The value of a formula of numbers, entries and functions, computed as it stands."""
    match formula:
        case Number(value):
            return float(value)
        case Size(name):
            return float(sizes[name])
        case Entry():
            return values[formula]
        case Add(terms):
            total = ieee(terms[0], values, sizes)
            for term in terms[1:]:
                total += ieee(term, values, sizes)
            return total
        case Multiply(factors):
            product = 1.0
            for factor in factors:
                product *= ieee(factor, values, sizes)
            return product
        case Power(base, Number(value)) if value.denominator == 1:
            whole = ieee(base, values, sizes) ** abs(int(value))
            return whole if value > 0 else _inverse(whole)
        case Apply(function, argument, 0):
            return _function(function, ieee(argument, values, sizes))
        case Extreme("max", arguments):
            return max(ieee(argument, values, sizes) for argument in arguments)
        case _:
            raise Unsupported("this formula is not yet supported in floating point")


def _inverse(value: float) -> float:
    return 1 / value if value else math.copysign(INFINITY, value)


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return INFINITY


def _log(value: float) -> float:
    if math.isnan(value) or value < 0:
        return NAN
    return math.log(value) if value else -INFINITY


def _function(function: str, value: float) -> float:
    match function:
        case "exp":
            return _exp(value)
        case "log":
            return _log(value)
        case "log1p":
            return math.log1p(value)
        case "abs":
            return abs(value)
        case "sigmoid":
            return _inverse(1 + _exp(-value))
        case _:
            raise Unsupported(f"{function} is not yet supported in floating point")
