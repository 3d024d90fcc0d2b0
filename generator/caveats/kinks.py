"""Caveats about rectified units: no derivative at 0, and no gradient at all on one side of it."""

from __future__ import annotations

from generator.autodiff import RULES, Dual
from generator.caveats.gates import gate
from generator.caveats.record import Caveat, caveat
from generator.caveats.setting import Numbers, Setting
from generator.caveats.write import Pen, numeric
from generator.facts import Fact
from generator.formula import Entry
from generator.functions import FUNCTIONS
from generator.model import Role
from generator.recognise import Unit

KINKED = ("relu", "leaky_relu")
STEP = 2.0**-20


def relu_kink(setting: Setting) -> Caveat | None:
    """A rectified unit has two slopes at 0; elsewhere its derivative is what the formula says."""
    pen = setting.pen
    found = [unit for unit in setting.on_the_way if unit.activation in KINKED]
    if not found:
        return None
    numbers = setting.at(setting.model)
    unit, value = min((one for unit in found for one in numbers.everywhere(unit)), key=lambda one: abs(one[1]))
    return caveat(
        "relu-kink",
        units=tuple(_kink_row(pen, unit) for unit in found),
        nearest=pen.math(unit),
        distance=numeric(value),
    )


def _kink_row(pen: Pen, unit: Unit) -> Fact:
    """The slopes of an activation on both sides of 0, by difference quotients."""
    rule = RULES[unit.activation]

    def slope(step: float) -> float:
        return (rule(Dual(step)).value - rule(Dual(0.0)).value) / step

    return Fact(
        "kink",
        (
            ("unit", pen.math(unit.definition.entry)),
            ("function", FUNCTIONS[unit.activation].title),
            ("left", numeric(slope(-STEP))),
            ("right", numeric(slope(STEP))),
            ("gate", pen.math(gate(unit))),
            ("software", "1" if unit.activation == "relu" else ""),
        ),
    )


def dead_relu(setting: Setting) -> Caveat | None:
    """Where rectified units are off, the gradient of what feeds them is exactly 0, and a step changes nothing."""
    pen = setting.pen
    found = [unit for unit in setting.on_the_way if unit.activation == "relu"]
    if not found or setting.example.result.formula == 0:
        return None
    for moved in setting.moves((Role.BIAS, Role.INPUT)):
        numbers = setting.at(setting.model, {**setting.free, **moved})
        slope = numbers.slope(setting.asked)
        off = _off(numbers, found)
        if slope == 0 and off:
            return caveat(
                "dead-relu",
                moved=pen.listed(moved.items()),
                off=tuple(Fact("off", (("unit", pen.math(unit)), ("pre", numeric(pre)))) for unit, pre in off),
                before=numeric(setting.example.result.formula),
                slope=pen.equals(setting.asked, slope),
            )
    return None


def _off(numbers: Numbers, found: list[Unit]) -> list[tuple[Entry, float]]:
    """The units that are off, with their pre-activations."""
    return [one for unit in found for one in numbers.everywhere(unit) if one[1] < 0]
