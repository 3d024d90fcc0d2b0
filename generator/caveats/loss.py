"""Caveats about how the loss is written: its brackets, its factor in front, the order of its difference."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator.caveats.proof import Unproved, prove
from generator.caveats.record import Caveat, caveat
from generator.caveats.setting import Setting, error
from generator.caveats.worlds import World, bracket, cut, with_loss, with_loss_formula
from generator.caveats.write import numeric, text
from generator.facts import Fact
from generator.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Definition,
    Derivative,
    Entry,
    Formula,
    Multiply,
    Power,
    Range,
    Size,
    Sum,
    add,
    multiply,
    negative,
    power,
    walk,
)
from generator.formula import number as constant
from generator.model import Assumption, Model, Role
from generator.recognise import BCE, CE, SQUARED

STEPS = (Fraction(10), Fraction(1), Fraction(1, 10), Fraction(1, 100))


def loss_without_brackets(setting: Setting) -> Caveat | None:
    """Minus a bracket of several terms: typed without the bracket, the minus reaches the first term only."""
    pen = setting.pen
    definition = next((d for d in reversed(setting.model.definitions) if _is_loss_with_bracket(setting, d)), None)
    found = None if definition is None else bracket(definition.formula)
    if definition is None or found is None:
        return None
    world = setting.world
    at_output = world is not None and world.head.definition.name == definition.name
    moved, own, slope = _apart(setting, _with(setting.model, replace(definition, formula=found.read())))
    return caveat(
        "loss-without-brackets",
        names=setting.names,
        typed=pen.typed(definition.entry, found.typed()),
        outside=text(", ".join(letter for letter, _ in found.sums)) if found.sums else "",
        read=pen.equation(definition.entry, found.read()) if found.sums else "",
        errors=_errors(world) if world is not None and at_output else "",
        moved=pen.listed(moved.items()) if moved else "",
        asked=pen.math(setting.asked),
        slope=numeric(slope),
        own=numeric(own),
    )


def _apart(setting: Setting, other: Model) -> tuple[dict[Entry, float], float, float]:
    """The asked derivative in the model and in another one, where they differ: in the example, or with a target moved.

    A target between 0 and 1 becomes 1 minus itself.
    """
    targets = [entry for entry in setting.free if setting.model.quantity[entry.name].role is Role.TARGET]
    for moved in ({}, *({entry: 1 - setting.free[entry]} for entry in targets)):
        free = {**setting.free, **moved}
        own, slope = (setting.at(model, free).slope(setting.asked) for model in (setting.model, other))
        if numeric(own) != numeric(slope):
            return moved, own, slope
    raise Unproved


def _is_loss_with_bracket(setting: Setting, definition: Definition) -> bool:
    below = setting.derivation.asked.wrt[0].name
    of = setting.derivation.general.of
    return (
        isinstance(of, Entry)
        and setting.model.depends(of.name, definition.name)
        and setting.model.depends(definition.name, below)
        and bracket(definition.formula) is not None
    )


def _with(model: Model, changed: Definition) -> Model:
    return replace(model, definitions=tuple(changed if d.name == changed.name else d for d in model.definitions))


def _errors(world: World) -> Fact | str:
    """The error at the pre-activation, as meant and as read: equal where a target is 1, opposite where it is 0."""
    pen = world.pen
    found = bracket(world.head.definition.formula)
    if (world.head.activation, world.head.loss) != ("sigmoid", BCE) or found is None:
        return ""
    right, read = cut(world), cut(with_loss_formula(world, found.read()))
    output = world.outputs[0]
    scale = negative(world.head.form.scale)
    left = Derivative(right.loss, (output.pre,))
    own = multiply(scale, add(output.output, negative(output.target)))
    rest, miss = add(ONE, negative(output.output)), add(ONE, negative(output.target))
    wrong = negative(multiply(scale, add(multiply(output.target, rest), multiply(miss, output.output))))
    prove(right.model, (left, own))
    prove(read.model, (left, wrong))
    prove(read.model, (left, own), given=(Assumption(output.target, "=", (ONE,)),))
    prove(read.model, (left, negative(own)), given=(Assumption(output.target, "=", (ZERO,)),))
    return Fact(
        "errors",
        (
            ("own", pen.equation(left, own)),
            ("read", pen.equation(left, wrong)),
            ("agree", pen.equation(output.target, ONE)),
            ("opposite", pen.equation(output.target, ZERO)),
        ),
    )


def mean_or_sum(setting: Setting) -> Caveat | None:
    """A loss that adds up several terms: their mean divides every gradient by their number, nothing else changes."""
    pen = setting.pen
    of = setting.derivation.general.of
    definition = setting.model.definition[of.name] if isinstance(of, Entry) else None
    if definition is None or setting.model.losses != (definition.name,):
        return None
    dividers, ranges = _dividers(definition.formula), _ranges(definition.formula, _classes(setting))
    count = multiply(*dividers) if dividers else multiply(*map(size_of, ranges))
    if not ranges or count == ONE:
        return None
    other, factor = (count, power(count, -1)) if dividers else (power(count, -1), count)
    model = _with(setting.model, replace(definition, formula=multiply(other, definition.formula)))
    derived = setting.derivation
    prove(model, (derived.general, multiply(other, derived.formula)))
    kept = Fact("mean", (("factor", pen.math(factor)), ("count", pen.math(count))))
    return caveat(
        "mean-or-sum",
        mean=kept if dividers else "",
        sum="" if dividers else Fact("sum", (("factor", pen.math(other)), ("count", pen.math(count)))),
        asked=pen.math(setting.asked),
        own=numeric(setting.example.result.formula),
        slope=setting.slope(model),
    )


def _dividers(formula: Formula) -> tuple[Formula, ...]:
    """The sizes by which a whole formula is divided."""
    factors = formula.factors if isinstance(formula, Multiply) else (formula,)
    return tuple(f.base for f in factors if isinstance(f, Power) and f.exponent == MINUS_ONE and _is_size(f.base))


def _is_size(formula: Formula) -> bool:
    return isinstance(formula, Size) or (isinstance(formula, Multiply) and all(map(_is_size, formula.factors)))


def _classes(setting: Setting) -> str | None:
    """The letter of a sum over classes: its terms belong to one sample, and nobody takes their mean."""
    world = setting.world
    return world.outputs[0].letter if world is not None and world.head.loss == CE else None


def _ranges(formula: Formula, skipped: str | None) -> tuple[Range, ...]:
    """The ranges of the sums that a whole formula, but for what stands in front, consists of."""
    match formula:
        case Sum(letter, range_, body, ()):
            return (*(() if letter == skipped else (range_,)), *_ranges(body, skipped))
        case Multiply(factors):
            return _ranges(factors[-1], skipped) if all(_is_front(f) for f in factors[:-1]) else ()
        case _:
            return ()


def _is_front(formula: Formula) -> bool:
    return not any(isinstance(part, Entry) for part in walk(formula))


def size_of(range_: Range) -> Formula:
    """How many integers the range holds."""
    extra = constant(range_.upper.offset - range_.lower.offset + 1)
    upper = () if range_.upper.letter is None else (Size(range_.upper.letter),)
    lower = () if range_.lower.letter is None else (negative(Size(range_.lower.letter)),)
    return add(*upper, *lower, extra)


def half_or_not(setting: Setting) -> Caveat | None:
    """Squared error: the 2 of the power cancels a half in front, and stays without one."""
    pen = setting.pen
    world = setting.world
    if world is None or world.head.loss != SQUARED or world.head.form.number not in (1, Fraction(1, 2)):
        return None
    has_half = world.head.form.number == Fraction(1, 2)
    other = with_loss(world, SQUARED, ONE if has_half else constant(Fraction(1, 2)))
    if other is None or not setting.of_the_loss:
        return None
    own, changed = setting.error, error(other)
    loss, output = other.head.definition, world.outputs[0]
    return caveat(
        "half-or-not",
        half="1" if has_half else "",
        names=setting.names,
        power=pen.math(power(add(output.output, negative(output.target)), 2)),
        error=pen.equation(own.general, own.formula),
        loss=pen.equation(loss.entry, loss.formula),
        changed=pen.equation(changed.general, changed.formula),
        asked=pen.math(setting.asked),
        own=numeric(setting.example.result.formula),
        slope=setting.slope(other.model),
    )


def descent_sign(setting: Setting) -> Caveat | None:
    """Squared error of target minus output: the gradient has the opposite difference, and a step a second minus."""
    pen = setting.pen
    world = setting.world
    if world is None or world.head.loss != SQUARED or not setting.of_the_loss:
        return None
    output = world.outputs[0]
    written = add(output.target, negative(output.output))
    if not any(part == written for part in walk(world.head.definition.formula)):
        return None
    derived = setting.error
    gradient_here = setting.example.result.formula
    stepped = _steps(setting, gradient_here)
    if stepped is None:
        return None
    length_, down, up = stepped
    loss = setting.derivation.general.of
    return caveat(
        "descent-sign",
        names=setting.names,
        written=pen.math(written),
        turned=pen.math(add(output.output, negative(output.target))),
        error=pen.equation(derived.general, derived.formula),
        asked=pen.math(setting.asked),
        entry=pen.math(setting.asked.wrt[0]),
        gradient=numeric(gradient_here),
        length=numeric(float(length_)),
        before=pen.equals(loss, setting.example.values[setting.asked.of])
        if isinstance(setting.asked.of, Entry)
        else "",
        down=numeric(down),
        up=numeric(up),
    )


def _steps(setting: Setting, slope: float) -> tuple[Fraction, float, float] | None:
    """A step along minus the gradient that lowers the loss, one along plus that raises it, and the two losses."""
    (entry,) = setting.asked.wrt
    if entry not in setting.free or not isinstance(setting.asked.of, Entry):
        return None
    here = setting.free[entry]
    before = setting.example.values[setting.asked.of]
    for step in STEPS:
        down, up = (
            setting.at(setting.model, {**setting.free, entry: here + sign * float(step) * slope})(setting.asked.of)
            for sign in (-1, 1)
        )
        if f"{down:.4g}" != f"{before:.4g}" != f"{up:.4g}" and down < before < up:
            return step, down, up
    return None
