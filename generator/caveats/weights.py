"""Caveats about parameters: one letter that stands in several layers is one parameter."""

from __future__ import annotations

from dataclasses import replace

from generator.caveats.proof import prove
from generator.caveats.record import Caveat, caveat
from generator.caveats.setting import Setting
from generator.caveats.write import numeric
from generator.derive import derive
from generator.facts import Fact
from generator.formula import Definition, Derivative, Entry, Formula, Name, add, substitute
from generator.model import Model, Role
from generator.recognise import fresh_name


def shared_parameter(setting: Setting) -> Caveat | None:
    """A parameter in several definitions: its gradient is the sum of what each copy alone would get."""
    pen = setting.pen
    of = setting.derivation.general.of
    wrt = _shared(setting, of.name) if isinstance(of, Entry) else None
    if wrt is None or not isinstance(of, Entry):
        return None
    model = setting.model
    users = [name for name in model.consumers(wrt.name) if model.depends(of.name, name)]
    asked = Derivative(setting.asked.of, (_example(setting, wrt),))
    shares = [_share(setting, user, wrt, asked) for user in users]
    prove(model, (Derivative(of, (wrt,)), add(*(formula for formula, _ in shares))))
    rows = tuple(
        Fact(
            "share",
            (
                ("through", pen.math(model.definition[user].entry)),
                ("formula", pen.math(formula)),
                ("number", numeric(number)),
            ),
        )
        for user, (formula, number) in zip(users, shares, strict=True)
    )
    return caveat(
        "shared-parameter",
        parameter=pen.math(wrt),
        count=len(users),
        shares=rows,
        total=pen.equals(asked, setting.at(model).slope(asked)),
    )


def _shared(setting: Setting, of: Name) -> Entry | None:
    """The asked parameter if it stands in several definitions that lead to `of`, else the first weight that does."""
    model, (wrt,) = setting.model, setting.derivation.general.wrt
    free = [q for q in model.quantities if q.name not in model.definition]
    weights = [model.whole(q.name) for q in free if q.role in (Role.WEIGHT, Role.BIAS)]
    asked = [wrt] if wrt.name in {q.name for q in free if q.role in (Role.WEIGHT, Role.BIAS, Role.CONSTANT)} else []
    for entry in (*asked, *weights):
        if sum(model.depends(of, name) for name in model.consumers(entry.name)) > 1:
            return entry
    return None


def _example(setting: Setting, wrt: Entry) -> Entry:
    """The asked entry, if it is one of this parameter; else the parameter's first one in the example."""
    (asked,) = setting.asked.wrt
    return asked if asked.name == wrt.name else next(entry for entry in setting.free if entry.name == wrt.name)


def _share(setting: Setting, user: Name, wrt: Entry, asked: Derivative) -> tuple[Formula, float]:
    """The derivative in a copy of the parameter that stands in one definition alone: formula and number."""
    model = setting.model
    copy = fresh_name(model)
    quantities = (*model.quantities, replace(model.quantity[wrt.name], name=copy))
    definitions = tuple(_renamed(d, wrt.name, copy) if d.name == user else d for d in model.definitions)
    apart = Model(quantities, definitions, model.sizes, model.assumptions)
    free = {**setting.free, **{Entry(copy, e.indices): v for e, v in setting.free.items() if e.name == wrt.name}}
    derived = derive(apart, Derivative(setting.derivation.general.of, (Entry(copy, wrt.indices),)))
    at = Derivative(asked.of, (Entry(copy, asked.wrt[0].indices),))
    return _back(derived.formula, copy, wrt.name), setting.at(apart, free).slope(at)


def _renamed(definition: Definition, old: Name, new: Name) -> Definition:
    return replace(definition, formula=_back(definition.formula, old, new))


def _back(formula: Formula, old: Name, new: Name) -> Formula:
    """The formula with one name in place of another."""

    def change(part: Formula) -> Formula | None:
        return Entry(new, part.indices) if isinstance(part, Entry) and part.name == old else None

    return substitute(formula, change)
