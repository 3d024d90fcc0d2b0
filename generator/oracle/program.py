"""Formulas made ready to be evaluated many times: each node becomes a function of a pass and the values of letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from generator.formula import (
    ONE,
    Add,
    Apply,
    Condition,
    Definition,
    Delta,
    Derivative,
    Entry,
    Extreme,
    Formula,
    Holds,
    Index,
    Indicator,
    Letter,
    Multiply,
    Name,
    Number,
    Power,
    Product,
    Range,
    Size,
    Softmax,
    Sum,
    entries,
    free_letters,
)
from generator.oracle.elementary import EXPONENT_LIMIT, Outside, Real, real_power

Indices = tuple[int, ...]
Scope = dict[str, int]
"""The values of all sizes and of the letters that are bound at a place. A sum puts its letter in and takes it out."""


class OutOfRange(Exception):
    """An index is outside of the range of its quantity."""

    def __init__(self, name: Name, indices: Indices) -> None:
        super().__init__(f"{name.base} has no entry {', '.join(str(i) for i in indices)}")
        self.name = name
        self.indices = indices


class Pass(Protocol):
    """What the code of a formula asks of a forward pass."""

    context: Real
    sums: dict[tuple[int, ...], Real]

    def at(self, slot: int, indices: Indices) -> Real:
        """The value of an entry of the quantity with the number `slot`."""

    def apply(self, function: str, order: int, argument: Real, place: int, scope: Scope) -> Real:
        """A function, or a derivative of it, at a number; `place` tells where in the formula it stands."""

    def kink(self, distance: Real, place: tuple[object, ...], *, both: bool) -> None:
        """Called where a formula is not smooth at distance 0."""

    def difference(self, of: Code, wrt: tuple[tuple[int, Indices], ...], held: tuple[int, ...], scope: Scope) -> Real:
        """The derivative of what `of` computes in entries of quantities."""


Code = Callable[[Pass, Scope], Real]
Read = Callable[[Scope], int]


class Program:
    """The definitions of a model, ready to be evaluated; quantities have numbers (slots), free ones too."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.slots: dict[Name, int] = {}
        self.names: list[Name] = []
        self.rows: dict[int, Row] = {}
        self.inputs: dict[int, frozenset[int]] = {}
        self._codes: dict[int, tuple[Formula, Code]] = {}
        self._downstream: dict[tuple[int, frozenset[int]], frozenset[int]] = {}
        for definition in definitions:
            slot = self.slot(definition.name)
            self.inputs[slot] = frozenset(self.slot(entry.name) for entry in entries(definition.formula))
            self.rows[slot] = Row(definition, self.code(definition.formula))

    def slot(self, name: Name) -> int:
        """The number of a quantity."""
        found = self.slots.get(name)
        if found is None:
            found = self.slots[name] = len(self.names)
            self.names.append(name)
        return found

    def code(self, formula: Formula) -> Code:
        """The code of a formula; the same object is made ready once."""
        found = self._codes.get(id(formula))
        if found is None:
            found = self._codes[id(formula)] = (formula, MAKERS[type(formula)](self, formula))
        return found[1]

    def downstream(self, slot: int, cut: frozenset[int]) -> frozenset[int]:
        """The quantity and those computed from it, not through those in `cut`."""
        known = self._downstream.get((slot, cut))
        if known is None:
            found = {slot}
            before = 0
            while len(found) > before:
                before = len(found)
                found |= {n for n, used in self.inputs.items() if n not in cut and not used.isdisjoint(found)}
            known = self._downstream[slot, cut] = frozenset(found)
        return known


class Row:
    """A definition and its code."""

    __slots__ = ("code", "letters", "ranges")

    def __init__(self, definition: Definition, code: Code) -> None:
        self.letters = definition.letters
        self.ranges = tuple(_span(range_) for range_ in definition.ranges)
        self.code = code

    def scope(self, indices: Indices, sizes: Mapping[str, int]) -> Scope | None:
        """The values of sizes and letters for an entry; None where an index is out of its range."""
        scope = dict(sizes)
        for letter, value, span in zip(self.letters, indices, self.ranges, strict=True):
            if value not in span(scope):
                return None
            scope[letter] = value
        return scope


