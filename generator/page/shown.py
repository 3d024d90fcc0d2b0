"""Formulas as a page shows them: LaTeX with marked parts, ranges, chains of quantities, numbers as words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from generator.facts import Math
from generator.formula import (
    Entry,
    Formula,
    Index,
    Product,
    Range,
    Softmax,
    Sum,
    bound_letter,
    children,
    free_letters,
    rename,
    replace_children,
    shift_conditions,
    walk,
)
from generator.latex.printer import latex
from generator.mathml import Mark, marked
from generator.model import Model

SPARE = "lmnpqrstuvhg"
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Prints formulas of one file. `taken` are the letters that mean something in it; no sum borrows one of them."""

    taken: frozenset[str]

    def letters(self, formula: Formula) -> dict[str, str]:
        """What each bound letter of the formula is printed as."""
        free = {letter.partition("#")[0] for letter in free_letters(formula)}
        found: dict[str, str] = {}
        self._assign(formula, free, found)
        return found

    def _assign(self, formula: Formula, taken: Set[str], found: dict[str, str]) -> None:
        own = bound_letter(formula)
        if own is not None:
            plain = own.partition("#")[0]
            others = (spare for spare in SPARE if spare not in self.taken and spare not in taken)
            found[own] = plain if plain not in taken else next(others, plain)
            taken = {*taken, found[own]}
        for child in children(formula):
            self._assign(child, taken, found)

    def lettered(self, formula: Formula) -> Formula:
        """The formula with its bound letters replaced by those that are printed."""
        return _relettered(formula, self.letters(formula))

    def math(self, formula: Formula, marks: Mapping[Path, Mark] | None = None) -> Math:
        """The formula, with the part at each path of `marks` under its mark."""
        named = self.lettered(formula)
        plain = latex(named)
        if not marks:
            return Math(plain, plain)
        used = tuple(dict.fromkeys(marks.values()))

        def wrap(path: Path, inner: str) -> str:
            return marked(inner, used.index(marks[path])) if path in marks else inner

        return Math(plain, latex(named, wrap), used)

    def maths(self, formulas: Iterable[Formula]) -> tuple[Math, ...]:
        """The formulas, one by one."""
        return tuple(self.math(formula) for formula in formulas)


def writer(model: Model) -> Writer:
    """The writer of a model's file: no sum borrows a letter of its indices, sizes or quantities."""
    letters = {letter for quantity in model.quantities for letter in quantity.letters}
    letters |= {letter for definition in model.definitions for letter in _bound(definition.formula)}
    return Writer(frozenset(letters | set(model.sizes) | {quantity.name.base for quantity in model.quantities}))


def _bound(formula: Formula) -> Iterator[str]:
    return (letter for part in walk(formula) if (letter := bound_letter(part)) is not None)


def _relettered(formula: Formula, to: Mapping[str, str]) -> Formula:
    own = bound_letter(formula)
    if own is None or to.get(own, own) == own:
        return replace_children(formula, lambda child: _relettered(child, to))
    new = {own: Index(to[own])}
    match formula:
        case Sum(_, range_, body, where):
            return Sum(to[own], range_, _relettered(rename(body, new), to), shift_conditions(where, new))
        case Product(_, range_, body, where):
            return Product(to[own], range_, _relettered(rename(body, new), to), shift_conditions(where, new))
        case Softmax(index_, _, range_, argument):
            return Softmax(index_, to[own], range_, _relettered(rename(argument, new), to))
    return formula


def equal(left: Math, right: Math, relation: str = "=") -> Math:
    """`left = right`; only one side may be marked."""
    if left.marks and right.marks:
        message = "only one side of an equation can be marked"
        raise ValueError(message)
    marks = left.marks or right.marks
    return Math(f"{left.latex} {relation} {right.latex}", f"{left.marked} {relation} {right.marked}", marks)


def joined(parts: Sequence[Math], between: str) -> Math:
    """Unmarked formulas in a row with `between` between them."""
    text = f" {between} ".join(part.latex for part in parts)
    return Math(text, text)


def chain(path: Sequence[Entry], write: Writer) -> Math:
    """The quantities of a path, from the loss to what is asked."""
    return joined(write.maths(path), r"\leftarrow")


def index(part: Index) -> str:
    """An index or bound: `k`, `3`, `n - 1`."""
    if part.letter is None:
        return str(part.offset)
    letter = part.letter.partition("#")[0]
    return letter if part.offset == 0 else f"{letter} {'+' if part.offset > 0 else '-'} {abs(part.offset)}"


def span(letters: Sequence[str], range_: Range) -> Math:
    r"""The letters and the integers over which they run: `i = 1, \dots, n`."""
    names = ", ".join(letter.partition("#")[0] for letter in letters)
    return Math(*[f"{names} = {_integers(range_)}"] * 2)


def _integers(range_: Range) -> str:
    lower, upper = index(range_.lower), index(range_.upper)
    if range_.upper.letter is None and range_.lower.letter is None:
        count = range_.upper.offset - range_.lower.offset
        if count < 3:
            return ", ".join(str(range_.lower.offset + n) for n in range(count + 1))
    return rf"{lower}, \dots, {upper}"


def count(range_: Range) -> int | None:
    """How many integers the range holds, where its bounds are numbers."""
    if range_.lower.letter is not None or range_.upper.letter is not None:
        return None
    return range_.upper.offset - range_.lower.offset + 1


def size(range_: Range) -> Math:
    """How many integers the range holds, as a formula."""
    number = count(range_)
    if number is not None:
        return Math(*[str(number)] * 2)
    extra = range_.upper.offset - range_.lower.offset + 1
    if range_.upper.letter is None or range_.lower.letter is not None:
        return Math(*[f"{index(range_.upper)} - ({index(range_.lower)}) + 1"] * 2)
    return Math(*[index(Index(range_.upper.letter, extra))] * 2)


def spell(number: int) -> str:
    """The number as a word up to ten, else in digits."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)
