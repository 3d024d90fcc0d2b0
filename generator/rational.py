"""Rational simplification of scalars by SymPy: common denominators, common factors, cancelling.

SymPy sees anonymous symbols only; what is no sum, product or integer power is one symbol. It never typesets: the
order of factors and terms that a reader sees is chosen here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import sympy

from generator.formula import (
    Add,
    Formula,
    Multiply,
    Number,
    Power,
    add,
    is_negative,
    multiply,
    negative,
    power,
    walk,
)


@dataclass(slots=True)
class _Symbols:
    """The parts that stand for SymPy symbols, in the order in which they were met."""

    of: dict[Formula, sympy.Symbol] = field(default_factory=dict)

    def symbol(self, part: Formula) -> sympy.Symbol:
        return self.of.setdefault(part, sympy.Symbol(f"s{len(self.of)}"))

    def expression(self, formula: Formula) -> sympy.Expr:
        match formula:
            case Number(value):
                return sympy.Rational(value.numerator, value.denominator)
            case Add(terms):
                return sympy.Add(*(self.expression(term) for term in terms))
            case Multiply(factors):
                return sympy.Mul(*(self.expression(factor) for factor in factors))
            case Power(base, Number(value)) if value.denominator == 1:
                return sympy.Pow(self.expression(base), int(value))
            case _:
                return self.symbol(formula)


def together(formula: Formula) -> tuple[Formula, ...]:
    """The factors of `formula` over a common denominator, numbers first; `(formula,)` if that is no shorter."""
    symbols = _Symbols()
    expression = symbols.expression(formula)
    if not symbols.of:
        return (formula,)
    above, below = sympy.fraction(sympy.cancel(expression))
    factors = tidy_sign((*_factors(above, symbols, 1), *_factors(below, symbols, -1)))
    return factors if _length(multiply(*factors)) <= _length(formula) else (formula,)


def cancel_common(above: Formula, below: Formula) -> tuple[Formula, ...] | None:
    """The factors of `above / below` where the two share a factor that is no number; else None."""
    symbols = _Symbols()
    top, bottom = symbols.expression(above), symbols.expression(below)
    common = sympy.gcd(top, bottom)
    if not common.free_symbols:
        return None
    reduced = sympy.fraction(sympy.cancel(sympy.Mul(top, sympy.Pow(bottom, -1))))
    return (*_factors(reduced[0], symbols, 1), *_factors(reduced[1], symbols, -1))


def tidy_sign(factors: Iterable[Formula]) -> tuple[Formula, ...]:
    """The factors with one number in front at most, and a minus turned into a difference: -(t - o) is (o - t)."""
    constant = Fraction(1)
    rest: list[Formula] = []
    for factor in factors:
        if isinstance(factor, Number):
            constant *= factor.value
        else:
            rest.append(factor)
    for place, factor in enumerate(rest):
        if constant < 0 and isinstance(factor, Add) and is_difference(factor):
            constant = -constant
            rest[place] = positive_first(negative(term) for term in factor.terms)
    return (*(() if constant == 1 and rest else (Number(constant),)), *rest)


def is_difference(formula: Add) -> bool:
    """Whether `formula` is a - b."""
    return len(formula.terms) == 2 and sum(map(is_negative, formula.terms)) == 1


def positive_first(terms: Iterable[Formula]) -> Formula:
    """The sum of the terms, those without a minus first; order kept otherwise."""
    return add(*sorted(terms, key=is_negative))


def _factors(expression: sympy.Expr, symbols: _Symbols, sign: int) -> list[Formula]:
    """The irreducible factors of a polynomial, to the power `sign`, in the order in which their symbols were met."""
    parts = {symbol: part for part, symbol in symbols.of.items()}
    gens = [symbol for symbol in parts if symbol in expression.free_symbols]
    if not gens:
        return [power(Number(_fraction(expression)), sign)]
    constant, pairs = sympy.factor_list(expression, *gens)
    value = _fraction(constant)
    found: list[tuple[int, Formula]] = []
    for polynomial, exponent in pairs:
        turned, formula = _sum(polynomial, gens, parts)
        value *= turned**exponent
        first = min(gens.index(symbol) for symbol in polynomial.free_symbols)
        found.append((first, power(formula, sign * exponent)))
    found.sort(key=lambda pair: (isinstance(_base(pair[1]), Add), pair[0]) if sign < 0 else (False, pair[0]))
    return [power(Number(value), sign), *(formula for _, formula in found)]


def _sum(polynomial: sympy.Expr, gens: list[sympy.Symbol], parts: dict[sympy.Symbol, Formula]) -> tuple[int, Formula]:
    """A polynomial as a sum that a person would write, and the sign (1 or -1) taken out of it."""
    terms = []
    for exponents, coefficient in sympy.Poly(polynomial, *gens).terms():
        monomial = [power(parts[s], int(e)) for s, e in zip(gens, exponents, strict=True) if e]
        terms.append(multiply(Number(_fraction(coefficient)), *monomial))
    if len(terms) == 1:
        return 1, terms[0]
    constants = [term for term in terms if isinstance(term, Number)]
    turn = any(is_negative(term) for term in constants) or all(map(is_negative, terms))
    if turn:
        terms = [negative(term) for term in terms]
    ordered = [t for t in terms if isinstance(t, Number)] + [t for t in terms if not isinstance(t, Number)]
    return (-1 if turn else 1), positive_first(ordered)


def _base(formula: Formula) -> Formula:
    return formula.base if isinstance(formula, Power) else formula


def _fraction(value: sympy.Expr) -> Fraction:
    rational = sympy.Rational(value)
    return Fraction(int(rational.p), int(rational.q))


def _length(formula: Formula) -> int:
    return sum(1 for _ in walk(formula))
