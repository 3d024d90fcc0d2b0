"""Families that are layers of units: activations, losses, depths, and the notations in which they are written."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.verdicts.draft import (
    BIAS,
    INPUT,
    TARGET,
    WEIGHT,
    Draft,
    Family,
    Loss,
    at,
    binary_cross_entropy,
    cross_entropy,
    half_squares,
    log,
    minus,
    rest,
    square,
    squares,
    target_first,
)
from generator.formula import Apply, Entry, Formula, Size, Sum, add, divide, multiply, negative

Sizes = dict[str, int | str]
OPEN: Sizes = {"i": "n", "j": "m", "k": "K"}
TWO: Sizes = {"i": "n", "j": "m", "k": 2}
SMALL: Sizes = {"i": 2, "j": 2, "k": 2}
UNEVEN: Sizes = {"i": 3, "j": 2, "k": 3}


def layered() -> Iterator[Family]:
    """All of them."""
    yield two_layers("sigmoid, sigmoid, cross-entropy, two outputs", TWO, "sigmoid", "sigmoid", binary_cross_entropy)
    yield two_layers("2-2-2 of sigmoids, cross-entropy", SMALL, "sigmoid", "sigmoid", binary_cross_entropy)
    yield two_layers("3-2-3 of sigmoids, squares", UNEVEN, "sigmoid", "sigmoid", half_squares)
    yield two_layers("tanh, sigmoid, cross-entropy", OPEN, "tanh", "sigmoid", binary_cross_entropy)
    yield two_layers("ReLU, linear, half squares", OPEN, "relu", "", half_squares)
    yield two_layers("leaky ReLU, sigmoid, squares", OPEN, "leaky_relu", "sigmoid", squares)
    yield two_layers("softplus, linear, target first", OPEN, "softplus", "", target_first)
    yield two_layers("ELU, linear, half squares", TWO, "elu", "", half_squares)
    yield two_layers("GELU, linear, half squares", TWO, "gelu", "", half_squares)
    yield two_layers("SiLU, sigmoid, cross-entropy", TWO, "silu", "sigmoid", binary_cross_entropy)
    yield two_layers("sine, tanh, squares", TWO, "sin", "tanh", squares)
    yield two_layers("tanh, tanh, target first, named sums", OPEN, "tanh", "tanh", target_first, named=True)
    yield two_layers("sigmoid, sigmoid, squares, named sums", OPEN, "sigmoid", "sigmoid", squares, named=True)
    yield softmax_layers("tanh, softmax, cross-entropy", OPEN, "tanh", cross_entropy)
    yield softmax_layers("ReLU, softmax of three, cross-entropy", {**OPEN, "k": 3}, "relu", cross_entropy)
    yield softmax_layers("sigmoid, softmax, squares", {**TWO, "k": 3}, "sigmoid", half_squares)
    yield labelled(("sigmoid", "sigmoid", "sigmoid"), (2, 2, 2, 2))
    yield labelled(("tanh", "tanh", "sigmoid"), ("n_0", "n_1", "n_2", "n_3"))
    yield labelled(("relu", "tanh", "sigmoid", ""), (2, 2, 2, 2, 1))
    yield transposed()
    yield bishop()
    yield batch()
    yield shared()
    yield tied()
    yield residual()
    yield gated()
    yield two_heads()
    yield bypass()


def active(function: str, formula: Formula) -> Formula:
    """The activation of a formula; none where it has no name."""
    return Apply(function, formula) if function else formula


def layer(draft: Draft, text: str, letter: str, function: str, value: Formula, *, named: str = "") -> Entry:
    """A hidden layer, its pre-activation defined by itself where it has a name."""
    if named:
        value = draft.define(named, letter, value)
    return draft.define(text, letter, active(function, value))


def two_layers(key: str, sizes: Sizes, hidden: str, out: str, loss: Loss, *, named: bool = False) -> Family:
    """A hidden layer and an output layer with biases; `W_{ij}` goes from i to j."""
    d = Draft(sizes)
    x, v, b = d.free(INPUT, "x", "i"), d.free(WEIGHT, "V", "ij"), d.free(BIAS, "b", "j")
    z = layer(d, "z", "j", hidden, add(d.weighted(v, x, "i"), b), named="a" if named else "")
    w, c = d.free(WEIGHT, "W", "jk"), d.free(BIAS, "c", "k")
    value: Formula = add(d.weighted(w, z, "j"), c)
    if named:
        value = d.define("o", "k", value)
    y = d.output("y", "k", active(out, value))
    d.loss(loss(d, y, d.free(TARGET, "t", "k"), "k"))
    first = ("V", "11") if sizes in (TWO, SMALL) else ("V", "ij")
    return d.family(key, ("V", "ij"), ("W", "jk"), ("b", "j"), ("z", "j"), *([first] if first[1] == "11" else []))


def softmax_layers(key: str, sizes: Sizes, hidden: str, loss: Loss) -> Family:
    """A hidden layer, then softmax outputs of named pre-activations."""
    d = Draft(sizes)
    x, v = d.free(INPUT, "x", "i"), d.free(WEIGHT, "V", "ij")
    h = d.define("h", "j", Apply(hidden, d.weighted(v, x, "i")))
    w, c = d.free(WEIGHT, "W", "jk"), d.free(BIAS, "c", "k")
    d.define("o", "k", add(d.weighted(w, h, "j"), c))
    p = d.output("p", "k", d.softmax("o", "k"))
    d.loss(loss(d, p, d.free(TARGET, "t", "k"), "k"))
    return d.family(key, ("V", "ij"), ("W", "jk"), ("o", "k"))


def labelled(functions: tuple[str, ...], widths: tuple[int | str, ...]) -> Family:
    """Layers told apart by superscripts, `W^{(2)}_{ji}` from i to j; half squares, or cross-entropy of sigmoids."""
    letters = "ijkpq"
    d = Draft(dict(zip(letters, widths, strict=False)))
    below = d.free(INPUT, "x", "i")
    for number, function in enumerate(functions, 1):
        source, unit = letters[number - 1], letters[number]
        weight = d.free(WEIGHT, f"W^({number})", unit + source)
        bias = d.free(BIAS, f"b^({number})", unit)
        z = d.define(f"z^({number})", unit, add(d.weighted(weight, below, source), bias))
        below = d.define(f"a^({number})", unit, active(function, z))
    unit = letters[len(functions)]
    loss = binary_cross_entropy if functions[-1] == "sigmoid" else half_squares
    d.loss(loss(d, below, d.free(TARGET, "y", unit), unit))
    names = ", ".join(function or "linear" for function in functions)
    asks = (("W^(1)", "ji"), ("W^(2)", "kj"), ("b^(1)", "j"), ("z^(2)", "k"))
    return d.family(f"labelled layers: {names}", *asks)


def transposed() -> Family:
    """Weights written `w_{ji}`, to j from i; no bias; the mean of the squares."""
    d = Draft({"i": "D", "j": "H", "k": "K"})
    x, w = d.free(INPUT, "x", "i"), d.free(WEIGHT, "w", "ji")
    a = d.define("a", "j", d.weighted(w, x, "i"))
    z = d.define("z", "j", Apply("tanh", a))
    y = d.output("y", "k", d.weighted(d.free(WEIGHT, "v", "kj"), z, "j"))
    t = d.free(TARGET, "t", "k")
    d.loss(divide(d.total("k", square(minus(y, t))), Size("K")))
    return d.family("weights to j from i, mean of squares", ("w", "ji"), ("v", "kj"), ("z", "j"), ("a", "j"))


def bishop() -> Family:
    """`a_j` hidden and `a_k` output, `w_{ji}` and `w_{kj}`: told apart by their letters alone."""
    d = Draft({"i": "D", "j": "M", "k": "K"})
    x, w = d.free(INPUT, "x", "i"), d.free(WEIGHT, "w@ji", "ji")
    a = d.define("a@j", "j", d.weighted(w, x, "i"))
    z = d.define("z", "j", Apply("tanh", a))
    b = d.define("a@k", "k", d.weighted(d.free(WEIGHT, "w@kj", "kj"), z, "j"))
    y = d.output("y", "k", Apply("sigmoid", b))
    d.loss(half_squares(d, y, d.free(TARGET, "t", "k"), "k"))
    return d.family("one letter for two layers", ("w@ji", "ji"), ("w@kj", "kj"), ("a@j", "j"))


def batch() -> Family:
    """Two layers over samples, the mean over which is the loss."""
    d = Draft({"s": "N", "i": "n", "j": "m", "k": "K"})
    x, v, b = d.free(INPUT, "x", "si"), d.free(WEIGHT, "V", "ij"), d.free(BIAS, "b", "j")
    h = d.define("h", "sj", Apply("sigmoid", add(d.weighted(v, x, "i"), b)))
    y = d.output("y", "sk", Apply("sigmoid", d.weighted(d.free(WEIGHT, "W", "jk"), h, "j")))
    t = d.free(TARGET, "t", "sk")
    d.loss(divide(binary_cross_entropy(d, y, t, "sk"), Size("N")))
    return d.family("two layers over samples", ("V", "ij"), ("W", "jk"), ("b", "j"))


def shared() -> Family:
    """One weight in two layers of one width."""
    d = Draft({"i": "n", "j": "n", "l": "n", "k": "K"})
    x, w = d.free(INPUT, "x", "i"), d.free(WEIGHT, "W", "ij")
    d.define("h", "j", Apply("tanh", d.weighted(w, x, "i")))
    u = d.define("u", "j", Apply("tanh", d.total("i", multiply(w, at("h", "i")))))
    y = d.output("y", "k", d.weighted(d.free(WEIGHT, "v", "jk"), u, "j"))
    d.loss(half_squares(d, y, d.free(TARGET, "t", "k"), "k"))
    return d.family("one weight in two layers", ("W", "ij"), ("v", "jk"), ("h", "j"))


def tied() -> Family:
    """An autoencoder whose decoder has the encoder's weights."""
    d = Draft({"i": "n", "j": "m", "l": "n"})
    x, w = d.free(INPUT, "x", "i"), d.free(WEIGHT, "W", "ij")
    h = d.define("h", "j", Apply("sigmoid", d.weighted(w, x, "i")))
    r = d.output("r", "i", d.weighted(w, h, "j"))
    d.loss(multiply(half_squares(d, r, x, "i")))
    return d.family("an autoencoder with tied weights", ("W", "ij"), ("h", "j"))


