"""A point at which a claim fails, in numbers that a person can put into a calculator."""

from __future__ import annotations

from collections.abc import Iterator

from generator.domain import NoPoint
from generator.formula import Entry, Number, literal
from generator.judging.bench import Bench, TooLarge
from generator.judging.compare import Pair, Spot, prepared, related, spots
from generator.oracle import OutOfRange, Real
from generator.verdict import Witness

FIGURES = 6
VISIBLE = 1000
"""The two numbers differ by at least one part in so many: it must show in the digits that are printed."""


def witness(bench: Bench, pair: Pair, found: Spot) -> Witness:
    """A point of few digits at which the two differ visibly; else, and where a number is claimed, the one `found`."""
    names = related(bench, prepared(bench, pair))
    given = isinstance(pair.right, Number) or isinstance(pair.left, Number)
    spot = found if given else next((spot for spot in _readable(bench, pair) if _visible(spot)), found)
    point = spot.forward.point
    values = [
        (Entry(name, tuple(literal(i) for i in at)), v) for (name, at), v in point.values.items() if name in names
    ]
    return Witness(
        pair.left,
        pair.right,
        tuple(sorted(point.sizes.items())),
        tuple(
            (entry, text(spot.forward.context.mpf(v.numerator) / v.denominator, bench.context)) for entry, v in values
        ),
        tuple(spot.letters.items()),
        claimed=text(spot.right, bench.context),
        true=text(spot.left, bench.context),
    )


def _readable(bench: Bench, pair: Pair) -> Iterator[Spot]:
    """Spots with one or two decimals, at the smallest sizes first."""
    small = {name: min(sizes[name] for sizes in bench.sizes) for name in bench.model.sizes}
    for decimals in (1, 2):
        for fixed in (small, {}):
            try:
                nearby = bench.again(given=bench.given, fixed=fixed, decimals=decimals)
                for forward in nearby.passes():
                    yield from (spot for spot in spots(prepared(nearby, pair), forward) if spot is not None)
            except (NoPoint, OutOfRange, TooLarge):
                continue


def _visible(spot: Spot) -> bool:
    return bool(abs(spot.left - spot.right) * VISIBLE > abs(spot.left) + abs(spot.right))


def text(value: Real, context: Real) -> str:
    """A number to six figures, without zeros at the end."""
    return str(context.nstr(value, FIGURES, strip_zeros=True)).removesuffix(".0")
