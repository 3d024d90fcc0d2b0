"""Large sizes that a file states, replaced by open ones, so that nothing is evaluated a thousand times over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.formula import (
    Condition,
    Delta,
    Entry,
    Formula,
    Holds,
    Index,
    Letter,
    Number,
    Product,
    Range,
    Size,
    Softmax,
    Sum,
    add,
    multiply,
    number,
    power,
    replace_children,
)
from generator.model import Assumption, Model

LARGE = 6
NEAR = 2
"""Numbers so close below a large size are taken to be meant relative to it (the `n - 1` of a last index)."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """The large sizes of a model; the name of the size that stands for one is the number itself, in digits."""

    sizes: tuple[int, ...]

    def model(self, model: Model) -> Model:
        """The model with open sizes for the large ones."""
        if not self.sizes:
            return model
        return Model(
            tuple(replace(q, ranges=tuple(self._range(r) for r in q.ranges)) for q in model.quantities),
            tuple(
                replace(d, ranges=tuple(self._range(r) for r in d.ranges), formula=self.formula(d.formula))
                for d in model.definitions
            ),
            (*model.sizes, *(str(size) for size in self.sizes)),
            tuple(self.assumption(a) for a in model.assumptions),
        )

    def assumption(self, given: Assumption) -> Assumption:
        """An assumption with the same replacements."""
        return replace(given, left=self.formula(given.left), right=tuple(self.formula(r) for r in given.right))

    def formula(self, formula: Formula) -> Formula:
        """A formula of the model with the same replacements."""
        return _mapped(formula, self._index, self._number) if self.sizes else formula

    def where(self, where: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Conditions with the same replacements."""
        return tuple(Condition(self._index(c.left), c.relation, self._index(c.right)) for c in where)

    def letters(self, letters: Iterable[tuple[str, Range]]) -> tuple[tuple[str, Range], ...]:
        """Ranges of letters with the same replacements."""
        return tuple((letter, self._range(range_)) for letter, range_ in letters)

    def back(self, formula: Formula) -> Formula:
        """A formula in terms of the numbers that the sizes stand for."""
        return _mapped(formula, self._stated, Number) if self.sizes else formula

    def _stated(self, index: Index) -> Index:
        size = next((size for size in self.sizes if str(size) == index.letter), None)
        return index if size is None else Index(None, size + index.offset)

    def _index(self, index: Index) -> Index:
        size = self._near(index.offset) if index.letter is None else None
        return index if size is None else Index(str(size), index.offset - size)

    def _range(self, range_: Range) -> Range:
        return Range(self._index(range_.lower), self._index(range_.upper))

    def _near(self, value: int) -> int | None:
        return next((size for size in self.sizes if size - NEAR <= value <= size), None)

    def _number(self, value: Fraction) -> Formula:
        """The number, where it is a size or one over a size in those terms."""
        above, below = self._near(abs(value.numerator)), self._near(value.denominator)
        if above is None and below is None:
            return Number(value)
        sign = -1 if value < 0 else 1
        top = number(abs(value.numerator)) if above is None else _relative(above, abs(value.numerator))
        bottom = number(value.denominator) if below is None else _relative(below, value.denominator)
        return multiply(number(sign), top, power(bottom, -1))


def _mapped(formula: Formula, at: Callable[[Index], Index], value: Callable[[Fraction], Formula]) -> Formula:
    """The formula with every index, bound and number changed."""

    def where(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        return tuple(Condition(at(c.left), c.relation, at(c.right)) for c in conditions)

    inner = replace_children(formula, lambda child: _mapped(child, at, value))
    match inner:
        case Number(number_):
            return value(number_)
        case Size(name):
            index = at(Index(name))
            return inner if index.letter is not None else number(index.offset)
        case Letter(index):
            return Letter(at(index))
        case Entry(name, indices):
            return Entry(name, tuple(at(index) for index in indices))
        case Delta(left, right):
            return Delta(at(left), at(right))
        case Holds(conditions):
            return Holds(where(conditions))
        case Sum(letter, range_, body, conditions):
            return Sum(letter, Range(at(range_.lower), at(range_.upper)), body, where(conditions))
        case Product(letter, range_, body, conditions):
            return Product(letter, Range(at(range_.lower), at(range_.upper)), body, where(conditions))
        case Softmax(index, letter, range_, argument):
            return Softmax(at(index), letter, Range(at(range_.lower), at(range_.upper)), argument)
        case _:
            return inner


def _relative(size: int, value: int) -> Formula:
    return add(Size(str(size)), number(value - size))


def stand_ins(model: Model) -> StandIns:
    """The stand-ins for the large sizes that the ranges of a model state."""
    stated = {r.upper.offset for q in model.quantities for r in q.ranges if r.upper.letter is None}
    sizes: list[int] = []
    for size in sorted(stated, reverse=True):
        if size >= LARGE and not any(chosen - NEAR <= size <= chosen for chosen in sizes):
            sizes.append(size)
    return StandIns(tuple(sizes))
