"""Which positions share a size, and what the sizes are."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

from generator.errors import Place, Refusal
from generator.formula import Formula, Index, Name, Product, Range, Softmax, Sum, literal, replace_children

Node = Hashable
"""A letter within its scope, or a position of a name."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A bound that the file states (None where it follows another letter), and where."""

    lower: int | None
    upper: Index | None
    place: Place


@dataclass(frozen=True, slots=True)
class Position:
    """Position `number` of the quantity `name`, counted from 0."""

    name: Name
    number: int


@dataclass(slots=True)
class Spans:
    """Positions and letters that must have one range, gathered while the definitions are read."""

    parents: dict[Node, Node] = field(default_factory=dict)
    stated: list[tuple[Node, Stated]] = field(default_factory=list)
    letters: dict[Node, str] = field(default_factory=dict)
    shifted: list[tuple[Position, Node, int, Place]] = field(default_factory=list)
    literals: list[tuple[int, Position, Place]] = field(default_factory=list)

    def root(self, node: Node) -> Node:
        """The representative of the class of `node`."""
        while node in self.parents:
            node = self.parents[node]
        return node

    def same(self, node: Node, other: Node) -> None:
        """`node` and `other` have one range."""
        first, second = self.root(node), self.root(other)
        if first != second:
            self.parents[second] = first

    def letter(self, node: Node, letter: str) -> None:
        """`node` is a letter, written so."""
        self.letters.setdefault(node, letter)

    def state(self, node: Node, lower: int | None, upper: Index | None, place: Place) -> None:
        """`node` runs from `lower` to `upper`."""
        self.stated.append((node, Stated(lower, upper, place)))

    def stand(self, node: Node, offset: int, position: Position, place: Place) -> None:
        """A letter stands in a position, shifted by `offset`."""
        if offset:
            self.shifted.append((position, node, offset, place))
        else:
            self.same(node, position)

    def literal(self, number: int, position: Position, place: Place) -> None:
        """The number of an entry stands in a position."""
        self.literals.append((number, position, place))

    def classes(self) -> dict[Node, list[Stated]]:
        """What is stated about each class."""
        found: dict[Node, list[Stated]] = {}
        for node, stated in self.stated:
            found.setdefault(self.root(node), []).append(stated)
        return found


def solve(spans: Spans, sizes: Mapping[str, Index], taken: frozenset[str]) -> dict[Node, Range]:
    """The range of every class, by its representative. A class that nobody states gets a size of its own.

    `sizes` are the sizes that the file fixes; `taken` are the names of sizes that the file uses. Raises `Refusal`
    where two stated sizes differ.
    """
    known = {root: _hull(stated, sizes) for root, stated in spans.classes().items()}
    for position, node, offset, place in spans.shifted:
        letter = known.get(spans.root(node))
        if letter is None or letter.upper is None:
            message = "the range of a shifted index must be stated"
            raise Refusal(message, place, r"for example: \sum_{t=2}^{T} or , \quad t = 2, \dots, T")
        moved = Stated((letter.lower if letter.lower is not None else 1) + offset, _moved(letter.upper, offset), place)
        root = spans.root(position)
        known[root] = _hull([known[root], moved] if root in known else [moved], sizes)
    found: dict[Node, Range] = {}
    used = set(taken)
    for root, shown in _all(spans):
        stated = known.get(root)
        upper = stated.upper if stated is not None else None
        if upper is None:
            own = _own_size(shown, used)
            used.add(own)
            upper = sizes.get(own, Index(own))
        lower = stated.lower if stated is not None and stated.lower is not None else 1
        found[root] = Range(literal(lower), upper)
    for root, stated in known.items():
        if root not in found and stated.upper is not None:
            found[root] = Range(literal(1 if stated.lower is None else stated.lower), stated.upper)
    for _, position, _ in spans.literals:
        if spans.root(position) not in found:
            own = _own_size(f"{position.number + 1}", used)
            used.add(own)
            found[spans.root(position)] = Range(literal(1), sizes.get(own, Index(own)))
    return found


def _all(spans: Spans) -> Iterator[tuple[Node, str]]:
    """Each class once, with the letter to name it by, in the order in which the letters were met."""
    done: set[Node] = set()
    for node, letter in spans.letters.items():
        root = spans.root(node)
        if root not in done:
            done.add(root)
            yield root, letter


def _moved(index: Index, offset: int) -> Index:
    return Index(index.letter, index.offset + offset)


def _own_size(letter: str, used: set[str]) -> str:
    plain = letter.rstrip("'")
    name, number = f"n_{plain}" if len(plain) == 1 else f"n_{{{plain}}}", 2
    while name in used:
        name, number = f"n_{{{plain}{number}}}", number + 1
    return name


def _hull(stated: list[Stated], sizes: Mapping[str, Index]) -> Stated:
    """All that is stated about one class in one."""
    result = Stated(None, None, stated[0].place)
    for one in stated:
        upper = _fixed(one.upper, sizes)
        lowers = [lower for lower in (result.lower, one.lower) if lower is not None]
        lower = min(lowers) if lowers else None
        if result.upper is None or upper is None:
            place = result.place if upper is None else one.place
            result = Stated(lower, upper if result.upper is None else result.upper, place)
            continue
        if upper.letter != result.upper.letter or (upper.letter is None and upper.offset != result.upper.offset):
            raise _differ(result, upper, one)
        result = Stated(lower, max(upper, result.upper, key=lambda index: index.offset), result.place)
    return result


def _fixed(upper: Index | None, sizes: Mapping[str, Index]) -> Index | None:
    if upper is None or upper.letter is None or upper.letter not in sizes:
        return upper
    size = sizes[upper.letter]
    return Index(size.letter, size.offset + upper.offset)


def _differ(first: Stated, upper: Index, second: Stated) -> Refusal:
    shown = [show(index) for index in (first.upper, upper) if index is not None]
    message = (
        f"this position has the size {shown[1]} here and {shown[0]} in line {first.place.line}, column "
        f"{first.place.column} (`{first.place.text.strip()}`); "
        "letters that stand in one position of one name share its size"
    )
    named = [index for index in (first.upper, upper) if index is not None and index.letter is not None]
    fixed = [index for index in (first.upper, upper) if index is not None and index.letter is None]
    hint = "Use the same size in both places, or other names."
    if len(named) == 1 and len(fixed) == 1:
        hint = f"If they are the same, state it: sizes: {{{named[0].letter}: {fixed[0].offset - named[0].offset}}}"
    return Refusal(message, second.place, hint)


def show(index: Index) -> str:
    """An index as one writes it."""
    if index.letter is None:
        return str(index.offset)
    return index.letter + (f" {'+' if index.offset > 0 else '-'} {abs(index.offset)}" if index.offset else "")


def pending(node: Node) -> Range:
    """A range to be filled in once it is known."""
    return Range(Index(f"@{node}"), Index(f"@{node}"))


def fill(formula: Formula, ranges: Mapping[str, Range]) -> Formula:
    """`formula` with its pending ranges replaced."""
    inside = replace_children(formula, lambda child: fill(child, ranges))
    match inside:
        case Sum(letter, range_, body, where):
            return Sum(letter, ranges.get(str(range_.lower.letter), range_), body, where)
        case Product(letter, range_, body, where):
            return Product(letter, ranges.get(str(range_.lower.letter), range_), body, where)
        case Softmax(index, letter, range_, argument):
            return Softmax(index, letter, ranges.get(str(range_.lower.letter), range_), argument)
        case _:
            return inside
