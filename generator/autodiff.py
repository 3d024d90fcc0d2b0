"""Automatic differentiation with dual numbers, entry by entry: the second route to every number of a worked example.

It knows the rules of arithmetic and of single functions, and nothing of deltas, adjoints or the rows of `functions`.
A dual number carries a value and its slope in one chosen entry; a forward pass carries both through the definitions.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from generator.errors import Unsupported
from generator.formula import (
    Add,
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
    Number,
    Power,
    Product,
    Range,
    Size,
    Softmax,
    Sum,
    literal,
)

PI = Entry(Name(r"\pi"))
RELATIONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class OutOfDomain(ArithmeticError):
    """A function or power has no real value at this argument."""


@dataclass(frozen=True, slots=True)
class Dual:
    """A number and its derivative in the chosen entry."""

    value: float
    slope: float = 0.0

    def __add__(self, other: Dual) -> Dual:
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: Dual) -> Dual:
        return Dual(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: Dual) -> Dual:
        return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)

    def __truediv__(self, other: Dual) -> Dual:
        quotient = self.value / other.value
        return Dual(quotient, (self.slope - quotient * other.slope) / other.value)

    def __pow__(self, other: Dual) -> Dual:
        if other.slope:
            return exp(other * log(self))
        whole = other.value.is_integer()
        if self.value < 0 and not whole:
            raise OutOfDomain(f"{self.value} to the power {other.value}")
        exponent = int(other.value) if whole else other.value
        slope = other.value * self.value ** (exponent - 1) * self.slope if self.slope else 0.0
        return Dual(float(self.value**exponent), slope)


ZERO = Dual(0.0)
ONE = Dual(1.0)
Point = Mapping[Entry, Dual]


def exp(x: Dual) -> Dual:
    """The exponential."""
    value = math.exp(x.value)
    return Dual(value, value * x.slope)


def log(x: Dual) -> Dual:
    """The natural logarithm."""
    if x.value <= 0:
        raise OutOfDomain(f"the logarithm of {x.value}")
    return Dual(math.log(x.value), x.slope / x.value)


def tanh(x: Dual) -> Dual:
    """The hyperbolic tangent; its slope is 1 / cosh^2."""
    return Dual(math.tanh(x.value), x.slope / math.cosh(x.value) ** 2)


def sin(x: Dual) -> Dual:
    """The sine."""
    return Dual(math.sin(x.value), math.cos(x.value) * x.slope)


def cos(x: Dual) -> Dual:
    """The cosine."""
    return Dual(math.cos(x.value), -math.sin(x.value) * x.slope)


def erf(x: Dual) -> Dual:
    """The error function: 2/sqrt(pi) times the integral of e^{-t^2} from 0."""
    return Dual(math.erf(x.value), 2 / math.sqrt(math.pi) * math.exp(-x.value * x.value) * x.slope)


def sigmoid(x: Dual) -> Dual:
    """The logistic function as 1 / (1 + e^{-x})."""
    return ONE / (ONE + exp(ZERO - x))


def sgn(x: Dual) -> Dual:
    """The sign."""
    return Dual(float((x.value > 0) - (x.value < 0)))


def bent(negative: Callable[[Dual], Dual]) -> Callable[[Dual], Dual]:
    """The function that is x above 0 and `negative` below."""
    return lambda x: x if x.value > 0 else negative(x)


RULES: Mapping[str, Callable[[Dual], Dual]] = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": bent(lambda _: ZERO),
    "leaky_relu": bent(lambda x: Dual(0.01) * x),
    "softplus": lambda x: log(ONE + exp(x)),
    "elu": bent(lambda x: exp(x) - ONE),
    "gelu": lambda x: Dual(0.5) * x * (ONE + erf(Dual(math.sqrt(0.5)) * x)),
    "silu": lambda x: x * sigmoid(x),
    "exp": exp,
    "log": log,
    "sin": sin,
    "cos": cos,
    "abs": lambda x: x if x.value > 0 else ZERO - x,
    "sgn": sgn,
    "erf": erf,
}
STAND_IN = "tanh"


def unnoticed(_function: str, _argument: float) -> None:
    """Take no notice of where a function is evaluated."""


def underived(derivative: Derivative) -> float:
    """Refuse a derivative for which nobody has a number."""
    names = ", ".join(entry.name.base for entry in derivative.wrt)
    raise Unsupported(f"a derivative in {names} inside a definition is not yet supported in a worked example")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Evaluates formulas where every entry has a dual number and every size a number.

    A function without a rule is generic; `tanh` stands in for it. `notice` is told each function's key (`max`, `min`,
    `>` ... too) with the number that decides where on it we are. `derived` gives a derivative's number, its entries
    at literal indices.
    """

    values: Point
    sizes: Mapping[str, int]
    notice: Callable[[str, float], None] = unnoticed
    derived: Callable[[Derivative], float] = underived

    def __call__(self, formula: Formula, letters: Mapping[str, int]) -> Dual:
        """The dual number that `formula` stands for, its free letters having the given values."""
        match formula:
            case Number(value):
                return Dual(float(value))
            case Size(name):
                return Dual(float(self.sizes[name]))
            case Letter(index):
                return Dual(float(self.integer(index, letters)))
            case Entry():
                return self.entry(formula, letters)
            case Add(terms):
                return sum((self(term, letters) for term in terms), ZERO)
            case Multiply(factors):
                return self.product(factors, letters)
            case Power(base, exponent):
                return self(base, letters) ** self(exponent, letters)
            case Apply(function, argument, order):
                return self.function(function, self(argument, letters), order)
            case Sum(letter, range_, body, where):
                return sum((self(body, inner) for inner in self.scopes(letter, range_, where, letters)), ZERO)
            case Product(letter, range_, body, where):
                inside = (self(body, inner) for inner in self.scopes(letter, range_, where, letters))
                return math.prod(inside, start=ONE)
            case Softmax(index, letter, range_, argument):
                parts = [exp(self(argument, inner)) for inner in self.scopes(letter, range_, (), letters)]
                own = exp(self(argument, {**letters, letter: self.integer(index, letters)}))
                return own / sum(parts, ZERO)
            case Extreme(kind, arguments):
                return self.extreme(kind, [self(argument, letters) for argument in arguments])
            case Delta(left, right):
                return ONE if self.integer(left, letters) == self.integer(right, letters) else ZERO
            case Holds(conditions):
                return ONE if self.all_hold(conditions, letters) else ZERO
            case Indicator(left, relation, right):
                low, high = self(left, letters).value, self(right, letters).value
                self.notice(relation, low - high)
                return ONE if RELATIONS[relation](low, high) else ZERO
            case Derivative():
                return Dual(self.derived(self.instance(formula, letters)))

    def at(self, entry: Entry, letters: Mapping[str, int]) -> Entry:
        """The entry with the integers that its indices stand for."""
        return Entry(entry.name, tuple(literal(self.integer(index, letters)) for index in entry.indices))

    def instance(self, derivative: Derivative, letters: Mapping[str, int]) -> Derivative:
        """The derivative of an entry, with the integers that its indices stand for."""
        if not isinstance(derivative.of, Entry):
            raise Unsupported("the derivative of an expression is not yet supported in a worked example")
        wrt = tuple(self.at(entry, letters) for entry in derivative.wrt)
        return Derivative(self.at(derivative.of, letters), wrt, derivative.held)

    def entry(self, entry: Entry, letters: Mapping[str, int]) -> Dual:
        """The number of an entry; the free name pi is the constant unless a value says otherwise."""
        at = self.at(entry, letters)
        return Dual(math.pi) if at == PI and at not in self.values else self.values[at]

    def integer(self, index: Index, letters: Mapping[str, int]) -> int:
        """The integer that an index or bound stands for; `sizes` may have another for a literal, as text."""
        if index.letter is None:
            return self.sizes.get(str(index.offset), index.offset)
        base = letters[index.letter] if index.letter in letters else self.sizes[index.letter]
        return base + index.offset

    def scopes(
        self, letter: str, range_: Range, where: tuple[Condition, ...], letters: Mapping[str, int]
    ) -> Iterator[dict[str, int]]:
        """The letters with `letter` at each integer of the range at which all conditions hold."""
        for number in range(self.integer(range_.lower, letters), self.integer(range_.upper, letters) + 1):
            inner = {**letters, letter: number}
            if self.all_hold(where, inner):
                yield inner

    def all_hold(self, conditions: tuple[Condition, ...], letters: Mapping[str, int]) -> bool:
        """Whether all the conditions between integers hold."""
        return all(
            RELATIONS[c.relation](self.integer(c.left, letters), self.integer(c.right, letters)) for c in conditions
        )

    def product(self, factors: tuple[Formula, ...], letters: Mapping[str, int]) -> Dual:
        """The product; where a condition on the indices fails it is 0, even if an entry beside it does not exist."""
        conditions = [factor for factor in factors if isinstance(factor, Holds | Delta)]
        if any(self(condition, letters) == ZERO for condition in conditions):
            return ZERO
        return math.prod((self(factor, letters) for factor in factors), start=ONE)

    def function(self, key: str, argument: Dual, order: int) -> Dual:
        """A function's value, or its first derivative where nothing has to be differentiated again."""
        self.notice(key, argument.value)
        rule = RULES.get(key, RULES[STAND_IN])
        if order == 0:
            return rule(argument)
        if order > 1 or argument.slope:
            raise Unsupported("second derivatives are not yet supported in a worked example")
        return Dual(rule(Dual(argument.value, 1.0)).slope)

    def extreme(self, kind: str, arguments: list[Dual]) -> Dual:
        """The largest or smallest of the numbers."""
        ordered = sorted(arguments, key=lambda number: number.value, reverse=kind == "max")
        if len(ordered) > 1:
            self.notice(kind, ordered[0].value - ordered[1].value)
        return ordered[0]


