"""Caveats about the derivatives of activations on the way of a gradient: how small they get, and what that does."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.alike import key
from generator.caveats.ieee import ieee
from generator.caveats.proof import Unproved, prove
from generator.caveats.record import Caveat, caveat
from generator.caveats.setting import Setting, error
from generator.caveats.worlds import World, with_loss
from generator.caveats.write import Pen, fraction, numeric, text
from generator.derivation import Derivation
from generator.facts import Fact
from generator.formula import (
    ONE,
    ZERO,
    Apply,
    Definition,
    Entry,
    Formula,
    Multiply,
    Name,
    Number,
    Power,
    add,
    entries,
    multiply,
    negative,
    power,
    substitute,
    walk,
)
from generator.formula import number as constant
from generator.functions import FUNCTIONS, VALUE
from generator.model import Model, Quantity, Role
from generator.oracle import Point, evaluate
from generator.recognise import BCE, SQUARED, Unit, units

SATURATING = ("sigmoid", "tanh")
VALUES = {"sigmoid": (0.5, 0.9, 0.99), "tanh": (0.0, 0.9, 0.99)}
WRONG = (Fraction(1, 100), Fraction(1))
"""An output that is badly wrong, and its target."""

FAR = (5, 10, 40)


def gate(unit: Unit, entry: Entry | None = None) -> Formula:
    """The derivative of a unit's activation, in the value of the unit (or of the entry of it that is given)."""
    by_value = FUNCTIONS[unit.activation].by_value if unit.activation in FUNCTIONS else None
    to: dict[Formula, Formula] = {VALUE: entry or unit.definition.entry}
    return ZERO if by_value is None else substitute(by_value, to.get)


def saturation(setting: Setting) -> Caveat | None:
    """Factors of the gradient that are small wherever a unit is near the end of its range."""
    world, found, kept = setting.world, _saturating(setting), _kept(setting)
    if not kept:
        return None
    together = _most_on_one_path(setting, kept)
    product = Fraction(1)
    for unit in together:
        product *= FUNCTIONS[unit.activation].bound or 1
    return caveat(
        "saturation",
        bounds=tuple(_bound(setting.pen, unit) for unit in {unit.activation: unit for unit in reversed(kept)}.values()),
        gates=tuple(_gate_row(setting, unit) for unit in kept),
        product=fraction(product) if len(together) > 1 and product < 1 else "",
        count=len(together),
        output=_output(setting, world, found) if world is not None and setting.of_the_loss else "",
    )


def cancels_for_this_loss(setting: Setting) -> Caveat | None:
    """A logistic output whose derivative cancels: with another loss it would not."""
    world = setting.world
    if world is None or world.head.loss != BCE or not setting.of_the_loss or _kept(setting):
        return None
    output = _output(setting, world, _saturating(setting))
    return caveat("cancels-for-this-loss", names=setting.names, output=output) if output else None


def _saturating(setting: Setting) -> list[Unit]:
    return [unit for unit in setting.on_the_way if unit.activation in SATURATING]


def _kept(setting: Setting) -> list[Unit]:
    """The saturating units on the way whose derivative stays in the gradient."""
    world = setting.world
    heads = {unit.name for unit in world.head.units} if world and setting.of_the_loss else set()
    found = _saturating(setting)
    return [unit for unit in found if unit.name not in heads or (world and keeps_gate(setting, world, unit))]


def keeps_gate(setting: Setting, world: World, unit: Unit) -> bool:
    """Whether the error at the pre-activation of an output keeps the derivative of its activation as factors."""
    place = next(n for n, one in enumerate(world.head.units) if one.name == unit.name)
    return keeps(error(world, place) if place else setting.error, unit)


def keeps(derived: Derivation, unit: Unit) -> bool:
    """Whether the derivative of a unit's activation is among the factors of what was derived."""
    left = [key(factor) for factor in _factors(derived.formula)]
    for factor in _factors(gate(unit)):
        if key(factor) not in left:
            return False
        left.remove(key(factor))
    return True


