"""Models whose indices do more than run over whole ranges: parts of ranges, conditions, offsets, powers."""

from __future__ import annotations

from fractions import Fraction

from generator.formula import (
    ONE,
    ZERO,
    Add,
    Apply,
    Condition,
    Definition,
    Entry,
    Extreme,
    Formula,
    Index,
    Letter,
    Name,
    Number,
    Product,
    Range,
    Size,
    Sum,
    add,
    divide,
    literal,
    multiply,
    negative,
    power,
)
from generator.model import Model, Quantity, Role
from tests.pieces import Case


def at(name: str, *letters: str | int) -> Entry:
    """An entry; a letter may end in `+1` or `-1`."""
    return Entry(Name(name), tuple(_index(letter) for letter in letters))


def _index(letter: str | int) -> Index:
    if isinstance(letter, int):
        return literal(letter)
    return Index(letter[0], int(letter[1:] or 0))


def span(lower: int | str, upper: int | str) -> Range:
    """From a number or letter to a number, size or letter."""
    return Range(_index(lower), _index(upper))


def defined(name: str, formula: Formula, **ranges: Range) -> Definition:
    """A definition for all values of its letters."""
    return Definition(Name(name), tuple(ranges), tuple(ranges.values()), formula)


def case(
    title: str,
    free: dict[tuple[str, Role], dict[str, Range]],
    definitions: list[Definition],
    lines: list[str],
    **sizes: int,
) -> Case:
    """The case; it asks for every free quantity but targets, and for every defined one but the loss."""
    quantities = [Quantity(Name(name), tuple(r.values()), tuple(r), role) for (name, role), r in free.items()]
    last = definitions[-1]
    for definition in definitions:
        role = Role.LOSS if definition is last else Role.HIDDEN
        quantities.append(Quantity(definition.name, definition.ranges, definition.letters, role))
    model = Model(tuple(quantities), tuple(definitions), tuple(sorted(sizes)))
    asks = tuple(model.whole(q.name) for q in quantities if q.role not in (Role.TARGET, Role.LOSS))
    return Case(title, model, tuple(lines), asks, tuple(sorted(sizes.items())))


def intercept() -> Case:
    """Logistic regression with an intercept w_0 that the penalty leaves out."""
    score = Sum("j", span(0, "n"), multiply(at("w", "j"), at("x", "s", "j")))
    hit = multiply(at("y", "s"), Apply("log", at("p", "s")))
    miss = multiply(add(ONE, negative(at("y", "s"))), Apply("log", add(ONE, negative(at("p", "s")))))
    fit = multiply(Number(Fraction(-1)), divide(ONE, Size("m")), Sum("s", span(1, "m"), add(hit, miss)))
    penalty = multiply(
        divide(at(r"\lambda"), multiply(Number(Fraction(2)), Size("m"))), Sum("j", span(1, "n"), power(at("w", "j"), 2))
    )
    return case(
        "A penalty without the intercept",
        {
            ("x", Role.INPUT): {"s": span(1, "m"), "j": span(0, "n")},
            ("w", Role.WEIGHT): {"j": span(0, "n")},
            ("y", Role.TARGET): {"s": span(1, "m")},
            (r"\lambda", Role.CONSTANT): {},
        },
        [defined("p", Apply("sigmoid", score), s=span(1, "m")), defined("J", add(fit, penalty))],
        [
            r"p_s = \sigma\left(\sum_{j=0}^{n} w_j x_{sj}\right)",
            r"J = -\frac{1}{m} \sum_{s=1}^{m} \left[ y_s \log p_s + (1 - y_s) \log(1 - p_s) \right]",
            r"  + \frac{\lambda}{2m} \sum_{j=1}^{n} w_j^2",
        ],
        n=2,
        m=3,
    )


def other_classes() -> Case:
    """A multi-class hinge loss: a sum over all other classes of a maximum."""
    margin = add(ONE, at("s", "l"), negative(at("s", "k")))
    hinge = Sum("l", span(1, "K"), Extreme("max", (ZERO, margin)), (Condition(Index("l"), "!=", Index("k")),))
    return case(
        "A hinge over the other classes",
        {
            ("x", Role.INPUT): {"i": span(1, "D")},
            ("w", Role.WEIGHT): {"k": span(1, "K"), "i": span(1, "D")},
            ("q", Role.TARGET): {"k": span(1, "K")},
        },
        [
            defined("s", Sum("i", span(1, "D"), multiply(at("w", "k", "i"), at("x", "i"))), k=span(1, "K")),
            defined("L", Sum("k", span(1, "K"), multiply(at("q", "k"), hinge))),
        ],
        [
            r"s_k = \sum_{i=1}^{D} w_{ki} x_i",
            r"L = \sum_{k=1}^{K} q_k \sum_{l \ne k} \max(0, 1 + s_l - s_k)",
        ],
        D=2,
        K=3,
    )


