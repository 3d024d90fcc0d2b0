"""The independent route: claims and truths as floats, by automatic differentiation of the model's forward pass.

Nothing here uses the derivation, the oracle or the judge: it decides what the verdicts are held against.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from benchmarks.verdicts.draft import Family
from benchmarks.verdicts.trees import Scope
from generator.autodiff import Dual, Evaluation, OutOfDomain, differentiate, entry_at, forward, places
from generator.errors import Unsupported
from generator.formula import Derivative, Entry, Formula, Index, Number, Range, Sum, walk
from generator.model import Assumption, Model, Role
from generator.verdict import Condition

CLOSE = 1e-9
TINY = 1e-13
SEEDS = 4
MOST_PLACES = 6
FEW = 4

Values = dict[Entry, float]
Sizes = Mapping[str, int]
Change = Callable[[Model, Values, Sizes, random.Random], None]


@dataclass(frozen=True, slots=True)
class Point:
    """Numbers for the sizes and for every entry, and what evaluates formulas there."""

    sizes: Sizes
    values: Mapping[Entry, float]
    evaluation: Evaluation


def points(family: Family, change: Change | None = None, fixed: Sizes | None = None) -> tuple[Point, ...]:
    """Generic points at two assignments of the sizes, all that is given imposed, then the change."""
    names = family.model.sizes
    found = []
    for turn in range(2):
        chosen = {name: 2 + (place + turn) % max(len(names), 2) for place, name in enumerate(names)}
        sizes = {**chosen, **(fixed or {})}
        for seed in range(SEEDS):
            numbers = random.Random(1000 * turn + seed)
            values = drawn(family, sizes, numbers)
            if change is not None:
                change(family.model, values, sizes, numbers)
            try:
                duals = forward(family.model.definitions, {e: Dual(v) for e, v in values.items()}, sizes)
            except (OutOfDomain, ArithmeticError, ValueError):
                continue
            found.append(_point(family.model, sizes, duals))
        if not names:
            break
    return tuple(found)


def _point(model: Model, sizes: Sizes, duals: Mapping[Entry, Dual]) -> Point:
    numbers = {entry: dual.value for entry, dual in duals.items()}

    def derived(derivative: Derivative) -> float:
        return differentiate(derivative, model.definitions, numbers, sizes)

    return Point(sizes, numbers, Evaluation(duals, sizes, derived=derived))


def drawn(family: Family, sizes: Sizes, numbers: random.Random) -> Values:
    """Numbers for the free entries: within (0.05, 0.95), signed unless they must be positive; what is given holds."""
    values: Values = {}
    for quantity in family.model.quantities:
        if quantity.name in family.model.definition:
            continue
        positive = quantity.role is Role.TARGET or quantity.name in family.positive
        for indices in places(quantity.ranges, sizes):
            value = numbers.uniform(0.05, 0.95)
            values[entry_at(quantity.name, indices)] = value if positive or numbers.random() < 0.5 else -value
    for assumption in family.model.assumptions:
        _give(assumption, values, numbers)
    return values


def _give(assumption: Assumption, values: Values, numbers: random.Random) -> None:
    """Sums that are one, and entries that are one of a few numbers: all that the families give."""
    match assumption:
        case Assumption(Sum(_, _, Entry(name)), "=", _):
            _share(values, [entry for entry in values if entry.name == name], -1)
        case Assumption(Entry(name), "in", options):
            choices = [float(option.value) for option in options if isinstance(option, Number)]
            for entry in values:
                if entry.name == name:
                    values[entry] = numbers.choice(choices)
        case _:
            raise AssertionError(assumption)


def _share(values: Values, chosen: list[Entry], axis: int) -> None:
    """Divides entries by their sums along an axis."""
    for row in _rows(chosen, axis):
        total = sum(values[entry] for entry in row)
        for entry in row:
            values[entry] /= total


def _rows(chosen: list[Entry], axis: int) -> list[list[Entry]]:
    """The entries that differ along an axis only; numbers without indices are one row."""
    rows: dict[tuple[Index, ...], list[Entry]] = {}
    for entry in chosen:
        place = axis % len(entry.indices) if entry.indices else 0
        rows.setdefault(entry.indices[:place] + entry.indices[place + 1 :], []).append(entry)
    return list(rows.values())


def truth(asked: Derivative, point: Point, model: Model, letters: Mapping[str, int]) -> float:
    """The derivative at a point, by automatic differentiation."""
    return differentiate(point.evaluation.instance(asked, letters), model.definitions, point.values, point.sizes)


def value(formula: Formula, point: Point, letters: Mapping[str, int]) -> float | None:
    """The value of a formula at a point; None where it has none there: an index out of its range, a bad logarithm."""
    try:
        return point.evaluation(formula, letters).value
    except (KeyError, OutOfDomain, ArithmeticError, ValueError, Unsupported):
        return None


def scopes(scope: Scope, sizes: Sizes) -> list[dict[str, int]]:
    """Values of the letters: all, or of many some that are spread evenly, equal and unequal ones among them."""
    found = list(product(*(_span(range_, sizes) for _, range_ in scope)))
    if len(found) > MOST_PLACES:
        step = len(found) / MOST_PLACES
        chosen = {found[int(number * step)] for number in range(MOST_PLACES)}
        chosen.update(next((v for v in found if v[a] == v[b]), found[0]) for a in range(len(scope)) for b in range(a))
        found = sorted(chosen)
    return [dict(zip((letter for letter, _ in scope), values, strict=True)) for values in found]


def _span(range_: Range, sizes: Sizes) -> range:
    evaluation = Evaluation({}, sizes)
    return range(evaluation.integer(range_.lower, {}), evaluation.integer(range_.upper, {}) + 1)


def near(left: float, right: float) -> bool:
    """Whether two floats are equal but for rounding."""
    return abs(left - right) <= CLOSE * (abs(left) + abs(right)) + TINY


@dataclass(frozen=True, slots=True)
class Row:
    """A point, values of the letters of a derivative, and the derivative there."""

    point: Point
    letters: Mapping[str, int]
    true: float


@dataclass(frozen=True, slots=True)
class Truth:
    """A derivative known at points: what formulas are compared with."""

    family: Family
    asked: Derivative
    scope: Scope
    rows: tuple[Row, ...]

    def pairs(self, formula: Formula, loose: Scope = ()) -> Iterator[tuple[float, float | None]]:
        """The truth and the value of the formula at the rows, for all values of further letters of the formula.

        A formula with derivatives, each of which costs a forward pass, is tried at fewer rows.
        """
        costly = any(isinstance(part, Derivative) for part in walk(formula))
        for row in self.rows[:: max(len(self.rows) // FEW, 1)] if costly else self.rows:
            for letters in scopes(loose, row.point.sizes):
                yield row.true, value(formula, row.point, {**row.letters, **letters})

    def equals(self, formula: Formula, loose: Scope = ()) -> bool:
        """Whether the formula is the derivative wherever it was tried, and has a value there."""
        return bool(self.rows) and all(own is not None and near(true, own) for true, own in self.pairs(formula, loose))

    def ratio(self, formula: Formula, loose: Scope = ()) -> float | None:
        """Truth divided by the formula, where that is one number at all points; else None."""
        found: float | None = None
        for true, own in self.pairs(formula, loose):
            if own is None or (abs(own) < TINY) != (abs(true) < TINY):
                return None
            if abs(own) >= TINY:
                found = true / own if found is None else found
                if not near(true, found * own):
                    return None
        return found


def known(family: Family, asked: Derivative, scope: Scope, at: tuple[Point, ...]) -> Truth:
    """The derivative at these points."""
    rows = tuple(
        Row(point, letters, truth(asked, point, family.model, letters))
        for point in at
        for letters in scopes(scope, point.sizes)
    )
    return Truth(family, asked, scope, rows)


def under(condition: Condition, truths: Truth) -> Iterator[Truth]:
    """The same derivative at points at which a condition holds, for every way to read it."""
    for chosen in _conditioned(condition, truths.family):
        yield known(truths.family, truths.asked, truths.scope, chosen)


def _conditioned(condition: Condition, family: Family) -> Iterator[tuple[Point, ...]]:
    targets = [q for q in family.model.quantities if q.role is Role.TARGET]
    axes = range(max((len(q.ranges) for q in targets), default=0)) or range(1)
    match condition:
        case Condition.TARGETS_SUM_TO_ONE:
            yield from (points(family, _sum_to_one(axis)) for axis in axes)
        case Condition.TARGETS_ZERO_OR_ONE:
            yield points(family, _among((0.0, 1.0)))
        case Condition.SQUARES_ARE_ONE:
            yield points(family, _among((-1.0, 1.0)))
        case Condition.TARGETS_ONE_HOT:
            yield from (points(family, _one_hot(axis)) for axis in axes)
        case Condition.SIZE_IS_ONE:
            yield from (points(family, fixed={name: 1}) for name in family.model.sizes)
        case _:
            return


def _targets(model: Model, values: Values) -> list[Entry]:
    return [entry for entry in values if model.quantity[entry.name].role is Role.TARGET]


def _sum_to_one(axis: int) -> Change:
    def change(model: Model, values: Values, _sizes: Sizes, _numbers: random.Random) -> None:
        for chosen in _by_name(_targets(model, values)):
            _share(values, chosen, axis)

    return change


def _by_name(chosen: Iterable[Entry]) -> list[list[Entry]]:
    """The entries of each indexed quantity; those without indices all together."""
    rows: dict[object, list[Entry]] = {}
    for entry in chosen:
        rows.setdefault(entry.name if entry.indices else None, []).append(entry)
    return list(rows.values())


def _among(options: tuple[float, ...]) -> Change:
    def change(model: Model, values: Values, _sizes: Sizes, numbers: random.Random) -> None:
        for entry in _targets(model, values):
            values[entry] = numbers.choice(options)

    return change


def _one_hot(axis: int) -> Change:
    def change(model: Model, values: Values, _sizes: Sizes, numbers: random.Random) -> None:
        for chosen in _by_name(_targets(model, values)):
            for row in _rows(chosen, axis):
                values.update(dict.fromkeys(row, 0.0))
                values[numbers.choice(row)] = 1.0

    return change
