"""Points on both sides of a kink that a formula has and the model has not: there the formula must betray itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from generator.formula import Name
from generator.judging.draws import Values
from generator.judging.kinks import Kink, Place, distances
from generator.oracle import Forward, Real

HALVINGS = 12
CLOSE = 10**25
DENOMINATOR = 10**9

Make = Callable[[Values], Forward | None]
"""A pass at these numbers, if they are in the domain."""


def between(
    made: tuple[Forward, ...], bends: Iterable[Kink], listed: Collection[Name], make: Make
) -> Iterator[Forward]:
    """Two passes for each kink of the formulas that is no kink of the model, close to it, one on each side of it.

    They lie between two of the passes `made` that see the kink from different sides. Where the formula jumps and the
    truth does not, it is wrong on one of the two. Quantities that have `listed` values keep them.
    """
    for kink in bends:
        seen = [dict(distances(forward, kink)) for forward in made]
        for place in dict.fromkeys(place for one in seen for place in one):
            values = [one.get(place) for one in seen]
            if _is_of_model(made, values):
                continue
            high = next((f for f, v in zip(made, values, strict=True) if v is not None and v > 0), None)
            low = next((f for f, v in zip(made, values, strict=True) if v is not None and v < 0), None)
            if high is not None and low is not None:
                yield from _closer(low, high, partial(_distance, kink, place), listed, make)
                break


def _distance(kink: Kink, place: Place, forward: Forward) -> Real | None:
    return dict(distances(forward, kink)).get(place)


def _is_of_model(made: tuple[Forward, ...], values: list[Real | None]) -> bool:
    """Whether one kink of the model is at the same distance in every pass, up to a factor that is the same."""
    for switch in made[0].switches:
        pairs = [(v, forward.switches.get(switch)) for v, forward in zip(values, made, strict=True)]
        known = [(v, w) for v, w in pairs if v is not None and w is not None]
        if len(known) == len(pairs) and len(known) > 1 and _proportional(known):
            return True
    return False


def _proportional(pairs: list[tuple[Real, Real]]) -> bool:
    """Whether all pairs have one ratio; an exact 0 counts where the other is negative (a unit that is off)."""
    if all(v == max(w, 0) for v, w in pairs):
        return True
    a, b = pairs[0]
    return all(abs(v * b - a * w) * CLOSE <= abs(v * b) + abs(a * w) for v, w in pairs)


def _closer(
    low: Forward, high: Forward, distance: Callable[[Forward], Real | None], listed: Collection[Name], make: Make
) -> Iterator[Forward]:
    """The two passes after halving the way between them a few times."""
    for _ in range(HALVINGS):
        middle = make(_mean(low, high, listed))
        value = None if middle is None else distance(middle)
        if middle is None or value is None or value == 0:
            break
        low, high = (low, middle) if value > 0 else (middle, high)
    yield low
    yield high


def _mean(low: Forward, high: Forward, listed: Collection[Name]) -> Values:
    """Half way between two points, in all that may lie between."""
    second = high.point.values
    return {
        key: value if key[0] in listed else ((value + second[key]) / 2).limit_denominator(DENOMINATOR)
        for key, value in low.point.values.items()
    }
