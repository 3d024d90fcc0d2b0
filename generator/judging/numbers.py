"""Claims that give a plain number: judged at the values that the file gives, to the digits written."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from generator.formula import Entry, Name, Number, entries
from generator.judging.bench import Bench
from generator.judging.compare import Comparison, Pair, Spot, related
from generator.judging.draws import free, keys
from generator.judging.findings import Finding
from generator.model import Model
from generator.oracle import Forward, Indices, OutOfRange, Outside, Point, Program, exactly
from generator.verdict import Verdict

Values = Iterable[tuple[Entry, Fraction]]
MOST_DECIMALS = 12


def at_values(bench: Bench, pair: Pair, values: Values) -> Finding | None:
    """The finding about `formula = number` at the values; None where that is not what is claimed, or values lack."""
    numbers = [side for side in (pair.left, pair.right) if isinstance(side, Number)]
    others = [side for side in (pair.left, pair.right) if not isinstance(side, Number)]
    if len(numbers) != 1 or not any(True for _ in entries(others[0])) or pair.letters:
        return None
    forward = _forward(bench, pair, values)
    if forward is None:
        return None
    try:
        spot = Spot(forward, {}, forward.value(pair.left, {}), forward.value(pair.right, {}))
    except (Outside, OutOfRange):
        return None
    room = Fraction(1, 2 * 10 ** _decimals(numbers[0].value))
    if abs(exactly(spot.left) - exactly(spot.right)) <= room:
        return Finding(pair, Verdict.RIGHT)
    return Finding(pair, Verdict.WRONG, comparison=Comparison(spot=spot))


def _forward(bench: Bench, pair: Pair, values: Values) -> Forward | None:
    """The pass at the values; None where some of the entries that count have none."""
    model = bench.original[0]
    given = {(entry.name, tuple(index.offset for index in entry.indices)): value for entry, value in values}
    sizes = _sizes(model, given.keys())
    if sizes is None:
        return None
    concerned = related(bench, pair)
    needed = {key for quantity in free(model) if quantity.name in concerned for key in keys(quantity, sizes)}
    if not needed <= given.keys():
        return None
    return Forward(Program(model.definitions), Point(sizes, given), bench.context)


def _sizes(model: Model, given: Iterable[tuple[Name, Indices]]) -> dict[str, int] | None:
    """The sizes that the values show; None where one of the open sizes has no value."""
    sizes: dict[str, int] = {}
    for name, at in given:
        for range_, index in zip(model.quantity[name].ranges, at, strict=True):
            size = range_.upper.letter
            if size is not None:
                sizes[size] = max(sizes.get(size, 0), index - range_.upper.offset)
    return sizes if set(model.sizes) <= sizes.keys() else None


def _decimals(value: Fraction) -> int:
    """How many decimals a number has; many where it is no decimal."""
    return next((d for d in range(MOST_DECIMALS) if (value * 10**d).denominator == 1), MOST_DECIMALS)
