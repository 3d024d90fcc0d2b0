"""Formulas as written: rows of items with their scripts and places, nothing interpreted yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number, as its digits."""

    digits: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, a Greek letter, a name with an accent, or a word (`\\mathrm{net}`): its LaTeX."""

    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign that is no quantity: `*`, `/`, `\\sum`, `\\partial`, ..."""

    sign: str


@dataclass(frozen=True, slots=True)
class Group:
    """A bracket and what it holds; `bracket` is its opening sign (`{` prints as nothing)."""

    bracket: str
    content: Line


@dataclass(frozen=True, slots=True)
class Fraction:
    """`\\frac{above}{below}`."""

    above: Line
    below: Line


@dataclass(frozen=True, slots=True)
class Root:
    """A root; `degree` where one is written."""

    degree: Line | None
    content: Line


Head = Number | Symbol | Mark | Group | Fraction | Root


@dataclass(frozen=True, slots=True)
class Item:
    """A head with its scripts. `start` and `end` are offsets in the formula's text."""

    head: Head
    start: int
    end: int
    below: Line | None = None
    above: Line | None = None
    primes: int = 0

    @property
    def bare(self) -> bool:
        """Whether it carries no script."""
        return self.below is None and self.above is None and not self.primes


@dataclass(frozen=True, slots=True)
class Term:
    """A product as written: a row of items."""

    items: tuple[Item, ...]

    @property
    def start(self) -> int:
        """The offset of its first item."""
        return self.items[0].start


@dataclass(frozen=True, slots=True)
class Expression:
    """A sum of terms, each with its sign (1 or -1)."""

    signs: tuple[int, ...]
    terms: tuple[Term, ...]

    @property
    def start(self) -> int:
        """The offset of its first term."""
        return self.terms[0].start


@dataclass(frozen=True, slots=True)
class Chain:
    """Expressions with relations between them."""

    parts: tuple[Expression, ...]
    relations: tuple[str, ...]

    @property
    def start(self) -> int:
        """The offset of its first expression."""
        return self.parts[0].start


@dataclass(frozen=True, slots=True)
class Line:
    """Chains with commas between them. `braced` is false for a script or argument of one sign without braces."""

    chains: tuple[Chain, ...]
    braced: bool = True

    @property
    def start(self) -> int:
        """The offset of its first chain."""
        return self.chains[0].start


def single(line: Line) -> Expression | None:
    """The one expression that the line is, if it is one."""
    if len(line.chains) == 1 and not line.chains[0].relations:
        return line.chains[0].parts[0]
    return None


def lone(line: Line) -> Item | None:
    """The one item that the line is, if it is one without a sign."""
    expression = single(line)
    if expression is None or len(expression.terms) != 1 or expression.signs[0] != 1:
        return None
    items = expression.terms[0].items
    return items[0] if len(items) == 1 else None


def line_of(*items: Item) -> Line:
    """A line of one term."""
    return Line((Chain((Expression((1,), (Term(items),)),), ()),))


def parts(line: Line) -> Iterator[Expression]:
    """All expressions of the line, without what is inside them."""
    for chain in line.chains:
        yield from chain.parts


def inside(item: Item) -> Iterator[Line]:
    """The lines directly inside an item, scripts included."""
    match item.head:
        case Group(_, content):
            yield content
        case Fraction(above, below):
            yield from (above, below)
        case Root(degree, content):
            yield from (content,) if degree is None else (degree, content)
    yield from (script for script in (item.below, item.above) if script is not None)


def walk(line: Line) -> Iterator[Item]:
    """All items of the line and of what is inside, in reading order."""
    for expression in parts(line):
        for term in expression.terms:
            for item in term.items:
                yield item
                for inner in inside(item):
                    yield from walk(inner)
