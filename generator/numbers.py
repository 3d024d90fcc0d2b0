"""Readable numbers for the free entries of a model: one decimal, seeded, within the model's assumptions.

Sizes left open become 2 (3 for the classes of a softmax and the like), more where an entry that stands somewhere
needs it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from generator.autodiff import PI, Dual, Evaluation, entry_at, places
from generator.formula import (
    ONE,
    Add,
    Apply,
    Entry,
    Formula,
    Index,
    Multiply,
    Name,
    Number,
    Product,
    Range,
    Softmax,
    Sum,
    entries,
    free_letters,
    walk,
)
from generator.model import Assumption, Model, Quantity, Role

OPEN_SIZE = 2
CLASSES = 3
LARGE = 6
MOST_ENTRIES = 120
TENTHS: Mapping[Role, tuple[int, int]] = {Role.INPUT: (2, 15), Role.WEIGHT: (1, 12), Role.BIAS: (1, 5)}


def stand_ins(model: Model, written: Iterable[Entry]) -> dict[str, int]:
    """A number for every open size, and for every letter that the model leaves free.

    Each is large enough for the literal indices of `written` and of the model's own formulas.
    """
    formulas = [d.formula for d in model.definitions]
    sizes = dict.fromkeys(model.sizes, OPEN_SIZE)
    for part in (part for formula in formulas for part in walk(formula)):
        if isinstance(part, Softmax | Sum | Product) and part.range.upper.letter in sizes and _needs_three(part):
            sizes[str(part.range.upper.letter)] = CLASSES
    mentioned = [*written, *(entry for formula in formulas for entry in entries(formula))]
    for entry in mentioned:
        quantity = model.quantity.get(entry.name)
        for index, range_ in zip(entry.indices, quantity.ranges if quantity else (), strict=False):
            _enlarge(sizes, range_, index.offset if index.letter is None else None)
    for definition in model.definitions:
        for letter in free_letters(definition.formula) - set(definition.letters) - set(sizes):
            sizes[letter] = 1
    return sizes | reduced(model, sizes, mentioned)


def reduced(model: Model, sizes: Mapping[str, int], mentioned: Iterable[Entry]) -> dict[str, int]:
    """Small numbers for large literal sizes of a model with too many entries to read: 784 becomes 3.

    The keys are the literals as text, which no size has for a name. Nothing is reduced where an index beyond the small
    numbers is written somewhere, or where two literals are so near that they may be neighbours.
    """
    free = (quantity for quantity in model.quantities if quantity.name not in model.definition)
    if sum(count(quantity.ranges, sizes) for quantity in free) <= MOST_ENTRIES:
        return {}
    bounds = {range_.upper for quantity in model.quantities for range_ in quantity.ranges}
    large = sorted(bound.offset for bound in bounds if bound.letter is None and bound.offset > LARGE)
    near = any(second - first <= CLASSES for first, second in pairwise(large))
    beyond = any(index.letter is None and index.offset > CLASSES for entry in mentioned for index in entry.indices)
    return {} if near or beyond else {str(literal): CLASSES for literal in large}


def count(ranges: tuple[Range, ...], sizes: Mapping[str, int]) -> int:
    """How many entries the ranges hold."""
    integer = Evaluation({}, sizes).integer
    return math.prod(max(0, integer(range_.upper, {}) - integer(range_.lower, {}) + 1) for range_ in ranges)


def _needs_three(part: Softmax | Sum | Product) -> bool:
    """Whether two entries would hide something: classes that share a sum, others than one's own, neighbours."""
    return isinstance(part, Softmax) or bool(part.where) or part.range.upper.offset != 0


def _enlarge(sizes: dict[str, int], range_: Range, index: int | None) -> None:
    """Make the size in the upper bound so large that the range holds `index`, or anything at all."""
    upper, lower = range_.upper, range_.lower
    if upper.letter in sizes:
        low = lower.offset if lower.letter is None else sizes.get(lower.letter, 1) + lower.offset
        needed = (low if index is None else index) - upper.offset
        sizes[upper.letter] = max(sizes[upper.letter], needed)


class Kind(StrEnum):
    """What numbers suit a quantity."""

    ONE_HOT = "one-hot"
    ZERO_ONE = "zero-one"
    SHARES = "shares"
    POSITIVE = "positive"
    FRACTION = "fraction"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Draw:
    """How the entries of one free quantity are drawn; `axis` is the position along which entries share a sum of 1."""

    quantity: Quantity
    kind: Kind
    axis: int = 0
    choices: tuple[float, ...] = ()
    fixed: tuple[tuple[Entry, float], ...] = ()


