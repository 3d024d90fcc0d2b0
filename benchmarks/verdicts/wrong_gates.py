"""Mistakes in the derivatives of activations."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.verdicts.draft import rest, square
from benchmarks.verdicts.slips import (
    Changed,
    Places,
    Sign,
    copied,
    exchanged,
    missing,
    without,
)
from benchmarks.verdicts.trees import exchanged as put_in
from benchmarks.verdicts.worked import Worked, activation, gated_unit
from generator.derivation import Term
from generator.formula import (
    Add,
    Apply,
    Entry,
    Formula,
    Indicator,
    Multiply,
    Number,
    Power,
    multiply,
)


def half_gate(worked: Worked, term: Term, places: Places) -> Changed | None:
    """One of the two factors of a derivative left out."""
    if len(places) != 2:
        return None
    left = without(term, places[:1])
    return None if left is None else Changed(left, missing=missing(worked, term, places))


def other_half(worked: Worked, term: Term, places: Places) -> Changed | None:
    """The other of the two factors left out."""
    if len(places) != 2:
        return None
    left = without(term, places[1:])
    return None if left is None else Changed(left, missing=missing(worked, term, places))


def _unit(worked: Worked, term: Term, places: Places) -> Entry | None:
    return gated_unit(worked.model, term, tuple(term.factors[place] for place in places))


def other_gate(worked: Worked, term: Term, places: Places) -> Changed | None:
    """The derivative of another activation, by its value."""
    unit = _unit(worked, term, places)
    if unit is None:
        return None
    applied = activation(worked.model, term, tuple(term.factors[place] for place in places))
    if applied is None:
        return None
    new: tuple[Formula, ...] = (copied(unit), rest(unit)) if applied.function == "tanh" else (rest(square(unit)),)
    return Changed(exchanged(term, places, *new), tuple((one,) for one in new))


def value_for_gate(worked: Worked, term: Term, places: Places) -> Changed | None:
    """The activation itself where its derivative belongs."""
    group = tuple(term.factors[place] for place in places)
    half = frozenset[Sign]()
    match group[0].formula:
        case Apply(function, argument, 1):
            new: Formula = Apply(function, argument)
            half = missing(worked, term, places) if function == "sigmoid" else half
        case _ if len(places) == 1 and (unit := _unit(worked, term, places)) is not None:
            new = copied(unit)
        case _:
            return None
    return Changed(exchanged(term, places, new), ((new,),), half)


def gate_unsquared(_worked: Worked, term: Term, places: Places) -> Changed | None:
    """One minus the value, where its square is taken from one."""
    match term.factors[places[0]].formula:
        case Add((Number() as one, Multiply((Number() as factor, Power(base, Number(two)))))) if two == 2:
            new = Add((one, Multiply((factor, base))))
            return Changed(exchanged(term, places, new), ((new,),))
        case _:
            return None


def gate_plus(_worked: Worked, term: Term, places: Places) -> Changed | None:
    """One plus the value, or its square, for one minus it."""
    place = places[-1]
    match term.factors[place].formula:
        case Add((Number() as one, Multiply((Number(value), *others)))) if value == -1:
            new = Add((one, multiply(*others)))
            return Changed(exchanged(term, (place,), new), ((new,),))
        case _:
            return None


def gate_of_sum(worked: Worked, term: Term, places: Places) -> Changed | None:
    """The form by the value, with the pre-activation in the value's place; or f' at the value."""
    group = tuple(term.factors[place] for place in places)
    unit = _unit(worked, term, places)
    if unit is None:
        return None
    match group[0].formula:
        case Apply(function, argument, 1):
            prime = Apply(function, unit if unit != argument else argument, 1)
            return None if prime.argument == argument else Changed(exchanged(term, places, prime), ((prime,),))
        case _:
            applied = activation(worked.model, term, group)
            if applied is None or not isinstance(applied.argument, Entry):
                return None
            new = [put_in(factor.formula, unit, applied.argument) for factor in group]
            fresh = [replace(one) for one in new]
            return Changed(exchanged(term, places, *fresh), tuple((one,) for one in fresh))


def gate_turned(_worked: Worked, term: Term, places: Places) -> Changed | None:
    """A unit let through where it is off."""
    match term.factors[places[0]].formula:
        case Indicator(left, ">", right):
            new = Indicator(left, "<=", right)
            return Changed(exchanged(term, places, new), ((new,),))
        case _:
            return None
