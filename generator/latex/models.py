"""A model from its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from generator.errors import Place, Refusal, Refusals, Unsupported
from generator.formula import (
    Definition,
    Entry,
    Formula,
    Index,
    Name,
    Product,
    Range,
    Size,
    Softmax,
    Sum,
    entries,
    rename,
    substitute,
    walk,
)
from generator.latex.definitions import (
    Raw,
    defined_letters,
    dependencies,
    read_definition,
    read_functions,
    read_left,
    sorted_lines,
)
from generator.latex.equations import Equation
from generator.latex.lexicon import gather
from generator.latex.names import Names
from generator.latex.quantities import PI
from generator.latex.ranges import Position, Spans, fill, show, solve
from generator.latex.scope import File
from generator.latex.split import layers_of
from generator.latex.syntax import Mark, Symbol
from generator.latex.unroll import Listed, entry_of, unrolled
from generator.model import Model, Quantity, Role
from generator.roles import roles

SPARE = "ijklmnpqrst"

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Keys:
    """What the keys of a file say about names: declared names by spelling, sizes with their places, roles."""

    declared: Mapping[str, Name]
    sizes: Mapping[str, tuple[Index, Refusal]]
    roles: Mapping[Name, Role]


@dataclass(frozen=True, slots=True)
class Check:
    """A further right side of a definition, which must equal the first."""

    left: Entry
    formula: Formula
    line: Equation
    ranges: tuple[tuple[str, Range], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A model that was read, what its formulas may use, and what is to be checked about it."""

    file: File
    model: Model
    checks: tuple[Check, ...]
    listed: Listed


def each(items: Iterable[T], read: Callable[[T], S]) -> list[S]:
    """`read` of each item. Raises `Refusals` with all that went wrong."""
    found: list[S] = []
    refusals: list[Refusal] = []
    for item in items:
        try:
            found.append(read(item))
        except Refusal as refusal:
            refusals.append(refusal)
    if refusals:
        raise Refusals(tuple(refusals))
    return found


def read_model(lines: Sequence[Equation], others: Sequence[Equation], keys: Keys) -> Reading:
    """The model that the lines define. `others` are the file's other formulas: they tell functions from factors."""
    parted, generic, applied = sorted_lines(lines, others, frozenset(keys.declared))
    names = gather(parted.quantities, keys.declared, ())
    for name, (_, refusal) in keys.sizes.items():
        if name not in names.sizes | names.letters | names.symbols and not name.startswith("n_"):
            raise refusal
    stated = {index.letter for index, _ in keys.sizes.values() if index.letter is not None}
    named = {name for name in keys.sizes if name in names.sizes | names.symbols} | stated
    names = replace(names, sizes=names.sizes | (named - names.letters))
    file = File(
        names,
        generic=generic,
        applied=applied,
        defined=defined_letters(parted.quantities),
        uses=dependencies(parted.quantities),
        fixed={name: index for name, (index, _) in keys.sizes.items() if name not in names.letters},
    )
    split = layers_of(parted.quantities, names)
    file = replace(file, layers=split.layers)
    file = read_functions(parted, file)
    spans = Spans()
    numbered = list(enumerate(parted.quantities))
    lefts = each(numbered, lambda one: read_left(one[1], names, file))
    listed = _listed([(left.name, left.indices) for left in lefts])
    raws = each(
        numbered, lambda one: read_definition(one[1], lefts[one[0]], file, spans, str(one[0]), split.at(one[0]))
    )
    return _finished(file, raws, spans, keys, listed, _differentiated(names, others))


def _differentiated(names: Names, others: Sequence[Equation]) -> frozenset[Name]:
    """The names in which asks and claims take a derivative or that they change, as far as they can be told."""
    found: set[Name] = set()
    for line in others:
        for spot in line.spots:
            before, following = spot.item, spot.following
            if following is None or not isinstance(following.head, Symbol) or not spot.below:
                continue
            if before.head in (Mark(r"\partial"), Symbol("d")):
                try:
                    found.add(names.take_apart(replace(following, above=None), line.text).name)
                except Refusal:
                    continue
    return frozenset(found)


def _listed(lefts: Iterable[tuple[Name, tuple[Index, ...]]]) -> Listed:
    """The names with an index that are defined entry by entry."""
    entries: dict[Name, set[tuple[int, ...]]] = {}
    for name, indices in lefts:
        if indices and all(index.letter is None for index in indices):
            entries.setdefault(name, set()).add(tuple(index.offset for index in indices))
    return Listed({name: frozenset(numbers) for name, numbers in entries.items()})


