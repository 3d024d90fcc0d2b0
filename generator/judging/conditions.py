"""Conditions that a file does not give and under which a claim may hold, each imposed in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.formula import MINUS_ONE, ONE, ZERO, Add, Entry, Formula, Index, Name, Sum
from generator.judging.draws import free
from generator.model import Assumption, Model, Quantity, Role
from generator.verdict import Condition


@dataclass(frozen=True, slots=True)
class Imposed:
    """A condition, what it adds to what is given, and the sizes that it fixes."""

    condition: Condition
    given: tuple[Assumption, ...] = ()
    sizes: tuple[tuple[str, int], ...] = ()


def on_targets(model: Model, concerned: frozenset[Name]) -> Iterator[Imposed]:
    """The conditions on the targets among the quantities `concerned`, the weakest first."""
    targets = [quantity for quantity in free(model) if quantity.role is Role.TARGET and quantity.name in concerned]
    if not targets:
        return
    sums = tuple(_sums(targets))
    bits = _listed(targets, (ZERO, ONE))
    for total in sums:
        yield Imposed(Condition.TARGETS_SUM_TO_ONE, total)
    yield Imposed(Condition.TARGETS_ZERO_OR_ONE, bits)
    for total in sums:
        yield Imposed(Condition.TARGETS_ONE_HOT, (*bits, *total))
    yield Imposed(Condition.SQUARES_ARE_ONE, _listed(targets, (MINUS_ONE, ONE)))


def on_sizes(model: Model) -> Iterator[Imposed]:
    """Each open size is 1."""
    return (Imposed(Condition.SIZE_IS_ONE, sizes=((name, 1),)) for name in model.sizes)


def _sums(targets: list[Quantity]) -> Iterator[tuple[Assumption, ...]]:
    """The entries over the last position, or over another one, add up to 1; so do targets that are single numbers."""
    numbers = [quantity for quantity in targets if not quantity.ranges]
    if len(numbers) > 1:
        yield (Assumption(Add(tuple(Entry(quantity.name) for quantity in numbers)), "=", (ONE,)),)
    deepest = max(len(quantity.ranges) for quantity in targets)
    for place in range(1, deepest + 1):
        yield tuple(Assumption(_over(q, len(q.ranges) - place), "=", (ONE,)) for q in targets if len(q.ranges) >= place)


def _over(quantity: Quantity, position: int) -> Formula:
    return Sum(quantity.letters[position], quantity.ranges[position], _entry(quantity))


def _entry(quantity: Quantity) -> Entry:
    return Entry(quantity.name, tuple(Index(letter) for letter in quantity.letters))


def _listed(targets: list[Quantity], values: tuple[Formula, ...]) -> tuple[Assumption, ...]:
    return tuple(Assumption(_entry(quantity), "in", values) for quantity in targets)
