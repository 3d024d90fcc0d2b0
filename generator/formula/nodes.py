"""Formulas in index notation: the one tree that is read, derived, judged, evaluated and printed.

Every formula denotes a number once its free letters, its sizes and its entries have values. The nodes are
frozen and hashable; nothing here prints, evaluates or simplifies.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a quantity: its letter(s) as LaTeX, and what tells it from others with the same letter.

    `superscript` is a label that belongs to the name (`(2)` of `W^{(2)}`, without the caret's braces).
    `layer` tells apart quantities that share a letter and are told by their index letter alone (Bishop's
    `a_j`, `a_k`); it is never printed. `sample` says that the last index is written as `x^{(s)}`.
    """

    base: str
    superscript: str = ""
    layer: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """An integer: `letter + offset`, or just `offset` where there is no letter.

    As a bound of a range the letter is the name of a size (`n` in `n - 1`) or a letter bound further out.
    """

    letter: str | None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """The integers from `lower` to `upper`, both included."""

    lower: Index
    upper: Index


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition between two integers; `relation` is one of `=`, `!=`, `<`, `<=`, `>`, `>=`."""

    left: Index
    relation: str
    right: Index


@dataclass(frozen=True, slots=True)
class Number:
    """A rational constant."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Size:
    """A size used as a number (the `n` of `1/n`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """An index used as a number (the `t` of `\\gamma^t`)."""

    index: Index


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a quantity; no indices for a number."""

    name: Name
    indices: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class Add:
    """The sum of the terms, in the order in which they are written."""

    terms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Multiply:
    """The product of the factors, in the order in which they are written."""

    factors: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """`base` to the power `exponent`; a fraction a/b is `a * Power(b, -1)`."""

    base: Formula
    exponent: Formula


@dataclass(frozen=True, slots=True)
class Apply:
    """The function `function` (a row of `functions`, or a generic one) at `argument`.

    `order` counts primes: 1 is the derivative of the function at that argument.
    """

    function: str
    argument: Formula
    order: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of `body` over `letter` in `range`, where all of `where` hold."""

    letter: str
    range: Range
    body: Formula
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """The product of `body` over `letter` in `range`, where all of `where` hold."""

    letter: str
    range: Range
    body: Formula
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Softmax:
    """Entry `index` of the softmax of `argument` over `letter` in `range`: e^{a_index} / sum_l e^{a_l}."""

    index: Index
    letter: str
    range: Range
    argument: Formula


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest (`max`) or smallest (`min`) of the arguments."""

    kind: str
    arguments: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """Kronecker's delta: 1 where the two integers are equal, else 0."""

    left: Index
    right: Index


@dataclass(frozen=True, slots=True)
class Holds:
    """Iverson's bracket of conditions between integers: 1 where all hold, else 0."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """1 where `left relation right` holds between two numbers, else 0."""

    left: Formula
    relation: str
    right: Formula


@dataclass(frozen=True, slots=True)
class Derivative:
    """The total derivative of `of` in the entries `wrt` (one a differentiation, outermost last).

    Through all definitions of the model; the definition of each quantity in `wrt` is cut. The quantities in
    `held` are held fixed. In a local derivative (a step of a derivation) `held` holds the other inputs of `of`.
    """

    of: Formula
    wrt: tuple[Entry, ...]
    held: tuple[Name, ...] = ()


Formula = (
    Number
    | Size
    | Letter
    | Entry
    | Add
    | Multiply
    | Power
    | Apply
    | Sum
    | Product
    | Softmax
    | Extreme
    | Delta
    | Holds
    | Indicator
    | Derivative
)


@dataclass(frozen=True, slots=True)
class Definition:
    """`Entry(name, letters) = formula` for every value of the letters, each in its range.

    Shapes: one range a letter. Quantities that a file defines entry by entry have one definition without letters
    for each entry (`Name("O_1")`), so that a name has at most one definition.
    """

    name: Name
    letters: tuple[str, ...]
    ranges: tuple[Range, ...]
    formula: Formula

    @property
    def entry(self) -> Entry:
        """The left side."""
        return Entry(self.name, tuple(Index(letter) for letter in self.letters))


ZERO = Number(Fraction(0))
ONE = Number(Fraction(1))
MINUS_ONE = Number(Fraction(-1))


def number(value: int | Fraction) -> Number:
    """The rational constant `value`."""
    return Number(Fraction(value))


def literal(value: int) -> Index:
    """The integer `value` as an index or bound."""
    return Index(None, value)


def negative(formula: Formula) -> Formula:
    """Minus `formula`, without a second minus before a leading number."""
    match formula:
        case Number(value):
            return Number(-value)
        case Multiply((Number(value), *rest)):
            return multiply(Number(-value), *rest)
        case _:
            return multiply(MINUS_ONE, formula)


def is_negative(formula: Formula) -> bool:
    """Whether the formula is written with a minus in front."""
    match formula:
        case Number(value) | Multiply((Number(value), *_)):
            return value < 0
        case _:
            return False


def add(*terms: Formula) -> Formula:
    """The sum, flattened, without zeros; order kept."""
    flat: list[Formula] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Add) else (term,))
    if flat and all(isinstance(term, Number) for term in flat):
        return Number(sum((term.value for term in flat if isinstance(term, Number)), start=Fraction(0)))
    kept = tuple(term for term in flat if term != ZERO)
    return kept[0] if len(kept) == 1 else Add(kept) if kept else ZERO


def multiply(*factors: Formula) -> Formula:
    """The product, flattened, its numbers gathered in front; 0 if one factor is 0; order kept."""
    flat: list[Formula] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Multiply) else (factor,))
    constant = Fraction(1)
    kept: list[Formula] = []
    for factor in flat:
        if isinstance(factor, Number):
            constant *= factor.value
        else:
            kept.append(factor)
    if constant == 0:
        return ZERO
    if constant != 1 or not kept:
        kept.insert(0, Number(constant))
    return kept[0] if len(kept) == 1 else Multiply(tuple(kept))


def power(base: Formula, exponent: int | Fraction | Formula) -> Formula:
    """`base ** exponent`, with exponents 0 and 1 resolved and powers of numbers computed."""
    if isinstance(exponent, int | Fraction):
        exponent = number(exponent)
    match base, exponent:
        case _, Number(value) if value == 1:
            return base
        case _, Number(value) if value == 0:
            return ONE
        case Number(left), Number(right) if right.denominator == 1 and left != 0:
            return Number(left ** int(right))
        case _:
            return Power(base, exponent)


def divide(numerator: Formula, denominator: Formula) -> Formula:
    """`numerator / denominator`."""
    return multiply(numerator, power(denominator, -1))
