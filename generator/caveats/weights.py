"""Caveats about parameters: one letter that stands in several layers is one parameter."""

from __future__ import annotations

from dataclasses import replace

from generator.caveats.proof import prove
from generator.caveats.record import Caveat, caveat
from generator.caveats.setting import Setting
from generator.caveats.write import equation, math, numeric
from generator.derive import derive
from generator.facts import Fact
from generator.formula import Definition, Derivative, Entry, Formula, Name, add, substitute
from generator.model import Model, Role
from generator.recognise import fresh_name


def shared_parameter(setting: Setting) -> Caveat | None:
    """A parameter in several definitions: its gradient is the sum of what each copy alone would get."""
    derivation, model = setting.derivation, setting.model
    of, (wrt,) = derivation.general.of, derivation.general.wrt
    if not isinstance(of, Entry) or wrt.name in model.definition:
        return None
    if model.quantity[wrt.name].role not in (Role.WEIGHT, Role.BIAS, Role.CONSTANT):
        return None
    users = [name for name in model.consumers(wrt.name) if model.depends(of.name, name)]
    if len(users) < 2:
        return None
    shares = [_share(setting, user) for user in users]
    prove(model, (derivation.general, add(*(formula for formula, _ in shares))))
    rows = tuple(
        Fact(
            "share",
            (
                ("through", math(model.definition[user].entry)),
                ("definition", equation(model.definition[user].entry, model.definition[user].formula)),
                ("formula", math(formula)),
                ("number", numeric(number)),
            ),
        )
        for user, (formula, number) in zip(users, shares, strict=True)
    )
    return caveat(
        "shared-parameter",
        parameter=math(wrt),
        count=len(users),
        shares=rows,
        asked=math(setting.asked),
        total=numeric(setting.example.result.formula),
        difference=numeric(setting.example.result.differences),
    )


def _share(setting: Setting, user: Name) -> tuple[Formula, float]:
    """The derivative in a copy of the parameter that stands in one definition alone: formula and number."""
    model, (wrt,) = setting.model, setting.derivation.general.wrt
    copy = fresh_name(model)
    quantities = (*model.quantities, replace(model.quantity[wrt.name], name=copy))
    definitions = tuple(_renamed(d, wrt.name, copy) if d.name == user else d for d in model.definitions)
    apart = Model(quantities, definitions, model.sizes, model.assumptions)
    free = {**setting.free, **{Entry(copy, e.indices): v for e, v in setting.free.items() if e.name == wrt.name}}
    numbers = setting.at(apart, free)
    derived = derive(apart, Derivative(setting.derivation.general.of, (Entry(copy, wrt.indices),)))
    at = Derivative(setting.asked.of, (Entry(copy, setting.asked.wrt[0].indices),))
    return _back(derived.formula, copy, wrt.name), numbers.slope(at)


def _renamed(definition: Definition, old: Name, new: Name) -> Definition:
    return replace(definition, formula=_back(definition.formula, old, new))


def _back(formula: Formula, old: Name, new: Name) -> Formula:
    """The formula with one name in place of another."""

    def change(part: Formula) -> Formula | None:
        return Entry(new, part.indices) if isinstance(part, Entry) and part.name == old else None

    return substitute(formula, change)
