"""A worked example: readable numbers carried from the inputs to the gradient, each derivative by three routes.

The routes are the derived formulas, automatic differentiation (`autodiff`) and central differences of the forward pass.
All numbers are plain floats; `shown` writes every one of them.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from generator import anchors
from generator.autodiff import RULES, Evaluation, differentiate, forward, places
from generator.derivation import Derivation, Factor, Term
from generator.errors import Refusal, Unsupported
from generator.formula import Apply, Derivative, Entry, Range, entries, walk
from generator.model import Model
from generator.numbers import MOST_ENTRIES, count, draw, draws, holds, stand_ins
from generator.routes import Derived, constants, difference

ATTEMPTS = 60
MOST_ROWS = 12
KINKS = frozenset(("relu", "leaky_relu", "elu", "abs", "sgn", "max", "min", ">", ">=", "<", "<=", "=", "!="))
SQUASHING = frozenset(("sigmoid", "tanh", "softplus", "gelu", "silu", "erf"))


@dataclass(frozen=True, slots=True)
class Value:
    """An entry with literal indices, and its number."""

    entry: Entry
    value: float


@dataclass(frozen=True, slots=True)
class Row:
    """One derivative, of an entry in an entry with literal indices, by three routes; `key` is its step's."""

    key: str
    left: Derivative
    formula: float
    automatic: float
    differences: float


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of the gradient, factor by factor; a term with sums over open sizes has a row for each of their values.

    `number` counts the derivation's `written_terms` from 1, and `links` are the ids of that term's links: the same in
    formula, drawing and table. `paths` are those that the row is about (one, unless the derivation put several in a
    bracket): entries with literal indices, loss first. `id` is the row's own.
    """

    id: str
    number: int
    term: Term
    paths: tuple[tuple[Entry, ...], ...]
    links: tuple[str, ...]
    factors: tuple[tuple[Factor, float], ...]
    value: float


@dataclass(frozen=True, slots=True)
class Example:
    """The numbers of one small instance of a model.

    `sizes` are the numbers that stand for open sizes and for letters that the model leaves free, `reduced` those that
    stand for literal sizes too large to read, `generic` the functions nobody defined, for which tanh stands in.
    `inputs` are the free entries, `forward` the defined ones in the order of the definitions; `rows` the intermediate
    derivatives, `result` the asked one; `terms` sum to it. `off_automatic` and `off_differences` are the largest
    differences between the formulas and the other two routes, relative to the number where it is above 1.
    """

    seed: int
    sizes: tuple[tuple[str, int], ...]
    reduced: tuple[tuple[int, int], ...]
    generic: tuple[str, ...]
    inputs: tuple[Value, ...]
    forward: tuple[Value, ...]
    rows: tuple[Row, ...]
    result: Row
    terms: tuple[TermRow, ...]
    off_automatic: float
    off_differences: float

    @property
    def stand_ins(self) -> dict[str, int]:
        """What every size and free letter stands for, and every literal size that is reduced, as text."""
        return {**dict(self.sizes), **{str(literal): number for literal, number in self.reduced}}

    @property
    def values(self) -> dict[Entry, float]:
        """The number of every entry."""
        return {value.entry: value.value for value in (*self.inputs, *self.forward)}


def shown(value: float) -> str:
    """A number as the page and the snippets write it: five significant digits, no trailing zeros, never -0."""
    return f"{value + 0.0:.5g}"


def example(model: Model, derivation: Derivation, values: Mapping[Entry, float], seed: int) -> Example:
    """The worked example with the author's `values` (of literal entries), what they leave out drawn with `seed`.

    Raises `Refusal` where no numbers are found at which the model and the derivative have values.
    """
    sizes = stand_ins(model, (*values, *derivation.asked.wrt, *entries(derivation.asked.of)))
    instance = _Instance(model, derivation, sizes, _letters(model, derivation, sizes))
    plan = draws(model)
    free = sum(count(one.quantity.ranges, sizes) for one in plan)
    if free > MOST_ENTRIES:
        raise Unsupported("a worked example with so many numbers is not yet supported")
    source = random.Random(seed)
    for taste in (_READABLE, _PASSABLE, _DEFINED):
        for _ in range(ATTEMPTS if free > len(values) else 1):
            numbers = draw(plan, sizes, values, source)
            if instance.suits(numbers, taste):
                return instance.worked(numbers, seed)
    raise Refusal("no numbers were found for a worked example", hint="give `values` at which every quantity is defined")


@dataclass(frozen=True, slots=True)
class _Taste:
    """What numbers must keep: least distance from kinks, argument of a squashing unit, largest number, least term."""

    kink: float
    squashed: float
    largest: float
    term: float


_READABLE = _Taste(0.05, 2.5, 20.0, 5e-4)
_PASSABLE = _Taste(0.05, 4.0, 1e3, 0.0)
_DEFINED = _Taste(1e-3, 30.0, 1e9, 0.0)


def _letters(model: Model, derivation: Derivation, sizes: Mapping[str, int]) -> dict[str, int]:
    """What each letter of the general derivative is in the example: the asked index, else the next integer."""
    asked, general = derivation.asked, derivation.general
    found: dict[str, int] = {}
    used: Counter[Range] = Counter()
    evaluation = Evaluation({}, sizes)
    for own, whole in zip((*entries(asked.of), *asked.wrt), (*entries(general.of), *general.wrt), strict=True):
        for index, letter, range_ in zip(own.indices, whole.indices, model.quantity[own.name].ranges, strict=True):
            if index.letter is None or index.letter in found or index.letter in sizes:
                number = evaluation.integer(index, found)
            else:
                low, high = (evaluation.integer(bound, {}) for bound in (range_.lower, range_.upper))
                number = low + used[range_] % (high - low + 1)
                used[range_] += 1
                found[index.letter] = number - index.offset
            found.setdefault(str(letter.letter), number)
    return found


@dataclass(frozen=True, slots=True)
class _Instance:
    """A model at given sizes, and the asked derivative at given indices."""

    model: Model
    derivation: Derivation
    sizes: Mapping[str, int]
    letters: Mapping[str, int]

    def suits(self, numbers: Mapping[Entry, float], taste: _Taste) -> bool:
        """Whether the model is defined at the numbers, its assumptions hold, and the taste is kept."""
        met: list[tuple[str, float]] = []

        def notice(function: str, argument: float) -> None:
            met.append((function, argument))

        try:
            values = forward(self.model.definitions, constants(numbers), self.sizes, notice=notice)
            kept = all(holds(given, values, self.sizes, self.model) for given in self.model.assumptions)
            terms = [term.value for term in self.terms({entry: number.value for entry, number in values.items()})]
        except ArithmeticError:
            return False
        return (
            kept
            and all(abs(at) >= taste.kink for function, at in met if function in KINKS)
            and all(abs(at) <= taste.squashed for function, at in met if function in SQUASHING)
            and all(abs(number.value) <= taste.largest for number in values.values())
            and all(abs(term) >= taste.term for term in terms)
        )

    def worked(self, numbers: Mapping[Entry, float], seed: int) -> Example:
        """The example at the numbers of the free entries."""
        moved = forward(self.model.definitions, constants(numbers), self.sizes)
        values = {entry: number.value for entry, number in moved.items()}
        terms = self.terms(values)
        result = self.result(values)
        rows = tuple(row for row in self.rows(values, terms) if row.left != result.left)
        results = (*self.results(values), *((sum(term.value for term in terms),) if terms else ()))
        checked = (*rows, *(replace(result, formula=number) for number in results))
        return Example(
            seed,
            tuple((name, number) for name, number in self.sizes.items() if not name.isdigit()),
            tuple((int(name), number) for name, number in self.sizes.items() if name.isdigit()),
            self.generic(),
            tuple(Value(entry, value) for entry, value in values.items() if entry.name not in self.model.definition),
            tuple(Value(entry, value) for entry, value in values.items() if entry.name in self.model.definition),
            rows,
            result,
            terms,
            max(_apart(row.formula, row.automatic) for row in checked),
            max(_apart(row.formula, row.differences) for row in checked),
        )

    def generic(self) -> tuple[str, ...]:
        """The functions of the model that have no rule, in reading order."""
        parts = (part for definition in self.model.definitions for part in walk(definition.formula))
        keys = (part.function for part in parts if isinstance(part, Apply))
        return tuple(dict.fromkeys(key for key in keys if key not in RULES))

    def result(self, values: Mapping[Entry, float]) -> Row:
        """The asked derivative."""
        left = self._evaluation.instance(self.derivation.asked, self.letters)
        return self._row(self.derivation.steps[-1].key, left, self.results(values)[0], values)

    def results(self, values: Mapping[Entry, float]) -> tuple[float, ...]:
        """The asked derivative by the formula at the asked indices, written out, and by the general formula."""
        derived = self._derived(values)
        forms = (self.derivation.entry, self.derivation.written, self.derivation.formula)
        return tuple(derived.number(form, self.letters) for form in forms)

    def terms(self, values: Mapping[Entry, float]) -> tuple[TermRow, ...]:
        """One row a path through entries: sums over open sizes are written out at the stand-ins."""
        derived = self._derived(values)
        rows = [
            self._term(number, term, letters, derived)
            for number, term in enumerate(self.derivation.written_terms, 1)
            for letters in _scopes(term, derived.evaluation, self.letters)
        ]
        seen: Counter[str] = Counter()
        unique = []
        for row in rows:
            seen[row.id] += 1
            unique.append(replace(row, id=f"{row.id}-{seen[row.id]}") if seen[row.id] > 1 else row)
        return tuple(unique)

    def _term(self, number: int, term: Term, letters: Mapping[str, int], derived: Derived) -> TermRow:
        paths = tuple(
            tuple(derived.evaluation.at(entry, {**letters, **inner}) for entry in term.path)
            for inner in self._running(term.path, letters)
        )
        factors = tuple((factor, derived.number(factor.formula, letters)) for factor in term.factors)
        links = tuple(anchors.link(*pair) for pair in pairwise(term.path))
        value = math.prod(value for _, value in factors)
        name = "-".join(("path", *map(anchors.entry, paths[0])))
        return TermRow(name, number, term, paths, links, factors, value)

    def _running(self, path: tuple[Entry, ...], known: Mapping[str, int]) -> Iterator[dict[str, int]]:
        """Every value of the letters in the entries that are not known."""
        free = {
            index.letter: range_
            for entry in path
            for index, range_ in zip(entry.indices, self.model.quantity[entry.name].ranges, strict=True)
            if index.letter is not None and index.letter not in known and index.letter not in self.sizes
        }
        for numbers in places(tuple(free.values()), self.sizes):
            yield dict(zip(free, numbers, strict=True))

    def rows(self, values: Mapping[Entry, float], terms: tuple[TermRow, ...]) -> Iterator[Row]:
        """The derivative of every step, at the entries that lie on the paths."""
        on_path = {entry for term in terms for path in term.paths for entry in path}
        derived = self._derived(values)
        for step in self.derivation.steps:
            count = 0
            for letters in self._running((*entries(step.left.of), *step.left.wrt), {}):
                left = self._evaluation.instance(step.left, letters)
                if {left.of, *left.wrt} <= on_path and count < MOST_ROWS:
                    count += 1
                    yield self._row(step.key, left, derived.number(step.result, letters), values)

    def _row(self, key: str, left: Derivative, formula: float, values: Mapping[Entry, float]) -> Row:
        definitions = self.model.definitions
        automatic = differentiate(left, definitions, values, self.sizes)
        return Row(key, left, formula, automatic, difference(left, definitions, values, self.sizes))

    @property
    def _evaluation(self) -> Evaluation:
        return Evaluation({}, self.sizes)

    def _derived(self, values: Mapping[Entry, float]) -> Derived:
        return Derived(self.derivation, constants(values), self.sizes)


def _scopes(term: Term, evaluation: Evaluation, letters: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Every value of the letters that a term sums over."""
    scopes = [dict(letters)]
    for letter, range_ in term.sums:
        scopes = [inner for outer in scopes for inner in evaluation.scopes(letter, range_, (), outer)]
    yield from scopes


def _apart(left: float, right: float) -> float:
    return abs(left - right) / max(1.0, abs(left), abs(right))
