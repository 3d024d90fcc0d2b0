"""Where the items of an expression stand: what follows each, and on which side of a bar or relation it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.latex.syntax import Expression, Fraction, Item, Mark, Symbol, inside, parts
from generator.latex.vocabulary import ONES
from generator.question import Text


@dataclass(frozen=True, slots=True)
class Spot:
    """An item where it stands: what follows it, whether it is a superscript's only one, whether below a bar,
    whether on a left side.
    """

    item: Item
    following: Item | None
    exponent: bool
    below: bool
    text: Text
    left: bool = False


def spots(text: Text, expressions: Sequence[Expression]) -> tuple[Spot, ...]:
    """All items of the expressions but those of subscripts; the first expression is the left side."""
    found: list[Spot] = []
    for number, expression in enumerate(expressions):
        found.extend(_spots(text, expression, exponent=False, below=False, left=number == 0))
    return tuple(found)


def _spots(text: Text, expression: Expression, *, exponent: bool, below: bool, left: bool) -> Iterator[Spot]:
    for term in expression.terms:
        slashed = False
        for item, following in zip(term.items, (*term.items[1:], None), strict=True):
            yield Spot(item, following, exponent and len(term.items) == 1, below or slashed, text, left)
            slashed = item.head == Mark("/")
            for inner in inside(item):
                if (inner is item.below and not (is_one(item) or item.head == Mark(r"\nabla"))) or (
                    inner is item.above and isinstance(item.head, Mark)
                ):
                    continue
                under = isinstance(item.head, Fraction) and inner is item.head.below
                for part in parts(inner):
                    yield from _spots(text, part, exponent=inner is item.above, below=below or under, left=left)


def is_one(item: Item) -> bool:
    """Whether the symbol is that of an indicator."""
    return isinstance(item.head, Symbol) and item.head.name in ONES
