"""Formulas of one file as LaTeX: no sum borrows a letter that means something there, nor bounds that nobody named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from generator.facts import Math
from generator.formula import (
    Formula,
    Index,
    Product,
    Range,
    Softmax,
    Sum,
    above,
    bound_letter,
    children,
    free_letters,
    freshen,
    plain_letter,
    rename,
    replace_children,
    shift_conditions,
    walk,
)
from generator.latex.printer import latex
from generator.mathml import Mark, marked
from generator.model import Model

_BOUNDS = re.compile(r"_\{(?P<letter>\w)=1\}\^(?:\{(?P<size>[^{}]+)\}|(?P<short>\w))")
SPARE = "lmnpqrstuvhg"
Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Prints formulas of one file.

    `taken` are the letters that mean something in it; no sum borrows one of them. `unsaid` are the names of the sizes
    that the file does not name: a sum up to one of them is printed without bounds, as its author wrote it.
    """

    taken: frozenset[str]
    unsaid: frozenset[str] = frozenset()

    def letters(self, formula: Formula, beside: Iterable[str] = ()) -> dict[str, str]:
        """What each bound letter is printed as where it is bound first; `beside` are free letters of the other side."""
        found: dict[str, str] = {}
        self._assign(formula, self._free(formula, beside), found)
        return found

    def _assign(self, formula: Formula, taken: AbstractSet[str], found: dict[str, str]) -> None:
        own = bound_letter(formula)
        if own is not None:
            shown = self.picked(own, taken)
            found.setdefault(own, shown)
            taken = {*taken, shown}
        for child in children(formula):
            self._assign(child, taken, found)

    def _free(self, formula: Formula, beside: Iterable[str]) -> AbstractSet[str]:
        return {plain_letter(letter) for letter in (*free_letters(formula), *beside)}

    def picked(self, own: str, taken: AbstractSet[str]) -> str:
        """The letter to print for `own`: itself, or one that means nothing in the file and is not `taken`."""
        plain = plain_letter(own)
        others = (spare for spare in SPARE if spare not in self.taken and spare not in taken)
        return plain if plain not in taken else next(others, plain)

    def lettered(self, formula: Formula, beside: Iterable[str] = ()) -> Formula:
        """The formula with its bound letters replaced by those that are printed."""
        return self._lettered(freshen(formula, above(formula)), self._free(formula, beside))

    def _lettered(self, formula: Formula, taken: AbstractSet[str]) -> Formula:
        """Each sum by itself: one letter may be bound in two places and be taken in one of them."""
        own = bound_letter(formula)
        if own is None:
            return replace_children(formula, lambda child: self._lettered(child, taken))
        shown = self.picked(own, taken)
        new, inner = {own: Index(shown)}, {*taken, shown}
        match formula:
            case Sum(_, range_, body, where):
                return Sum(shown, range_, self._lettered(rename(body, new), inner), shift_conditions(where, new))
            case Product(_, range_, body, where):
                return Product(shown, range_, self._lettered(rename(body, new), inner), shift_conditions(where, new))
            case Softmax(index_, _, range_, argument):
                return Softmax(index_, shown, range_, self._lettered(rename(argument, new), inner))
        return formula

    def math(self, formula: Formula, marks: Mapping[Path, Mark] | None = None) -> Math:
        """The formula, with the part at each path of `marks` under its mark."""
        named = self.lettered(formula)
        plain = self.quiet(latex(named))
        if not marks:
            return Math(plain, plain)
        used = tuple(dict.fromkeys(marks.values()))

        def wrap(path: Path, inner: str) -> str:
            return marked(inner, used.index(marks[path])) if path in marks else inner

        return Math(plain, self.quiet(latex(named, wrap)), used)

    def quiet(self, text: str) -> str:
        """LaTeX without the bounds of sums over all of a range that the file does not bound."""

        def bare(found: re.Match[str]) -> str:
            return f"_{found['letter']}" if (found["size"] or found["short"]) in self.unsaid else found[0]

        return _BOUNDS.sub(bare, text)

    def over(self, letter: str, range_: Range) -> Math:
        """The letter with its integers, or the letter alone where the file does not name their number."""
        plain = plain_letter(letter)
        return Math(plain, plain) if range_.upper.letter in self.unsaid else span([letter], range_)

    def maths(self, formulas: Iterable[Formula]) -> tuple[Math, ...]:
        """The formulas, one by one."""
        return tuple(self.math(formula) for formula in formulas)


def writer(model: Model) -> Writer:
    """The writer of a model's file. A size called `n_j` after the letter `j` is one that the file does not name."""
    letters = {letter for quantity in model.quantities for letter in quantity.letters}
    letters |= {letter for definition in model.definitions for letter in _bound(definition.formula)}
    names = {quantity.name.base for quantity in model.quantities}
    unsaid = {f"n_{letter}" for letter in letters} & set(model.sizes)
    return Writer(frozenset(letters | set(model.sizes) | names), frozenset(unsaid))


def _bound(formula: Formula) -> Iterator[str]:
    return (letter for part in walk(formula) if (letter := bound_letter(part)) is not None)


def index(part: Index) -> str:
    """An index or bound: `k`, `3`, `n - 1`."""
    if part.letter is None:
        return str(part.offset)
    letter = plain_letter(part.letter)
    return letter if part.offset == 0 else f"{letter} {'+' if part.offset > 0 else '-'} {abs(part.offset)}"


def span(letters: Sequence[str], range_: Range) -> Math:
    r"""The letters and the integers over which they run: `i = 1, \dots, n`."""
    names = ", ".join(plain_letter(letter) for letter in letters)
    text = f"{names} = {_integers(range_)}"
    return Math(text, text)


def _integers(range_: Range) -> str:
    lower, upper = index(range_.lower), index(range_.upper)
    if range_.upper.letter is None and range_.lower.letter is None:
        count = range_.upper.offset - range_.lower.offset
        if count < 3:
            return ", ".join(str(range_.lower.offset + n) for n in range(count + 1))
    return rf"{lower}, \dots, {upper}"
