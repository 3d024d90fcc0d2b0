"""Mistakes in whole formulas: signs, numbers, paths, sums, brackets, and derivatives of something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from benchmarks.verdicts.slips import (
    Changed,
    Make,
    Places,
    Slip,
    constant,
    differences,
    everywhere,
    exchanged,
    plain,
    sign,
    without,
)
from benchmarks.verdicts.trees import named
from benchmarks.verdicts.worked import Worked, whole
from benchmarks.verdicts.worked import worked as as_worked
from benchmarks.verdicts.wrong_factors import turned
from generator.derivation import Part, Term
from generator.derive import derive
from generator.formula import (
    MINUS_ONE,
    ONE,
    Add,
    Delta,
    Derivative,
    Entry,
    Formula,
    Index,
    Letters,
    Multiply,
    Number,
    Size,
    Sum,
    add,
    free_letters,
    freshen,
    multiply,
    negative,
    number,
    power,
    rename,
    substitute,
    walk,
)


def minus_whole(worked: Worked) -> Iterator[Slip]:
    """Minus the truth."""
    yield Slip(worked.terms, whole=True, finish=negative)


def error_turned(worked: Worked) -> Iterator[Slip]:
    """Target minus output for output minus target, in every term."""
    for slip in everywhere(worked, differences, turned, most=1):
        yield replace(slip, whole=len(worked.terms) > 1)


def sign_of_term(worked: Worked) -> Iterator[Slip]:
    """One of several terms with the wrong sign."""
    *others, last = worked.terms
    if others:
        new = replace(last, factors=(plain(MINUS_ONE), *last.factors))
        yield Slip((*others, new), at=len(others))


def scaled(factor: Formula) -> Make:
    """The truth times a number."""

    def make(worked: Worked) -> Iterator[Slip]:
        yield Slip(worked.terms, whole=True, finish=lambda formula: multiply(factor, formula))

    return make


def size_lost(worked: Worked) -> Iterator[Slip]:
    """A number of samples by which nobody divided, or a lost number."""

    def pick(_worked: Worked, term: Term) -> list[Places]:
        return [
            (place,)
            for place, factor in enumerate(term.factors)
            if constant(factor.formula) and factor.formula != MINUS_ONE
        ]

    def change(_worked: Worked, term: Term, places: Places) -> Changed | None:
        left = without(term, places)
        return None if left is None else Changed(left)

    for slip in everywhere(worked, pick, change, most=1):
        yield replace(slip, whole=True)


def size_extra(worked: Worked) -> Iterator[Slip]:
    """Divided by a size that does not belong there."""
    for name in worked.model.sizes[:1]:
        yield from scaled(power(Size(name), -1))(worked)


def number_in_term(worked: Worked) -> Iterator[Slip]:
    """One of several terms twice as large."""
    *others, last = worked.terms
    if others:
        yield Slip((*others, replace(last, factors=(plain(number(2)), *last.factors))), at=len(others))


def path_lost(worked: Worked) -> Iterator[Slip]:
    """One of several paths left out: the last, or the first."""
    if len(worked.terms) > 1:
        for lost, kept in ((worked.terms[-1], worked.terms[:-1]), (worked.terms[0], worked.terms[1:])):
            told = multiply(*(factor.formula for factor in lost.factors if factor.part is not Part.GATE))
            yield Slip(kept, missing=(frozenset({sign(told)}),))


def term_extra(worked: Worked) -> Iterator[Slip]:
    """A term more: the last one without its last factor that is no number."""
    last = worked.terms[-1]
    if len(last.factors) > 1:
        shorter = whole(replace(last, factors=last.factors[:-1]))
        if not isinstance(shorter, Add | Number):
            extra = replace(shorter)
            yield Slip(worked.terms, ((extra,),), finish=lambda formula: add(formula, extra))


def sum_lost(worked: Worked) -> Iterator[Slip]:
    """A sum sign left out; its letter is then free."""
    for term_number, term in enumerate(worked.terms):
        if term.sums:
            (letter, range_), *others = term.sums
            new = replace(term, sums=tuple(others))
            terms = (*worked.terms[:term_number], new, *worked.terms[term_number + 1 :])
            yield Slip(terms, missing=(), loose=((letter, range_),))
            return


def sum_extra(worked: Worked) -> Iterator[Slip]:
    """A sum over an index of the left side, which it then hides."""
    formula = worked.terms[0]
    for letter, range_ in worked.scope[::-1]:
        if letter in free_letters(whole(formula)):
            yield Slip(worked.terms, whole=True, finish=partial(Sum, letter, range_))
            return


def swapped_letters(worked: Worked) -> Iterator[Slip]:
    """Two letters of the left side exchanged on the right."""
    if len(worked.scope) == 2:
        (one, _), (other, _) = worked.scope
        to = {one: Index(other), other: Index(one)}

        def finish(formula: Formula) -> Formula:
            return named(rename(freshen(formula, Letters()), to), (one, other, *worked.model.sizes))

        yield Slip(worked.terms, whole=True, finish=finish)


def delta_lost(worked: Worked) -> Iterator[Slip]:
    """Kronecker's delta left out, or 1 in its place within a bracket."""

    def pick(_worked: Worked, term: Term) -> list[Places]:
        return [
            (place,)
            for place, factor in enumerate(term.factors)
            if any(isinstance(part, Delta) for part in walk(factor.formula))
        ]

    def change(_worked: Worked, term: Term, places: Places) -> Changed | None:
        formula = term.factors[places[0]].formula
        told = frozenset({frozenset({"delta"}), sign(formula)})
        if isinstance(formula, Delta):
            left = without(term, places)
            return None if left is None else Changed(left, missing=told)
        new = substitute(formula, lambda part: ONE if isinstance(part, Delta) else None)
        return Changed(exchanged(term, places, new), missing=told) if isinstance(new, Add) else None

    yield from everywhere(worked, pick, change)


