"""Update rules: whether a change of a weight is a step along minus the gradient of the loss, of any length."""

from __future__ import annotations

from fractions import Fraction

from generator.domain import NoPoint
from generator.formula import MINUS_ONE, Derivative, Entry, Formula, Index, free_letters, negative, number
from generator.judging.bench import Bench
from generator.judging.compare import Comparison, Open, Pair, Spot, differ, negligible, prepared, spots
from generator.judging.draws import free
from generator.judging.findings import Finding
from generator.judging.letters import Letters
from generator.model import Assumption, Model, Role
from generator.oracle import OutOfRange
from generator.verdict import Verdict

LENGTH = Fraction(37, 100)
CLOSE = 10**28


def settle_update(bench: Bench, entry: Entry, change: Formula, letters: Letters) -> Finding | None:
    """The finding about `change` as a step of `entry` down the one loss; None where the model has not one loss.

    All constants of the model are held at one number, so that the ratio of step and gradient must be one number for
    each assignment of the sizes: the length of the step. A step up the gradient is off by the factor -1.
    """
    model = bench.original[0]
    if len(model.losses) != 1:
        return None
    down = negative(Derivative(Entry(model.losses[0]), (entry,)))
    used = free_letters(down) | free_letters(change)
    pair = Pair(down, change, tuple(item for item in letters if item[0] in used))
    held = bench.again((down,), given=(*bench.given, *_constants(model)))
    try:
        return _found(held, pair)
    except OutOfRange as index:
        return Finding(pair, Verdict.WRONG, comparison=Comparison(out_of_range=index))
    except NoPoint:
        return Finding(pair, Verdict.UNDECIDED, comparison=Comparison(open=Open.NO_POINT))


def _found(bench: Bench, pair: Pair) -> Finding:
    inside = prepared(bench, pair)
    lengths: dict[tuple[tuple[str, int], ...], Spot] = {}
    for forward in bench.passes():
        for spot in spots(inside, forward):
            if spot is None or (negligible(spot) and not differ(inside, spot)):
                continue
            first = lengths.setdefault(tuple(forward.point.sizes.items()), spot)
            if abs(spot.left * first.right - first.left * spot.right) * CLOSE > abs(spot.left * first.right):
                return Finding(pair, Verdict.WRONG, comparison=Comparison(spot=spot))
    if not lengths:
        return Finding(pair, Verdict.UNDECIDED, comparison=Comparison(open=Open.ZERO))
    signs = {spot.left * spot.right > 0 for spot in lengths.values()}
    if signs == {True}:
        return Finding(pair, Verdict.RIGHT)
    spot = next(iter(lengths.values()))
    if signs == {False}:
        return Finding(pair, Verdict.PROPORTIONAL, factor=MINUS_ONE, comparison=Comparison(spot=spot))
    return Finding(pair, Verdict.WRONG, comparison=Comparison(spot=spot))


def _constants(model: Model) -> tuple[Assumption, ...]:
    """Every entry of every constant is one and the same number."""
    constants = [quantity for quantity in free(model) if quantity.role is Role.CONSTANT]
    return tuple(
        Assumption(Entry(q.name, tuple(Index(letter) for letter in q.letters)), "=", (number(LENGTH),))
        for q in constants
    )
