"""Every line of a derivation against the oracle: nothing that has not passed this is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.derivation import Derivation, Rule, Term
from generator.domain import NoPoint
from generator.formula import Derivative, Formula, Sum, add, multiply
from generator.judging.bench import Bench
from generator.judging.compare import Comparison, Open, Pair, compare
from generator.judging.letters import letters_of
from generator.model import Model
from generator.oracle import exact


@dataclass(frozen=True, slots=True)
class Checked:
    """A formula that has to equal `left`: its step (or form of the answer), its line, whether it rests on givens."""

    left: Formula
    right: Formula
    step: str
    line: int
    given: bool


class StepFailed(Exception):
    """A line of a derivation does not equal what it stands for; `comparison` holds the point, or why there is none."""

    def __init__(self, checked: Checked, comparison: Comparison) -> None:
        super().__init__(f"line {checked.line + 1} of {checked.step} is not what it stands for: {_why(comparison)}")
        self.checked = checked
        self.comparison = comparison


def _why(comparison: Comparison) -> str:
    spot = comparison.spot
    if spot is None:
        return str(comparison.out_of_range or comparison.open)
    point = ", ".join(f"{name} = {value}" for name, value in (*spot.forward.point.sizes.items(), *spot.letters.items()))
    left, right = (spot.forward.context.nstr(value, 12) for value in (spot.left, spot.right))
    return f"{left} became {right}" + (f" at {point}" if point else "")


def check(model: Model, derivation: Derivation) -> None:
    """Raises `StepFailed` unless every line of every step, and every form of the answer, equals the oracle's value.

    Lines that rest on what the file gives are compared where it holds, all others where it need not hold.
    """
    lines = tuple(_lines(derivation))
    loose = replace(model, assumptions=tuple(a for a in model.assumptions if a.relation not in {"=", "in"}))
    if loose.assumptions == model.assumptions:
        _compare(model, lines)
        return
    _compare(model, [line for line in lines if line.given])
    try:
        _compare(loose, [line for line in lines if not line.given])
    except NoPoint:
        _compare(model, [line for line in lines if not line.given])


def _compare(model: Model, lines: Iterable[Checked]) -> None:
    """Compares at common points. Lines that are 0 everywhere pass: nothing is concluded from them."""
    lines = tuple(lines)
    bench = Bench(model, (formula for line in lines for formula in (line.left, line.right)), exact())
    for line in lines:
        pair = Pair(line.left, line.right, letters_of(model, (line.left, line.right)))
        comparison = compare(bench, pair)
        if not comparison.equal and comparison.open is not Open.ZERO:
            raise StepFailed(line, comparison)


def _lines(derivation: Derivation) -> Iterator[Checked]:
    """Everything that a derivation says is equal to a derivative."""
    resting: set[str] = set()
    for step in derivation.steps:
        given = not resting.isdisjoint(step.uses)
        for number, line in enumerate(step.lines):
            given = given or line.rule is Rule.PREMISE
            yield Checked(step.left, line.formula, step.key, number, given)
        if given:
            resting.add(step.key)
    forms: tuple[tuple[str, Derivative, Formula], ...] = (
        ("formula", derivation.general, derivation.formula),
        ("entry", derivation.asked, derivation.entry),
        ("written", derivation.asked, derivation.written),
        ("terms", derivation.general, _total(derivation.terms)),
        ("written terms", derivation.asked, _total(derivation.written_terms)),
    )
    for name, left, right in forms:
        yield Checked(left, right, name, 0, given=bool(resting))


def _total(terms: tuple[Term, ...]) -> Formula:
    """The sum of the terms, each a product of factors under its sums."""
    return add(*(_term(term) for term in terms))


def _term(term: Term) -> Formula:
    body = multiply(*(factor.formula for factor in term.factors))
    for letter, range_ in reversed(term.sums):
        body = Sum(letter, range_, body)
    return body
