"""The mistakes that are made, each in every true derivative in which it can be made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from benchmarks.verdicts import wrong_factors as factor
from benchmarks.verdicts import wrong_gates as gate
from benchmarks.verdicts import wrong_wholes as whole
from benchmarks.verdicts.slips import (
    Change,
    Make,
    Pick,
    Slip,
    differences,
    errors,
    everywhere,
    gates,
    indexed,
    inputs,
    once,
    single,
    weights,
)
from benchmarks.verdicts.worked import Worked
from generator.formula import number


@dataclass(frozen=True, slots=True)
class Mistake:
    """A kind of mistake: the names of the diagnoses of which any is exactly right, and how it is made.

    A wrong index is not written in the form in which the factor would leave the sum to which its right index belongs.
    """

    key: str
    kinds: frozenset[str]
    make: Make
    forms: tuple[str, ...] = ("backwards", "chain", "factored")


def kinds(*names: str) -> frozenset[str]:
    """Names of diagnoses of which any is right."""
    return frozenset(names)


SIGN, CONSTANT, FACTOR, EXTRA = kinds("sign"), kinds("constant-factor"), kinds("missing-factor"), kinds("extra-factor")
LOCAL, INDEX, SYMBOL, EXPONENT = (
    kinds("wrong-local-derivative"),
    kinds("wrong-index"),
    kinds("wrong-symbol"),
    kinds("wrong-exponent"),
)


def each(pick: Pick, change: Change, *, most: int = 2) -> Make:
    """The same mistake in every term."""

    def make(worked: Worked) -> Iterator[Slip]:
        yield from everywhere(worked, pick, change, most=most)

    return make


def in_general(make: Make) -> Make:
    """Only where there is one term, or sums stand: nobody takes another index alike in every written term."""

    def general(worked: Worked) -> Iterator[Slip]:
        if len(worked.terms) == 1 or worked.way.startswith("general"):
            yield from make(worked)

    return general


def last(pick: Pick, change: Change) -> Make:
    """The mistake in the last of several terms."""

    def make(worked: Worked) -> Iterator[Slip]:
        yield from once(worked, pick, change)

    return make


INSIDE = ("backwards", "chain")

MISTAKES: tuple[Mistake, ...] = (
    Mistake("minus the whole", SIGN, whole.minus_whole),
    Mistake("target minus output", SIGN, whole.error_turned),
    Mistake("one term with the wrong sign", SIGN, whole.sign_of_term),
    Mistake("output plus target", SIGN, each(differences, factor.plus_in_error, most=1)),
    Mistake("output plus target in one term", SIGN, last(differences, factor.plus_in_error)),
    Mistake("twice too large", CONSTANT, whole.scaled(number(2))),
    Mistake("half of it", CONSTANT, whole.scaled(number(Fraction(1, 2)))),
    Mistake("a number or size lost", CONSTANT, whole.size_lost),
    Mistake("divided by a size", CONSTANT, whole.size_extra),
    Mistake("one term twice too large", CONSTANT, whole.number_in_term),
    Mistake("a weight left out", FACTOR, each(weights, factor.dropped)),
    Mistake("a weight left out in one term", FACTOR, last(weights, factor.dropped)),
    Mistake("all weights left out", FACTOR, each(factor.all_weights, factor.without_all)),
    Mistake("the error left out", FACTOR, each(errors, factor.dropped, most=1)),
    Mistake("the input left out", FACTOR, each(inputs, factor.dropped)),
    Mistake("an activation's derivative left out", FACTOR, each(gates, factor.dropped)),
    Mistake("an activation's derivative left out in one term", FACTOR, last(gates, factor.dropped)),
    Mistake("the derivative of a cancelled sigmoid", EXTRA, each(differences, factor.output_gate, most=1)),
    Mistake("a weight twice", EXTRA, each(weights, factor.doubled)),
    Mistake("the input twice", EXTRA, each(inputs, factor.doubled)),
    Mistake("a factor squared", EXPONENT, each(single, factor.squared)),
    Mistake("one over a factor", EXPONENT, each(single, factor.inverted, most=1)),
    Mistake("another power", EXPONENT, each(factor.powers, factor.other_power)),
    Mistake("a path left out", kinds("missing-term"), whole.path_lost),
    Mistake("a term too many", kinds("extra-term"), whole.term_extra),
    Mistake("a sum left out", kinds("missing-sum"), whole.sum_lost),
    Mistake("a sum over an asked index", kinds("extra-sum"), whole.sum_extra),
    Mistake("a weight's indices exchanged", INDEX, each(weights, factor.flipped), INSIDE),
    Mistake("another index", INDEX, in_general(each(indexed, factor.other_letter)), INSIDE),
    Mistake("another index in one term", INDEX, last(indexed, factor.other_letter), INSIDE),
    Mistake("another index in the error", INDEX, in_general(each(differences, factor.letter_in_error, most=1)), INSIDE),
    Mistake("another index in the error of one term", INDEX, last(differences, factor.letter_in_error), INSIDE),
    Mistake("the asked indices exchanged", INDEX, whole.swapped_letters),
    Mistake("another quantity", SYMBOL, each(single, factor.other_symbol)),
    Mistake("a delta left out", kinds("missing-delta"), whole.delta_lost),
    Mistake("the first half of a local derivative left out", LOCAL | FACTOR, each(gates, gate.half_gate)),
    Mistake("the second half of a local derivative left out", LOCAL | FACTOR, each(gates, gate.other_half)),
    Mistake("another activation's derivative", LOCAL | kinds("other-model"), each(gates, gate.other_gate)),
    Mistake("an activation for its derivative", LOCAL | FACTOR, each(gates, gate.value_for_gate)),
    Mistake("1 - a for 1 - a^2", LOCAL | EXPONENT, each(gates, gate.gate_unsquared)),
    Mistake("1 + a for 1 - a", LOCAL | SIGN, each(gates, gate.gate_plus)),
    Mistake("f' at the wrong argument", LOCAL | SYMBOL, each(gates, gate.gate_of_sum)),
    Mistake("a gate open where it is shut", LOCAL | SIGN, each(gates, gate.gate_turned)),
    Mistake("a bracket left out", kinds("missing-bracket"), whole.bracket_lost),
    Mistake("softmax entry by entry", kinds("missing-term", "other-model"), whole.softmax_alone),
    Mistake("the derivative in something else", kinds("other-quantity"), whole.other_derivative),
)
BY_KEY = {mistake.key: mistake for mistake in MISTAKES}
DOUBLES: tuple[tuple[Mistake, Mistake], ...] = tuple(
    (BY_KEY[first], BY_KEY[second])
    for first, second in (
        ("a weight left out", "minus the whole"),
        ("the input left out", "half of it"),
        ("an activation's derivative left out", "minus the whole"),
        ("an activation's derivative left out", "twice too large"),
        ("the derivative of a cancelled sigmoid", "minus the whole"),
        ("target minus output", "a weight left out"),
        ("target minus output", "another activation's derivative"),
        ("a weight's indices exchanged", "minus the whole"),
        ("the input left out", "a weight left out"),
        ("an activation's derivative left out", "a weight left out"),
        ("a path left out", "minus the whole"),
        ("a sum left out", "minus the whole"),
    )
)
