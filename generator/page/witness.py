"""Numbers at which a claim fails: those of the worked example where they tell, else the point that refuted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.autodiff import Evaluation, differentiate
from generator.example import Example, shown
from generator.facts import Fact, Math
from generator.formula import Derivative, Entry, Formula, free_letters, walk
from generator.kinds import fact
from generator.model import Model
from generator.page.numbers import number
from generator.page.record import WitnessView
from generator.page.shown import Writer
from generator.routes import constants
from generator.verdict import Judgement, Verdict, Witness

FAILS = frozenset({Verdict.WRONG, Verdict.PROPORTIONAL, Verdict.TRANSPOSED})


Sides = tuple[Formula, Formula]


def witness(
    judgement: Judgement, equations: Sequence[Sides], model: Model, worked: Example | None, write: Writer
) -> WitnessView | None:
    """Where the two sides of one of the `equations`, which are in the model of the page, differ."""
    if judgement.verdict not in FAILS:
        return None
    for sides in equations:
        found = _in_example(sides, model, worked, write)
        if found is not None:
            return found
    return None if judgement.witness is None else _point(judgement.witness, write)


def _outcome(sides: Sides, claimed: Math, true: Math, write: Writer) -> Fact:
    """What is true and what is claimed where the left side is a derivative that the right one spells out; else both."""
    left, right = sides
    if isinstance(left, Derivative) and not any(isinstance(part, Derivative) for part in walk(right)):
        return fact("witness-claim", claimed=claimed, truth=true)
    return fact("witness-equation", left=write.math(left), right=write.math(right), claimed=claimed, truth=true)


def _in_example(sides: Sides, model: Model, worked: Example | None, write: Writer) -> WitnessView | None:
    """The two numbers at the numbers of the worked example, where these differ as they are printed."""
    letters = None if worked is None else _letters(sides, worked)
    if worked is None or letters is None or not free_letters(sides[1]) - set(model.sizes) <= letters.keys():
        return None
    try:
        true, claimed = (_value(side, model, worked, letters) for side in sides)
    except (ArithmeticError, KeyError):
        return None
    if shown(true) == shown(claimed):
        return None
    cases = tuple(Math(f"{letter} = {value}") for letter, value in sorted(letters.items()))
    where = fact("witness-example-case", case=cases) if cases else fact("witness-example")
    return WitnessView(where, (), _outcome(sides, _math(number(claimed)), _math(number(true)), write))


def _letters(sides: Sides, worked: Example) -> Mapping[str, int] | None:
    """What the letters of the left side are in the example; None where it is about something else."""
    left = sides[0]
    if not isinstance(left, Derivative) or not isinstance(left.of, Entry):
        return None
    return next((found for row in (worked.result, *worked.rows) if (found := _same(left, row.left)) is not None), None)


def _same(left: Derivative, literal: Derivative) -> dict[str, int] | None:
    found: dict[str, int] = {}
    if not isinstance(left.of, Entry) or not isinstance(literal.of, Entry) or len(left.wrt) != 1:
        return None
    for own, other in ((left.of, literal.of), (left.wrt[0], literal.wrt[0])):
        if own.name != other.name:
            return None
        for index, place in zip(own.indices, other.indices, strict=True):
            value = place.offset - index.offset
            if (found.setdefault(index.letter, value) if index.letter is not None else 0) != value:
                return None
    return found


def _value(side: Formula, model: Model, worked: Example, letters: Mapping[str, int]) -> float:
    values, sizes = worked.values, dict(worked.sizes)

    def derived(wanted: Derivative) -> float:
        return differentiate(wanted, model.definitions, values, sizes)

    return Evaluation(constants(values), sizes, derived=derived)(side, letters).value


def _point(point: Witness, write: Writer) -> WitnessView:
    given = [f"{name} = {value}" for name, value in (*point.sizes, *point.indices)]
    given += [f"{write.math(entry).latex} = {value}" for entry, value in point.values]
    claimed, true = _math(_short(point.claimed)), _math(_short(point.true))
    outcome = _outcome((point.left, point.right), claimed, true, write)
    return WitnessView(fact("witness-point"), tuple(map(_math, given)), outcome)


def _short(value: str) -> str:
    try:
        return number(float(value))
    except ValueError:
        return value


def _math(text: str) -> Math:
    return Math(text)