def _read(index: Index) -> Read:
    letter, offset = index.letter, index.offset
    if letter is None:
        return lambda _: offset
    if offset == 0:
        return lambda scope: scope[letter]
    return lambda scope: scope[letter] + offset


def _span(range_: Range) -> Callable[[Scope], range]:
    lower, upper = _read(range_.lower), _read(range_.upper)
    return lambda scope: range(lower(scope), upper(scope) + 1)


def _holds(conditions: tuple[Condition, ...]) -> Callable[[Scope], bool]:
    reads = [(_read(c.left), RELATIONS[c.relation], _read(c.right)) for c in conditions]
    return lambda scope: all(relation(left(scope), right(scope)) for left, relation, right in reads)


def _indices(indices: tuple[Index, ...]) -> Callable[[Scope], Indices]:
    reads = tuple(_read(index) for index in indices)
    if len(reads) == 1:
        (only,) = reads
        return lambda scope: (only(scope),)
    if len(reads) == 2:
        first, second = reads
        return lambda scope: (first(scope), second(scope))
    return lambda scope: tuple([read(scope) for read in reads])


def _number(_: Program, formula: Number) -> Code:
    top, bottom = formula.value.numerator, formula.value.denominator
    if bottom == 1:
        return lambda forward, _: forward.context.mpf(top)
    return lambda forward, _: forward.context.mpf(top) / bottom


def _size(_: Program, formula: Size) -> Code:
    name = formula.name
    return lambda forward, scope: forward.context.mpf(scope[name])


def _letter(_: Program, formula: Letter) -> Code:
    read = _read(formula.index)
    return lambda forward, scope: forward.context.mpf(read(scope))


def _entry(program: Program, formula: Entry) -> Code:
    slot = program.slot(formula.name)
    if not formula.indices:
        return lambda forward, _: forward.at(slot, ())
    indices = _indices(formula.indices)
    return lambda forward, scope: forward.at(slot, indices(scope))


def _add(program: Program, formula: Add) -> Code:
    first, *rest = [program.code(term) for term in formula.terms]

    def code(forward: Pass, scope: Scope) -> Real:
        total = first(forward, scope)
        for term in rest:
            total = total + term(forward, scope)
        return total

    return code


def _multiply(program: Program, formula: Multiply) -> Code:
    sign, factors = 1, formula.factors
    if isinstance(factors[0], Number) and factors[0].value == -1 and len(factors) > 1:
        sign, factors = -1, factors[1:]
    first, *rest = [program.code(factor) for factor in factors]

    def code(forward: Pass, scope: Scope) -> Real:
        total = first(forward, scope)
        for factor in rest:
            total = total * factor(forward, scope)
        return total if sign > 0 else -total

    return code


def _power(program: Program, formula: Power) -> Code:
    base, exponent = program.code(formula.base), formula.exponent
    if isinstance(exponent, Number) and exponent.value.denominator == 1:
        return _whole_power(base, int(exponent.value))
    raised = program.code(exponent)
    return lambda forward, scope: real_power(forward.context, base(forward, scope), raised(forward, scope))


def _whole_power(base: Code, exponent: int) -> Code:
    if abs(exponent) > EXPONENT_LIMIT:
        raise Outside("an exponent too large")

    def code(forward: Pass, scope: Scope) -> Real:
        value = base(forward, scope)
        if exponent < 0 and value == 0:
            raise Outside("a division by zero")
        return 1 / value if exponent == -1 else value**exponent

    return code


def _apply(program: Program, formula: Apply) -> Code:
    argument, function, order, place = program.code(formula.argument), formula.function, formula.order, id(formula)
    return lambda forward, scope: forward.apply(function, order, argument(forward, scope), place, scope)


def _inside(program: Program, node: Sum | Product, body: Formula) -> Callable[[Pass, Scope], Iterator[Real]]:
    code, letter, span = program.code(body), node.letter, _span(node.range)
    where = _holds(node.where) if node.where else None

    def values(forward: Pass, scope: Scope) -> Iterator[Real]:
        outer = scope.get(letter)
        for value in span(scope):
            scope[letter] = value
            if where is None or where(scope):
                yield code(forward, scope)
        _restore(scope, letter, outer)

    return values


def _restore(scope: Scope, letter: str, outer: int | None) -> None:
    if outer is None:
        scope.pop(letter, None)
    else:
        scope[letter] = outer


