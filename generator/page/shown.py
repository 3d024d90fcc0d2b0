"""Formulas as a page shows them: LaTeX with marked parts, ranges, chains of quantities, numbers as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.facts import Math
from generator.formula import Entry, Formula, Index, Number, Range
from generator.latex.printer import latex
from generator.mathml import Mark, marked

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
Path = tuple[int, ...]


def math(formula: Formula, marks: Mapping[Path, Mark] | None = None) -> Math:
    """The formula, with the part at each path of `marks` under its mark."""
    plain = latex(formula)
    if not marks:
        return Math(plain, plain)
    used = tuple(dict.fromkeys(marks.values()))

    def wrap(path: Path, inner: str) -> str:
        return marked(inner, used.index(marks[path])) if path in marks else inner

    return Math(plain, latex(formula, wrap), used)


def wrapped(formula: Formula, mark: Mark) -> Math:
    """The whole formula under one mark."""
    plain = latex(formula)
    return Math(plain, marked(plain, 0), (mark,))


def equal(left: Math, right: Math) -> Math:
    """`left = right`; the marks of the left come first."""
    if left.marks and right.marks:
        message = "only one side of an equation can be marked"
        raise ValueError(message)
    marks = left.marks or right.marks
    return Math(f"{left.latex} = {right.latex}", f"{left.marked} = {right.marked}", marks)


def joined(parts: Sequence[Math], between: str) -> Math:
    """Unmarked formulas in a row with `between` between them."""
    text = f" {between} ".join(part.latex for part in parts)
    return Math(text, text)


def chain(path: Sequence[Entry]) -> Math:
    """The quantities of a path, from the loss to what is asked."""
    return joined([math(entry) for entry in path], r"\leftarrow")


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


def is_number(formula: Formula, value: int) -> bool:
    """Whether the formula is the integer `value`."""
    return isinstance(formula, Number) and formula.value == value
