"""The ranges of letters in asks and claims: taken from where the letters first stand, never made equal."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.errors import Place, Refusal
from generator.formula import Index, Range
from generator.latex.ranges import Node, Position
from generator.model import Model


@dataclass(slots=True)
class Found:
    """What is known of letters: their ranges by the positions in which they stand, stated bounds, and who is who."""

    model: Model
    names: dict[Node, str] = field(default_factory=dict)
    plain: dict[Node, Range] = field(default_factory=dict)
    shifted: dict[Node, Range] = field(default_factory=dict)
    equal: dict[Node, Node] = field(default_factory=dict)
    unknown: list[tuple[Node, int | None, Index, Place]] = field(default_factory=list)
    listed: dict[Position, Range] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    def letter(self, node: Node, letter: str) -> None:
        """`node` is a letter, written so."""
        self.names.setdefault(node, letter)

    def state(self, node: Node, lower: int | None, upper: Index | None, place: Place) -> None:
        """A bound of a sum: a size that the model does not have must be that of a position nobody stated."""
        if upper is not None and upper.letter is not None and upper.letter not in self.model.sizes:
            self.unknown.append((node, lower, upper, place))

    def stand(self, node: Node, offset: int, position: Position, place: Place) -> None:  # noqa: ARG002 - as `Spans`
        """A letter stands in a position, shifted by `offset`."""
        range_ = self._range(position)
        if range_ is not None:
            kept = self.shifted if offset else self.plain
            kept.setdefault(node, Range(_moved(range_.lower, -offset), _moved(range_.upper, -offset)))

    def literal(self, number: int, position: Position, place: Place) -> None:
        """The number of an entry: whether it is in range is for the judge to say."""

    def same(self, node: Node, other: Node) -> None:
        """`node` and `other` have one range."""
        self.equal.setdefault(node, other)
        self.equal.setdefault(other, node)

    def range_of(self, node: Node) -> Range | None:
        """The range of a letter; None where it stands in no position."""
        for one in (node, self.equal.get(node)):
            for kept in (self.plain, self.shifted):
                if one is not None and one in kept:
                    return kept[one]
        return None

    def ranges(self) -> dict[str, Range]:
        """All ranges, by the pending names of `ranges.pending`."""
        found = {f"@{node}": range_ for node in self.names if (range_ := self.range_of(node)) is not None}
        for node, lower, upper, place in self.unknown:
            range_ = self.range_of(node)
            if (
                range_ is None
                or range_.upper.letter not in self.own
                or upper.offset
                or Index(None, lower or 0) != range_.lower
            ):
                message = f"{upper.letter} is no size of the model"
                raise Refusal(message, place, "Use the model's own bounds, or none: \\sum_k")
        return found

    def _range(self, position: Position) -> Range | None:
        quantity = self.model.quantity.get(position.name)
        if quantity is None or position.number >= len(quantity.ranges):
            return self.listed.get(position)
        return quantity.ranges[position.number]


def _moved(index: Index, by: int) -> Index:
    return Index(index.letter, index.offset + by)