def draws(model: Model) -> tuple[Draw, ...]:
    """One draw a free quantity, in reading order."""
    return tuple(_draw(model, q) for q in model.quantities if q.name not in model.definition and Entry(q.name) != PI)


def _draw(model: Model, quantity: Quantity) -> Draw:
    kind, axis = _kind(model, quantity)
    choices: tuple[float, ...] = ()
    fixed: list[tuple[Entry, float]] = []
    for given in model.assumptions:
        match given:
            case Assumption(Sum(letter, _, Entry(name, indices)), "=", (total,)) if name == quantity.name:
                axis = next((n for n, index in enumerate(indices) if index.letter == letter), 0)
                if total == ONE and kind not in (Kind.ONE_HOT, Kind.ZERO_ONE):
                    kind = Kind.SHARES
                elif total == ONE:
                    kind = Kind.ONE_HOT
            case Assumption(Entry(name), "in", options) if name == quantity.name:
                choices = tuple(float(o.value) for o in options if isinstance(o, Number))
                if sorted(choices) == [0.0, 1.0] and kind not in (Kind.ONE_HOT, Kind.SHARES):
                    kind, choices = Kind.ZERO_ONE, ()
                elif sorted(choices) == [0.0, 1.0]:
                    kind, choices = Kind.ONE_HOT, ()
            case Assumption(Entry(name) as entry, "=", (Number(value),)) if name == quantity.name:
                fixed.append((entry, float(value)))
            case Assumption(Entry(name), ">" | ">=", _) if name == quantity.name:
                kind = Kind.POSITIVE
    return Draw(quantity, kind, axis, choices, tuple(fixed))


def _kind(model: Model, quantity: Quantity) -> tuple[Kind, int]:
    if quantity.role is Role.CONSTANT:
        return Kind.POSITIVE, 0
    if quantity.role is not Role.TARGET:
        return Kind.SIGNED, 0
    last = max(len(quantity.ranges) - 1, 0)
    for definition in model.definitions:
        for product in walk(definition.formula):
            own, output = _weighs_log(product, quantity.name)
            if own is not None and output is not None:
                return _class_axis(model, own, output) or (Kind.ZERO_ONE, last)
    return Kind.FRACTION, 0


def _weighs_log(product: Formula, target: Name) -> tuple[Entry | None, Entry | None]:
    """The target's entry and the output's where the product is of a target and a logarithm of an output."""
    if not isinstance(product, Multiply):
        return None, None
    plain = [f for f in product.factors if isinstance(f, Entry | Add)]
    own = next((e for f in plain for e in entries(f) if e.name == target), None)
    logs = (part for f in product.factors for part in walk(f) if isinstance(part, Apply) and part.function == "log")
    return own, next((e for part in logs for e in entries(part.argument) if e.name != target), None)


def _class_axis(model: Model, own: Entry, output: Entry) -> tuple[Kind, int] | None:
    """The axis of the target that runs over the classes of a softmax, if the output is one."""
    definition = model.definition.get(output.name)
    if definition is None:
        return None
    for part in walk(definition.formula):
        if isinstance(part, Softmax) and part.index.letter in definition.letters:
            letter = output.indices[definition.letters.index(str(part.index.letter))]
            if letter in own.indices:
                return Kind.ONE_HOT, own.indices.index(letter)
    return None


def draw(
    plan: Iterable[Draw], sizes: Mapping[str, int], values: Mapping[Entry, float], source: random.Random
) -> dict[Entry, float]:
    """A number for every free entry; those in `values` are taken as they are."""
    numbers: dict[Entry, float] = {}
    tenths = _Tenths(source)
    for one in plan:
        at = list(places(one.quantity.ranges, sizes))
        drawn = dict(zip(at, _numbers(one, at, tenths), strict=True))
        for entry, value in one.fixed:
            drawn.update({p: value for p in at if _stands_for(entry.indices, p, sizes)})
        for indices, value in drawn.items():
            entry = entry_at(one.quantity.name, indices)
            numbers[entry] = values.get(entry, value)
    return numbers


