"""Which entries of a quantity are drawn, and which entries one entry's definition uses: a formula with its sums opened.

An entry is drawn at literal indices (`X_1`), at the end of a range that is left open (`X_n`) or at a letter that was
asked about (`Z_j`); all are `Index`es.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from generator.formula import (
    Condition,
    Delta,
    Entry,
    Formula,
    Holds,
    Index,
    Multiply,
    Product,
    Range,
    Softmax,
    Sum,
    children,
    shift,
)

LARGEST = 4
_FAR = 10**9
_BETWEEN = 2.5

Scope = Mapping[str, Index]


@dataclass(frozen=True, slots=True)
class Use:
    """One occurrence of `entry` in a definition, and the entries by which it is multiplied there."""

    entry: Entry
    factors: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The indices that are drawn.

    `wanted` are asked ones, by range; ranges in `single` are drawn at one index (one sample of a batch).
    """

    sizes: tuple[str, ...]
    wanted: Mapping[Range, tuple[Index, ...]]
    single: Mapping[Range, Index]

    def place(self, index: Index) -> float:
        """Where an index stands among others: open sizes far out, each elsewhere; a letter after the first two."""
        if index.letter is None:
            return index.offset
        if index.letter in self.sizes:
            return _FAR * (self.sizes.index(index.letter) + 1) + index.offset
        return _BETWEEN + index.offset + ord(index.letter[-1]) / 1000

    def shown(self, span: Range) -> tuple[Index | None, ...]:
        """The drawn indices of a range in order; None where some are left out."""
        wanted = self.wanted.get(span, ())
        if span in self.single:
            return tuple(sorted(set(wanted), key=self.place)) or (self.single[span],)
        if small(span):
            return tuple(Index(None, n) for n in range(span.lower.offset, span.upper.offset + 1))
        chosen = {span.lower, span.upper, *wanted}
        second = Index(span.lower.letter, span.lower.offset + 1)
        literal = all(index.letter is None for index in wanted)
        if literal and all(self.place(i) <= self.place(span.lower) + 2 for i in wanted):
            chosen.add(second)
        return self._with_gaps(sorted(chosen, key=self.place))

    def _with_gaps(self, indices: list[Index]) -> tuple[Index | None, ...]:
        found: list[Index | None] = []
        for index in indices:
            before = found[-1] if found else None
            if before is not None:
                step = index.offset - before.offset if before.letter == index.letter else None
                if step == 2:
                    found.append(Index(index.letter, index.offset - 1))
                elif step != 1:
                    found.append(None)
            found.append(index)
        return tuple(found)

    def inside(self, span: Range) -> tuple[Index, ...]:
        """All drawn indices, of any range, that lie in this one."""
        spans = {span, *self.wanted, *self.single}
        every = {index for other in spans for index in self.shown(other) if index is not None}
        low, high = self.place(span.lower), self.place(span.upper)
        return tuple(sorted((i for i in every if low <= self.place(i) <= high), key=self.place))

    def holds(self, condition: Condition, scope: Scope) -> bool:
        """Whether a condition holds between drawn indices."""
        left, right = (self.place(_at(index, scope)) for index in (condition.left, condition.right))
        return {
            "=": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }[condition.relation]


def small(span: Range) -> bool:
    """Whether every entry of the range is drawn."""
    return span.lower.letter is None and span.upper.letter is None and span.upper.offset - span.lower.offset < LARGEST


def at(entry: Entry, scope: Scope) -> Entry:
    """The entry with its letters replaced."""
    return Entry(entry.name, tuple(_at(index, scope) for index in entry.indices))


def _at(index: Index, scope: Scope) -> Index:
    return shift(index, dict(scope))


def scopes(letters: tuple[str, ...], ranges: tuple[Range, ...], window: Window) -> Iterator[dict[str, Index]]:
    """Each choice of drawn indices for the letters."""
    choices = [[index for index in window.shown(span) if index is not None] for span in ranges]
    return (dict(zip(letters, chosen, strict=True)) for chosen in product(*choices))


def uses(formula: Formula, scope: Scope, window: Window, factors: tuple[Entry, ...] = ()) -> Iterator[Use]:
    """Each entry that the formula uses where its free letters are those of `scope`, in reading order."""
    match formula:
        case Entry():
            yield Use(at(formula, scope), factors)
        case Multiply(parts):
            if not any(_vanishes(part, scope, window) for part in parts):
                for number, part in enumerate(parts):
                    others = (p for n, p in enumerate(parts) if n != number and isinstance(p, Entry))
                    yield from uses(part, scope, window, (*factors, *(at(other, scope) for other in others)))
        case Sum(letter, span, body, where) | Product(letter, span, body, where):
            for inner in _opened(letter, span, scope, window):
                if all(window.holds(condition, inner) for condition in where):
                    yield from uses(body, inner, window, factors)
        case Softmax(_, letter, span, argument):
            for inner in _opened(letter, span, scope, window):
                yield from uses(argument, inner, window, factors)
        case _:
            for part in children(formula):
                yield from uses(part, scope, window, factors)


def _opened(letter: str, span: Range, scope: Scope, window: Window) -> Iterator[dict[str, Index]]:
    here = Range(_at(span.lower, scope), _at(span.upper, scope))
    return ({**scope, letter: index} for index in window.inside(here))


def _vanishes(part: Formula, scope: Scope, window: Window) -> bool:
    match part:
        case Delta(left, right):
            return not window.holds(Condition(left, "=", right), scope)
        case Holds(conditions):
            return not all(window.holds(condition, scope) for condition in conditions)
        case _:
            return False
