"""Models to test with: each as a formula tree and as the lines of a question file that say the same.

`NAMED` are fixed ones (the first question's network, a residual connection, a shared weight, ...). `outlines()` draws
random ones for property tests; `build` turns an outline into a case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from generator.formula import ONE, Entry, Name, Number, Size, add, divide, literal, multiply, rename
from generator.model import Role
from tests.pieces import (
    ACTIVATIONS,
    Case,
    Piece,
    Place,
    Writer,
    applied,
    entry,
    log,
    loss_of,
    minus,
    plus,
    softmax,
    square,
    times,
    total,
)

UNIT_LETTERS = "ijklmnpqrs"
SIZE_NAMES = "DHMRKABCFG"
PAIRS: tuple[tuple[str, str], ...] = (
    ("sigmoid", "bce"),
    ("softmax", "ce"),
    ("linear", "half"),
    ("sigmoid", "squared"),
    ("softmax", "bce"),
    ("tanh", "squared"),
)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of units: its activation, whether its pre-activation has a name, and what is special about it.

    `residual` adds the layer below (where the widths are one size); `gated` multiplies by a sum over the layer below.
    """

    activation: str
    named: bool = False
    residual: bool = False
    gated: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """What a random model is made of: hidden layers, the output and its loss, the widths from input to output.

    A width is a literal, or a stand-in for an open size where `open` says so. `even` gives the input and all hidden
    layers the first width. `labels` names layers by superscripts instead of letters; `transposed` writes weights as
    W_{ji}; `shared` gives even hidden layers one weight; `samples` averages over that many; `written` defines the first
    hidden layer entry by entry, each entry with a weight and an activation of its own.
    """

    hidden: tuple[Layer, ...]
    pair: tuple[str, str]
    widths: tuple[int, ...]
    open: tuple[bool, ...]
    even: bool = False
    labels: bool = False
    transposed: bool = False
    shared: bool = False
    samples: int = 0
    written: bool = False


HIDDEN = ("h", "u", "v")
WEIGHTS = ("W", "V", "U", "A")
BIASES = ("b", "c", r"\beta", r"\gamma")
SUMS = ("z", "s", r"\zeta", r"\eta")
ROWS = ("p", "r", "w")
MIXED = ("tanh", "sigmoid", "softplus")


def build(outline: Outline) -> Case:
    """The model of an outline."""
    writer = Writer()
    sizes: list[int | str] = [SIZE_NAMES[n] if outline.open[n] else w for n, w in enumerate(outline.widths)]
    if outline.even:
        sizes[:-1] = sizes[:1] * (len(sizes) - 1)
    steps = _steps(outline, sizes)
    sample = (Place("n", outline.samples),) if outline.samples else ()
    below = Units(writer.free(Name("x"), Role.INPUT, *sample, steps[0][0]))
    layers = (*outline.hidden, Layer(outline.pair[0], named=outline.pair[0] == "softmax"))
    for number, (layer, (source, unit)) in enumerate(zip(layers, steps, strict=True)):
        if outline.written and number == 0:
            below = _written(writer, below.piece, source, unit)
        else:
            below = Units(_dense(writer, outline, number, layer, below, (*sample, unit), source))
    last = steps[-1][1]
    target = writer.free(Name("t"), Role.TARGET, *sample, last)
    value = loss_of(outline.pair[1], below.piece, target, last)
    if sample:
        share = Piece(Number(Fraction(1, outline.samples)), rf"\frac{{1}}{{{outline.samples}}}")
        value = times(share, total(sample[0], value))
    writer.define(Name("L"), Role.LOSS, value)
    stand_ins = {SIZE_NAMES[n]: width for n, width in enumerate(outline.widths)}
    return writer.case("A random model", stand_ins)


@dataclass(frozen=True, slots=True)
class Units:
    """A layer's general entry, and its entries where each is defined by itself."""

    piece: Piece
    entries: tuple[Piece, ...] = ()


def _steps(outline: Outline, sizes: list[int | str]) -> list[tuple[Place, Place]]:
    """The places from which and to which each layer goes; layers that share a weight share its letters."""
    letters = list(pairwise(UNIT_LETTERS[: len(sizes)]))
    if outline.even and outline.shared:
        letters = [("i", "j")] * len(outline.hidden) + [("j", "k")]
    return [(Place(a, m), Place(b, n)) for (a, b), (m, n) in zip(letters, pairwise(sizes), strict=True)]


def _names(letters: tuple[str, ...], layer: int, *, labels: bool) -> Name:
    return Name(letters[0], f"({layer + 1})") if labels else Name(letters[layer])