def forward(
    definitions: tuple[Definition, ...],
    given: Point,
    sizes: Mapping[str, int],
    fixed: frozenset[Name] = frozenset(),
    notice: Callable[[str, float], None] = unnoticed,
) -> dict[Entry, Dual]:
    """The number of every entry: the given ones, and those of the definitions but of the names in `fixed`."""
    values = dict(given)
    evaluation = Evaluation(values, sizes, notice)
    for definition in definitions:
        if definition.name in fixed:
            continue
        for indices in places(definition.ranges, sizes):
            letters = dict(zip(definition.letters, indices, strict=True))
            values[entry_at(definition.name, indices)] = evaluation(definition.formula, letters)
    return values


def places(ranges: tuple[Range, ...], sizes: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
    """Every combination of integers in the ranges, the last one fastest."""
    evaluation = Evaluation({}, sizes)
    spans = ((evaluation.integer(r.lower, {}), evaluation.integer(r.upper, {})) for r in ranges)
    return product(*(range(low, high + 1) for low, high in spans))


def entry_at(name: Name, indices: tuple[int, ...]) -> Entry:
    """The entry of `name` at literal indices."""
    return Entry(name, tuple(literal(index) for index in indices))


def differentiate(
    derivative: Derivative, definitions: tuple[Definition, ...], values: Mapping[Entry, float], sizes: Mapping[str, int]
) -> float:
    """The derivative at the numbers `values` of all entries; its own entries carry literal indices."""
    if len(derivative.wrt) != 1:
        raise Unsupported("second derivatives are not yet supported in a worked example")
    (variable,) = derivative.wrt
    given = {entry: Dual(value, float(entry == variable)) for entry, value in values.items()}
    fixed = frozenset((variable.name, *derivative.held))
    moved = forward(definitions, given, sizes, fixed)
    return Evaluation(moved, sizes)(derivative.of, {}).slope
