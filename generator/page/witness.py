"""Numbers at which a claim fails: those of the worked example where they tell, else the point that refuted it."""

from __future__ import annotations

from collections.abc import Mapping

from generator.autodiff import Evaluation, differentiate
from generator.example import Example, shown
from generator.facts import Math
from generator.formula import Derivative, Entry, Formula, free_letters
from generator.kinds import fact
from generator.model import Model
from generator.page.numbers import number
from generator.page.record import WitnessView
from generator.page.shown import Writer
from generator.routes import constants
from generator.verdict import Judgement, Verdict, Witness

FAILS = frozenset({Verdict.WRONG, Verdict.PROPORTIONAL, Verdict.TRANSPOSED})


def witness(
    judgement: Judgement, sides: tuple[Formula, Formula] | None, model: Model, worked: Example | None, write: Writer
) -> WitnessView | None:
    """Where the two `sides` of the equation that fails differ, in the model of the page."""
    if judgement.verdict not in FAILS:
        return None
    if sides is not None and worked is not None:
        found = _in_example(sides, model, worked)
        if found is not None:
            return found
    return None if judgement.witness is None else _point(judgement.witness, write)


def _in_example(sides: tuple[Formula, Formula], model: Model, worked: Example) -> WitnessView | None:
    """The two numbers at the numbers of the worked example, where these differ as they are printed."""
    letters = _letters(sides, worked)
    if letters is None or not free_letters(sides[1]) - set(model.sizes) <= letters.keys():
        return None
    try:
        true, claimed = (_value(side, model, worked, letters) for side in sides)
    except (ArithmeticError, KeyError):
        return None
    if shown(true) == shown(claimed):
        return None
    cases = tuple(Math(f"{letter} = {value}") for letter, value in sorted(letters.items()))
    where = fact("witness-example-case", case=cases) if cases else fact("witness-example")
    return WitnessView(where, (), _math(number(claimed)), _math(number(true)))


def _letters(sides: tuple[Formula, Formula], worked: Example) -> Mapping[str, int] | None:
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
    return WitnessView(
        fact("witness-point"), tuple(map(_math, given)), _math(_short(point.claimed)), _math(_short(point.true))
    )


def _short(value: str) -> str:
    try:
        return number(float(value))
    except ValueError:
        return value


def _math(text: str) -> Math:
    return Math(text)
