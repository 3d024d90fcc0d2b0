"""Large sizes that a file states, replaced by open ones, so that nothing is evaluated a thousand times over."""

from __future__ import annotations

from collections.abc import Iterable
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
    substitute,
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
        if not self.sizes:
            return formula
        inner = replace_children(formula, self.formula)
        match inner:
            case Number(value):
                return self._number(value)
            case Letter(index):
                return Letter(self._index(index))
            case Entry(name, indices):
                return Entry(name, tuple(self._index(index) for index in indices))
            case Delta(left, right):
                return Delta(self._index(left), self._index(right))
            case Holds(where):
                return Holds(self.where(where))
            case Sum(letter, range_, body, where):
                return Sum(letter, self._range(range_), body, self.where(where))
            case Product(letter, range_, body, where):
                return Product(letter, self._range(range_), body, self.where(where))
            case Softmax(index, letter, range_, argument):
                return Softmax(self._index(index), letter, self._range(range_), argument)
            case _:
                return inner

    def where(self, where: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Conditions with the same replacements."""
        return tuple(Condition(self._index(c.left), c.relation, self._index(c.right)) for c in where)

    def letters(self, letters: Iterable[tuple[str, Range]]) -> tuple[tuple[str, Range], ...]:
        """Ranges of letters with the same replacements."""
        return tuple((letter, self._range(range_)) for letter, range_ in letters)

    def back(self, formula: Formula) -> Formula:
        """A formula made of sizes with the numbers that they stand for."""
        names = {str(size): number(size) for size in self.sizes}
        return substitute(formula, lambda part: names.get(part.name) if isinstance(part, Size) else None)

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
