"""Formula trees built side by side with the LaTeX that a person would write for them, and cases made of both.

Nothing here uses the reader or the printer, so that they can be tested with it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from generator.formula import (
    ONE,
    Add,
    Apply,
    Definition,
    Derivative,
    Entry,
    Formula,
    Index,
    Name,
    Number,
    Range,
    Softmax,
    Sum,
    add,
    literal,
    multiply,
    negative,
    power,
)
from generator.model import Model, Quantity, Role

ACTIVATIONS: Mapping[str, str] = {
    "sigmoid": r"\sigma",
    "tanh": r"\tanh",
    "relu": r"\operatorname{ReLU}",
    "softplus": r"\operatorname{softplus}",
    "leaky_relu": r"\operatorname{LeakyReLU}",
    "elu": r"\operatorname{ELU}",
    "gelu": r"\operatorname{GELU}",
    "silu": r"\operatorname{SiLU}",
    "sin": r"\sin",
    "linear": "",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A model, the LaTeX lines of its definitions, general entries to ask for, and stand-ins for its open sizes."""

    title: str
    model: Model
    lines: tuple[str, ...]
    asks: tuple[Entry, ...]
    stand_ins: tuple[tuple[str, int], ...]

    @property
    def loss(self) -> Entry:
        """The one number that nothing consumes."""
        (name,) = self.model.losses
        return Entry(name)

    def asked(self, entry: Entry) -> Derivative:
        """The derivative of the loss in `entry`."""
        return Derivative(self.loss, (entry,))

    def instance(self, entry: Entry, corner: int = 0) -> Entry:
        """`entry` with literal indices: the first of each range, or the last for each bit set in `corner`."""
        ranges = self.model.quantity[entry.name].ranges
        low_high = [(r.lower, self.bound(r.upper)) for r in ranges]
        return Entry(entry.name, tuple(literal(self.bound(p[corner >> n & 1])) for n, p in enumerate(low_high)))

    def bound(self, index: Index | int) -> int:
        """The number that a bound stands for under the stand-ins."""
        if isinstance(index, int):
            return index
        return index.offset + (dict(self.stand_ins)[index.letter] if index.letter is not None else 0)

    def question(self, ask: str) -> str:
        """A whole question file for this model that asks for the LaTeX `ask`."""
        lines = "".join(f"  {line}\n" for line in self.lines)
        return f"---\ntitle: {self.title}\nmodel: |\n{lines}ask: {ask}\n---\nA question made for a test.\n"

    def values(self, seed: int) -> dict[Entry, float]:
        """A number for every entry of every free quantity, within [-1, 1]; targets within (0, 1)."""
        numbers = random.Random(seed)
        found: dict[Entry, float] = {}
        for quantity in self.model.quantities:
            if quantity.name in self.model.definition:
                continue
            spans = [range(self.bound(r.lower), self.bound(r.upper) + 1) for r in quantity.ranges]
            for indices in product(*spans):
                low = 0.1 if quantity.role is Role.TARGET else -1.0
                found[Entry(quantity.name, tuple(literal(i) for i in indices))] = numbers.uniform(low, 0.9)
        return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A formula beside the LaTeX that a person would write for it."""

    formula: Formula
    latex: str

    def inside(self, *, last: bool = True) -> str:
        """The LaTeX as a factor: bracketed if it is a sum of terms, or a sum sign that is not the last factor."""
        open_ended = isinstance(self.formula, Sum) and not last
        signed = self.latex.startswith("-")
        return rf"\left({self.latex}\right)" if isinstance(self.formula, Add) or open_ended or signed else self.latex


@dataclass(frozen=True, slots=True)
class Place:
    """A position that indices run over: its letter, and its size as a number or a name."""

    letter: str
    size: int | str

    @property
    def range(self) -> Range:
        """From 1 to the size."""
        return Range(literal(1), literal(self.size) if isinstance(self.size, int) else Index(self.size))


def entry(name: Name, *places: Place) -> Piece:
    """The general entry of `name`, or the name alone."""
    label = f"^{{{name.superscript}}}" if name.superscript else ""
    below = "_{" + "".join(p.letter for p in places) + "}" if places else ""
    return Piece(Entry(name, tuple(Index(p.letter) for p in places)), f"{name.base}{label}{below}")


def plus(*pieces: Piece) -> Piece:
    """The sum of the pieces in order."""
    text = pieces[0].latex
    for piece in pieces[1:]:
        text += f" - {piece.latex[1:].lstrip()}" if piece.latex.startswith("-") else f" + {piece.latex}"
    return Piece(add(*(p.formula for p in pieces)), text)


def times(*pieces: Piece) -> Piece:
    """The product of the pieces in order."""
    texts = (p.inside(last=p is pieces[-1]) for p in pieces)
    return Piece(multiply(*(p.formula for p in pieces)), " ".join(texts))


def minus(piece: Piece) -> Piece:
    """Minus the piece."""
    return Piece(negative(piece.formula), f"-{piece.inside()}")


def total(place: Place, piece: Piece) -> Piece:
    """The sum of the piece over the place."""
    sign = rf"\sum_{{{place.letter}=1}}^{{{place.size}}}"
    return Piece(Sum(place.letter, place.range, piece.formula), f"{sign} {piece.inside()}")


def applied(function: str, piece: Piece) -> Piece:
    """The activation `function` of the piece."""
    if function == "linear":
        return piece
    return Piece(Apply(function, piece.formula), rf"{ACTIVATIONS[function]}\left({piece.latex}\right)")


def log(piece: Piece) -> Piece:
    """The natural logarithm of the piece."""
    argument = f" {piece.latex}" if isinstance(piece.formula, Entry) else rf"\left({piece.latex}\right)"
    return Piece(Apply("log", piece.formula), rf"\log{argument}")


def square(piece: Piece) -> Piece:
    """The square of the piece."""
    return Piece(power(piece.formula, 2), f"{piece.inside()}^2")


ONE_PIECE = Piece(ONE, "1")


def rest(piece: Piece) -> Piece:
    """1 minus the piece."""
    return plus(ONE_PIECE, minus(piece))


def loss_of(kind: str, output: Piece, target: Piece, place: Place | None) -> Piece:
    """The loss of an output against a target, summed over `place` (or of one number)."""

    def over(piece: Piece) -> Piece:
        return piece if place is None else total(place, piece)

    match kind:
        case "bce":
            both = plus(times(target, log(output)), times(rest(target), log(rest(output))))
            return minus(over(both))
        case "ce":
            return minus(over(times(target, log(output))))
        case "half":
            half = Piece(Number(Fraction(1, 2)), r"\frac{1}{2}")
            return times(half, over(square(plus(output, minus(target)))))
        case _:
            return over(square(plus(output, minus(target))))


@dataclass(slots=True)
class Writer:
    """Collects quantities in reading order, definitions and lines."""

    quantities: dict[Name, Quantity] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def free(self, name: Name, role: Role, *places: Place) -> Piece:
        """An entry of a free quantity."""
        self._note(name, role, places)
        return entry(name, *places)

    def define(self, name: Name, role: Role, value: Piece, *places: Place) -> Piece:
        """An entry of a quantity defined as `value` for all values of the places."""
        self._note(name, role, places)
        ranges = tuple(p.range for p in places)
        self.definitions.append(Definition(name, tuple(p.letter for p in places), ranges, value.formula))
        self.lines.append(f"{entry(name, *places).latex} = {value.latex}")
        return entry(name, *places)

    def case(self, title: str, stand_ins: Mapping[str, int], asks: tuple[Entry, ...] = ()) -> Case:
        """The case; `asks` defaults to every quantity but targets and the loss, in reading order."""
        used = {str(i.letter) for q in self.quantities.values() for r in q.ranges for i in (r.upper,) if i.letter}
        model = Model(tuple(self.quantities.values()), tuple(self.definitions), tuple(sorted(used)))
        skip = (Role.TARGET, Role.LOSS)
        chosen = asks or tuple(model.whole(q.name) for q in model.quantities if q.role not in skip)
        return Case(title, model, tuple(self.lines), chosen, tuple((name, stand_ins[name]) for name in model.sizes))

    def _note(self, name: Name, role: Role, places: tuple[Place, ...]) -> None:
        quantity = Quantity(name, tuple(p.range for p in places), tuple(p.letter for p in places), role)
        self.quantities.setdefault(name, quantity)


def softmax(argument: Piece, before: tuple[Place, ...], place: Place) -> Piece:
    """The softmax of named pre-activations over the place, written as a fraction of exponentials."""
    assert isinstance(argument.formula, Entry)
    other = Place("q", place.size)
    inner = entry(argument.formula.name, *before, other)
    latex = rf"\frac{{e^{{{argument.latex}}}}}{{\sum_{{q=1}}^{{{place.size}}} e^{{{inner.latex}}}}}"
    return Piece(Softmax(Index(place.letter), "q", place.range, inner.formula), latex)