def _finished(
    file: File, raws: list[Raw], spans: Spans, keys: Keys, listed: Listed, differentiated: frozenset[Name]
) -> Reading:
    _defined_once(raws, listed)
    _listed_ranges(raws, spans, listed)
    _from_zero(raws, spans)
    _lettered_sizes(spans, keys, file)
    found = solve(spans, file.fixed, file.names.sizes)
    _within(spans, found, listed)
    ranges = {f"@{node}": found[spans.root(node)] for node in spans.letters}
    raw_definitions = [_definition(raw, raw.formula, ranges, listed) for raw in raws]
    places = [raw.line.text.place(raw.left.offset) for raw in raws]
    usual = _usual_letters(raw_definitions)
    definitions, everything = unrolled(raw_definitions, places, listed)
    ordered = _ordered(definitions, {d.name: raw for d, raw in _origins(definitions, raws)})
    model = _model(ordered, spans, found, usual, keys, differentiated)
    checks = tuple(_check(raw, formula, ranges) for raw in raws for formula in raw.rest)
    own = frozenset(model.sizes) - file.names.sizes
    names = replace(file.names, sizes=file.names.sizes | own)
    return Reading(replace(file, model=model, names=names, own=own), model, checks, everything)


def _defined_once(raws: list[Raw], listed: Listed) -> None:
    seen: dict[tuple[Name, tuple[Index, ...]], Raw] = {}
    for raw in raws:
        by_letter = any(index.letter is not None for index in raw.left.indices)
        key = (raw.left.name, () if by_letter else raw.left.indices)
        earlier = seen.get(key)
        if earlier is None and by_letter and raw.left.name in listed.entries:
            earlier = next((r for r in raws if r.left.name == raw.left.name and r is not raw), None)
        if earlier is not None:
            line = earlier.line.text.place(earlier.left.offset).line
            message = f"this quantity is defined in line {line} already"
            raise Refusal(message, raw.line.text.place(raw.left.offset), "Give one of them another name.")
        seen[key] = raw


def _listed_ranges(raws: list[Raw], spans: Spans, listed: Listed) -> None:
    """A name defined entry by entry runs over just those entries."""
    for name, numbers in listed.entries.items():
        raw = next(raw for raw in raws if raw.left.name == name)
        for position in range(len(next(iter(numbers)))):
            values = sorted({entry[position] for entry in numbers})
            place = raw.line.text.place(raw.left.offset)
            missing = [n for n in range(values[0], values[-1]) if n not in values]
            if missing:
                message = f"{name.base} is defined entry by entry, and its entry {missing[0]} is missing"
                raise Refusal(message, place)
            spans.state(Position(name, position), values[0], Index(None, values[-1]), place)


def _from_zero(raws: list[Raw], spans: Spans) -> None:
    """An entry 0 of a free name beside a sum from 1 is one more entry."""
    defined = {raw.left.name for raw in raws}
    for number, position, place in spans.literals:
        if number == 0 and position.name not in defined:
            spans.state(position, 0, None, place)


def _lettered_sizes(spans: Spans, keys: Keys, file: File) -> None:
    """`sizes` with an index letter: the range of all that it stands for."""
    for name, (index, refusal) in keys.sizes.items():
        if name in file.names.letters:
            for node in [node for node, letter in spans.letters.items() if letter == name]:
                spans.state(node, None, index, refusal.place or _nowhere())


def _nowhere() -> Place:
    return Place("", 1, 1, "")


def _within(spans: Spans, found: Mapping[object, Range], listed: Listed) -> None:
    """Numbers of entries lie in the range of their position, where that is known."""
    for number, position, place in spans.literals:
        range_ = found.get(spans.root(position))
        if range_ is None or position.name in listed.entries or range_.lower.letter is not None:
            continue
        upper = range_.upper
        if number < range_.lower.offset or (upper.letter is None and number > upper.offset):
            span = f"from {show(range_.lower)} to {show(upper)}"
            message = f"{position.name.base} has no entry {number} here: the index runs {span}"
            raise Refusal(message, place)


def _definition(raw: Raw, formula: Formula, ranges: Mapping[str, Range], listed: Listed) -> Definition:
    letters = tuple(str(index.letter) for index in raw.left.indices if index.letter is not None)
    name = raw.left.name
    if name in listed.entries:
        name = entry_of(name, tuple(index.offset for index in raw.left.indices))
    spread = tuple(ranges[f"@{raw.key}:{raw.left.offset}:{letter}"] for letter in letters)
    return Definition(name, letters, spread, fill(formula, ranges))


def _origins(definitions: Sequence[Definition], raws: Sequence[Raw]) -> Iterator[tuple[Definition, Raw]]:
    """The line from which each definition comes; unrolled ones come from the line of their letters."""
    for definition in definitions:
        for raw in raws:
            if definition.name == raw.left.name or definition.name.base.startswith(raw.left.name.base):
                yield definition, raw
                break


