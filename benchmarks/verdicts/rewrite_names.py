"""Right rewritings by what names stand for: definitions put in, functions written out, derivatives left standing."""

from __future__ import annotations

import random

from benchmarks.verdicts.trees import Spot, exchanged, named
from benchmarks.verdicts.worked import Worked
from generator.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Apply,
    Entry,
    Formula,
    Index,
    Indicator,
    Letters,
    Multiply,
    Number,
    Power,
    Softmax,
    Sum,
    freshen,
    multiply,
    negative,
    power,
    rename,
    substitute,
)
from generator.functions import ARGUMENT, FUNCTIONS

POSITIVE = frozenset({"sigmoid", "exp", "softplus"})


def _value(worked: Worked, spot: Spot, entry: Entry) -> Formula | None:
    """What a defined entry stands for, with letters that are not taken."""
    definition = worked.model.definition.get(entry.name)
    if definition is None:
        return None
    to = dict(zip(definition.letters, entry.indices, strict=True))
    taken = {letter for letter, _ in spot.scope} | set(worked.model.sizes)
    return named(rename(freshen(definition.formula, Letters(8000)), to), taken)


def inlined(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """A quantity's definition in its place."""
    return _value(worked, spot, spot.node) if isinstance(spot.node, Entry) else None


def gate_of_argument(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """1 - tanh^2(z) for 1 - a^2, and the like: the value of a unit written out in its gate."""
    if not isinstance(spot.node, Add) or spot.node.terms[0] != ONE:
        return None
    for part in (spot.node.terms[-1], *_inside(spot.node.terms[-1])):
        value = _value(worked, spot, part) if isinstance(part, Entry) else None
        if isinstance(part, Entry) and isinstance(value, Apply):
            return exchanged(spot.node, part, value)
    return None


def _inside(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Multiply(parts):
            return (*parts, *(inner for part in parts for inner in _inside(part)))
        case Power(base, _):
            return (base,)
        case _:
            return ()


def complement(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """sigma(-a) for 1 - sigma(a)."""
    match spot.node:
        case Add((Number(one), Multiply((Number(minus), Entry() as entry)))) if one == 1 and minus == -1:
            value = _value(worked, spot, entry)
            if isinstance(value, Apply) and value.function == "sigmoid":
                return Apply("sigmoid", negative(value.argument))
    return None


def as_exponentials(worked: Worked, spot: Spot, numbers: random.Random) -> Formula | None:
    """The logistic function, tanh, softplus written with exponentials."""
    node = _value(worked, spot, spot.node) if isinstance(spot.node, Entry) else spot.node
    if not isinstance(node, Apply) or node.order:
        return None
    x = node.argument
    up, down = Apply("exp", x), Apply("exp", negative(x))
    match node.function:
        case "sigmoid" if numbers.random() < 0.5:
            return Multiply((up, Power(Add((ONE, up)), MINUS_ONE)))
        case "sigmoid":
            return Power(Add((ONE, down)), MINUS_ONE)
        case "tanh":
            return Multiply((Add((up, negative(down))), Power(Add((up, down)), MINUS_ONE)))
        case "softplus":
            return Apply("log", Add((ONE, up)))
        case _:
            return None


def derivative_of_row(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """f'(a) written out."""
    match spot.node:
        case Apply(function, argument, 1) if function in FUNCTIONS:
            derivative = FUNCTIONS[function].derivative
            return substitute(derivative, lambda part: argument if part == ARGUMENT else None)
        case _:
            return None


def prime_as_exponentials(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """e^{-a} / (1 + e^{-a})^2 for sigma'(a), 4 / (e^a + e^{-a})^2 for tanh'(a)."""
    match spot.node:
        case Apply("sigmoid", argument, 1):
            down = Apply("exp", negative(argument))
            return Multiply((down, power(Add((ONE, down)), -2)))
        case Apply("tanh", argument, 1):
            both = Add((Apply("exp", argument), Apply("exp", negative(argument))))
            return Multiply((Number(ONE.value * 4), power(both, -2)))
        case _:
            return None


def log_and_exp(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """e^{log y} for an output that is positive."""
    if not isinstance(spot.node, Entry):
        return None
    value = _value(worked, spot, spot.node)
    positive = isinstance(value, Softmax) or (isinstance(value, Apply) and value.function in POSITIVE)
    return Apply("exp", Apply("log", spot.node)) if positive else None


def softmax_written(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """A fraction of exponentials for an entry of softmax."""
    node = _value(worked, spot, spot.node) if isinstance(spot.node, Entry) else spot.node
    if not isinstance(node, Softmax):
        return None
    own = rename(node.argument, {node.letter: node.index})
    below = Sum(node.letter, node.range, Apply("exp", node.argument))
    return Multiply((Apply("exp", own), Power(below, MINUS_ONE)))


def sum_of_softmax(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """Times the sum of all outputs of softmax, which is 1."""
    if not isinstance(spot.node, Multiply):
        return None
    for quantity in worked.model.quantities:
        definition = worked.model.definition.get(quantity.name)
        if definition is not None and isinstance(definition.formula, Softmax):
            before = definition.letters[:-1]
            known = dict(spot.scope)
            if all(letter in known for letter in before):
                letter = next(x for x in "lruvw" if x not in known and x not in worked.model.sizes)
                entry = Entry(quantity.name, (*map(Index, before), Index(letter)))
                return multiply(spot.node, Sum(letter, quantity.ranges[-1], entry))
    return None


def sign_as_quotient(_worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """W over its absolute value for the sign of w."""
    match spot.node:
        case Apply("sgn", argument, 0):
            return Multiply((argument, Power(Apply("abs", argument), MINUS_ONE)))
        case _:
            return None


def indicator_otherwise(worked: Worked, spot: Spot, _numbers: random.Random) -> Formula | None:
    """1 - 1[z <= 0] for 1[z > 0]; of a unit, 1[a > 0] by its sum for its value."""
    match spot.node:
        case Indicator(Entry() as entry, ">", right) if right == ZERO:
            value = _value(worked, spot, entry)
            if isinstance(value, Apply) and value.function in {"relu", "leaky_relu", "elu"}:
                return Indicator(value.argument, ">", ZERO)
            return None
        case Indicator(left, ">", right):
            return Add((ONE, negative(Indicator(left, "<=", right))))
        case _:
            return None