def _sum(program: Program, formula: Sum) -> Code:
    """What does not use the summed letter is multiplied once; a sum is added up once for the same other letters."""
    factors = formula.body.factors if isinstance(formula.body, Multiply) else (formula.body,)
    using = tuple(factor for factor in factors if formula.letter in free_letters(factor))
    apart = [program.code(factor) for factor in factors if factor not in using]
    total = Sum(formula.letter, formula.range, Multiply(using) if len(using) > 1 else (*using, ONE)[0], formula.where)
    inside = _inside(program, total, total.body)
    letters, place = tuple(sorted(free_letters(total))), id(formula)

    def code(forward: Pass, scope: Scope) -> Real:
        key = (place, *[scope[letter] for letter in letters])
        found = forward.sums.get(key)
        if found is None:
            found = forward.context.zero
            for value in inside(forward, scope):
                found = found + value
            forward.sums[key] = found
        for factor in apart:
            found = found * factor(forward, scope)
        return found

    return code


def _product(program: Program, formula: Product) -> Code:
    inside = _inside(program, formula, formula.body)

    def code(forward: Pass, scope: Scope) -> Real:
        total = forward.context.one
        for value in inside(forward, scope):
            total = total * value
        return total

    return code


def _softmax(program: Program, formula: Softmax) -> Code:
    argument, letter, span = program.code(formula.argument), formula.letter, _span(formula.range)
    read, place = _read(formula.index), id(formula)

    def code(forward: Pass, scope: Scope) -> Real:
        at, outer = read(scope), scope.get(letter)
        powers = {}
        for value in span(scope):
            scope[letter] = value
            powers[value] = forward.apply("exp", 0, argument(forward, scope), place, scope)
        _restore(scope, letter, outer)
        if at not in powers:
            raise OutOfRange(Name("softmax"), (at,))
        return powers[at] / sum(powers.values())

    return code


def _extreme(program: Program, formula: Extreme) -> Code:
    codes = [program.code(argument) for argument in formula.arguments]
    sign = 1 if formula.kind == "max" else -1
    place = id(formula)

    def code(forward: Pass, scope: Scope) -> Real:
        values = [sign * argument(forward, scope) for argument in codes]
        best = max(values)
        at = values.index(best)
        for other, value in enumerate(values):
            if other != at:
                gap = best - value if other > at else value - best
                forward.kink(gap, (place, min(at, other), max(at, other), *scope.items()), both=len(values) == 2)
        return sign * best

    return code


def _delta(_: Program, formula: Delta) -> Code:
    left, right = _read(formula.left), _read(formula.right)
    return lambda forward, scope: forward.context.one if left(scope) == right(scope) else forward.context.zero


def _iverson(_: Program, formula: Holds) -> Code:
    holds = _holds(formula.conditions)
    return lambda forward, scope: forward.context.one if holds(scope) else forward.context.zero


def _indicator(program: Program, formula: Indicator) -> Code:
    left, right, place = program.code(formula.left), program.code(formula.right), id(formula)
    relation = RELATIONS[formula.relation]

    def code(forward: Pass, scope: Scope) -> Real:
        a, b = left(forward, scope), right(forward, scope)
        forward.kink(a - b, (place, *scope.items()), both=True)
        return forward.context.one if relation(a, b) else forward.context.zero

    return code


def _derivative(program: Program, formula: Derivative) -> Code:
    of = program.code(formula.of)
    wrt = [(program.slot(entry.name), _indices(entry.indices)) for entry in formula.wrt]
    held = tuple(dict.fromkeys((*(program.slot(name) for name in formula.held), *(slot for slot, _ in wrt))))

    def code(forward: Pass, scope: Scope) -> Real:
        return forward.difference(of, tuple((slot, at(scope)) for slot, at in wrt), held, scope)

    return code


RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: bool(left == right),
    "!=": lambda left, right: bool(left != right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
}

MAKERS: Mapping[type, Callable[[Program, Any], Code]] = {
    Number: _number,
    Size: _size,
    Letter: _letter,
    Entry: _entry,
    Add: _add,
    Multiply: _multiply,
    Power: _power,
    Apply: _apply,
    Sum: _sum,
    Product: _product,
    Softmax: _softmax,
    Extreme: _extreme,
    Delta: _delta,
    Holds: _iverson,
    Indicator: _indicator,
    Derivative: _derivative,
}
