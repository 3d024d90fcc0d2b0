"""Lines of a model taken apart: left side, right sides, what they say about ranges; and names of several letters."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from generator.errors import Refusal, Unsupported
from generator.formula import Index
from generator.functions import FUNCTIONS
from generator.latex.scripts import shifted
from generator.latex.spots import Spot, spots
from generator.latex.syntax import (
    Chain,
    Expression,
    Group,
    Line,
    Mark,
    Term,
    lone,
)
from generator.question import Text

FUNCTION_WORDS = {word: row.key for row in FUNCTIONS.values() for word in row.spellings} | {"softmax": "softmax"}
"""The words read as functions, in small letters, and their rows."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What a line says of a letter: that it runs from `lower` to `upper` (None: over all of its range)."""

    letter: str
    lower: int | None
    upper: Index | None
    offset: int


@dataclass(frozen=True, slots=True)
class Case:
    """A condition at the end of a line: `left relation right`, between indices."""

    left: Index
    relation: str
    right: Index
    offset: int


@dataclass(frozen=True, slots=True)
class Equation:
    """A line, taken apart at its relations and commas; `spots` are all its items but those of subscripts."""

    text: Text
    parts: tuple[Expression, ...]
    relations: tuple[str, ...]
    spots: tuple[Spot, ...]
    spreads: tuple[Spread, ...] = ()
    cases: tuple[Case, ...] = ()

    @property
    def left(self) -> Expression:
        """The left side."""
        return self.parts[0]


def equation(text: Text, line: Line) -> Equation:
    """The line taken apart. Raises `Refusal` where what follows a comma is neither a range nor a condition."""
    first = line.chains[0]
    spreads: list[Spread] = []
    cases: list[Case] = []
    rest = list(line.chains[1:])
    while rest:
        chain = rest.pop(0)
        if chain.relations == ("=",) and _continues(rest):
            spreads.append(_listed(text, chain, rest))
        elif chain.relations == ("in",):
            spreads.append(_within(text, chain))
        elif (letter := _every(chain)) is not None:
            spreads.append(Spread(letter, None, None, chain.start))
        else:
            cases.append(_case(text, chain))
    return Equation(text, first.parts, first.relations, spots(text, first.parts), tuple(spreads), tuple(cases))


def _continues(rest: list[Chain]) -> bool:
    return bool(rest) and not rest[0].relations and _every(rest[0]) is None


def _index(text: Text, expression: Expression) -> Index:
    index = shifted(expression)
    if index is None:
        raise Refusal("an index or a number was expected here", text.place(expression.start), r"k = 1, \dots, K")
    return index


def _letter(text: Text, expression: Expression) -> str:
    index = _index(text, expression)
    if index.letter is None or index.offset:
        raise Refusal("an index letter was expected here", text.place(expression.start), r"k = 1, \dots, K")
    return index.letter


def _listed(text: Text, chain: Chain, rest: list[Chain]) -> Spread:
    """`k = 1, \\dots, K` and `k = 1, 2`; takes what belongs to it from `rest`."""
    letter = _letter(text, _forall(chain.parts[0]))
    values = [_index(text, chain.parts[1])]
    dots = False
    while _continues(rest):
        item = lone(Line((rest[0],)))
        if item is not None and item.head == Mark(r"\dots"):
            dots = True
        else:
            values.append(_index(text, rest[0].parts[0]))
        rest.pop(0)
    return _spread(text, letter, values, chain.start, dots=dots)


def _spread(text: Text, letter: str, values: list[Index], offset: int, *, dots: bool) -> Spread:
    numbers = [value.offset for value in values if value.letter is None]
    whole = list(range(numbers[0], numbers[0] + len(numbers))) if numbers else []
    body = values if not dots else values[:-1]
    if values[0].letter is not None or len(values) < 2 or whole[: len(body)] != [value.offset for value in body]:
        raise Refusal("a range from a number to a size was expected", text.place(offset), r"k = 1, \dots, K")
    return Spread(letter, values[0].offset, values[-1], offset)


def _within(text: Text, chain: Chain) -> Spread:
    """`k \\in \\{1, \\dots, K\\}`."""
    letter = _letter(text, _forall(chain.parts[0]))
    item = lone(Line((Chain((chain.parts[1],), ()),)))
    if item is None or not isinstance(item.head, Group) or item.head.bracket != r"\{":
        raise Unsupported("not yet supported: sets other than those written out", text.place(chain.parts[1].start))
    values: list[Index] = []
    dots = False
    for inner in item.head.content.chains:
        single = lone(Line((inner,)))
        if single is not None and single.head == Mark(r"\dots"):
            dots = True
        else:
            values.append(_index(text, inner.parts[0]))
    return _spread(text, letter, values, chain.start, dots=dots)


def _forall(expression: Expression) -> Expression:
    """The expression without a leading `\\forall`."""
    term = expression.terms[0]
    if term.items[0].head == Mark(r"\forall") and len(term.items) > 1:
        return replace(expression, terms=(Term(term.items[1:]), *expression.terms[1:]))
    return expression


def _every(chain: Chain) -> str | None:
    """The letter of `\\forall k`; None for anything else."""
    stripped = _forall(chain.parts[0])
    if chain.relations or stripped is chain.parts[0]:
        return None
    index = shifted(stripped)
    return None if index is None or index.offset else index.letter


def _case(text: Text, chain: Chain) -> Case:
    if len(chain.relations) != 1 or chain.relations[0] not in ("=", "!=", "<", "<=", ">", ">="):
        message = "after a comma, a range or a condition on indices was expected"
        raise Refusal(message, text.place(chain.start), r"for example: , \quad k = 1, \dots, K or , \quad i \ne j")
    left, right = (shifted(part) for part in chain.parts)
    if left is None or right is None:
        message = "not yet supported: a case that is no condition between indices"
        raise Unsupported(message, text.place(chain.start), r"for example: , \quad i \ne j")
    return Case(left, chain.relations[0], right, chain.start)


def close_to(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the known word nearest to `word`; empty where none is near."""
    found = difflib.get_close_matches(word, sorted(known), n=1)
    return f"Did you mean {found[0]} ?" if found else ""