def _check(raw: Raw, formula: Formula, ranges: Mapping[str, Range]) -> Check:
    letters = [str(index.letter) for index in raw.left.indices if index.letter is not None]
    spread = tuple((letter, ranges[f"@{raw.key}:{raw.left.offset}:{letter}"]) for letter in letters)
    return Check(Entry(raw.left.name, raw.left.indices), fill(formula, ranges), raw.line, spread)


def _usual_letters(definitions: Iterable[Definition]) -> dict[Name, tuple[str, ...]]:
    """The letters with which each name is first written: on a left side before anywhere else."""
    lines = tuple(definitions)
    usual = {d.name: d.letters for d in lines}
    for d in lines:
        for entry in entries(substitute(d.formula, _numerator)):
            letters = tuple(index.letter or "" for index in entry.indices)
            known = usual.setdefault(entry.name, letters)
            if len(known) == len(letters):
                usual[entry.name] = tuple(
                    a or (b if b not in known else "") for a, b in zip(known, letters, strict=True)
                )
    return usual


def _numerator(part: Formula) -> Formula | None:
    """Of a softmax what stands in its numerator, written with the letter of its entry."""
    if isinstance(part, Softmax) and part.index.letter is not None:
        return rename(part.argument, {part.letter: part.index})
    return None


def _ordered(definitions: Sequence[Definition], origins: Mapping[Name, Raw]) -> list[Definition]:
    """The definitions, each after those it uses. Raises `Refusal` for a circle."""
    by_name = {d.name: d for d in definitions}
    done: dict[Name, Definition] = {}

    def visit(definition: Definition, path: tuple[Name, ...]) -> None:
        if definition.name in done:
            return
        if definition.name in path:
            raise _circle(path[path.index(definition.name) :], origins)
        for name in dict.fromkeys(entry.name for entry in entries(definition.formula)):
            if name in by_name:
                visit(by_name[name], (*path, definition.name))
        done[definition.name] = definition

    for definition in definitions:
        visit(definition, ())
    return list(done.values())


def _circle(path: tuple[Name, ...], origins: Mapping[Name, Raw]) -> Refusal:
    raw = origins.get(path[0])
    shown = " -> ".join(name.base for name in (*path, path[0]))
    place = raw.line.text.place(raw.left.offset) if raw is not None else None
    if len(path) == 1:
        message = f"not yet supported: a recurrence ({path[0].base} is defined by itself)"
        return Unsupported(message, place, "Write its steps under different names.")
    return Refusal(f"these definitions go in a circle: {shown}", place, "Give one of them another name.")


def _model(
    definitions: Sequence[Definition],
    spans: Spans,
    found: Mapping[object, Range],
    usual: Mapping[Name, tuple[str, ...]],
    keys: Keys,
    differentiated: frozenset[Name],
) -> Model:
    quantities: list[Quantity] = []
    arities = {d.name: len(d.letters) for d in definitions}
    arities |= {entry.name: len(entry.indices) for d in definitions for entry in entries(d.formula)}
    letters = {d.name: d.ranges for d in definitions}
    asked = {d.name for d in definitions} | {e.name for d in definitions for e in entries(d.formula)}
    asked = {name for name in asked if replace(name, layer="") in differentiated}
    for name, role in roles(definitions, asked, keys.roles).items():
        if name == PI and name not in letters:
            continue
        ranges = letters.get(name)
        if ranges is None:
            ranges = tuple(found[spans.root(Position(name, n))] for n in range(arities[name]))
        quantities.append(Quantity(name, ranges, _letters(usual.get(name, ()), len(ranges)), role))
    return Model(tuple(quantities), tuple(definitions), _open_sizes(quantities, definitions))


def _letters(usual: tuple[str, ...], number: int) -> tuple[str, ...]:
    """The usual letters; spare ones for positions where only numbers stand."""
    spare = (letter for letter in SPARE if letter not in usual)
    given = (*usual, *[""] * number)[:number]
    return tuple(letter or next(spare) for letter in given)


def _open_sizes(quantities: Iterable[Quantity], definitions: Iterable[Definition]) -> tuple[str, ...]:
    """The names of the sizes that no file key fixes, in reading order."""
    found: dict[str, None] = {}
    bound: set[str] = set()
    for d in definitions:
        bound |= set(d.letters)
        for part in walk(d.formula):
            if isinstance(part, Sum | Product | Softmax):
                bound.add(part.letter)
    for quantity in quantities:
        for range_ in quantity.ranges:
            found |= {index.letter: None for index in (range_.lower, range_.upper) if index.letter is not None}
    for d in definitions:
        for part in walk(d.formula):
            if isinstance(part, Size):
                found[part.name] = None
            if isinstance(part, Sum | Product | Softmax):
                bounds = (part.range.lower, part.range.upper)
                found |= {
                    index.letter: None for index in bounds if index.letter is not None and index.letter not in bound
                }
    return tuple(found)