def residual() -> Family:
    """A layer that is added to the one below."""
    d = Draft({"i": "n", "j": "n", "k": "K"})
    x, w = d.free(INPUT, "x", "i"), d.free(WEIGHT, "U", "ij")
    u = d.define("u", "j", Apply("tanh", d.weighted(w, x, "i")))
    v = d.free(WEIGHT, "V", "ij")
    h = d.define("h", "j", add(u, Apply("sigmoid", d.total("i", multiply(v, at("u", "i"))))))
    y = d.output("y", "k", d.weighted(d.free(WEIGHT, "W", "jk"), h, "j"))
    d.loss(half_squares(d, y, d.free(TARGET, "t", "k"), "k"))
    return d.family("a residual connection", ("U", "ij"), ("V", "ij"), ("u", "j"))


def gated() -> Family:
    """A layer times a gate, each a sum over the inputs."""
    d = Draft({"i": "n", "j": "m", "k": 2})
    x, v, g = d.free(INPUT, "x", "i"), d.free(WEIGHT, "V", "ij"), d.free(WEIGHT, "G", "ij")
    c = d.define("c", "j", Apply("tanh", d.weighted(v, x, "i")))
    f = d.define("g", "j", Apply("sigmoid", d.weighted(g, x, "i")))
    y = d.output("y", "k", d.total("j", multiply(d.free(WEIGHT, "W", "jk"), f, c)))
    d.loss(half_squares(d, y, d.free(TARGET, "t", "k"), "k"))
    return d.family("a gated layer", ("V", "ij"), ("G", "ij"), ("W", "jk"), ("c", "j"))


