"""Forward passes in high precision, and derivatives as differences of them.

Nothing here knows the chain rule or the derivative of any function: a derivative is the difference of two forward
passes, divided by the step. So nothing of what it judges is used to judge it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from generator.formula import Definition, Formula, Index, Name, Range
from generator.oracle.elementary import KINKED, SATURATING, STEP, Outside, Real, derived, exact
from generator.oracle.program import Code, Indices, OutOfRange, Program, Scope

MARGIN = 10**4
"""Points nearer than 1/MARGIN to a kink of the model are outside of its domain."""

SATURATED = 30
PI = Name(r"\pi")

Column = dict[Indices, Real]


@dataclass(frozen=True, slots=True)
class Point:
    """Values of all sizes (and of letters that a file fixes), and of all entries of the free quantities."""

    sizes: Mapping[str, int]
    values: Mapping[tuple[Name, Indices], Fraction]


@dataclass(frozen=True, slots=True)
class Switch:
    """A place at which a definition has a kink: the unit, which of its kinks, and whether it must be seen both ways."""

    name: Name
    indices: Indices
    place: tuple[object, ...]
    both: bool


class Forward:
    """One forward pass at a point: every entry is computed once, when it is first needed.

    `switches` records at what distance each kink of the definitions was passed. Raises `Outside` and `OutOfRange`.
    """

    def __init__(self, program: Program, point: Point, context: Real) -> None:
        self.program = program
        self.point = point
        self.context = context
        self.step = context.mpf(10) ** -STEP
        self.switches: dict[Switch, Real] = {}
        self.columns: list[Column] = [{} for _ in program.names]
        self.cut: frozenset[int] = frozenset()
        self.sums: dict[tuple[int, ...], Real] = {}
        self._site: tuple[Name, Indices] | None = None
        self.applied: dict[tuple[str, int, Real], Real] = {}
        self._shifted: dict[tuple[int, Indices, tuple[int, ...]], Shifted] = {}

    def value(self, formula: Formula, letters: Mapping[str, int]) -> Real:
        """The value of `formula` with the free letters as given."""
        code = self.program.code(formula)
        self.columns.extend({} for _ in range(len(self.columns), len(self.program.names)))
        return code(self, {**self.point.sizes, **letters})

    def integer(self, index: Index, letters: Mapping[str, int]) -> int:
        """The value of an index or a bound."""
        if index.letter is None:
            return index.offset
        value = letters.get(index.letter)
        return (self.point.sizes[index.letter] if value is None else value) + index.offset

    def span(self, range_: Range, letters: Mapping[str, int]) -> range:
        """The integers of a range."""
        return range(self.integer(range_.lower, letters), self.integer(range_.upper, letters) + 1)

    def entry(self, name: Name, indices: Indices) -> Real:
        """The value of one entry."""
        slot = self.program.slot(name)
        self.columns.extend({} for _ in range(len(self.columns), len(self.program.names)))
        return self.at(slot, indices)

    def entries(self, name: Name) -> Iterator[Indices]:
        """The indices of the entries computed so far."""
        return iter(self.columns[self.program.slot(name)])

    def at(self, slot: int, indices: Indices) -> Real:
        """The value of one entry of the quantity with this number."""
        column = self.columns[slot]
        found = column.get(indices)
        if found is None:
            found = column[indices] = self.compute(slot, indices)
        return found

    def compute(self, slot: int, indices: Indices) -> Real:
        """The value of an entry that is not known yet."""
        name = self.program.names[slot]
        given = self.point.values.get((name, indices))
        if given is not None:
            return self.context.mpf(given.numerator) / given.denominator
        row = self.program.rows.get(slot)
        if row is None:
            if name == PI and not indices:
                return +self.context.pi
            raise OutOfRange(name, indices)
        scope = row.scope(indices, self.point.sizes)
        if scope is None:
            raise OutOfRange(name, indices)
        outer, self._site = self._site, (name, indices)
        try:
            return row.code(self, scope)
        finally:
            self._site = outer

    def difference(self, of: Code, wrt: tuple[tuple[int, Indices], ...], held: tuple[int, ...], scope: Scope) -> Real:
        """The derivative of what `of` computes in the entries `wrt`, the last one outermost."""
        if not wrt:
            return of(self, scope)
        slot, indices = wrt[-1]
        here = self.difference(of, wrt[:-1], held, scope)
        key = (slot, indices, held)
        world = self._shifted.get(key)
        if world is None:
            world = self._shifted[key] = Shifted(self, slot, indices, held)
        world.columns.extend(self.columns[len(world.columns) :])
        return (world.difference(of, wrt[:-1], held, scope) - here) / self.step

    def apply(self, function: str, order: int, argument: Real, place: int, scope: Scope) -> Real:
        """The function, or its derivative of some order, at a number."""
        if self._site is not None:
            if function in KINKED:
                self.kink(argument, (place, *scope.items()), both=function not in {"abs", "sgn"})
            if function in SATURATING and abs(argument) > SATURATED:
                raise Outside(f"saturated: {self._site[0].base}")
        key = (function, order, argument)
        found = self.applied.get(key)
        if found is None:
            found = self.applied[key] = derived(self.context, self.step, function, order, argument)
        return found

    def kink(self, distance: Real, place: tuple[object, ...], *, both: bool) -> None:
        """Records at what distance a kink of the model is passed; a point too near to it is `Outside`."""
        if self._site is None:
            return
        if abs(distance) * MARGIN < 1:
            raise Outside(f"at a kink of {self._site[0].base}")
        self.switches[Switch(*self._site, place, both)] = distance


class Shifted(Forward):
    """The forward pass with one entry moved by a step, and the definitions of its quantity and of `held` cut.

    Whatever does not depend on the moved entry is shared with the pass around it.
    """

    def __init__(self, around: Forward, slot: int, indices: Indices, held: tuple[int, ...]) -> None:
        self.program = around.program
        self.point = around.point
        self.context = around.context
        self.step = around.step
        self.around = around
        self.cut = around.cut.union(held, (slot,))
        self.affected = self.program.downstream(slot, self.cut)
        self.columns = list(around.columns)
        for other in self.affected:
            self.columns[other] = {}
        self.columns[slot][indices] = around.at(slot, indices) + self.step
        self._site = None
        self.applied = around.applied
        self.sums = {}
        self._shifted = {}

    def compute(self, slot: int, indices: Indices) -> Real:
        """The value of an entry: from the pass around, unless it depends on the one that is moved."""
        if slot in self.cut or slot not in self.affected:
            return self.around.at(slot, indices)
        scope = self.program.rows[slot].scope(indices, self.point.sizes)
        if scope is None:
            raise OutOfRange(self.program.names[slot], indices)
        return self.program.rows[slot].code(self, scope)

    def kink(self, distance: Real, place: tuple[object, ...], *, both: bool) -> None:
        """Nothing: the step is far smaller than the margin that the pass around has kept."""


def evaluate(formula: Formula, definitions: Iterable[Definition], point: Point, letters: Mapping[str, int]) -> Real:
    """The value of `formula` at a point; see `Forward`."""
    context = exact()
    return context.mpf(Forward(Program(definitions), point, context).value(formula, letters))
