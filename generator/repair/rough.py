"""Values in ordinary floating point, taken from an exact pass: fast enough to try thousands of changes of a formula."""

from __future__ import annotations

from collections.abc import Mapping

import mpmath

from generator.formula import Formula
from generator.oracle import Code, Forward, Indices, OutOfRange, Outside, Real, Scope, derived

SMALLEST = 1e-200


class Rough:
    """The numbers of an exact pass as floats. Nothing is proved with them."""

    def __init__(self, forward: Forward) -> None:
        self.exact = forward
        self.context: Real = mpmath.fp
        self.sums: dict[tuple[int, ...], Real] = {}
        self._known: dict[tuple[int, Indices], float] = {}

    def value(self, formula: Formula, scope: Mapping[str, int]) -> float | None:
        """The value of a formula where letters have the values of `scope`; None where it has none."""
        try:
            code = self.exact.program.code(formula)
            return float(code(self, {**self.exact.point.sizes, **scope}))
        except (Outside, OutOfRange, ArithmeticError):
            return None

    def at(self, slot: int, indices: Indices) -> float:
        """The value of an entry."""
        key = (slot, indices)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = float(self.exact.entry(self.exact.program.names[slot], indices))
        return found

    def apply(self, function: str, order: int, argument: float, _place: int, _scope: Scope) -> float:
        """A function, or a derivative of it, at a number."""
        if order == 0:
            return float(derived(self.context, 0, function, 0, argument))
        exact = self.exact
        return float(derived(exact.context, exact.step, function, order, exact.context.mpf(argument)))

    def kink(self, distance: Real, place: tuple[object, ...], *, both: bool) -> None:
        """Nothing."""

    def difference(self, of: Code, wrt: tuple[tuple[int, Indices], ...], held: tuple[int, ...], scope: Scope) -> float:
        """A derivative, from the exact pass."""
        return float(self.exact.difference(of, wrt, held, scope))


def near(left: float, right: float) -> bool:
    """Whether two floats are equal but for rounding."""
    return abs(left - right) <= 1e-9 * (abs(left) + abs(right)) + SMALLEST
