"""The statements of a snippet: numbers, definitions, the derived gradient and its terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.autodiff import PI, entry_at
from generator.code.arrays import Arrays, NeedsLoops
from generator.code.dialect import Dialect
from generator.code.entries import Entries
from generator.code.names import RESERVED, identifiers, label, unique, word
from generator.code.printer import Bounds, Run, Words
from generator.derivation import Derivation, Step
from generator.errors import Unsupported
from generator.example import Example
from generator.formula import (
    Add,
    Definition,
    Derivative,
    Entry,
    Formula,
    Name,
    Size,
    free_letters,
    multiply,
    substitute,
    walk,
)
from generator.functions import FUNCTIONS
from generator.model import Model

MOST_TERMS = 6
LONG = 100
Pair = tuple[Name, Name]


@dataclass(frozen=True, slots=True)
class Statements:
    """Says in one dialect what the snippet of an example needs.

    `of` and `wrt` are the entries of the general derivative; `derivatives` has the name under which the snippet keeps
    each derivative that it computes, the asked one first, those that others need after them.
    """

    model: Model
    example: Example
    derivation: Derivation
    words: Words
    of: Entry
    wrt: Entry
    derivatives: Mapping[Pair, Name]

    def name(self, name: Name) -> str:
        """The identifier of a name."""
        return self.words.names[name]

    @property
    def result(self) -> str:
        """The identifier of the asked derivative, an array over the entries of `of`, then those of `wrt`."""
        return self.name(self.derivatives[self.of.name, self.wrt.name])

    @property
    def asked(self) -> str:
        """The entry of `result` that was asked for."""
        left = self.example.result.left
        bounds = self.words.bounds[self.derivatives[self.of.name, self.wrt.name]]
        indices = [i.offset for entry in (left.of, *left.wrt) if isinstance(entry, Entry) for i in entry.indices]
        at = ", ".join(str(index - low) for index, (low, _) in zip(indices, bounds, strict=True))
        return f"{self.result}[{at}]" if indices else self.result

    @property
    def title(self) -> str:
        """The asked derivative in words: `dE/dV_11`."""
        left = self.example.result.left
        return "/".join(f"d{label(e, self.words.names)}" for e in (left.of, *left.wrt) if isinstance(e, Entry))

    @property
    def counting(self) -> list[str]:
        """The comment on how indices count, if any array counts otherwise than the question."""
        for quantity in (self.model.quantity[self.wrt.name], *self.model.quantities):
            bounds = self.words.bounds[quantity.name]
            if any(low for low, _ in bounds):
                first = label(entry_at(quantity.name, tuple(low for low, _ in bounds)), self.words.names)
                here = f"{self.name(quantity.name)}[{', '.join('0' for _ in bounds)}]"
                return [f"# Indices count from {bounds[0][0]} in the question, from 0 in arrays: {first} is {here}."]
        return []

    def moves(self, definition: Definition) -> bool:
        """Whether the definition's value depends on `wrt`, without being it."""
        return definition.name != self.wrt.name and self.model.depends(definition.name, self.wrt.name)

    def numbers(self) -> list[str]:
        """The free quantities, and the sizes that formulas use as numbers."""
        formulas = [d.formula for d in self.model.definitions] + [self.derivation.formula]
        used = {part.name for formula in formulas for part in walk(formula) if isinstance(part, Size)}
        lines = [f"{self.words.size_names[size]} = {number}" for size, number in self.example.sizes if size in used]
        values = self.example.values
        for quantity in self.model.quantities:
            if quantity.name in self.words.names and quantity.name not in self.model.definition:
                nested = self._nested(quantity.name, values, ())
                dialect = self.words.dialect
                template = dialect.array_of_numbers if quantity.ranges else dialect.number
                lines.append(f"{self.name(quantity.name)} = {template.format(nested)}")
        return lines

    def _nested(self, name: Name, values: Mapping[Entry, float], at: tuple[int, ...]) -> str:
        bounds = self.words.bounds[name]
        if len(at) == len(bounds):
            return repr(values[entry_at(name, at)] + 0.0)
        low, high = bounds[len(at)]
        return "[" + ", ".join(self._nested(name, values, (*at, index)) for index in range(low, high + 1)) + "]"

    def definition(self, definition: Definition) -> list[str]:
        """The assignment that computes a defined quantity."""
        letters = list(zip(definition.letters, self.words.bounds[definition.name], strict=True))
        return self._assignment(self.name(definition.name), definition.formula, letters)

    def _assignment(self, name: str, formula: Formula, letters: Sequence[tuple[str, Bounds]]) -> list[str]:
        """The array of a formula over its letters under a name; a long sum has a line for each term."""
        arrays = Arrays(self.words)
        scope = {letter: Run(letter, bounds) for letter, bounds in letters}
        axes = tuple(scope)
        try:
            text = arrays.permuted(arrays.code(formula, scope), axes).text
            if len(text) > LONG and isinstance(formula, Add):
                terms = [arrays.spread(arrays.code(term, scope), axes).text for term in formula.terms]
                return [f"{name} = (", *(f"    {sign_first(term, n)}" for n, term in enumerate(terms)), ")"]
        except NeedsLoops:
            text = Entries(self.words).filled(formula, letters)
        return [f"{name} = {text}"]

    def gradient(self) -> list[str]:
        """The assignments of the derivatives, the asked one last."""
        lines = []
        for (of, wrt), name in reversed(tuple(self.derivatives.items())):
            step = _step(self.derivation, (of, wrt))
            asked = (of, wrt) == (self.of.name, self.wrt.name)
            left, formula = (self.derivation.general, self.derivation.formula) if asked else (step.left, step.result)
            indices = [i for entry in (left.of, *left.wrt) if isinstance(entry, Entry) for i in entry.indices]
            letters = [(str(i.letter), b) for i, b in zip(indices, self.words.bounds[name], strict=True)]
            lines.extend(self._assignment(self.name(name), self._known(formula), letters))
        return lines

    def _known(self, formula: Formula) -> Formula:
        """The formula with each derivative in it read from the variable that keeps it."""

        def kept(part: Formula) -> Formula | None:
            if not isinstance(part, Derivative) or not isinstance(part.of, Entry):
                return None
            name = self.derivatives[part.of.name, part.wrt[0].name]
            return Entry(name, (*part.of.indices, *part.wrt[0].indices))

        return substitute(formula, kept)

    def terms(self, together: str, close: str) -> list[str]:
        """The terms of the asked entry one by one, where they are few and no sum is left open."""
        terms = self.derivation.written_terms
        formulas = [self._known(multiply(*(factor.formula for factor in term.factors))) for term in terms]
        literal = not any(term.sums for term in terms) and not any(map(self._open, formulas))
        if not literal or not 1 < len(terms) <= MOST_TERMS:
            return []
        printer = Entries(self.words)
        return [
            "terms = [",
            *(f"    {printer.code(formula, {}).text}," for formula in formulas),
            "]",
            f'show("terms", {together})',
            f"assert {close}(sum(terms), {self.asked})",
        ]

    def _open(self, formula: Formula) -> bool:
        return bool(free_letters(formula) - set(self.words.sizes))


