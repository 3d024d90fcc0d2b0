"""What is given, imposed on drawn numbers: entries that are known, listed values, sums of entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from generator.formula import Entry, Formula, Number, Sum, children, entries, free_letters
from generator.judging.draws import Drawer, Key, Values, span
from generator.model import Assumption, Model, Role
from generator.oracle import RELATIONS, Forward, Point, Program, Real, Scope, exactly

CLOSE = Fraction(1, 10**30)
PICKS = 512
DENOMINATOR = 10**15


class Unmet(Exception):
    """These drawn numbers cannot be made to fulfil what is given; others might."""


class Impossible(Exception):
    """No numbers fulfil all that is given."""


@dataclass(frozen=True, slots=True)
class Given:
    """One assumption at one place: every free letter of it has a number."""

    assumption: Assumption
    letters: Scope


def placed(model: Model, given: tuple[Assumption, ...], sizes: Mapping[str, int]) -> tuple[Given, ...]:
    """Each assumption at every value of its free letters; lists of values come first, then single entries."""
    found: list[Given] = []
    for assumption in sorted(given, key=lambda a: (a.relation != "in", not isinstance(a.left, Entry))):
        ranges = _ranges(model, assumption.left, sizes)
        found.extend(Given(assumption, dict(zip(ranges, values, strict=True))) for values in product(*ranges.values()))
    return tuple(found)


def _ranges(model: Model, formula: Formula, sizes: Mapping[str, int]) -> dict[str, range]:
    """The ranges of the free letters, by the positions in which they stand."""
    free = free_letters(formula) - set(sizes)
    found: dict[str, range] = {}
    for entry in entries(formula):
        for range_, index in zip(model.quantity[entry.name].ranges, entry.indices, strict=True):
            if index.letter in free and index.letter is not None:
                whole = span(range_, sizes)
                found.setdefault(index.letter, range(whole.start - index.offset, whole.stop - index.offset))
    return found


@dataclass(frozen=True, slots=True)
class Ground:
    """A model at one assignment of its sizes, ready for passes in one context."""

    model: Model
    program: Program
    sizes: Mapping[str, int]
    context: Real


class Draft:
    """Drawn numbers that are being changed until what is given holds."""

    def __init__(self, ground: Ground, values: Values, drawer: Drawer) -> None:
        self.ground = ground
        self.values = values
        self.drawer = drawer
        self.listed: dict[Key, tuple[Fraction, ...]] = {}
        self.known: set[Key] = set()

    def forward(self) -> Forward:
        """A fresh forward pass at the numbers as they are now."""
        return Forward(self.ground.program, Point(self.ground.sizes, self.values), self.ground.context)

    def impose(self, given: Given) -> None:
        """Changes free entries so that an equation or a list of values holds. Raises `Unmet` and `Impossible`."""
        match given.assumption:
            case Assumption(Entry() as left, "in", right):
                (key,) = self._keys(left, given.letters) or (None,)
                if key is not None:
                    self.listed[key] = tuple(r.value for r in right if isinstance(r, Number))
                    self._pick((key,))
            case Assumption(left, "=", (right,)):
                self._equate(left, right, given.letters)
            case _:
                pass

    def _pick(self, keys: tuple[Key, ...]) -> None:
        for key in keys:
            options = self.listed[key]
            self.values[key] = options[self.drawer.choice(len(options))]

    def _keys(self, formula: Formula, letters: Scope) -> tuple[Key, ...]:
        """The free entries that a formula uses and that are not yet known, in order, without repeats."""
        used = dict.fromkeys(_used(self.forward(), formula, letters))
        return tuple(key for key in used if key in self.values and key not in self.known)

    def _equate(self, left: Formula, right: Formula, letters: Scope) -> None:
        """Makes two formulas equal by choosing among listed values, or by solving for the last free entry."""

        def gap() -> Fraction:
            forward = self.forward()
            return exactly(forward.value(left, letters) - forward.value(right, letters))

        keys = self._keys(left, letters)
        chosen = tuple(key for key in keys if key in self.listed)
        if chosen:
            self._choose(chosen, gap)
            return
        if not keys:
            if abs(gap()) > CLOSE:
                raise Impossible
            return
        if len(keys) > 1 and all(self.values[key] > 0 for key in keys):
            for key in keys:
                self.values[key] = self.drawer.rounded(self.values[key] / len(keys))
        self._solve(keys[-1], gap)
        self.known.add(keys[-1])
        targets = [key for key in keys if self.ground.model.quantity[key[0]].role is Role.TARGET]
        if len(keys) > 1 and not all(0 < self.values[key] < 1 for key in targets):
            raise Unmet

    def _choose(self, keys: tuple[Key, ...], gap: Callable[[], Fraction]) -> None:
        options = list(product(*(self.listed[key] for key in keys)))
        start = self.drawer.choice(len(options))
        for number in range(min(len(options), PICKS)):
            for key, value in zip(keys, options[(start + number) % len(options)], strict=True):
                self.values[key] = value
            if abs(gap()) < CLOSE:
                self.known.update(keys)
                return
        raise Impossible

    def _solve(self, key: Key, gap: Callable[[], Fraction]) -> None:
        """Sets an entry in which the gap is linear so that the gap is 0."""
        first = gap()
        self.values[key] += 1
        slope = gap() - first
        if slope == 0:
            raise Unmet
        self.values[key] = (self.values[key] - 1 - first / slope).limit_denominator(DENOMINATOR)
        if abs(gap()) > CLOSE:
            raise Unmet


def _used(forward: Forward, formula: Formula, letters: Scope) -> Iterator[Key]:
    """The entries that a formula uses at the given letters."""
    match formula:
        case Entry(name, indices):
            yield name, tuple(forward.integer(index, letters) for index in indices)
        case Sum(letter, range_, body, _):
            for value in forward.span(range_, letters):
                yield from _used(forward, body, {**letters, letter: value})
        case _:
            for child in children(formula):
                yield from _used(forward, child, letters)


def satisfied(forward: Forward, given: tuple[Given, ...]) -> bool:
    """Whether all that is given holds at the point of the pass."""
    return all(_satisfied(forward, one.assumption, one.letters) for one in given)


def _satisfied(forward: Forward, assumption: Assumption, letters: Scope) -> bool:
    left = exactly(forward.value(assumption.left, letters))
    rights = [exactly(forward.value(right, letters)) for right in assumption.right]
    if assumption.relation in ("=", "in"):
        return any(abs(left - right) < CLOSE for right in rights)
    return all(RELATIONS[assumption.relation](left, right) for right in rights)