def _written(writer: Writer, below: Piece, source: Place, unit: Place) -> Units:
    units = []
    for number in range(int(unit.size)):
        row = writer.free(Name(ROWS[number]), Role.WEIGHT, source)
        value = applied(MIXED[number], total(source, times(row, below)))
        units.append(writer.define(Name(f"h_{number + 1}"), Role.HIDDEN, value))
    return Units(entry(Name("h"), unit), tuple(units))


def _weighted(source: Place, weight: Piece, below: Units) -> Piece:
    written = total(source, times(weight, _at(below.piece, source)))
    if not below.entries:
        return written
    terms = (
        multiply(rename(weight.formula, {source.letter: literal(number)}), unit.formula)
        for number, unit in enumerate(below.entries, 1)
    )
    return Piece(add(*terms), written.latex)


def _dense(
    writer: Writer, outline: Outline, number: int, layer: Layer, below: Units, at: tuple[Place, ...], source: Place
) -> Piece:
    last = number == len(outline.hidden)
    unit = at[-1]
    square_matrix = outline.even and not last and not below.entries
    weight_number = 0 if outline.shared and square_matrix and not outline.written else number
    axes = (unit, source) if outline.transposed else (source, unit)
    weight = writer.free(_names(WEIGHTS, weight_number, labels=outline.labels), Role.WEIGHT, *axes)
    bias = writer.free(_names(BIASES, number, labels=outline.labels), Role.BIAS, unit)
    value = plus(_weighted(source, weight, below), bias)
    if layer.named and layer.activation != "linear":
        value = writer.define(_names(SUMS, number, labels=outline.labels), Role.HIDDEN, value, *at)
    value = softmax(value, at[:-1], unit) if layer.activation == "softmax" else applied(layer.activation, value)
    if layer.gated:
        gate = writer.free(_names((r"\alpha", r"\rho", r"\omega"), number, labels=outline.labels), Role.WEIGHT, source)
        value = times(value, _weighted(source, gate, below))
    if layer.residual and square_matrix:
        value = plus(_at(below.piece, unit), value)
    name = Name("y") if last else _names(HIDDEN, number, labels=outline.labels)
    return writer.define(name, Role.OUTPUT if last else Role.HIDDEN, value, *at)


def _at(piece: Piece, place: Place) -> Piece:
    """The entry with the letter of `place` as its last index."""
    assert isinstance(piece.formula, Entry)
    letters = [*(str(i.letter) for i in piece.formula.indices[:-1]), place.letter]
    return entry(piece.formula.name, *(Place(letter, 0) for letter in letters))


def first_question(inputs: int | str = "n", hidden: int | str = "m", outputs: int | str = 2) -> Case:
    """The network of the first question: a sigmoid hidden layer, sigmoid outputs, summed binary cross-entropy."""
    writer = Writer()
    i, j, k = Place("i", inputs), Place("j", hidden), Place("k", outputs)
    x = writer.free(Name("X"), Role.INPUT, i)
    v = writer.free(Name("V"), Role.WEIGHT, i, j)
    b = writer.free(Name("b"), Role.BIAS, j)
    z = writer.define(Name("Z"), Role.HIDDEN, applied("sigmoid", plus(total(i, times(x, v)), b)), j)
    w = writer.free(Name("W"), Role.WEIGHT, j, k)
    c = writer.free(Name("c"), Role.BIAS, k)
    y = writer.define(Name("Y"), Role.OUTPUT, applied("sigmoid", plus(total(j, times(z, w)), c)), k)
    q = writer.free(Name("Q"), Role.TARGET, k)
    writer.define(Name("E"), Role.LOSS, loss_of("bce", y, q, k))
    return writer.case("Is this the gradient of the loss?", {"n": 2, "m": 2})


def scalar_chain(activation: str = "sigmoid") -> Case:
    """One neuron a layer, no index at all; the bias b is shared by both layers."""
    writer = Writer()
    x = writer.free(Name("x"), Role.INPUT)
    w1 = writer.free(Name("w_1"), Role.WEIGHT)
    b = writer.free(Name("b"), Role.BIAS)
    h = writer.define(Name("h"), Role.HIDDEN, applied(activation, plus(times(w1, x), b)))
    w2 = writer.free(Name("w_2"), Role.WEIGHT)
    y = writer.define(Name("y"), Role.OUTPUT, applied(activation, plus(times(w2, h), b)))
    t = writer.free(Name("t"), Role.TARGET)
    writer.define(Name("L"), Role.LOSS, loss_of("half", y, t, None))
    return writer.case("A chain of two neurons", {})