def divides(formula: Formula) -> bool:
    """Whether a formula divides by something with an entry in it."""
    powers = (part for part in walk(formula) if isinstance(part, Power))
    return any(isinstance(p.exponent, Number) and p.exponent.value < 0 and any(entries(p.base)) for p in powers)


def _factors(formula: Formula) -> tuple[Formula, ...]:
    return formula.factors if isinstance(formula, Multiply) else (formula,)


def _most_on_one_path(setting: Setting, kept: list[Unit]) -> list[Unit]:
    """The units of the path on which most of them lie."""
    paths = [{entry.name for entry in term.path} for term in setting.derivation.terms]
    return max(([unit for unit in kept if unit.name in path] for path in paths), key=len, default=[])


def _bound(pen: Pen, unit: Unit) -> Fact:
    """The bound of an activation's derivative, with its proof, and the derivative at some values of a unit."""
    row = FUNCTIONS[unit.activation]
    entry, bound = unit.definition.entry, row.bound or Fraction(1)
    best = constant(Fraction(1, 2)) if unit.activation == "sigmoid" else ZERO
    square = power(add(entry, negative(best)), 2)
    distance = add(constant(bound), negative(gate(unit)))
    prove(_free(unit.definition), (distance, square))
    at = tuple(
        Fact("at", (("value", text(f"{value:g}")), ("gate", numeric(ieee(gate(unit), {entry: value})))))
        for value in VALUES[unit.activation]
    )
    return Fact(
        "bound",
        (
            ("function", row.title),
            ("unit", pen.math(entry)),
            ("gate", pen.math(gate(unit))),
            ("bound", fraction(bound)),
            ("proof", pen.equation(distance, square)),
            ("best", pen.equation(entry, best)),
            ("at", at),
        ),
    )


def _gate_row(setting: Setting, unit: Unit) -> Fact:
    """A unit on the way: its factor, and the number of that in the example."""
    pen = setting.pen
    here = gate(unit, _here(setting, unit))
    return Fact(
        "gate",
        (
            ("unit", pen.math(unit.definition.entry)),
            ("gate", pen.math(gate(unit))),
            ("here", pen.equals(here, setting.at(setting.model)(here))),
        ),
    )


def _free(definition: Definition) -> Model:
    """A model that is nothing but the unit, free."""
    return Model(
        (Quantity(definition.name, definition.ranges, definition.letters, Role.INPUT),), (), _sizes(definition)
    )


def _sizes(definition: Definition) -> tuple[str, ...]:
    bounds = (bound.letter for range_ in definition.ranges for bound in (range_.lower, range_.upper))
    return tuple(dict.fromkeys(letter for letter in bounds if letter is not None))


def _here(setting: Setting, unit: Unit) -> Entry:
    """The entry of the unit on the first path of the example, else its first one."""
    on_path = (entry for term in setting.example.terms for path in term.paths for entry in path)
    first = setting.at(setting.model).entries(unit, unit.definition.entry)[0]
    return next((entry for entry in on_path if entry.name == unit.name), first)


def _output(setting: Setting, world: World, found: list[Unit]) -> Fact | str:
    """Logistic outputs: binary cross-entropy cancels their factor, squared error keeps it; what that is worth."""
    pen = setting.pen
    unit = world.head.units[0]
    if world.head.activation != "sigmoid" or unit.name not in {one.name for one in found}:
        return ""
    own = world.head.loss
    other = with_loss(world, SQUARED, constant(Fraction(1, 2))) if own == BCE else with_loss(world, BCE)
    if other is None or own not in (BCE, SQUARED):
        return ""
    errors = {own: setting.error, other.head.loss: error(other)}
    if keeps(errors[BCE], unit) or divides(errors[BCE].formula) or not keeps(errors[SQUARED], unit):
        raise Unproved
    output, target = world.outputs[0].output, world.outputs[0].target
    at = {output.name: float(WRONG[0]), target.name: float(WRONG[1])}
    numbers = {
        loss: ieee(derived.formula, {entry: at[entry.name] for entry in entries(derived.formula)}, setting.sizes)
        for loss, derived in errors.items()
    }
    return Fact(
        "output",
        (
            ("keeps", "1" if own == SQUARED else ""),
            ("gate", pen.math(multiply(output, add(ONE, negative(output))))),
            ("entropy", pen.equation(errors[BCE].general, errors[BCE].formula)),
            ("squared", pen.equation(errors[SQUARED].general, errors[SQUARED].formula)),
            ("output", pen.equals(output, float(WRONG[0]))),
            ("target", pen.equals(target, float(WRONG[1]))),
            ("entropy_number", numeric(numbers[BCE])),
            ("squared_number", numeric(numbers[SQUARED])),
        ),
    )


