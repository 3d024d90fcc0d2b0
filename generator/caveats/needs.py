"""Caveats about what the loss needs from the outputs and targets: numbers between 0 and 1, targets that sum to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from generator.alike import alike
from generator.caveats.gates import divides
from generator.caveats.proof import Unproved, prove
from generator.caveats.record import Caveat, caveat
from generator.caveats.setting import Numbers, Setting, error
from generator.caveats.worlds import World, assuming, cut, targets_sum_to_one, with_loss, with_outputs
from generator.caveats.write import Pen, numeric, text
from generator.derivation import Derivation
from generator.facts import Math
from generator.formula import (
    ONE,
    Apply,
    Derivative,
    Entry,
    add,
    divide,
    multiply,
    negative,
    substitute,
)
from generator.formula import number as constant
from generator.functions import FUNCTIONS
from generator.recognise import BCE, CE, LINEAR, SOFTMAX

INSIDE = {BCE: frozenset(("sigmoid", SOFTMAX)), CE: frozenset(("sigmoid", SOFTMAX, "softplus"))}
"""The activations whose values all lie where the loss is real."""

FAR = 10.0


def no_output_activation(setting: Setting) -> Caveat | None:
    """A loss of logarithms needs outputs in its domain: linear ones leave it, logistic ones cannot."""
    pen = setting.pen
    world = setting.world
    if world is None or world.head.loss not in INSIDE or world.head.activation not in (LINEAR, "sigmoid"):
        return None
    bare = world if world.head.activation == LINEAR else with_outputs(world, LINEAR)
    if bare is None:
        return None
    derived, pre, output = error(bare), world.pres[0], world.head.units[0].definition.entry
    formula = substitute(derived.formula, lambda part: output if part == pre else None)
    prove(cut(bare).model, (derived.general, formula))
    return caveat(
        "no-output-activation",
        names=setting.names,
        own="" if world.head.activation == LINEAR else _cancelled(pen, setting.error),
        **_domain(setting, bare),
        error=pen.equation(derived.general, formula),
    )


def _cancelled(pen: Pen, derived: Derivation) -> Math:
    """The error, which has no denominator left; else `Unproved`."""
    if divides(derived.formula):
        raise Unproved
    return pen.equation(derived.general, derived.formula)


def tanh_with_bce_domain(setting: Setting) -> Caveat | None:
    """The values of tanh go from -1 to 1, and the logarithm of a negative one is not real."""
    pen = setting.pen
    world = setting.world
    if world is None or world.head.loss not in INSIDE or world.head.activation != "tanh":
        return None
    pre = world.outputs[0].pre
    half, shifted = divide(add(ONE, Apply("tanh", pre)), constant(2)), Apply("sigmoid", multiply(constant(2), pre))
    prove(cut(world).model, (half, shifted))
    derived = setting.error
    return caveat(
        "tanh-with-bce-domain",
        names=setting.names,
        **_domain(setting, world),
        error=pen.equation(derived.general, derived.formula),
        shifted=pen.equation(half, shifted),
    )


def output_outside_log_domain(setting: Setting) -> Caveat | None:
    """Another activation under a loss of logarithms, some of whose values have no real logarithm."""
    world = setting.world
    if world is None or world.head.loss not in INSIDE or world.head.activation in (None, LINEAR, "tanh"):
        return None
    row = FUNCTIONS.get(str(world.head.activation))
    if row is None or row.key in INSIDE[world.head.loss]:
        return None
    return caveat(
        "output-outside-log-domain",
        names=setting.names,
        function=row.title,
        values=text(row.range),
        **_domain(setting, world),
    )


def _domain(setting: Setting, world: World) -> dict[str, Math | str]:
    """Where the loss is real, and numbers at which it is not: those of the example, or with one entry moved."""
    pen = setting.pen
    output = world.outputs[0].output
    bounds = pen.math(output).latex
    domain = rf"0 \lt {bounds} \lt 1" if world.head.loss == BCE else rf"{bounds} \gt 0"
    for moved in setting.moves():
        numbers = _before_loss(setting, world, {**setting.free, **moved})
        found = _outside(world, numbers)
        if found is not None and _undefined(setting, world, {**setting.free, **moved}):
            outside, log = found
            return {
                "domain": text(domain),
                "moved": pen.listed(moved.items()) if moved else "",
                "outside": pen.equals(outside, numbers(outside)),
                "log": pen.math(log),
            }
    raise Unproved


def _before_loss(setting: Setting, world: World, free: Mapping[Entry, float]) -> Numbers:
    """The numbers of everything that the loss is not needed for."""
    gone = world.head.definition.name
    model = world.model
    above = tuple(d for d in model.definitions if not model.depends(d.name, gone))
    return setting.at(replace(model, definitions=above), free)


def _outside(world: World, numbers: Numbers) -> tuple[Entry, Apply] | None:
    """An output outside of the domain of the loss, and the logarithm that is not real there."""
    for unit in world.head.units:
        for entry in numbers.entries(unit, unit.definition.entry):
            value = numbers(entry)
            if value <= 0:
                return entry, Apply("log", entry)
            if value >= 1 and world.head.loss == BCE:
                return entry, Apply("log", add(ONE, negative(entry)))
    return None


def _undefined(setting: Setting, world: World, free: Mapping[Entry, float]) -> bool:
    """Whether the loss has no real value at these numbers."""
    try:
        setting.at(world.model, free)
    except ArithmeticError:
        return True
    return False


def sigmoid_with_cross_entropy(setting: Setting) -> Caveat | None:
    """Cross-entropy sees only the outputs whose targets are not 0; nothing lowers a logistic output."""
    pen = setting.pen
    world = setting.world
    if world is None or (world.head.activation, world.head.loss) != ("sigmoid", CE):
        return None
    both = with_loss(world, BCE)
    if both is None:
        return None
    derived, repaired = setting.error, error(both)
    output = world.outputs[0]
    scale = negative(world.head.form.scale)
    signed = negative(multiply(scale, output.target, add(ONE, negative(output.output))))
    alone = cut(world)
    prove(alone.model, (Derivative(alone.loss, (output.pre,)), signed))
    far = setting.at(alone.model, {**_kept(setting, alone), **_far(setting, world)})
    return caveat(
        "sigmoid-with-cross-entropy",
        names=setting.names,
        error=pen.equation(derived.general, signed),
        repaired=pen.equation(repaired.general, repaired.formula),
        pre=pen.equals(output.pre, FAR),
        loss=pen.equals(world.head.definition.entry, far(world.head.definition.entry)) if _is_number(world) else "",
    )


def _is_number(world: World) -> bool:
    return not world.head.definition.letters


def _kept(setting: Setting, alone: World) -> dict[Entry, float]:
    return {entry: value for entry, value in setting.free.items() if entry.name in alone.model.quantity}


def _far(setting: Setting, world: World) -> dict[Entry, float]:
    """Every pre-activation at `FAR`."""
    names = {pre.name for pre in world.pres}
    return {entry: FAR for entry in setting.at(world.model).values if entry.name in names}


def targets_sum_to_one_needed(setting: Setting) -> Caveat | None:
    """Softmax with cross-entropy: the sum of the targets stays in the gradient where nobody says that it is 1."""
    pen = setting.pen
    world = setting.world
    if world is None or (world.head.activation, world.head.loss) != (SOFTMAX, CE):
        return None
    given = targets_sum_to_one(world)
    if given is None:
        return None
    general, short = setting.error, error(assuming(world, given))
    if alike(general.formula, short.formula):
        return None
    alone = cut(world)
    numbers = setting.at(world.model)
    free = {**_kept(setting, alone), **{e: numbers(e) for e in numbers.values if e.name == world.pres[0].name}}
    ones = {entry: 1.0 for entry in free if entry.name == world.outputs[0].target.name}
    at = setting.at(alone.model, {**free, **ones})
    unit = world.head.units[0]
    first = Derivative(alone.loss, (at.entries(unit, world.pres[0])[0],))
    to = dict(zip(unit.definition.letters, (i.offset for i in first.wrt[0].indices), strict=True))
    return caveat(
        "targets-sum-to-one",
        names=setting.names,
        condition=pen.equation(given.left, *given.right),
        general=pen.equation(general.general, general.formula),
        short=pen.equation(short.general, short.formula),
        sum=pen.math(given.left),
        at=pen.math(first),
        slope=numeric(at.slope(first)),
        kept=numeric(at(general.formula, to)),
        shortened=numeric(at(short.formula, to)),
    )