def sign_first(term: str, number: int) -> str:
    """A term as a line of a sum, its sign in front."""
    if not number:
        return term
    return f"- {term[1:]}" if term.startswith("-") else f"+ {term}"


def statements(model: Model, example: Example, derivation: Derivation, dialect: Dialect) -> Statements:
    """The statements, with an identifier for every name. Raises `Unsupported` for a derivative that is 0 or 1."""
    of, wrt = derivation.general.of, derivation.general.wrt[0]
    if not isinstance(of, Entry) or not model.depends(of.name, wrt.name) or of.name == wrt.name:
        raise Unsupported("code for a derivative that is 0 or 1 everywhere is not yet supported")
    names = identifiers(q.name for q in model.quantities if Entry(q.name) != PI)
    pairs = _needed(derivation, (of.name, wrt.name))
    derivatives = {pair: Name(f"d{names[pair[0]]}_d{names[pair[1]]}", layer="derivative") for pair in pairs}
    for name in derivatives.values():
        names[name] = unique(name.base, {*RESERVED, *names.values()})
    size_names: dict[str, str] = {}
    for size, _ in example.sizes:
        size_names[size] = unique(word(size), {*RESERVED, *names.values(), *size_names.values()})
    functions = {key: key for key in FUNCTIONS}
    for key in example.generic:
        functions[key] = unique(word(key), {*RESERVED, *names.values(), *size_names.values(), *functions.values()})
    words = Words(dialect, names, functions, example.stand_ins, size_names, {})
    bounds = {quantity.name: _bounds(words, quantity.name, model) for quantity in model.quantities}
    bounds |= {name: (*bounds[pair[0]], *bounds[pair[1]]) for pair, name in derivatives.items()}
    whole = Words(dialect, names, functions, example.stand_ins, size_names, bounds)
    return Statements(model, example, derivation, whole, of, wrt, derivatives)


def _bounds(words: Words, name: Name, model: Model) -> tuple[Bounds, ...]:
    spans = tuple(words.span(range_) for range_ in model.quantity[name].ranges)
    known = tuple(span for span in spans if span is not None)
    if len(known) < len(spans):
        raise Unsupported("code for a quantity whose size depends on an index is not yet supported")
    return known


def _step(derivation: Derivation, pair: Pair) -> Step:
    """The step that derives one quantity in another, through all paths."""
    for step in derivation.steps:
        of, wrt = step.left.of, step.left.wrt[0]
        if isinstance(of, Entry) and (of.name, wrt.name) == pair and not step.left.held:
            return step
    raise Unsupported("code for this derivative is not yet supported")


def _needed(derivation: Derivation, asked: Pair) -> Iterator[Pair]:
    """The derivatives that a snippet computes: the asked one, then those that stand in the formulas before them."""
    waiting = [(asked, derivation.formula)]
    seen: list[Pair] = []
    while waiting:
        pair, formula = waiting.pop(0)
        if pair in seen:
            seen.remove(pair)
        seen.append(pair)
        for part in walk(formula):
            if isinstance(part, Derivative) and isinstance(part.of, Entry):
                inner = (part.of.name, part.wrt[0].name)
                waiting.append((inner, _step(derivation, inner).result))
    yield from seen