def two_heads() -> Family:
    """A hidden layer with two output layers, whose losses are added."""
    d = Draft({"i": "n", "j": "m", "k": "K", "l": "L"})
    h = d.define("h", "j", Apply("tanh", d.weighted(d.free(WEIGHT, "V", "ij"), d.free(INPUT, "x", "i"), "i")))
    y = d.output("y", "k", Apply("sigmoid", d.weighted(d.free(WEIGHT, "W", "jk"), h, "j")))
    r = d.output("r", "l", d.weighted(d.free(WEIGHT, "U", "jl"), h, "j"))
    t, s = d.free(TARGET, "t", "k"), d.free(TARGET, "s", "l")
    one = Sum("k", d.quantities[-2].ranges[0], multiply(t, log(y)))
    other = Sum("k", d.quantities[-2].ranges[0], multiply(rest(t), log(rest(y))))
    d.loss(add(negative(one), negative(other), half_squares(d, r, s, "l")))
    return d.family("two heads, losses added", ("V", "ij"), ("W", "jk"), ("h", "j"))


def bypass() -> Family:
    """A layer that sees the inputs directly beside the hidden units."""
    d = Draft({"i": "n", "j": "m", "k": "K"})
    x, v = d.free(INPUT, "x", "i"), d.free(WEIGHT, "V", "ij")
    h = d.define("h", "j", Apply("sigmoid", d.weighted(v, x, "i")))
    skip = d.weighted(d.free(WEIGHT, "S", "ik"), x, "i")
    y = d.output("y", "k", add(d.weighted(d.free(WEIGHT, "W", "jk"), h, "j"), skip))
    d.loss(half_squares(d, y, d.free(TARGET, "t", "k"), "k"))
    return d.family("inputs that bypass the hidden layer", ("x", "i"), ("V", "ij"), ("S", "ik"))
