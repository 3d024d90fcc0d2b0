"""The true derivatives as products along paths, in the forms in which people write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from benchmarks.verdicts.draft import Family
from benchmarks.verdicts.trees import Scope, named, pick
from generator.derivation import Factor, Part, Term
from generator.derive import derive
from generator.formula import (
    Apply,
    Derivative,
    Entry,
    Formula,
    Index,
    Letters,
    Sum,
    add,
    free_letters,
    freshen,
    multiply,
    rename,
)
from generator.model import Model

Form = Callable[[Term], Formula]


@dataclass(frozen=True, slots=True)
class Worked:
    """A derivative of a family and its value as a sum of terms; `way` says how it is written."""

    family: Family
    asked: Derivative
    way: str
    scope: Scope
    terms: tuple[Term, ...]

    @property
    def model(self) -> Model:
        """The family's model."""
        return self.family.model


def workings(family: Family) -> Iterator[Worked]:
    """All derivatives of a family: with sums, with sums written out, and with f' for the gates where that differs."""
    for asked in family.asks:
        derivation = derive(family.model, asked)
        ways = {"written out": derivation.written_terms}
        if derivation.asked == derivation.general:
            ways = {"general": derivation.terms, **ways}
        seen: list[tuple[Term, ...]] = []
        for way, terms in ways.items():
            own = worked(family, asked, way, terms)
            if own.terms and own.terms not in seen:
                seen.append(own.terms)
                yield own
                primed = tuple(_primed(family.model, term) for term in own.terms)
                if primed != own.terms:
                    yield replace(own, way=f"{way}, f'", terms=primed)


def worked(family: Family, asked: Derivative, way: str, terms: Iterable[Term]) -> Worked:
    """The terms with letters that a person would write."""
    scope = scope_of(family.model, asked)
    taken = {letter for letter, _ in scope} | set(family.model.sizes)
    return Worked(family, asked, way, scope, tuple(_plain(term, taken) for term in terms))


def scope_of(model: Model, asked: Derivative) -> Scope:
    """The free letters of a derivative with their ranges."""
    sides = [asked.of, *asked.wrt]
    return tuple(
        {
            index.letter: range_
            for entry in sides
            if isinstance(entry, Entry)
            for index, range_ in zip(entry.indices, model.quantity[entry.name].ranges, strict=True)
            if index.letter is not None
        }.items()
    )


def _plain(term: Term, taken: set[str]) -> Term:
    chosen: dict[str, str] = {}
    for letter, _ in term.sums:
        chosen[letter] = pick(letter, {*taken, *chosen.values()})
    to = {old: Index(new) for old, new in chosen.items()}
    source = Letters()
    factors = tuple(
        replace(f, formula=named(rename(freshen(f.formula, source), to), {*taken, *chosen.values()}))
        for f in term.factors
    )
    path = tuple(rename(entry, to) for entry in term.path)
    sums = tuple((chosen[letter], range_) for letter, range_ in term.sums)
    return Term(sums, factors, tuple(entry for entry in path if isinstance(entry, Entry)))


def groups(term: Term) -> list[tuple[Factor, ...]]:
    """The factors, those of one gate together."""
    runs = groupby(term.factors, key=lambda factor: (factor.part, factor.links))
    return [group for (part, _), run in runs for group in _kept(tuple(run), together=part is Part.GATE)]


def _kept(run: tuple[Factor, ...], *, together: bool) -> list[tuple[Factor, ...]]:
    return [run] if together else [(factor,) for factor in run]


def _primed(model: Model, term: Term) -> Term:
    """The term with f'(a) for the derivative of every activation whose argument is known."""
    factors: list[Factor] = []
    for group in groups(term):
        prime = gate_as_prime(model, term, group)
        factors.extend(group if prime is None else (replace(group[0], formula=prime),))
    return replace(term, factors=tuple(factors))


def gate_as_prime(model: Model, term: Term, group: tuple[Factor, ...]) -> Apply | None:
    """The derivative f'(a) that a group of factors stands for, if it is that of an activation."""
    applied = activation(model, term, group)
    return None if applied is None else replace(applied, order=1)


def activation(model: Model, term: Term, group: tuple[Factor, ...]) -> Apply | None:
    """The activation at its argument whose derivative a group of factors is."""
    unit = gated_unit(model, term, group)
    if unit is None:
        return None
    definition = model.definition[unit.name]
    if not isinstance(definition.formula, Apply):
        return None
    to = dict(zip(definition.letters, unit.indices, strict=True))
    taken = {letter for letter, _ in term.sums} | {i.letter for e in term.path for i in e.indices if i.letter}
    found = named(rename(freshen(definition.formula, Letters(3000)), to), taken | set(model.sizes))
    return found if isinstance(found, Apply) else None


def gated_unit(model: Model, term: Term, group: tuple[Factor, ...]) -> Entry | None:
    """The unit whose gate a group of factors is."""
    if group[0].part is not Part.GATE or len(group[0].links) != 1:
        return None
    name = group[0].links[0].consumer
    unit = next((entry for entry in term.path if entry.name == name), None)
    known = {letter for letter, _ in term.sums} | free_letters(whole(term))
    if unit is None or not {i.letter for i in unit.indices if i.letter} <= known | set(model.sizes):
        return None
    return unit


def whole(term: Term) -> Formula:
    """The term as it is derived: the sums, then the product in the order of the chain."""
    return _summed(term, multiply(*(factor.formula for factor in term.factors)))


def backwards(term: Term) -> Formula:
    """The term with the input first and the error last."""
    return _summed(term, multiply(*(factor.formula for factor in reversed(term.factors))))


def factored(term: Term) -> Formula:
    """The term with everything that can stand in front of a sum in front of it."""
    return _factored(term.sums, [factor.formula for factor in term.factors])


def _factored(sums: Scope, factors: list[Formula]) -> Formula:
    if not sums:
        return multiply(*factors)
    letters = {letter for letter, _ in sums}
    outside = [formula for formula in factors if not letters & free_letters(formula)]
    inside = [formula for formula in factors if letters & free_letters(formula)]
    letter, range_ = sums[0]
    return multiply(*outside, Sum(letter, range_, _factored(sums[1:], inside)))


def _summed(term: Term, formula: Formula) -> Formula:
    for letter, range_ in reversed(term.sums):
        formula = Sum(letter, range_, formula)
    return formula


FORMS: dict[str, Form] = {"chain": whole, "factored": factored, "backwards": backwards}


def rendered(terms: Iterable[Term], form: Form) -> Formula:
    """The sum of the terms, each written in one form."""
    return add(*map(form, terms))
