"""Caveats about other output layers: what softmax, or one output, would change in the gradient."""

from __future__ import annotations

from collections.abc import Mapping

from generator.alike import alike
from generator.caveats.proof import prove
from generator.caveats.record import Caveat, caveat
from generator.caveats.setting import Numbers, Setting, error
from generator.caveats.worlds import (
    Output,
    World,
    assuming,
    cut,
    pair,
    targets_sum_to_one,
    with_loss,
    with_one_output,
    with_outputs,
)
from generator.caveats.write import numeric
from generator.derivation import Derivation
from generator.derive import derive
from generator.facts import Fact, Math
from generator.formula import (
    ONE,
    Apply,
    Derivative,
    Entry,
    Formula,
    Index,
    Name,
    add,
    multiply,
    negative,
)
from generator.formula import number as constant
from generator.model import Assumption, Role
from generator.recognise import BCE, CE, SOFTMAX

Pair = tuple[Output, Output]


def softmax_instead(setting: Setting) -> Caveat | None:
    """Logistic outputs under the summed binary cross-entropy: three other ways to end the network, each derived."""
    pen = setting.pen
    world = setting.world
    if world is None or (world.head.activation, world.head.loss) != ("sigmoid", BCE):
        return None
    if world.head.count == 1 or not setting.of_the_loss:
        return None
    summed, given = with_outputs(world, SOFTMAX), targets_sum_to_one(world)
    categorical = None if summed is None else with_loss(summed, CE)
    if summed is None or categorical is None or given is None:
        return None
    known = assuming(categorical, given)
    derived = error(known)
    found = pair(world)
    return caveat(
        "softmax-instead",
        names=setting.names,
        condition=pen.equation(given.left, *given.right),
        own=_row(setting, world, setting.error),
        categorical=_row(setting, categorical, error(categorical)),
        kept=pen.equation(derived.general, derived.formula),
        summed=_row(setting, summed, error(summed)),
        two=_two(summed, found, given) if found else "",
        one=_one(setting, world, known, found) if found else "",
        steps=pen.steps(derived),
        same=_same_letters(setting, known),
        asked=pen.math(setting.asked),
    )


def _row(setting: Setting, world: World, derived: Derivation) -> Fact:
    """One world: outputs, loss, error at the pre-activation, and the asked gradient at the numbers of the example."""
    pen = setting.pen
    output, loss = world.model.definition[world.head.units[0].name], world.head.definition
    values = {
        "output": pen.equation(output.entry, output.formula),
        "loss": pen.equation(loss.entry, loss.formula),
        "error": pen.equation(derived.general, derived.formula),
        "slope": "" if setting.asked.wrt[0].name == output.name else setting.slope(world.model),
    }
    return Fact("world", tuple(values.items()))


def _two(summed: World, found: Pair, given: Assumption) -> Fact:
    """Softmax of two under the summed binary cross-entropy: both outputs pull on each pre-activation."""
    first, second = found
    scale = negative(summed.head.form.scale)
    left = Derivative(summed.loss, (first.pre,))
    general = multiply(scale, add(_error(first), negative(_error(second))))
    whole = summed.outputs[0]
    each, double = Derivative(summed.loss, (whole.pre,)), multiply(constant(2), scale, _error(whole))
    alone = cut(summed).model
    prove(alone, (left, general), (second.output, add(ONE, negative(first.output))))
    prove(alone, (each, double), given=(given,))
    pen = summed.pen
    return Fact("two", (("general", pen.equation(left, general)), ("given", pen.equation(each, double))))


def _error(one: Output) -> Formula:
    return add(one.output, negative(one.target))


def _one(setting: Setting, world: World, known: World, found: Pair) -> Fact | str:
    """Softmax of two is the logistic function of the difference; its cross-entropy the binary one of one output."""
    pen = setting.pen
    first, second = found
    made = with_one_output(world)
    if made is None:
        return ""
    one, gone = made
    relation = (first.output, Apply("sigmoid", add(first.pre, negative(second.pre))))
    derived = error(one)
    alone = cut(known)
    prove(alone.model, relation, (second.output, add(ONE, negative(first.output))))
    weights = tuple(_merged(setting, name, place) for name, place in gone.items() if _is_parameter(setting, name))
    definition = one.model.definition[one.head.units[0].name]
    numbers = _merged_numbers(setting, one, gone)
    values = {
        "relation": pen.equation(*relation),
        "output": pen.equation(definition.entry, definition.formula),
        "loss": pen.equation(one.head.definition.entry, one.head.definition.formula),
        "error": pen.equation(derived.general, derived.formula),
        "weights": pen.equations(weights),
        "slope": "" if setting.asked.wrt[0].name in gone else numeric(numbers.slope(setting.asked)),
    }
    return Fact("one", tuple(values.items()))


def _is_parameter(setting: Setting, name: Name) -> bool:
    return name in setting.model.quantity and setting.model.quantity[name].role in (Role.WEIGHT, Role.BIAS)


def _merged(setting: Setting, name: Name, place: int) -> tuple[Formula, Formula]:
    """The parameter of the one output, as the difference of those of the two."""
    quantity = setting.model.quantity[name]
    low = quantity.ranges[place].lower.offset
    whole = [Index(letter) for letter in quantity.letters]
    first, second = (Entry(name, (*whole[:place], Index(None, low + n), *whole[place + 1 :])) for n in (0, 1))
    return Entry(name, (*whole[:place], *whole[place + 1 :])), add(first, negative(second))


def _merged_numbers(setting: Setting, one: World, gone: Mapping[Name, int]) -> Numbers:
    """The numbers of the network with one output that is the same as softmax of the two."""
    free: dict[Entry, float] = {}
    for entry, value in setting.free.items():
        place = gone.get(entry.name)
        if place is None:
            free[entry] = value
            continue
        low = setting.model.quantity[entry.name].ranges[place].lower.offset
        left = Entry(entry.name, (*entry.indices[:place], *entry.indices[place + 1 :]))
        if entry.indices[place].offset == low:
            free[left] = free.get(left, 0.0) + value
        elif _is_parameter(setting, entry.name):
            free[left] = free.get(left, 0.0) - value
    return setting.at(one.model, free)


def _same_letters(setting: Setting, known: World) -> Math | str:
    """The asked gradient, where softmax with cross-entropy gives it the same letters; empty where it does not."""
    pen = setting.pen
    derived = derive(known.model, setting.derivation.general)
    same = alike(derived.formula, setting.derivation.formula)
    return pen.equation(derived.general, derived.formula) if same else ""