def bracket_lost(worked: Worked) -> Iterator[Slip]:
    """A bracket left out: only its last part is multiplied by what follows."""
    if len(worked.terms) != 1:
        return
    (term,) = worked.terms
    picked = differences(worked, term)
    if not picked or term.sums or len(term.factors) < 2:
        return
    place = picked[0][0]
    bracket = term.factors[place].formula
    assert isinstance(bracket, Add)
    before = [factor.formula for factor in term.factors[:place]]
    after = [factor.formula for factor in term.factors[place + 1 :]]
    if after and not any(isinstance(formula, Add) for formula in before):
        first = multiply(*before, bracket.terms[0])
        second = multiply(bracket.terms[1], *after)
        yield Slip(worked.terms, finish=lambda _: add(first, second))


def other_derivative(worked: Worked) -> Iterator[Slip]:
    """The derivative in another quantity with the same indices, of which two are tried."""
    own = worked.asked.wrt[0]
    ranges = worked.model.quantity[own.name].ranges
    others = [q.name for q in worked.model.quantities if q.ranges == ranges and q.name != own.name]
    tried = 0
    for name in others:
        terms = _true(worked, Entry(name, own.indices))
        if terms and tried < 2:
            tried += 1
            yield Slip(terms, whole=True, also=_difference(worked.terms, terms))


def _true(worked: Worked, entry: Entry) -> tuple[Term, ...]:
    """The derivative in another entry, written like the one that is asked."""
    derivation = derive(worked.model, Derivative(worked.asked.of, (entry,)))
    terms = derivation.terms if worked.way == "general" else derivation.written_terms
    return as_worked(worked.family, worked.asked, worked.way, terms).terms


def _difference(own: tuple[Term, ...], other: tuple[Term, ...]) -> frozenset[str]:
    """The diagnoses that are right as well where one derivative is the other with some factors more or less."""
    if len(own) != len(other):
        return frozenset()
    ours, theirs = (tuple(Counter(f.formula for f in term.factors) for term in terms) for terms in (own, other))
    if all(mine >= their for mine, their in zip(ours, theirs, strict=True)):
        return frozenset({"missing-factor"})
    if all(mine <= their for mine, their in zip(ours, theirs, strict=True)):
        return frozenset({"extra-factor"})
    return frozenset()


def softmax_alone(worked: Worked) -> Iterator[Slip]:
    """Softmax as if each output depended on its own pre-activation alone: t (p - 1) for p times all targets minus t."""

    def pick(_worked: Worked, term: Term) -> list[Places]:
        return [(place,) for place, factor in enumerate(term.factors) if _coupled(factor.formula) is not None]

    def change(_worked: Worked, term: Term, places: Places) -> Changed | None:
        pair = _coupled(term.factors[places[0]].formula)
        if pair is None:
            return None
        output, target = pair
        new = (target, Add((output, MINUS_ONE)))
        return Changed(exchanged(term, places, *new), missing=frozenset({sign(multiply(output, target))}))

    yield from everywhere(worked, pick, change, most=1)


def _coupled(formula: Formula) -> tuple[Formula, Formula] | None:
    """The output and the target of p_k times the sum of all targets, minus t_k."""
    match formula:
        case Add((Multiply((Entry() as output, Sum(_, _, Entry(name)))), Multiply((_, Entry() as target)))):
            return (output, target) if target.name == name else None
        case _:
            return None
