"""Caveats about what the outputs mean: logistic outputs side by side, and what keeps the loss real."""

from __future__ import annotations

from math import exp, log

from generator.caveats.proof import prove
from generator.caveats.record import Caveat, Curve, Plot, Spot, caveat
from generator.caveats.setting import Numbers, Setting
from generator.caveats.worlds import Output, World, cut, pair
from generator.caveats.write import Pen, number, numeric
from generator.facts import Fact, Math
from generator.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Apply,
    Formula,
    Product,
    Sum,
    add,
    multiply,
    negative,
    power,
)
from generator.recognise import BCE, CE

LEVELS = (0.5, 0.75, 1.0, 1.25, 1.5)
SPAN = 6
GRID = 8
"""Points of a curve for each unit of length."""


Pair = tuple[Output, Output]


def two_sigmoids_need_not_sum_to_one(setting: Setting) -> Caveat | None:
    """Several logistic outputs under a loss of logarithms: their sum is 1 only by accident."""
    pen = setting.pen
    world = setting.world
    if world is None or world.head.activation != "sigmoid" or world.head.loss not in (BCE, CE):
        return None
    if world.head.count == 1:
        return None
    numbers = setting.at(world.model)
    outputs = tuple(entry for unit in world.head.units for entry in numbers.entries(unit, unit.definition.entry))
    here = numbers(add(*outputs))
    if abs(here - 1) < 1e-3:
        return None
    found = pair(world)
    return caveat(
        "two-sigmoids-need-not-sum-to-one",
        _plot(pen, found, numbers) if found else None,
        names=setting.names,
        two=_two(world, found) if found else "",
        many="" if found else pen.math(_sum(world)),
        likelihood=_likelihood(world),
        outputs=pen.listed((value, numbers(value)) for value in outputs),
        sum=pen.equals(add(*outputs), here),
        asked=pen.math(setting.asked),
        formula=numeric(setting.example.result.formula),
        difference=numeric(setting.example.result.differences),
    )


def _two(world: World, found: Pair) -> Fact:
    """When two logistic outputs sum to 1: the excess is a product of positive factors and 1 - e^{-(a + b)}."""
    pen = world.pen
    first, second = found
    pres = add(first.pre, second.pre)
    excess = add(first.output, second.output, MINUS_ONE)
    product = multiply(first.output, second.output, add(ONE, negative(Apply("exp", negative(pres)))))
    prove(cut(world).model, (excess, product))
    return Fact("two", (("excess", pen.equation(excess, product)), ("opposite", pen.equation(pres, ZERO))))


def _sum(world: World) -> Formula:
    first, *others = world.outputs
    if others or first.letter is None or first.range is None:
        return add(*(output.output for output in world.outputs))
    return Sum(first.letter, first.range, first.output)


def _likelihood(world: World) -> Math | str:
    """e^{-E} as a product of one factor an output, where the loss is minus the sum of the logarithms of these."""
    pen = world.pen
    form = world.head.form
    if world.head.loss != BCE or form.scale != MINUS_ONE or world.head.rest != ZERO:
        return ""
    factors = [
        multiply(power(output, target), power(add(ONE, negative(output)), add(ONE, negative(target))))
        for output, target in form.pairs
    ]
    product = multiply(*factors)
    for letter, range_ in reversed(form.sums):
        product = Product(letter, range_, product)
    likelihood = Apply("exp", negative(world.head.definition.entry))
    prove(cut(world).model, (likelihood, product))
    return pen.equation(likelihood, product)


def _plot(pen: Pen, found: Pair, numbers: Numbers) -> Plot:
    """Lines in the plane of the two pre-activations along which the outputs have one sum."""
    first, second = found
    at = numbers(first.pre), numbers(second.pre)
    total = add(first.output, second.output)
    curves = tuple(Curve(number(level), _level(level), main=level == 1) for level in LEVELS)
    spot = Spot(*at, pen.equals(total, numbers(total)).latex)
    alt = f"Lines of equal sum of the outputs. The sum is 1 on one straight line only; the example has {spot.label}."
    return Plot("sum-of-outputs", pen.math(first.pre), pen.math(second.pre), curves, (spot,), alt)


def _level(level: float) -> tuple[tuple[float, float], ...]:
    """Where sigma(x) + sigma(y) is `level`: the flat part, y = logit(level - sigma(x)), and its mirror image."""
    points: set[tuple[float, float]] = set()
    for step in range(-SPAN * GRID, SPAN * GRID + 1):
        x = step / GRID
        rest = level - 1 / (1 + exp(-x))
        if not 0 < rest < 1:
            continue
        y = round(log(rest / (1 - rest)), 9)
        if abs(y) <= abs(x):
            points.update(((x, y), (y, x)))
    return tuple(sorted(points, key=lambda point: (point[0], -point[1])))