def numbered(activations: tuple[str, str, str] = ("relu", "sigmoid", "tanh")) -> Case:
    """A 2-2-2 network whose units, weights and biases are numbered names, each unit defined by itself."""
    writer = Writer()
    xs = [writer.free(Name(f"x_{n}"), Role.INPUT) for n in (1, 2)]
    weights = [Name(f"m_{{{n}}}" if n > 9 else f"m_{n}") for n in range(1, 13)]
    units = xs
    for number in range(4):
        if number == 2:
            units = [entry(Name("a_1")), entry(Name("a_2"))]
        first, second = (writer.free(w, Role.WEIGHT) for w in weights[2 * number : 2 * number + 2])
        bias = writer.free(Name(f"b_{number + 1}"), Role.BIAS)
        value = plus(times(first, units[0]), times(second, units[1]), bias)
        role = Role.HIDDEN if number < 2 else Role.OUTPUT
        writer.define(Name(f"a_{number + 1}"), role, applied(activations[min(number, 2)], value))
    errors = []
    for number in (1, 2):
        target = writer.free(Name(f"t_{number}"), Role.TARGET)
        errors.append(square(plus(entry(Name(f"a_{number + 2}")), minus(target))))
    writer.define(Name("C"), Role.LOSS, plus(*errors))
    return writer.case("Numbered units and weights", {})


def temperature() -> Case:
    """Softmax outputs with a weight that divides all pre-activations, averaged over an open number of samples."""
    writer = Writer()
    s, k, i = Place("s", "N"), Place("k", "K"), Place("i", "D")
    x = writer.free(Name("x"), Role.INPUT, s, i)
    w = writer.free(Name("w"), Role.WEIGHT, k, i)
    tau = writer.free(Name(r"\tau"), Role.WEIGHT)
    value = times(total(i, times(w, x)), tau)
    z = writer.define(Name("z"), Role.HIDDEN, value, s, k)
    p = writer.define(Name("p"), Role.OUTPUT, softmax(z, (s,), k), s, k)
    y = writer.free(Name("y"), Role.TARGET, s, k)
    inner = total(s, total(k, times(y, log(p))))
    share = Piece(divide(ONE, Size("N")), r"\frac{1}{N}")
    writer.define(Name("L"), Role.LOSS, minus(times(share, inner)))
    return writer.case("Softmax with a temperature", {"N": 2, "K": 3, "D": 2})


_RESIDUAL = (Layer("tanh", named=True, residual=True), Layer("softplus", residual=True))
NAMED: tuple[Case, ...] = (
    first_question(),
    first_question(2, 2, 2),
    scalar_chain(),
    numbered(),
    temperature(),
    replace(
        build(Outline(_RESIDUAL, ("linear", "half"), (3, 3, 3, 2), (True, True, True, False), even=True)),
        title="Residual connections",
    ),
    replace(
        build(Outline(_RESIDUAL, ("softmax", "ce"), (2, 2, 2, 3), (False,) * 4, even=True, shared=True)),
        title="A shared weight",
    ),
    replace(
        build(Outline((Layer("relu", gated=True),), ("sigmoid", "bce"), (3, 2, 2), (True,) * 3)),
        title="A sum inside a product",
    ),
    replace(
        build(Outline((Layer("tanh"),), ("softmax", "bce"), (2, 2, 2), (True, False, True), written=True)),
        title="Hidden units defined one by one",
    ),
)


@st.composite
def outlines(draw: st.DrawFn) -> Outline:
    """Outlines of 2 to 4 layers of weights with mixed activations, every output with its loss, sizes 1 to 3."""
    depth = draw(st.integers(1, 3))
    pair = draw(st.sampled_from(PAIRS))
    layer = st.builds(
        Layer,
        activation=st.sampled_from(sorted(ACTIVATIONS)),
        named=st.booleans(),
        residual=st.booleans(),
        gated=st.booleans(),
    )
    hidden = tuple(draw(layer) for _ in range(depth))
    least = 2 if pair[0] == "softmax" else 1
    widths = [draw(st.integers(1, 3)) for _ in range(depth + 1)] + [draw(st.integers(least, 3))]
    is_open = [draw(st.booleans()) for _ in widths]
    kind = draw(st.sampled_from(("plain", "even", "samples", "written")))
    if kind == "written":
        is_open[1] = False
    return Outline(
        hidden,
        pair,
        tuple(widths),
        tuple(is_open),
        even=kind == "even",
        labels=draw(st.booleans()),
        transposed=draw(st.booleans()),
        shared=draw(st.booleans()),
        samples=draw(st.integers(2, 3)) if kind == "samples" else 0,
        written=kind == "written",
    )


def random_cases() -> st.SearchStrategy[Case]:
    """Random models, ready to use."""
    return outlines().map(build)
