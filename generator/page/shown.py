"""Formulas as a page shows them: equations, ranges, chains of quantities, numbers as words."""

from __future__ import annotations

from collections.abc import Sequence

from generator.facts import Math
from generator.formula import Entry, Index, Range
from generator.writer import Path, Writer, index, span, writer

__all__ = [
    "Path",
    "Writer",
    "chain",
    "count",
    "equal",
    "index",
    "joined",
    "size",
    "span",
    "spell",
    "writer",
]

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def equal(left: Math, right: Math, relation: str = "=") -> Math:
    """`left = right`; only one side may be marked."""
    if left.marks and right.marks:
        message = "only one side of an equation can be marked"
        raise ValueError(message)
    marks = left.marks or right.marks
    marked_up = (side.marked or side.latex for side in (left, right))
    return Math(f"{left.latex} {relation} {right.latex}", f" {relation} ".join(marked_up), marks)


def joined(parts: Sequence[Math], between: str) -> Math:
    """Unmarked formulas in a row with `between` between them."""
    text = f" {between} ".join(part.latex for part in parts)
    return Math(text)


def chain(path: Sequence[Entry], write: Writer) -> Math:
    """The quantities of a path, from the loss to what is asked."""
    return joined(write.maths(path), r"\leftarrow")


def count(range_: Range) -> int | None:
    """How many integers the range holds, where its bounds are numbers."""
    if range_.lower.letter is not None or range_.upper.letter is not None:
        return None
    return range_.upper.offset - range_.lower.offset + 1


def size(range_: Range) -> Math:
    """How many integers the range holds, as a formula."""
    number = count(range_)
    if number is not None:
        return Math(str(number))
    extra = range_.upper.offset - range_.lower.offset + 1
    if range_.upper.letter is None or range_.lower.letter is not None:
        return Math(f"{index(range_.upper)} - ({index(range_.lower)}) + 1")
    return Math(index(Index(range_.upper.letter, extra)))


def spell(number: int) -> str:
    """The number as a word up to ten, else in digits."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)