def saturated_not_zero(setting: Setting) -> Caveat | None:
    """The derivative of a logistic output is never 0; 64 bits round it to 0 all the same."""
    pen = setting.pen
    world = setting.world
    if world is None or (world.head.activation, world.head.loss) != ("sigmoid", SQUARED) or not setting.of_the_loss:
        return None
    unit = world.head.units[0]
    if unit.name not in {one.name for one in setting.on_the_way} or not keeps_gate(setting, world, unit):
        return None
    pre, output = world.outputs[0].pre, world.outputs[0].output
    x = Entry(Name("x"))
    slope = multiply(Apply("sigmoid", x), add(ONE, negative(Apply("sigmoid", x))))
    rows = tuple(
        Fact(
            "row",
            (
                ("pre", text(str(far))),
                ("output", numeric(ieee(Apply("sigmoid", x), {x: float(far)}))),
                ("float", numeric(ieee(slope, {x: float(far)}))),
                ("exact", numeric(float(evaluate(slope, (), Point({}, {(x.name, ()): Fraction(far)}), {})))),
            ),
        )
        for far in FAR
    )
    derived = error(world)
    return caveat(
        "saturated-not-zero",
        names=setting.names,
        error=pen.equation(derived.general, derived.formula),
        gate=pen.math(gate(unit)),
        pre=pen.math(pre),
        output=pen.math(output),
        rows=rows,
    )


def mixed_activations(setting: Setting) -> Caveat | None:
    """Units of one layer with different activations: each has the derivative of its own."""
    pen = setting.pen
    for layer in _layers(setting):
        if len({unit.activation for unit in layer}) < 2:
            continue
        names = {unit.name for unit in setting.on_the_way}
        rows = tuple(
            Fact(
                "unit",
                (
                    ("unit", pen.math(unit.definition.entry)),
                    ("function", FUNCTIONS[unit.activation].title),
                    ("gate", pen.math(gate(unit))),
                    ("here", numeric(setting.at(setting.model)(gate(unit)))),
                    ("on_path", "1" if unit.name in names else ""),
                ),
            )
            for unit in layer
        )
        if any(unit.name in names for unit in layer):
            return caveat("mixed-activations", units=rows, asked=pen.math(setting.asked))
    return None


def _layers(setting: Setting) -> Iterator[tuple[Unit, ...]]:
    """Units that are numbers, computed from the same quantities (weights and biases left out), two or more."""
    groups: dict[frozenset[Name], list[Unit]] = {}
    model = setting.model
    for unit in units(model):
        if unit.definition.letters or unit.activation not in FUNCTIONS or gate(unit) == ZERO:
            continue
        groups.setdefault(_inputs(model, unit.argument), []).append(unit)
    yield from (tuple(group) for group in groups.values() if len(group) > 1)


def _inputs(model: Model, formula: Formula) -> frozenset[Name]:
    """What a pre-activation is computed from, weights and biases left out; a named one is looked into."""
    found: set[Name] = set()
    for entry in entries(formula):
        if model.quantity[entry.name].role in (Role.WEIGHT, Role.BIAS):
            continue
        if entry == formula and entry.name in model.definition:
            found |= _inputs(model, model.definition[entry.name].formula)
        else:
            found.add(entry.name)
    return frozenset(found)