@dataclass(frozen=True, slots=True)
class _Tenths:
    """Draws tenths; what was drawn for a role does not come again until all have been."""

    source: random.Random
    drawn: dict[Role, set[int]] = field(default_factory=dict)

    def some(self, role: Role, low: int, high: int, count: int) -> list[float]:
        """Tenths from `low` to `high` tenths."""
        found: list[int] = []
        while len(found) < count:
            taken = self.drawn.setdefault(role, set())
            left = [n for n in range(low, high + 1) if n not in taken]
            if left:
                found.append(left[int(self.source.random() * len(left))])
                taken.add(found[-1])
            else:
                taken.clear()
        return [n / 10 for n in found]

    def pick(self, options: tuple[float, ...]) -> float:
        """One of the options."""
        return options[int(self.source.random() * len(options))]

    def shares(self, count: int) -> list[float]:
        """Positive tenths (hundredths for more than six) that sum to 1."""
        whole = 10 if count <= 6 else 100
        cuts = list(range(1, whole))
        while len(cuts) > count - 1:
            cuts.pop(int(self.source.random() * len(cuts)))
        return [(b - a) / whole for a, b in zip([0, *cuts], [*cuts, whole], strict=True)]


def _stands_for(indices: tuple[Index, ...], place: tuple[int, ...], sizes: Mapping[str, int]) -> bool:
    """Whether the indices of an assumption, whose free letters run, mean this place."""
    known = ((index, at) for index, at in zip(indices, place, strict=True) if index.letter in (None, *sizes))
    return all(Evaluation({}, sizes).integer(index, {}) == at for index, at in known)


def _numbers(one: Draw, at: list[tuple[int, ...]], tenths: _Tenths) -> list[float]:
    role = one.quantity.role
    if one.choices:
        return [tenths.pick(one.choices) for _ in at]
    match one.kind:
        case Kind.ONE_HOT | Kind.ZERO_ONE | Kind.SHARES if at[0]:
            return _by_line(one, at, tenths)
        case Kind.ONE_HOT | Kind.ZERO_ONE:
            return [tenths.pick((0.0, 1.0))]
        case Kind.POSITIVE:
            return tenths.some(role, 2, 12, len(at))
        case Kind.FRACTION | Kind.SHARES:
            return tenths.some(role, 1, 9, len(at))
        case Kind.SIGNED:
            low, high = TENTHS.get(role, (1, 12))
            return [n * tenths.pick((1, 1, -1)) for n in tenths.some(role, low, high, len(at))]


def _by_line(one: Draw, at: list[tuple[int, ...]], tenths: _Tenths) -> list[float]:
    """The numbers line by line along the axis: one 1 and else 0, or tenths that sum to 1."""
    lines: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for place in at:
        lines.setdefault((*place[: one.axis], *place[one.axis + 1 :]), []).append(place)
    numbers: dict[tuple[int, ...], float] = {}
    for line in lines.values():
        if one.kind is Kind.SHARES:
            numbers.update(zip(line, tenths.shares(len(line)), strict=True))
        elif len(line) == 1 and one.kind is Kind.ZERO_ONE:
            numbers[line[0]] = tenths.pick((0.0, 1.0))
        else:
            hot = int(tenths.source.random() * len(line))
            numbers.update({place: float(n == hot) for n, place in enumerate(line)})
    return [numbers[place] for place in at]


def holds(given: Assumption, values: Mapping[Entry, Dual], sizes: Mapping[str, int], model: Model) -> bool:
    """Whether an assumption holds at these numbers, for all values of its letters."""
    evaluation = Evaluation(values, sizes)
    for letters in _letters(given, sizes, model):
        left = evaluation(given.left, letters).value
        rights = [evaluation(right, letters).value for right in given.right]
        if not _related(left, given.relation, rights):
            return False
    return True


def _related(left: float, relation: str, rights: list[float]) -> bool:
    close = [abs(left - right) < 1e-9 for right in rights]
    match relation:
        case "in" | "=":
            return any(close)
        case "!=":
            return not close[0]
        case ">" | ">=":
            return left > rights[0] or (relation == ">=" and close[0])
        case _:
            return left < rights[0] or (relation == "<=" and close[0])


def _letters(given: Assumption, sizes: Mapping[str, int], model: Model) -> Iterator[dict[str, int]]:
    """Every value of the free letters of an assumption, each in the range of the place where it stands."""
    free = {
        index.letter: range_
        for entry in entries(given.left)
        if entry.name in model.quantity
        for index, range_ in zip(entry.indices, model.quantity[entry.name].ranges, strict=True)
        if index.letter is not None and index.letter in free_letters(given.left) - set(sizes)
    }
    for values in places(tuple(free.values()), sizes):
        yield dict(zip(free, values, strict=True))
