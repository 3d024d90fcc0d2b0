"""Array code: letters are axes, sums are matrix products, `einsum` or sums along axes.

What arrays do not say plainly (a condition between indices, a diagonal, a range that depends on another letter) raises
`NeedsLoops`; then `entries` says it entry by entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.code.names import word
from generator.code.printer import (
    ATOM,
    PRODUCT,
    SUM,
    Bounds,
    Code,
    Printer,
    Run,
    Scope,
    is_divisor,
    product,
    turned,
)
from generator.formula import (
    Delta,
    Entry,
    Formula,
    Holds,
    Index,
    Letter,
    Multiply,
    Number,
    Product,
    Range,
    Softmax,
    Sum,
    plain_letter,
)


class NeedsLoops(Exception):
    """A formula that arrays do not say plainly."""


@dataclass(frozen=True, slots=True)
class Arrays(Printer):
    """Prints formulas for all values of their free letters at once."""

    def entry(self, entry: Entry, scope: Scope) -> Code:
        """The array, or the part of it over which the letters run."""
        name = self.words.names[entry.name]
        letters = [index.letter for index in entry.indices if index.letter in scope]
        if len(letters) != len(set(letters)):
            raise NeedsLoops
        parts = [
            self.part(index, whole, scope)
            for index, whole in zip(entry.indices, self.words.bounds[entry.name], strict=True)
        ]
        text = f"{name}[{', '.join(parts)}]" if set(parts) - {":"} else name
        return Code(text, ATOM, tuple(str(letter) for letter in letters))

    def part(self, index: Index, whole: Bounds, scope: Scope) -> str:
        """The subscript of one position."""
        low, high = whole
        if index.letter is None or index.letter not in scope:
            return str((self.words.integer(index) or 0) - low)
        first, last = self.run(index, scope)
        if first < low or last > high:
            raise NeedsLoops
        start, stop = first - low, last - low + 1
        return f"{start or ''}:{stop if last < high else ''}"

    def run(self, index: Index, scope: Scope) -> Bounds:
        """The first and last integer of an index that runs."""
        span = scope[str(index.letter)].span
        if span is None:
            raise NeedsLoops
        return span[0] + index.offset, span[1] + index.offset

    def counted(self, formula: Letter | Delta | Holds, scope: Scope) -> Code:
        """The integers of a range, or an identity matrix."""
        module = self.words.dialect.module
        match formula:
            case Letter(index) if index.letter in scope:
                first, last = self.run(index, scope)
                return Code(f"{module}.arange({first}, {last + 1})", ATOM, (str(index.letter),))
            case Letter(index):
                return Code(str(self.words.integer(index)))
            case Delta(left, right) if left.letter in scope and right.letter in scope and left.letter != right.letter:
                if self.run(left, scope) != self.run(right, scope):
                    raise NeedsLoops
                first, last = self.run(left, scope)
                return Code(f"{module}.eye({last - first + 1})", ATOM, (str(left.letter), str(right.letter)))
            case _:
                raise NeedsLoops

    def aligned(self, parts: Sequence[Code], scope: Scope) -> tuple[Code, ...]:
        """The parts with their axes in the order of the scope, missing ones of length 1."""
        axes = tuple(letter for letter in scope if any(letter in part.axes for part in parts))
        return tuple(self.spread(part, axes) for part in parts)

    def spread(self, part: Code, axes: tuple[str, ...]) -> Code:
        """The part with its axes in this order; missing ones in front need not be written."""
        ordered = self.permuted(part, tuple(axis for axis in axes if axis in part.axes))
        if not ordered.axes:
            return ordered
        shown = axes[axes.index(ordered.axes[0]) :]
        if shown == ordered.axes:
            return ordered
        subscript = ", ".join(":" if axis in ordered.axes else "None" for axis in shown)
        return Code(f"{ordered.above(ATOM - 1)}[{subscript}]", ATOM, axes)

    def permuted(self, part: Code, axes: tuple[str, ...]) -> Code:
        """The part with exactly these axes, in this order."""
        if part.axes == axes:
            return part
        if set(part.axes) != set(axes):
            raise NeedsLoops
        if len(axes) == 2:
            return Code(f"{part.above(ATOM - 1)}.T", ATOM, axes)
        order = tuple(part.axes.index(axis) for axis in axes)
        return Code(self.words.dialect.permute.format(part.text, order), ATOM, axes)

    def entered(self, letter: str, range_: Range, scope: Scope) -> Scope:
        """The scope with one more letter; ranges that depend on another letter need loops."""
        span = self.words.span(range_)
        if span is None:
            raise NeedsLoops
        return {**scope, letter: Run(letter, span)}

    def bound(self, formula: Sum | Product | Softmax, scope: Scope) -> Code:
        """A sum, product or softmax along an axis."""
        match formula:
            case Sum():
                return self.summed(formula, scope)
            case Product(letter, range_, body, ()):
                inner = self.code(body, self.entered(letter, range_, scope))
                return self.along("prod", inner, (letter,))
            case Softmax():
                return self.softmax(formula, scope)
            case _:
                raise NeedsLoops

    def along(self, function: str, inner: Code, letters: tuple[str, ...]) -> Code:
        """A function of `inner` along the axes of the letters."""
        if not set(letters) <= set(inner.axes):
            raise NeedsLoops
        axes = tuple(axis for axis in inner.axes if axis not in letters)
        positions = tuple(inner.axes.index(letter) for letter in letters)
        where = f", {self.words.dialect.axis}={positions[0] if len(positions) == 1 else positions}" if axes else ""
        return Code(f"{self.words.dialect.module}.{function}({inner.text}{where})", ATOM, axes)

    def softmax(self, formula: Softmax, scope: Scope) -> Code:
        """A softmax along the axis of its letter, which then is the axis of its index."""
        letter, index = formula.letter, formula.index
        inner = self.code(formula.argument, self.entered(letter, formula.range, scope))
        if letter not in inner.axes or index.letter in inner.axes:
            raise NeedsLoops
        position = inner.axes.index(letter)
        text = self.words.dialect.softmax.template.format(inner.text, position)
        span = self.words.span(formula.range)
        if index.letter in scope and span is not None:
            if self.run(index, scope) != span:
                raise NeedsLoops
            axes = tuple(str(index.letter) if axis == letter else axis for axis in inner.axes)
            return Code(text, ATOM, axes)
        at = ", ".join(self.part(index, span or (1, 1), {}) if a == letter else ":" for a in inner.axes)
        return Code(f"{text}[{at}]", ATOM, tuple(axis for axis in inner.axes if axis != letter))

    def summed(self, formula: Sum, scope: Scope) -> Code:
        """Nested sums at once: what does not run stands in front, the rest is one product of arrays."""
        letters: list[str] = []
        body: Formula = formula
        inner = scope
        while isinstance(body, Sum):
            if body.where:
                raise NeedsLoops
            inner = self.entered(body.letter, body.range, inner)
            letters.append(body.letter)
            body = body.body
        factors = body.factors if isinstance(body, Multiply) else (body,)
        numbers = [factor.value for factor in factors if isinstance(factor, Number)]
        over = [self.code(f, inner) for f in factors if not isinstance(f, Number) and not is_divisor(f)]
        under = [self.code(turned(f), inner) for f in factors if is_divisor(f)]
        running = [part for part in under if set(part.axes) & set(letters)]
        if running or not over:
            whole = self.multiplied([f for f in factors if not isinstance(f, Number)], inner)
            return product(numbers, [self.along("sum", whole, tuple(letters))])
        front = [part for part in over if not part.axes]
        total = self.contracted([part for part in over if part.axes], tuple(letters), inner, scope)
        parts = self.aligned([*front, total, *under], scope)
        return product(numbers, parts[: len(front) + 1], parts[len(front) + 1 :])

    def contracted(self, parts: Sequence[Code], letters: tuple[str, ...], inner: Scope, scope: Scope) -> Code:
        """The sum over the letters of the product of the parts."""
        dot = len(parts) == 2 and all(part.axes == letters and part.text.isidentifier() for part in parts)
        if dot and len(letters) == 1:
            return Code(f"{parts[0].text} @ {parts[1].text}", SUM)
        operands = merged(parts)
        if set(letters) - {axis for part in operands for axis in part.axes}:
            raise NeedsLoops
        if len(operands) == 1:
            return self.along("sum", operands[0], letters)
        if len(operands) == 2 and len(letters) == 1:
            found = matrix_product(operands[0], operands[1], letters[0], inner)
            if found is not None:
                return found
        axes = tuple(a for a in scope if any(a in part.axes for part in operands))
        return self.einsum(operands, axes, inner)

    def einsum(self, operands: Sequence[Code], axes: tuple[str, ...], scope: Scope) -> Code:
        """The contraction written with the indices of the formula."""
        letters = one_letter_each(scope)
        inputs = ",".join("".join(letters[axis] for axis in part.axes) for part in operands)
        output = "".join(letters[axis] for axis in axes)
        texts = ", ".join(part.text for part in operands)
        return Code(f'{self.words.dialect.module}.einsum("{inputs}->{output}", {texts})', ATOM, axes)


def merged(parts: Sequence[Code]) -> list[Code]:
    """The parts with those over the same axes multiplied entry by entry."""
    groups: dict[tuple[str, ...], list[Code]] = {}
    for part in parts:
        groups.setdefault(part.axes, []).append(part)
    return [replace(product([Fraction(1)], group), axes=axes) for axes, group in groups.items()]


def matrix_product(left: Code, right: Code, letter: str, scope: Scope) -> Code | None:
    """`left @ right` over the letter, where both have at most two axes and share only that one.

    Of the two ways round that one whose axes come in the order of the scope, then that with fewer transposes.
    """
    if max(len(left.axes), len(right.axes)) > 2 or set(left.axes) & set(right.axes) != {letter}:
        return None
    order = list(scope)
    ways = [_at(left, right, letter), _at(right, left, letter)]
    return min(ways, key=lambda way: (list(way.axes) != sorted(way.axes, key=order.index), way.text.count(".T")))


def _at(left: Code, right: Code, letter: str) -> Code:
    one = left.above(PRODUCT) if left.axes[-1] == letter else f"{left.above(ATOM - 1)}.T"
    other = right.above(PRODUCT) if right.axes[0] == letter else f"{right.above(ATOM - 1)}.T"
    axes = tuple(axis for part in (left, right) for axis in part.axes if axis != letter)
    return Code(f"{one} @ {other}", SUM, axes)


def one_letter_each(scope: Scope) -> dict[str, str]:
    """A single letter for each axis: its own where that is one and free."""
    found: dict[str, str] = {}
    for axis in scope:
        own = word(plain_letter(axis))
        spare = (letter for letter in (own, *"ijklmnpqrstuvwabcdefgh") if len(letter) == 1 and letter.isascii())
        found[axis] = next(letter for letter in spare if letter not in found.values())
    return found
