"""Mistakes in single factors of a term: left out, doubled, turned, inverted, with another index or name."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.verdicts.draft import rest
from benchmarks.verdicts.slips import (
    Changed,
    Places,
    constant,
    copied,
    exchanged,
    missing,
    plain,
    sign,
    weights,
    without,
)
from benchmarks.verdicts.trees import exchanged as put_in
from benchmarks.verdicts.worked import Worked
from generator.derivation import Part, Term
from generator.formula import (
    Add,
    Entry,
    Index,
    Number,
    Power,
    entries,
    negative,
    number,
    power,
)


def turned(_worked: Worked, term: Term, places: Places) -> Changed:
    """The difference the other way round."""
    formula = term.factors[places[0]].formula
    assert isinstance(formula, Add)
    new = Add(tuple(negative(part) for part in reversed(formula.terms)))
    return Changed(exchanged(term, places, new), ((new,),))


def plus_in_error(_worked: Worked, term: Term, places: Places) -> Changed:
    """A sum for a difference."""
    formula = term.factors[places[0]].formula
    assert isinstance(formula, Add)
    first, second = formula.terms
    new = Add((first, negative(second)))
    return Changed(exchanged(term, places, new), ((new,),))


def dropped(worked: Worked, term: Term, places: Places) -> Changed | None:
    """The factors left out."""
    left = without(term, places)
    return None if left is None else Changed(left, missing=missing(worked, term, places))


def all_weights(worked: Worked, term: Term) -> list[Places]:
    """All weights on the way at once, where there are two."""
    places = tuple(place for (place,) in weights(worked, term))
    return [places] if len(places) > 1 else []


def without_all(_worked: Worked, term: Term, places: Places) -> Changed | None:
    """Several factors left out, each to be named."""
    left = without(term, places)
    if left is None:
        return None
    names = frozenset().union(*(sign(term.factors[place].formula) for place in places))
    return Changed(left, missing=frozenset({names}))


def doubled(_worked: Worked, term: Term, places: Places) -> Changed | None:
    """A factor written twice."""
    entry = term.factors[places[0]].formula
    if not isinstance(entry, Entry):
        return None
    first, second = copied(entry), copied(entry)
    return Changed(exchanged(term, places, first, second), ((first, second),))


def squared(_worked: Worked, term: Term, places: Places) -> Changed:
    """A factor to the second power."""
    new = Power(term.factors[places[0]].formula, number(2))
    return Changed(exchanged(term, places, new), ((new,),), also=_of_gate(term, places))


def inverted(_worked: Worked, term: Term, places: Places) -> Changed:
    """One over a factor."""
    new = power(term.factors[places[0]].formula, -1)
    return Changed(exchanged(term, places, new), ((new,),), also=_of_gate(term, places))


def _of_gate(term: Term, places: Places) -> frozenset[str]:
    """A wrong power of what is all of an activation's derivative is a wrong derivative as well."""
    gate = [place for place, factor in enumerate(term.factors) if factor.part is Part.GATE]
    return frozenset({"wrong-local-derivative"}) if set(places) <= set(gate) else frozenset()


def powers(_worked: Worked, term: Term) -> list[Places]:
    """Each power with a negative exponent."""
    return [
        (place,)
        for place, factor in enumerate(term.factors)
        if isinstance(factor.formula, Power) and not constant(factor.formula)
    ]


def other_power(_worked: Worked, term: Term, places: Places) -> Changed | None:
    """A power with another exponent."""
    match term.factors[places[0]].formula:
        case Power(base, Number(value)):
            new = power(base, value - 1 if value < 0 else value + 1)
            return Changed(exchanged(term, places, new), ((new,),))
        case _:
            return None


def output_gate(worked: Worked, term: Term, places: Places) -> Changed | None:
    """The derivative of an output's sigmoid where the loss has cancelled it."""
    formula = term.factors[places[0]].formula
    outputs = [e for e in entries(formula) if e.name in worked.model.definition and e.name == term.path[1].name]
    gated = [f for f in term.factors if f.part is Part.GATE and f.links[0].consumer == term.path[1].name]
    if len(outputs) != 1 or gated:
        return None
    value, complement = copied(outputs[0]), rest(outputs[0])
    factors = term.factors
    after = places[0] + 1
    new = replace(term, factors=(*factors[:after], plain(value), plain(complement), *factors[after:]))
    return Changed(new, ((value,), (complement,)))


def flipped(_worked: Worked, term: Term, places: Places) -> Changed | None:
    """Two indices exchanged."""
    entry = term.factors[places[0]].formula
    if not isinstance(entry, Entry) or len(entry.indices) != 2 or entry.indices[0] == entry.indices[1]:
        return None
    new = Entry(entry.name, entry.indices[::-1])
    return Changed(exchanged(term, places, new), ((new,),))


def other_letter(worked: Worked, term: Term, places: Places) -> Changed | None:
    """Another index that is known there."""
    entry = term.factors[places[0]].formula
    assert isinstance(entry, Entry)
    new = _other_index(worked, term, entry)
    return None if new is None else Changed(exchanged(term, places, new), ((new,),))


def _other_index(worked: Worked, term: Term, entry: Entry) -> Entry | None:
    known = [letter for letter, _ in (*worked.scope, *term.sums)]
    for place, index in reversed(tuple(enumerate(entry.indices))):
        options = [Index(letter) for letter in known if letter != index.letter]
        if index.letter is None:
            options = [Index(None, 3 - index.offset)] if index.offset in (1, 2) else []
        if options:
            return Entry(entry.name, (*entry.indices[:place], options[0], *entry.indices[place + 1 :]))
    return None


def letter_in_error(worked: Worked, term: Term, places: Places) -> Changed | None:
    """Another index on one of the two that are compared."""
    formula = term.factors[places[0]].formula
    assert isinstance(formula, Add)
    for part in formula.terms:
        for entry in entries(part):
            new = _other_index(worked, term, entry)
            if new is not None:
                changed = Add(tuple(put_in(t, entry, new) if t is part else t for t in formula.terms))
                return Changed(exchanged(term, places, changed), ((changed,),))
    return None


def other_symbol(worked: Worked, term: Term, places: Places) -> Changed | None:
    """Another quantity with indices of the same ranges."""
    entry = term.factors[places[0]].formula
    assert isinstance(entry, Entry)
    ranges = worked.model.quantity[entry.name].ranges
    used = {one.name for factor in term.factors for one in entries(factor.formula)}
    for quantity in worked.model.quantities:
        if quantity.ranges == ranges and quantity.name not in used and quantity.name != term.path[0].name:
            new = Entry(quantity.name, entry.indices)
            return Changed(exchanged(term, places, new), ((new,),))
    return None
