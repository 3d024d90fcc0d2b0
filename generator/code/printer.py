"""What entry-by-entry and array code have in common: arithmetic, functions, brackets where Python needs them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.autodiff import PI
from generator.code.dialect import Dialect
from generator.errors import Unsupported
from generator.formula import (
    Add,
    Apply,
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
    walk,
)

SUM, PRODUCT, POWER, ATOM = range(4)
Bounds = tuple[int, int]
RELATIONS: Mapping[str, str] = {"=": "=="}


@dataclass(frozen=True, slots=True)
class Code:
    """An expression; `level` says what binds it together, `axes` which letters its axes run over (none: a number)."""

    text: str
    level: int = ATOM
    axes: tuple[str, ...] = ()

    def above(self, level: int) -> str:
        """The text, in brackets unless it binds more tightly than `level`."""
        return self.text if self.level > level else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Words:
    """The identifiers of a snippet, and the integers that its indices run over.

    `bounds` has the first and last index of each position of a name.
    """

    dialect: Dialect
    names: Mapping[Name, str]
    functions: Mapping[str, str]
    sizes: Mapping[str, int]
    size_names: Mapping[str, str]
    bounds: Mapping[Name, tuple[Bounds, ...]]

    def integer(self, bound: Index) -> int | None:
        """The number of a bound or index; None where it is a letter bound further out."""
        if bound.letter is None:
            return self.sizes.get(str(bound.offset), bound.offset)
        return self.sizes[bound.letter] + bound.offset if bound.letter in self.sizes else None

    def span(self, range_: Range) -> Bounds | None:
        """The first and last number of a range; None where a letter bound further out decides."""
        low, high = self.integer(range_.lower), self.integer(range_.upper)
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True, slots=True)
class Run:
    """A letter in the code: its identifier, and the integers that it runs over where they are known."""

    text: str
    span: Bounds | None


Scope = Mapping[str, Run]


@dataclass(frozen=True, slots=True)
class Printer(ABC):
    """Prints formulas as Python; subclasses say what entries and sums become."""

    words: Words

    @abstractmethod
    def entry(self, entry: Entry, scope: Scope) -> Code:
        """An entry of a quantity."""

    @abstractmethod
    def bound(self, formula: Sum | Product | Softmax, scope: Scope) -> Code:
        """A sum, a product or a softmax, over a letter."""

    @abstractmethod
    def counted(self, formula: Letter | Delta | Holds, scope: Scope) -> Code:
        """A number that an index gives."""

    @abstractmethod
    def aligned(self, parts: Sequence[Code], scope: Scope) -> tuple[Code, ...]:
        """The parts with axes such that they combine entry by entry."""

    def code(self, formula: Formula, scope: Scope) -> Code:
        """The expression for a formula whose free letters are those of `scope`."""
        match formula:
            case Number(value):
                return fraction(value)
            case Size(name):
                return Code(self.words.size_names[name])
            case Entry():
                return Code(f"{self.words.dialect.module}.pi") if self._is_pi(formula) else self.entry(formula, scope)
            case Add(terms):
                return self.added([self.code(term, scope) for term in terms], scope)
            case Multiply(factors):
                return self.multiplied(factors, scope)
            case Power(_, Number(value)) if value < 0:
                return self.multiplied((formula,), scope)
            case Power(base, Number(value)) if value == Fraction(1, 2):
                return self._called(base, f"{self.words.dialect.module}.sqrt({{}})", scope)
            case Power(base, exponent):
                left, right = self.aligned([self.code(base, scope), self.code(exponent, scope)], scope)
                return Code(f"{left.above(POWER)} ** {right.above(PRODUCT)}", POWER, left.axes or right.axes)
            case Apply(function, argument, order):
                return self.applied(function, argument, order, scope)
            case Extreme(kind, arguments):
                return self.extreme(kind, arguments, scope)
            case Indicator(left, relation, right):
                low, high = self.aligned([self.code(left, scope), self.code(right, scope)], scope)
                condition = f"{low.text} {RELATIONS.get(relation, relation)} {high.text}"
                return Code(f"{self.words.dialect.module}.where({condition}, 1.0, 0.0)", ATOM, low.axes or high.axes)
            case Sum() | Product() | Softmax():
                return self.bound(formula, scope)
            case Letter() | Delta() | Holds():
                return self.counted(formula, scope)
            case Derivative():
                raise Unsupported("a derivative inside a formula is not yet supported in code")

    def _is_pi(self, entry: Entry) -> bool:
        return entry == PI and PI.name not in self.words.names

    def added(self, parts: Sequence[Code], scope: Scope) -> Code:
        """The sum of the parts."""
        first, *others = self.aligned(parts, scope)
        text = first.text
        for part in others:
            text += f" - {part.text[1:]}" if part.text.startswith("-") else f" + {part.text}"
        return Code(text, SUM, longest((first, *others)))

    def multiplied(self, factors: Sequence[Formula], scope: Scope) -> Code:
        """The product of the factors; powers below 0 become divisions."""
        numbers = [factor.value for factor in factors if isinstance(factor, Number)]
        others = [factor for factor in factors if not isinstance(factor, Number)]
        over = [factor for factor in others if not is_divisor(factor)]
        under = [turned(factor) for factor in others if is_divisor(factor)]
        parts = self.aligned([self.code(factor, scope) for factor in (*over, *under)], scope)
        return product(numbers, parts[: len(over)], parts[len(over) :])

    def applied(self, function: str, argument: Formula, order: int, scope: Scope) -> Code:
        """A function at its argument, or its derivative there."""
        known = self.words.dialect.functions.get(function)
        if known is not None and order == 0:
            return self._called(argument, known.template, scope)
        name = self.words.functions[function] + "_prime" * order
        return self._called(argument, f"{name}({{}})", scope)

    def _called(self, argument: Formula, template: str, scope: Scope) -> Code:
        inner = self.code(argument, scope)
        constant = not any(isinstance(part, Entry | Letter) and part != PI for part in walk(argument))
        tensor = constant and self.words.dialect.module == "torch"
        return Code(template.format(f"torch.tensor({inner.text})" if tensor else inner.text), ATOM, inner.axes)

    def extreme(self, kind: str, arguments: Sequence[Formula], scope: Scope) -> Code:
        """The larger or smaller of the arguments, entry by entry."""
        parts = self.aligned([self.code(argument, scope) for argument in arguments], scope)
        module, torch = self.words.dialect.module, self.words.dialect.module == "torch"
        texts = [
            f"torch.tensor(float({p.text}))" if torch and not p.axes and p.text.isdigit() else p.text for p in parts
        ]
        text = texts[-1]
        for other in reversed(texts[:-1]):
            text = f"{module}.{kind}imum({other}, {text})"
        return Code(text, ATOM, longest(parts))


def longest(parts: Sequence[Code]) -> tuple[str, ...]:
    """The axes of aligned parts: those of the part that has them all."""
    return max((part.axes for part in parts), key=len)


def is_divisor(factor: Formula) -> bool:
    """Whether the factor stands under a fraction bar."""
    return isinstance(factor, Power) and isinstance(factor.exponent, Number) and factor.exponent.value < 0


def turned(factor: Formula) -> Formula:
    """What a divisor divides by."""
    if not isinstance(factor, Power) or not isinstance(factor.exponent, Number):
        raise TypeError(factor)
    value = -factor.exponent.value
    return factor.base if value == 1 else Power(factor.base, Number(value))


def fraction(value: Fraction) -> Code:
    """A rational number: an integer, a short decimal, or a quotient."""
    short = f"{float(value):g}"
    if Fraction(short) == value and "e" not in short:
        return Code(short, SUM if value < 0 else ATOM)
    return Code(f"{value.numerator} / {value.denominator}", SUM if value < 0 else PRODUCT)


def product(numbers: Sequence[Fraction], over: Sequence[Code], under: Sequence[Code] = ()) -> Code:
    """The numbers times `over`, divided by each of `under`; the axes are already aligned."""
    constant = Fraction(1)
    for value in numbers:
        constant *= value
    front = [] if abs(constant) == 1 and over else [fraction(abs(constant)).above(SUM)]
    parts = [*front, *(part.above(SUM) for part in over)]
    text = " * ".join(parts) + "".join(f" / {part.above(PRODUCT)}" for part in under)
    if len(parts) == 1 and not under and constant > 0:
        return over[0] if over and not front else fraction(constant)
    axes = longest([*over, *under]) if over or under else ()
    return Code(f"-{text}", SUM, axes) if constant < 0 else Code(text, PRODUCT, axes)
