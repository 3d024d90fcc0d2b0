"""The lines of a model, read: definitions with their ranges, in an order in which each uses only earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.errors import Refusal, Unsupported
from generator.formula import Formula, Index, Name, entries, free_letters
from generator.functions import ARGUMENT
from generator.latex.equations import Equation
from generator.latex.heads import Head, as_quantity, generic, is_function, left_head, uses_of
from generator.latex.known import row_of
from generator.latex.layers import layered
from generator.latex.names import Names
from generator.latex.ranges import Node, Position, Spans
from generator.latex.scope import Defined, File, Scope
from generator.latex.syntax import Item, Symbol, lone
from generator.latex.terms import FOLDS


@dataclass(frozen=True, slots=True)
class Left:
    """A left side: what is defined, at which indices, and where."""

    name: Name
    indices: tuple[Index, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Raw:
    """A definition whose ranges are not known yet; `rest` are its further right sides."""

    left: Left
    line: Equation
    formula: Formula
    rest: tuple[Formula, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a model: functions defined by `g(z) = ...` apart from quantities."""

    functions: tuple[tuple[Head, Equation], ...]
    quantities: tuple[Equation, ...]


def sorted_lines(
    model: Sequence[Equation], others: Iterable[Equation], declared: frozenset[str]
) -> tuple[Lines, frozenset[str], frozenset[str]]:
    """The lines, the heads of generic functions, and all heads that stand before brackets somewhere.

    `declared` are names that the keys of the file declare: none of them is a function.
    """
    uses = uses_of(model, others)
    functions: list[tuple[Head, Equation]] = []
    quantities: list[Equation] = []
    for line in model:
        head = left_head(line)
        if head is not None and is_function(head, line, uses):
            functions.append((head, line))
        else:
            quantities.append(line if head is None else as_quantity(line, head))
    named = {head.head for head, _ in functions}
    defined = defined_letters(quantities)
    free = generic(uses, defined | named | declared, model)
    return Lines(tuple(functions), tuple(quantities)), free, frozenset(uses.applied) | frozenset(uses.primed)


def defined_letters(lines: Iterable[Equation]) -> frozenset[str]:
    """The letters of the names on the left sides."""
    return frozenset(
        item.head.name + "'" * item.primes
        for line in lines
        if isinstance((item := line.left.terms[0].items[0]).head, Symbol)
    )


def dependencies(lines: Iterable[Equation]) -> Mapping[str, frozenset[str]]:
    """For the letter of each defined quantity the letters on which it depends, by the lines as written."""
    direct: dict[str, set[str]] = {}
    for line in lines:
        first = line.left.terms[0].items[0]
        if isinstance(first.head, Symbol):
            own = direct.setdefault(first.head.name + "'" * first.primes, set())
            right = [spot.item for spot in line.spots if not spot.left]
            own |= {item.head.name + "'" * item.primes for item in right if isinstance(item.head, Symbol)}
            own |= set(_subscripts(first))
    while True:
        more = {name: {x for used in uses for x in direct.get(used, set())} - uses for name, uses in direct.items()}
        if not any(more.values()):
            return {name: frozenset(uses) for name, uses in direct.items()}
        for name, extra in more.items():
            direct[name] |= extra


def _subscripts(item: Item) -> list[str]:
    inner = lone(item.below) if item.below is not None else None
    return [inner.head.name] if inner is not None and isinstance(inner.head, Symbol) else []


def read_functions(lines: Lines, file: File) -> File:
    """The file with the functions that its model defines, in the order of the lines."""
    for head, line in lines.functions:
        scope = Scope(FOLDS, file, line.text, Spans(), f"f{line.text.place().line}", parameters={head.symbol: ARGUMENT})
        body = scope.expression(line.parts[1])
        _no_doubts(scope)
        if any(entry != ARGUMENT and entry.indices for entry in entries(body)) or free_letters(body):
            raise scope.unsupported("indices in the definition of a function", line.left.start)
        file = replace(file, functions={**file.functions, head.head: Defined(body, row_of(body))})
    return file


def read_left(line: Equation, names: Names, file: File) -> Left:
    """The left side of a definition. Raises `Refusal` unless it is a name with letters or numbers for indices."""
    example = r"for example: Z_j = \sigma(a_j)"
    items = line.left.terms[0].items
    if len(line.left.terms) > 1 or len(items) > 1 or line.left.signs[0] < 0 or not isinstance(items[0].head, Symbol):
        message = "a line of the model defines one quantity: its name stands alone on the left of ="
        raise Refusal(message, line.text.place(line.left.start), example)
    written = names.take_apart(items[0], line.text)
    if written.power is not None:
        raise Refusal("a definition has no power on its left", line.text.place(items[0].start), example)
    letters = [index.letter for index in written.all if index.letter is not None]
    if len(set(letters)) < len(letters) or any(index.letter and index.offset for index in written.all):
        raise Unsupported("not yet supported: this left side", line.text.place(items[0].start), example)
    if letters and len(letters) < len(written.all):
        message = "not yet supported: a definition for one number of an index and all of another"
        raise Unsupported(message, line.text.place(items[0].start), example)
    scope = Scope(FOLDS, file, line.text, Spans(), "", letters=dict.fromkeys(letters, ""))
    return Left(layered(items[0], written.name, written.all, scope), written.all, items[0].start)


def read_definition(
    line: Equation, left: Left, file: File, spans: Spans, key: str, aliases: Mapping[tuple[Name, str], str]
) -> Raw:
    """A definition, its right sides read in the scope of the letters on its left."""
    place = line.text.place(left.offset)
    letters: dict[str, Node] = {}
    for number, index in enumerate(left.indices):
        if index.letter is None:
            spans.literal(index.offset, Position(left.name, number), place)
            continue
        node = f"{key}:{left.offset}:{index.letter}"
        letters[index.letter] = node
        spans.letter(node, index.letter)
        spans.stand(node, 0, Position(left.name, number), place)
    for spread in line.spreads:
        if spread.letter not in letters:
            message = f"{spread.letter} does not stand on the left side"
            raise Refusal(message, line.text.place(spread.offset), r"y_k = ..., \quad k = 1, \dots, K")
        if spread.upper is not None:
            spans.state(letters[spread.letter], spread.lower, spread.upper, line.text.place(spread.offset))
    if line.cases:
        raise Unsupported("not yet supported: cases in a definition", line.text.place(line.cases[0].offset))
    if not line.relations or set(line.relations) != {"="}:
        raise Refusal("a line of the model is an equation", line.text.place(line.left.start), r"Z_j = \sigma(a_j)")
    scope = Scope(FOLDS, file, line.text, spans, key, letters=letters, aliases=aliases)
    try:
        formulas = tuple(scope.expression(part) for part in line.parts[1:])
    except Refusal:
        _no_doubts(scope)
        raise
    _no_doubts(scope)
    if any(entry.name == left.name and entry.indices != left.indices for entry in entries(formulas[0])) and letters:
        message = f"not yet supported: a recurrence ({left.name.base} is defined by itself)"
        raise Unsupported(message, place, "Write its steps under different names.")
    return Raw(left, line, formulas[0], formulas[1:], key)


def _no_doubts(scope: Scope) -> None:
    for doubt in scope.doubts:
        message = f"this line has two readings: {doubt.what}"
        raise scope.refuse(message, doubt.offset, f"Write {doubt.narrow}  or  {doubt.wide}")
