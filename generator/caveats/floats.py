"""Caveats about floating point: forms of the loss and of the error that stay finite where the plain ones do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from generator.caveats.gates import divides
from generator.caveats.ieee import ieee
from generator.caveats.proof import prove, prove_derivation
from generator.caveats.record import Caveat, caveat
from generator.caveats.setting import Setting, error
from generator.caveats.worlds import Output, World, assuming, cut, targets_sum_to_one, under, with_loss_formula
from generator.caveats.write import numeric, text
from generator.facts import Fact, Value
from generator.formula import (
    ONE,
    ZERO,
    Add,
    Apply,
    Derivative,
    Entry,
    Extreme,
    Formula,
    Index,
    Name,
    Sum,
    add,
    divide,
    entries,
    multiply,
    negative,
    rename,
    substitute,
)
from generator.model import Quantity, Role
from generator.oracle import Indices, Point, evaluate
from generator.recognise import BCE, SOFTMAX, fresh_name

ARGUMENT, OTHER = Entry(Name("x")), Entry(Name("y"))
LABEL, OTHER_LABEL = Entry(Name("t")), Entry(Name("u"))
BINARY = ((40, 1), (40, 0), (-800, 1))
CLASSES = (((800, 0), (1, 0)), ((800, 0), (0, 1)))
SPLIT: Mapping[tuple[str | None, str], tuple[tuple[int, int], ...]] = {
    ("sigmoid", BCE): ((40, 0), (-800, 1)),
}


def exp(formula: Formula) -> Formula:
    """The exponential of the formula."""
    return Apply("exp", formula)


def log(formula: Formula) -> Formula:
    """The natural logarithm of the formula."""
    return Apply("log", formula)


def stable_form(setting: Setting) -> Caveat | None:
    """The loss from the pre-activations: the same number, without a logarithm of 0 in floating point."""
    world = setting.world
    if world is None or len(world.outputs) != 1:
        return None
    match world.head.activation, world.head.loss:
        case "sigmoid", "binary-cross-entropy":
            return _binary(setting, world)
        case "softmax", "cross-entropy":
            return _classes(setting, world)
        case _:
            return None


def _binary(setting: Setting, world: World) -> Caveat:
    pen = setting.pen
    (output,) = world.outputs
    direct = _direct(output.output, output.target)
    plain = add(log(add(ONE, exp(output.pre))), negative(multiply(output.target, output.pre)))
    robust = _robust(output.pre, output.target)
    alone = cut(world)
    prove(alone.model, (direct, plain), (plain, robust))
    whole = multiply(negative(world.head.form.scale), under(world.head.form.sums, plain))
    rows = tuple(_binary_row(a, t) for a, t in BINARY)
    return caveat(
        "stable-form",
        names=setting.names,
        binary=Fact("binary", (("plain", pen.equation(direct, plain)), ("robust", pen.equation(plain, robust)))),
        classes="",
        **_same_loss(world, whole),
        pre=pen.math(output.pre),
        target=pen.math(output.target),
        rows=rows,
    )


def _direct(output: Formula, target: Formula) -> Formula:
    """Binary cross-entropy of one output, as it is written from the output."""
    other = multiply(add(ONE, negative(target)), log(add(ONE, negative(output))))
    return negative(add(multiply(target, log(output)), other))


def _robust(pre: Formula, target: Formula) -> Formula:
    """The same from the pre-activation, with no exponential of a large number."""
    rest = log(add(ONE, exp(negative(Apply("abs", pre)))))
    return add(Extreme("max", (pre, ZERO)), negative(multiply(target, pre)), rest)


def _same_loss(world: World, whole: Formula) -> dict[str, Value]:
    """The error from another form of the loss, proved to be the same loss: its steps, and both results."""
    pen = world.pen
    alone = cut(world)
    prove(alone.model, (world.head.definition.entry, add(whole, world.head.rest)))
    other = with_loss_formula(alone, add(whole, world.head.rest))
    derived = prove_derivation(other.model, other.error())
    return {
        "loss": pen.equation(world.head.definition.entry, add(whole, world.head.rest)),
        "steps": pen.steps(derived) if world.head.activation == "sigmoid" else (),
        "error": pen.equation(derived.general, derived.formula, error(world).formula),
    }


def _binary_row(a: int, t: int) -> Fact:
    """One output: the loss in 64 bits from the output and from the pre-activation, and the exact value."""
    values = {ARGUMENT: float(a), LABEL: float(t)}
    direct = _direct(Apply("sigmoid", ARGUMENT), LABEL)
    robust = substitute(_robust(ARGUMENT, LABEL), _log1p)
    return _row((a,), (t,), ieee(direct, values), ieee(robust, values), direct)


def _log1p(part: Formula) -> Formula | None:
    """The logarithm of 1 + x as the library function that keeps a small x."""
    match part:
        case Apply("log", Add((first, rest))) if first == ONE:
            return Apply("log1p", rest)
        case _:
            return None


def _row(pres: tuple[int, ...], targets: tuple[int, ...], direct: float, stable: float, formula: Formula) -> Fact:
    entries_at = (ARGUMENT, pres[0]), (LABEL, targets[0]), (OTHER, pres[-1]), (OTHER_LABEL, targets[-1])
    known: dict[tuple[Name, Indices], Fraction] = {(entry.name, ()): Fraction(value) for entry, value in entries_at}
    values = (
        ("pre", text(", ".join(map(str, pres)))),
        ("target", text(", ".join(map(str, targets)))),
        ("direct", numeric(direct)),
        ("stable", numeric(stable)),
        ("exact", numeric(float(evaluate(formula, (), Point({}, known), {})))),
    )
    return Fact("row", values)


def _classes(setting: Setting, world: World) -> Caveat | None:
    pen = setting.pen
    (output,) = world.outputs
    if output.letter is None or output.range is None:
        return None
    alone = cut(world)
    other = next(letter for letter in ("l", "q", "r", "p") if Index(letter) not in output.output.indices)
    every = rename(output.pre, {output.letter: Index(other)})
    plain = log(Sum(other, output.range, exp(every)))
    shift = Entry(fresh_name(alone.model, ("m", "c", "r", "u")))
    shifted = add(shift, log(Sum(other, output.range, exp(add(every, negative(shift))))))
    model = replace(alone.model, quantities=(*alone.model.quantities, Quantity(shift.name, (), (), Role.CONSTANT)))
    inside = add(output.pre, negative(plain))
    prove(model, (log(output.output), inside), (plain, shifted))
    scale = world.head.form.scale
    whole = multiply(scale, under(world.head.form.sums, multiply(output.target, inside)))
    return caveat(
        "stable-form",
        names=setting.names,
        binary="",
        classes=Fact(
            "classes",
            (
                ("log", pen.equation(log(output.output), inside)),
                ("shifted", pen.equation(plain, shifted)),
                ("shift", pen.math(shift)),
                ("largest", text(rf"{pen.math(shift).latex} = \max_{{{other}}} {pen.math(every).latex}")),
            ),
        ),
        **_same_loss(world, whole),
        pre=pen.math(output.pre),
        target=pen.math(output.target),
        rows=tuple(_class_row(pres, targets) for pres, targets in CLASSES),
    )


def _class_row(pres: tuple[int, int], targets: tuple[int, int]) -> Fact:
    """Two classes: the loss in 64 bits from the outputs and from the pre-activations, and the exact value."""
    units, labels = (ARGUMENT, OTHER), (LABEL, OTHER_LABEL)
    values = dict(zip((*units, *labels), map(float, (*pres, *targets)), strict=True))
    total = add(*(exp(unit) for unit in units))
    direct = negative(add(*(multiply(t, log(divide(exp(a), total))) for a, t in zip(units, labels, strict=True))))
    largest = Extreme("max", units)
    rest = log(add(*(exp(add(unit, negative(largest))) for unit in units)))
    each = (multiply(t, add(largest, rest, negative(a))) for a, t in zip(units, labels, strict=True))
    return _row(pres, targets, ieee(direct, values), ieee(add(*each), values), direct)


def division_by_zero(setting: Setting) -> Caveat | None:
    """The derivative in an output divides by what rounds to 0; multiplied by the output's slope it does not."""
    pen = setting.pen
    world = setting.world
    if world is None or (world.head.activation, world.head.loss) not in SPLIT or len(world.outputs) != 1:
        return None
    output = world.outputs[0]
    if setting.derivation.asked.wrt[0].name not in (output.output.name, world.pres[0].name):
        return None
    alone, coupled = cut(world), world.head.activation == SOFTMAX
    outer = next((s for s in setting.error.steps if s.left.wrt[0].name == output.output.name), None)
    given = targets_sum_to_one(world) if coupled else None
    if outer is None or (coupled and given is None) or divides(setting.error.formula):
        return None
    slope = (Derivative(output.output, (output.pre,)), multiply(output.output, add(ONE, negative(output.output))))
    prove(alone.model, slope)
    fused = setting.error if given is None else error(assuming(world, given))
    formulas = (outer.result, slope[1], fused.formula)
    return caveat(
        "division-by-zero",
        names=setting.names,
        outer=pen.equation(outer.left, outer.result),
        inner=pen.equation(*slope),
        fused=pen.equation(setting.error.general, setting.error.formula),
        coupled="1" if coupled else "",
        pre=pen.math(output.pre),
        target=pen.math(output.target),
        rows=tuple(_split_row(setting, output, formulas, *at) for at in SPLIT[world.head.activation, world.head.loss]),
    )


def _split_row(setting: Setting, one: Output, formulas: tuple[Formula, ...], a: int, t: int) -> Fact:
    """In 64 bits: the output, the derivative in it, its slope, their product, and the fused form.

    For softmax the pre-activation is that of one of two classes, the other being 0, which is the logistic function.
    """
    value = ieee(Apply("sigmoid", ARGUMENT), {ARGUMENT: float(a)})
    names = {one.output.name: value, one.target.name: float(t)}
    values = {entry: names[entry.name] for formula in formulas for entry in entries(formula)}
    outer, inner, fused = (ieee(formula, values, setting.sizes) for formula in formulas)
    numbers = {"output": value, "outer": outer, "inner": inner, "product": outer * inner, "fused": fused}
    shown = tuple((name, numeric(value)) for name, value in numbers.items())
    return Fact("row", (("pre", text(str(a))), ("target", text(str(t))), *shown))
