"""Seeded numbers for the free quantities: generic ones, so that nothing holds by accident."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product

from generator.formula import Name, Range
from generator.model import Model, Quantity, Role
from generator.oracle import Indices

Key = tuple[Name, Indices]
Values = dict[Key, Fraction]


class Drawer:
    """Numbers of some decimals between 1/20 and 19/20 (1/10 and 9/10 for a single decimal), the same for one seed."""

    def __init__(self, seed: int, decimals: int) -> None:
        self.random = random.Random(seed)
        self.scale = 10**decimals
        self.low = max(self.scale // 20, 1)

    def positive(self) -> Fraction:
        """A positive number."""
        return Fraction(self.low + self.choice(self.scale - 2 * self.low + 1), self.scale)

    def signed(self) -> Fraction:
        """A number of either sign."""
        value = self.positive()
        return value if self.choice(2) else -value

    def rounded(self, value: Fraction) -> Fraction:
        """A positive number cut to the decimals that are drawn."""
        return Fraction(max(int(value * self.scale), 1), self.scale)

    def choice(self, count: int) -> int:
        """One of the integers from 0 to `count - 1`."""
        return int(self.random.random() * count)


def free(model: Model) -> Iterator[Quantity]:
    """The quantities without a definition."""
    return (quantity for quantity in model.quantities if quantity.name not in model.definition)


def span(range_: Range, sizes: Mapping[str, int]) -> range:
    """The integers of a range whose bounds are numbers and sizes."""
    low, high = (b.offset + (sizes[b.letter] if b.letter else 0) for b in (range_.lower, range_.upper))
    return range(low, high + 1)


def keys(quantity: Quantity, sizes: Mapping[str, int]) -> Iterable[Key]:
    """All entries of a quantity."""
    return ((quantity.name, at) for at in product(*(span(range_, sizes) for range_ in quantity.ranges)))


def drawn(model: Model, sizes: Mapping[str, int], drawer: Drawer, reach: int, *, positive: bool) -> Values:
    """A number for every free entry: targets in (0, 1), others in (-reach, reach), or all of them positive."""
    values: Values = {}
    for quantity in free(model):
        target = quantity.role is Role.TARGET
        draw = drawer.positive if positive or target else drawer.signed
        for key in keys(quantity, sizes):
            values[key] = draw() * (1 if target else reach)
    return values