def discounted() -> Case:
    """Differences of neighbours, weighted by a power of a rate: indices with offsets and as numbers."""
    error = add(at("y", "t+1"), negative(multiply(at("a"), at("y", "t"))))
    weighted = multiply(power(at(r"\gamma"), Letter(Index("t"))), power(error, 2))
    return case(
        "Neighbours in time with a discount",
        {
            ("u", Role.INPUT): {"t": span(1, "T")},
            ("a", Role.WEIGHT): {},
            (r"\gamma", Role.CONSTANT): {},
        },
        [
            defined("y", Apply("tanh", multiply(at("a"), at("u", "t"))), t=span(1, "T")),
            defined("L", Sum("t", span(1, "T-1"), weighted)),
        ],
        [r"y_t = \tanh(a u_t)", r"L = \sum_{t=1}^{T-1} \gamma^t (y_{t+1} - a y_t)^2"],
        T=3,
    )


def pairs() -> Case:
    """A sum over pairs i < j, and a diagonal."""
    pair = Sum(
        "i",
        span(1, "n"),
        Sum(
            "j",
            span(1, "n"),
            multiply(at("A", "i", "j"), at("h", "i"), at("h", "j")),
            (Condition(Index("j"), ">", Index("i")),),
        ),
    )
    diagonal = Sum("i", span(1, "n"), multiply(at("A", "i", "i"), power(at("h", "i"), 2)))
    return case(
        "Pairs of units",
        {("x", Role.INPUT): {"i": span(1, "n")}, ("A", Role.WEIGHT): {"i": span(1, "n"), "j": span(1, "n")}},
        [defined("h", Apply("sin", at("x", "i")), i=span(1, "n")), defined("E", add(pair, diagonal))],
        [r"h_i = \sin(x_i)", r"E = \sum_{i=1}^{n} \sum_{j > i} A_{ij} h_i h_j + \sum_{i=1}^{n} A_{ii} h_i^2"],
        n=3,
    )


def likelihood() -> Case:
    """A product over outcomes, and a Gaussian with the constant pi."""
    chance = Product("i", span(1, "n"), Apply("sigmoid", multiply(at("w"), at("x", "i"))))
    spread = multiply(
        Number(Fraction(1, 2)), Apply("log", multiply(Number(Fraction(2)), at(r"\pi"), power(at(r"\sigma_w"), 2)))
    )
    return case(
        "A likelihood as a product",
        {("x", Role.INPUT): {"i": span(1, "n")}, ("w", Role.WEIGHT): {}, (r"\sigma_w", Role.WEIGHT): {}},
        [defined("P", chance), defined("E", Add((negative(Apply("log", at("P"))), spread)))],
        [
            r"P = \prod_{i=1}^{n} \sigma(w x_i)",
            r"E = -\log P + \frac{1}{2} \log(2 \pi \sigma_w^2)",
        ],
        n=3,
    )


def open_function() -> Case:
    """A unit whose activation f nobody defines."""
    return case(
        "An activation left open",
        {
            ("x", Role.INPUT): {"i": span(1, "n")},
            ("w", Role.WEIGHT): {"i": span(1, "n")},
            ("t", Role.TARGET): {},
        },
        [
            defined("z", Sum("i", span(1, "n"), multiply(at("w", "i"), at("x", "i")))),
            defined("y", Apply("f", at("z"))),
            defined("E", multiply(Number(Fraction(1, 2)), power(add(at("y"), negative(at("t"))), 2))),
        ],
        [r"z = \sum_{i=1}^{n} w_i x_i", "y = f(z)", r"E = \frac{1}{2} (y - t)^2"],
        n=2,
    )


ODD: tuple[Case, ...] = (intercept(), other_classes(), discounted(), pairs(), likelihood(), open_function())
