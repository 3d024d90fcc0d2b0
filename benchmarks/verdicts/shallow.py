"""Families of one layer or none: regressions, penalties, softmax, Jacobians, chains of numbers, odd losses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.verdicts.draft import (
    BIAS,
    CONSTANT,
    HALF,
    INPUT,
    TARGET,
    WEIGHT,
    Draft,
    Family,
    at,
    binary_cross_entropy,
    cross_entropy,
    half_squares,
    log,
    minus,
    rest,
    square,
)
from generator.formula import (
    ONE,
    ZERO,
    Apply,
    Entry,
    Extreme,
    Formula,
    Size,
    add,
    divide,
    multiply,
    negative,
    number,
    power,
)


def shallow() -> Iterator[Family]:
    """All of them."""
    yield linear_regression()
    yield logistic_regression()
    yield signed_logistic()
    yield penalised("squared weights", lambda w: multiply(HALF, square(w)))
    yield penalised("absolute weights", lambda w: Apply("abs", w))
    yield penalised("both penalties", lambda w: add(square(w), Apply("abs", w)))
    yield softmax_regression("softmax, open targets")
    yield softmax_regression("softmax, targets that sum to one", given=True)
    yield softmax_of_class()
    yield softmax_batch()
    yield temperature()
    yield log_sum_exp()
    yield entropy()
    yield divergence()
    yield jacobian_of_softmax()
    yield jacobian_of_layer()
    yield jacobian_of_shares()
    yield scalar_chain("sigmoid")
    yield scalar_chain("tanh")
    yield long_chain()
    yield numbered()
    yield wide_numbered()
    yield recurrent()
    yield poisson()
    yield negative_sampling()
    yield unit_length()
    yield bilinear()
    yield hinge()
    yield weighted_errors()
    yield attention()


def linear_regression() -> Family:
    """The mean of squared errors over samples, halved."""
    d = Draft({"s": "N", "i": "D"})
    x, w, b = d.free(INPUT, "x", "si"), d.free(WEIGHT, "w", "i"), d.free(BIAS, "b")
    y = d.output("y", "s", add(d.weighted(w, x, "i"), b))
    error = d.total("s", square(minus(y, d.free(TARGET, "t", "s"))))
    d.loss(divide(error, multiply(number(2), Size("N"))))
    return d.family("linear regression over samples", ("w", "i"), ("b", ""), ("y", "s"))


def logistic_regression() -> Family:
    """Binary cross-entropy of one sigmoid unit, averaged over samples."""
    d = Draft({"s": "N", "i": "D"})
    x, w, b = d.free(INPUT, "x", "si"), d.free(WEIGHT, "w", "i"), d.free(BIAS, "b")
    z = d.define("z", "s", add(d.weighted(w, x, "i"), b))
    p = d.output("p", "s", Apply("sigmoid", z))
    d.loss(divide(binary_cross_entropy(d, p, d.free(TARGET, "t", "s"), "s"), Size("N")))
    return d.family("logistic regression over samples", ("w", "i"), ("b", ""), ("z", "s"), ("p", "s"))


def signed_logistic() -> Family:
    """Targets that are 1 or -1: the sum of log(1 + e^{-t z})."""
    d = Draft({"s": "N", "i": "D"})
    x, w, t = d.free(INPUT, "x", "si"), d.free(WEIGHT, "w", "i"), d.free(TARGET, "t", "s")
    z = d.define("z", "s", d.weighted(w, x, "i"))
    d.given(t, "in", number(-1), ONE)
    d.loss(d.total("s", log(add(ONE, Apply("exp", negative(multiply(t, z)))))))
    return d.family("logistic loss with targets 1 and -1", ("w", "i"), ("z", "s"))


def penalised(key: str, penalty: Callable[[Entry], Formula]) -> Family:
    """Linear regression of one output with a penalty of its weights."""
    d = Draft({"s": "N", "i": "D"})
    x, w = d.free(INPUT, "x", "si"), d.free(WEIGHT, "w", "i")
    y = d.output("y", "s", d.weighted(w, x, "i"))
    strength = d.free(CONSTANT, r"\lambda", positive=True)
    errors = half_squares(d, y, d.free(TARGET, "t", "s"), "s")
    d.loss(add(errors, multiply(strength, d.total("i", penalty(w)))))
    return d.family(f"regression with a penalty: {key}", ("w", "i"), ("y", "s"))


def softmax_regression(key: str, *, given: bool = False) -> Family:
    """Cross-entropy of softmax outputs of a linear layer, in which nothing or the sum of the targets is known."""
    d = Draft({"i": "D", "k": "K"})
    x, w, b = d.free(INPUT, "x", "i"), d.free(WEIGHT, "w", "ki"), d.free(BIAS, "b", "k")
    d.define("z", "k", add(d.weighted(w, x, "i"), b))
    p = d.output("p", "k", d.softmax("z", "k"))
    t = d.free(TARGET, "t", "k")
    if given:
        d.given(d.total("k", t), "=", ONE)
    d.loss(cross_entropy(d, p, t, "k"))
    return d.family(key, ("w", "ki"), ("b", "k"), ("z", "k"), ("x", "i"))


def softmax_of_class() -> Family:
    """Minus the logarithm of the output of the second class."""
    d = Draft({"i": "D", "k": 3})
    x, w = d.free(INPUT, "x", "i"), d.free(WEIGHT, "w", "ki")
    d.define("z", "k", d.weighted(w, x, "i"))
    d.output("p", "k", d.softmax("z", "k"))
    d.loss(negative(log(at("p", "2"))))
    return d.family("softmax, loss of one class", ("w", "ki"), ("z", "k"), ("z", "2"), ("w", "11"))


def softmax_batch() -> Family:
    """Softmax outputs of samples, their cross-entropy averaged."""
    d = Draft({"s": "N", "i": "D", "k": "K"})
    x, w = d.free(INPUT, "x", "si"), d.free(WEIGHT, "w", "ik")
    d.define("z", "sk", d.weighted(w, x, "i"))
    p = d.output("p", "sk", d.softmax("z", "sk"))
    t = d.free(TARGET, "t", "sk")
    d.given(d.total("k", t), "=", ONE)
    d.loss(divide(cross_entropy(d, p, t, "sk"), Size("N")))
    return d.family("softmax over samples, targets that sum to one", ("w", "ik"), ("z", "sk"))


def temperature() -> Family:
    """Softmax of pre-activations that are divided by a temperature."""
    d = Draft({"k": "K"})
    o = d.free(INPUT, "o", "k")
    tau = d.free(WEIGHT, r"\tau", positive=True)
    d.define("z", "k", divide(o, tau))
    p = d.output("p", "k", d.softmax("z", "k"))
    d.loss(cross_entropy(d, p, d.free(TARGET, "t", "k"), "k"))
    return d.family("softmax with a temperature", ("o", "k"), ("z", "k"))


def log_sum_exp() -> Family:
    """Cross-entropy written without softmax: the logarithm of a sum of exponentials, minus the pre-activations."""
    d = Draft({"i": "D", "k": "K"})
    z = d.define("z", "k", d.weighted(d.free(WEIGHT, "w", "ki"), d.free(INPUT, "x", "i"), "i"))
    t = d.free(TARGET, "t", "k")
    d.loss(minus(log(d.total("k", Apply("exp", z))), d.total("k", multiply(t, z))))
    return d.family("logarithm of a sum of exponentials", ("w", "ki"), ("z", "k"))


def entropy() -> Family:
    """Minus the sum of p log p of softmax outputs."""
    d = Draft({"k": "K"})
    d.free(INPUT, "z", "k")
    p = d.output("p", "k", d.softmax("z", "k"))
    d.loss(negative(d.total("k", multiply(p, log(p)))))
    return d.family("entropy of softmax", ("p", "k"))


def divergence() -> Family:
    """Kullback-Leibler divergence of sigmoid outputs from given numbers, entry by entry."""
    d = Draft({"i": "D", "j": "m"})
    x, w = d.free(INPUT, "x", "i"), d.free(WEIGHT, "w", "ij")
    y = d.output("y", "j", Apply("sigmoid", d.weighted(w, x, "i")))
    r = d.free(TARGET, r"\rho", "j")
    first = multiply(r, log(divide(r, y)))
    second = multiply(rest(r), log(divide(rest(r), rest(y))))
    d.loss(d.total("j", add(first, second)))
    return d.family("divergence of sigmoid outputs", ("w", "ij"), ("y", "j"))


def jacobian_of_softmax() -> Family:
    """The derivative of each softmax output in each pre-activation."""
    d = Draft({"k": "K"})
    d.free(INPUT, "o", "k")
    d.output("p", "k", d.softmax("o", "k"))
    return d.family("Jacobian of softmax", ("o", "i"), of=("p", "k"))


def jacobian_of_layer() -> Family:
    """The derivative of each sigmoid unit in each weight and in each input."""
    d = Draft({"i": "n", "j": "m"})
    x, w = d.free(INPUT, "x", "i"), d.free(WEIGHT, "w", "ij")
    a = d.define("a", "j", d.weighted(w, x, "i"))
    d.output("y", "j", Apply("sigmoid", a))
    return d.family("Jacobian of a sigmoid layer", ("x", "i"), ("a", "l"), ("w", "il"), of=("y", "j"))


def jacobian_of_shares() -> Family:
    """The derivative of each share z_k / (sum of z) in each number."""
    d = Draft({"k": "K"})
    z = d.free(INPUT, "z", "k", positive=True)
    total = d.define("S", "", d.total("k", z))
    d.output("p", "k", divide(z, total))
    return d.family("Jacobian of shares", ("z", "i"), of=("p", "k"))


def scalar_chain(function: str) -> Family:
    """Two neurons in a row that share one bias; no index at all."""
    d = Draft({})
    x, w, b = d.free(INPUT, "x"), d.free(WEIGHT, "w_1"), d.free(BIAS, "b")
    h = d.define("h", "", Apply(function, add(multiply(w, x), b)))
    y = d.output("y", "", Apply(function, add(multiply(d.free(WEIGHT, "w_2"), h), b)))
    d.loss(multiply(HALF, square(minus(y, d.free(TARGET, "t")))))
    return d.family(f"two {function} neurons in a row", ("w_1", ""), ("w_2", ""), ("b", ""), ("h", ""))


def long_chain() -> Family:
    """Three neurons in a row, of three activations, each pre-activation named."""
    d = Draft({})
    below: Entry = d.free(INPUT, "x")
    for place, function in enumerate(("tanh", "softplus", "sigmoid"), 1):
        a = d.define(f"a_{place}", "", multiply(d.free(WEIGHT, f"w_{place}"), below))
        below = d.define(f"h_{place}", "", Apply(function, a))
    t = d.free(TARGET, "t")
    d.loss(negative(add(multiply(t, log(below)), multiply(rest(t), log(rest(below))))))
    return d.family("three neurons in a row", ("w_1", ""), ("w_2", ""), ("a_2", ""), ("h_1", ""))


def numbered() -> Family:
    """A 2-2-2 network of numbered names, with squares."""
    d = Draft({})
    units = [d.free(INPUT, f"x_{n}") for n in (1, 2)]
    for step, letter in enumerate("ho"):
        above = []
        for unit in (1, 2):
            first = 4 * step + 2 * unit - 1
            weights = [d.free(WEIGHT, f"w_{first + n}") for n in (0, 1)]
            terms = [multiply(weight, below) for weight, below in zip(weights, units, strict=True)]
            bias = d.free(BIAS, f"b_{2 * step + unit}")
            above.append(d.define(f"{letter}_{unit}", "", Apply("sigmoid", add(*terms, bias))))
        units = above
    errors = [square(minus(d.free(TARGET, f"t_{n}"), unit)) for n, unit in enumerate(units, 1)]
    d.loss(multiply(HALF, add(*errors)))
    return d.family("numbered names, 2-2-2", ("w_1", ""), ("w_5", ""), ("b_1", ""), ("h_2", ""))


def wide_numbered() -> Family:
    """Three inputs, two tanh units and a linear output, all numbered, pre-activations named."""
    d = Draft({})
    inputs = [d.free(INPUT, f"x_{n}") for n in (1, 2, 3)]
    units = []
    for unit in (1, 2):
        weights = [d.free(WEIGHT, f"v_{{{n}{unit}}}") for n in (1, 2, 3)]
        net = d.define(f"net_{unit}", "", add(*map(multiply, weights, inputs)))
        units.append(d.define(f"h_{unit}", "", Apply("tanh", net)))
    y = d.output("y", "", add(*(multiply(d.free(WEIGHT, f"u_{n}"), unit) for n, unit in enumerate(units, 1))))
    d.loss(square(minus(y, d.free(TARGET, "t"))))
    return d.family("numbered names, 3-2-1", ("v_{21}", ""), ("u_1", ""), ("net_1", ""), ("x_1", ""))


def recurrent() -> Family:
    """Three steps of a recurrent unit, its two weights shared by all steps."""
    d = Draft({})
    u, w, below = d.free(WEIGHT, "u"), d.free(WEIGHT, "w"), d.free(INPUT, "h_0")
    for step in (1, 2, 3):
        value = add(multiply(u, d.free(INPUT, f"x_{step}")), multiply(w, below))
        below = d.define(f"h_{step}", "", Apply("tanh", value))
    d.loss(multiply(HALF, square(minus(below, d.free(TARGET, "t")))))
    return d.family("a recurrent unit, three steps", ("w", ""), ("u", ""), ("h_1", ""))


def poisson() -> Family:
    """Exponential outputs with the loss of counts."""
    d = Draft({"s": "N", "i": "D"})
    x, w, b = d.free(INPUT, "x", "si"), d.free(WEIGHT, "w", "i"), d.free(BIAS, "b")
    r = d.output("r", "s", Apply("exp", add(d.weighted(w, x, "i"), b)))
    t = d.free(TARGET, "t", "s")
    d.loss(d.total("s", minus(r, multiply(t, log(r)))))
    return d.family("exponential outputs, loss of counts", ("w", "i"), ("b", ""), ("r", "s"))


def negative_sampling() -> Family:
    """A word against one right and many drawn contexts."""
    d = Draft({"i": "D", "k": "K"})
    v, u, n = d.free(WEIGHT, "v", "i"), d.free(WEIGHT, "u", "i"), d.free(WEIGHT, "n", "ki")
    good = d.define("a", "", d.total("i", multiply(u, v)))
    bad = d.define("b", "k", d.total("i", multiply(n, v)))
    d.loss(minus(negative(log(Apply("sigmoid", good))), d.total("k", log(Apply("sigmoid", negative(bad))))))
    return d.family("negative sampling", ("v", "i"), ("u", "i"), ("n", "ki"), ("b", "k"))


def unit_length() -> Family:
    """Numbers divided by the root of the sum of their squares, then half squares."""
    d = Draft({"i": "n"})
    x = d.free(INPUT, "x", "i")
    length = d.define("r", "", power(d.total("i", square(x)), HALF.value))
    u = d.output("u", "i", divide(x, length))
    d.loss(half_squares(d, u, d.free(TARGET, "t", "i"), "i"))
    return d.family("numbers of unit length", ("x", "i"), ("u", "i"), ("r", ""))


def bilinear() -> Family:
    """A score that is linear in two inputs, through a sigmoid."""
    d = Draft({"i": "n", "j": "m"})
    x, a, y = d.free(INPUT, "x", "i"), d.free(WEIGHT, "A", "ij"), d.free(INPUT, "y", "j")
    score = d.define("s", "", d.total("ij", multiply(x, a, y)))
    p = d.output("p", "", Apply("sigmoid", score))
    t = d.free(TARGET, "t")
    d.loss(negative(add(multiply(t, log(p)), multiply(rest(t), log(rest(p))))))
    return d.family("a bilinear score", ("A", "ij"), ("x", "i"), ("y", "j"))


def hinge() -> Family:
    """The sum of max(0, 1 - t y) over samples, targets 1 or -1."""
    d = Draft({"s": "N", "i": "D"})
    x, w, t = d.free(INPUT, "x", "si"), d.free(WEIGHT, "w", "i"), d.free(TARGET, "t", "s")
    d.given(t, "in", number(-1), ONE)
    y = d.output("y", "s", d.weighted(w, x, "i"))
    d.loss(d.total("s", Extreme("max", (ZERO, rest(multiply(t, y))))))
    return d.family("hinge loss", ("w", "i"), ("y", "s"))


def weighted_errors() -> Family:
    """Squared errors of a tanh unit, each sample with a weight of its own."""
    d = Draft({"s": "N", "i": "D"})
    x, w, c = d.free(INPUT, "x", "si"), d.free(WEIGHT, "w", "i"), d.free(CONSTANT, "c", "s")
    y = d.output("y", "s", Apply("tanh", d.weighted(w, x, "i")))
    d.loss(multiply(HALF, d.total("s", multiply(c, square(minus(y, d.free(TARGET, "t", "s")))))))
    return d.family("errors weighted by sample", ("w", "i"), ("y", "s"))


def attention() -> Family:
    """A softmax over inputs that weighs them, then half of a squared error."""
    d = Draft({"i": "n", "j": "m"})
    x, q, v = d.free(INPUT, "x", "ij"), d.free(WEIGHT, "q", "j"), d.free(INPUT, "v", "i")
    d.define("e", "i", d.total("j", multiply(x, q)))
    a = d.define("a", "i", d.softmax("e", "i"))
    y = d.output("y", "", d.total("i", multiply(a, v)))
    d.loss(multiply(HALF, square(minus(y, d.free(TARGET, "t")))))
    return d.family("attention of one query", ("q", "j"), ("v", "i"), ("e", "i"))
