"""What a formula is read in: the names of the file, the letters in scope, and what is found on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from generator.errors import Place, Refusal, Unsupported
from generator.formula import Formula, Index, Name
from generator.latex.names import Names
from generator.latex.ranges import Node, Position
from generator.latex.syntax import Expression, Item, Line, single
from generator.model import Model
from generator.question import Text


class Ranges(Protocol):
    """Where it is noted what runs over what."""

    def letter(self, node: Node, letter: str) -> None:
        """`node` is a letter, written so."""

    def state(self, node: Node, lower: int | None, upper: Index | None, place: Place) -> None:
        """`node` runs from `lower` to `upper`."""

    def stand(self, node: Node, offset: int, position: Position, place: Place) -> None:
        """A letter stands in a position, shifted by `offset`."""

    def literal(self, number: int, position: Position, place: Place) -> None:
        """The number of an entry stands in a position."""

    def same(self, node: Node, other: Node) -> None:
        """`node` and `other` have one range."""


@dataclass(frozen=True, slots=True)
class Defined:
    """A function that the file defines: its value at `ARGUMENT`, or the row of `functions` that it is."""

    body: Formula | None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """What formulas of one file may use.

    `functions` are those that the model defines, by the spelling of their head; `generic` those that nobody defines.
    `applied` are heads that stand before brackets somewhere; `defined` the letters on left sides. `uses` gives, for
    the letter of each defined quantity, the letters on which it depends. `fixed` are the sizes that the file fixes.
    `layers` tells quantities that share their letters: for each name, by its index letters, which it is. `model` is
    there once all definitions are read: then other names than its own are refused. `own` are the
    sizes that nobody states; `listed` are names whose entries are quantities of their own.
    """

    names: Names
    functions: Mapping[str, Defined] = field(default_factory=dict)
    generic: frozenset[str] = frozenset()
    applied: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fixed: Mapping[str, Index] = field(default_factory=dict)
    layers: Mapping[Name, Mapping[tuple[str, ...], str]] = field(default_factory=dict)
    model: Model | None = None
    own: frozenset[str] = frozenset()
    listed: frozenset[Name] = frozenset()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place with two readings: the offset, and both as text."""

    offset: int
    narrow: str
    wide: str
    what: str


@dataclass(frozen=True, slots=True)
class Folds:
    """The functions that read sums, products and factors."""

    expression: Callable[[Expression, Scope], Formula]
    product: Callable[[tuple[Item, ...], Scope], Formula]
    factor: Callable[[tuple[Item, ...], int, Scope], tuple[Formula, int]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a formula stands.

    `letters` gives the node of each index letter in scope. `wide` are the offsets of doubtful places that are read
    in the wider way; `doubts` collects the doubtful places met. `notes` collects which of `\\delta` and `d` stand
    for derivatives of the loss, and `signs` says by what each multiplies it. `whole` is the index that names
    standing for all their entries get (inside a softmax). `parameters` are the symbols that stand for a function's
    argument. `aliases` are letters that stand, on a name of several layers, for a layer's own. `folds` are the two
    functions that read sums and products: the forms inside them read what they hold through these.
    """

    folds: Folds

    file: File
    text: Text
    ranges: Ranges
    key: str
    letters: Mapping[str, Node] = field(default_factory=dict)
    parameters: Mapping[str, Formula] = field(default_factory=dict)
    aliases: Mapping[tuple[Name, str], str] = field(default_factory=dict)
    wide: frozenset[int] = frozenset()
    doubts: list[Doubt] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    signs: Mapping[str, Formula] = field(default_factory=dict)
    whole: Index | None = None
    depth: int = 0
    sums: int = 0

    def expression(self, expression: Expression) -> Formula:
        """The formula of an expression inside a form."""
        return self.folds.expression(expression, self.deeper(expression.start))

    def product(self, items: tuple[Item, ...]) -> Formula:
        """The formula of a row of items."""
        return self.folds.product(items, self.deeper(items[0].start))

    def factor(self, items: tuple[Item, ...], place: int) -> tuple[Formula, int]:
        """The formula that begins at `place` in a row, and where it ends."""
        return self.folds.factor(items, place, self.deeper(items[place].start))

    def line(self, line: Line) -> Formula:
        """The formula of a line that is one expression."""
        expression = single(line)
        if expression is None:
            raise self.refuse("one expression was expected here, without a relation or comma", line.start)
        return self.expression(expression)

    def refuse(self, message: str, offset: int, hint: str = "") -> Refusal:
        """A refusal at `offset` of the text."""
        return Refusal(message, self.text.place(offset), hint)

    def unsupported(self, rule: str, offset: int, hint: str = "") -> Unsupported:
        """The refusal of a rule that is not read yet."""
        return Unsupported(f"not yet supported: {rule}", self.text.place(offset), hint)

    def binding(self, letter: str, offset: int) -> Scope:
        """The scope inside a sum over `letter`, written at `offset`."""
        node = f"{self.key}:{offset}:{letter}"
        self.ranges.letter(node, letter)
        return replace(self, letters={**self.letters, letter: node})

    def deeper(self, offset: int) -> Scope:
        """The scope one form further in. Raises `Refusal` beyond the limit."""
        if self.depth >= MAX_DEPTH:
            raise self.refuse("the formula is nested too deeply", offset, "Give its parts names in `model`.")
        return replace(self, depth=self.depth + 1)


MAX_DEPTH = 120
MAX_SUMS = 4
