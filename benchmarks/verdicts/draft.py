"""Models written down in a few lines each, as formula trees: no reader is needed to read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from generator.formula import (
    ONE,
    Apply,
    Definition,
    Derivative,
    Entry,
    Formula,
    Index,
    Name,
    Range,
    Softmax,
    Sum,
    add,
    literal,
    multiply,
    negative,
    number,
    power,
)
from generator.model import Assumption, Model, Quantity, Role

INPUT, TARGET, WEIGHT, BIAS, CONSTANT = Role.INPUT, Role.TARGET, Role.WEIGHT, Role.BIAS, Role.CONSTANT
HALF = number(Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of model, and the derivatives that are asked in it; free names in `positive` are drawn positive."""

    key: str
    model: Model
    asks: tuple[Derivative, ...]
    positive: frozenset[Name] = frozenset()


def name(text: str) -> Name:
    """The name that `W`, `W^(1)` (a label) or `a@j` (a layer told by its letter) stands for."""
    base, _, layer = text.partition("@")
    base, _, label = base.partition("^")
    return Name(base, label, layer)


def index(text: str) -> Index:
    """The index that a letter or a digit stands for."""
    return literal(int(text)) if text.isdigit() else Index(text)


def at(text: str, indices: str = "") -> Entry:
    """An entry; each letter or digit of `indices` is an index."""
    return Entry(name(text), tuple(index(one) for one in indices))


def minus(left: Formula, right: Formula) -> Formula:
    """The difference."""
    return add(left, negative(right))


def rest(formula: Formula) -> Formula:
    """One minus the formula."""
    return minus(ONE, formula)


def square(formula: Formula) -> Formula:
    """The square."""
    return power(formula, 2)


def log(formula: Formula) -> Formula:
    """The natural logarithm."""
    return Apply("log", formula)


def upto(size: int | str) -> Range:
    """The integers from 1 to a size."""
    return Range(literal(1), literal(size) if isinstance(size, int) else Index(size))


@dataclass(slots=True)
class Draft:
    """A model that is being written: `sizes` gives each index letter its size, a number or a name."""

    sizes: dict[str, int | str]
    quantities: list[Quantity] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    positive: set[Name] = field(default_factory=set)

    def free(self, role: Role, text: str, letters: str = "", *, positive: bool = False) -> Entry:
        """A free quantity and its general entry."""
        self._note(text, letters, role)
        if positive:
            self.positive.add(name(text))
        return at(text, letters)

    def define(self, text: str, letters: str, formula: Formula, role: Role = Role.HIDDEN) -> Entry:
        """A quantity defined as `formula`, and its general entry."""
        self._note(text, letters, role)
        ranges = tuple(upto(self.sizes[letter]) for letter in letters)
        self.definitions.append(Definition(name(text), tuple(letters), ranges, formula))
        return at(text, letters)

    def output(self, text: str, letters: str, formula: Formula) -> Entry:
        """A defined quantity that is an output."""
        return self.define(text, letters, formula, Role.OUTPUT)

    def loss(self, formula: Formula, text: str = "E") -> Entry:
        """The defined number that is to become small."""
        return self.define(text, "", formula, Role.LOSS)

    def total(self, letters: str, formula: Formula) -> Formula:
        """The sum over all values of the letters, the first one outermost."""
        for letter in reversed(letters):
            formula = Sum(letter, upto(self.sizes[letter]), formula)
        return formula

    def weighted(self, weight: Entry, source: Entry, letter: str) -> Formula:
        """The sum of a weight times a source over a letter."""
        return self.total(letter, multiply(weight, source))

    def softmax(self, text: str, letters: str, over: str = "") -> Softmax:
        """Entry `letters` of the softmax over the last letter of the quantity."""
        own = over or letters[-1]
        return Softmax(Index(own), "q", upto(self.sizes[own]), at(text, letters.replace(own, "q")))

    def given(self, left: Formula, relation: str, *right: Formula) -> None:
        """Something that the file gives."""
        self.assumptions.append(Assumption(left, relation, right))

    def family(self, key: str, *asked: tuple[str, str], of: tuple[str, str] = ("E", "")) -> Family:
        """The finished family; `asked` are entries in which `of` is differentiated."""
        uppers = {q.upper.letter for quantity in self.quantities for q in quantity.ranges}
        model = Model(
            tuple(self.quantities),
            tuple(self.definitions),
            tuple(sorted(letter for letter in uppers if letter is not None)),
            tuple(self.assumptions),
        )
        asks = tuple(Derivative(at(*of), (at(*entry),)) for entry in asked)
        return Family(key, model, asks, frozenset(self.positive))

    def _note(self, text: str, letters: str, role: Role) -> None:
        ranges = tuple(upto(self.sizes[letter]) for letter in letters)
        self.quantities.append(Quantity(name(text), ranges, tuple(letters), role))


Loss = Callable[[Draft, Entry, Entry, str], Formula]


def cross_entropy(draft: Draft, output: Entry, target: Entry, letters: str) -> Formula:
    """Minus the sum of each target times the logarithm of its output."""
    return negative(draft.total(letters, multiply(target, log(output))))


def binary_cross_entropy(draft: Draft, output: Entry, target: Entry, letters: str) -> Formula:
    """Cross-entropy of each output for itself."""
    both = add(multiply(target, log(output)), multiply(rest(target), log(rest(output))))
    return negative(draft.total(letters, both))


def half_squares(draft: Draft, output: Entry, target: Entry, letters: str) -> Formula:
    """Half of the squared differences."""
    return multiply(HALF, draft.total(letters, square(minus(output, target))))


def target_first(draft: Draft, output: Entry, target: Entry, letters: str) -> Formula:
    """Half of the squared differences, the target first."""
    return multiply(HALF, draft.total(letters, square(minus(target, output))))


def squares(draft: Draft, output: Entry, target: Entry, letters: str) -> Formula:
    """The squared differences."""
    return draft.total(letters, square(minus(output, target)))
