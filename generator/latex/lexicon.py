"""What the lines of a file say about its names, gathered before any of them is read as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from generator.errors import Refusal
from generator.formula import Name
from generator.latex.equations import FUNCTION_WORDS, Equation
from generator.latex.names import DELTA, Names, Written
from generator.latex.scripts import Part, bound_by, bracketed, layer_label, shifted, spell, subscript
from generator.latex.spots import Spot, is_one
from generator.latex.syntax import Group, Item, Mark, Symbol, lone, parts, single
from generator.latex.vocabulary import NAMED_FUNCTIONS

BINDING = (r"\sum", r"\prod", r"\max", r"\min")


def gather(equations: Iterable[Equation], declared: Mapping[str, Name], sizes: Iterable[str]) -> Names:
    """The names of the model's lines. `declared` and `sizes` come from the keys of the file."""
    lines = tuple(equations)
    found = [spot for line in lines for spot in line.spots]
    names = Names(
        bound=frozenset(_bound(lines, found)),
        layered=frozenset(base for base, _ in _layered(lines)),
        layers=frozenset(letter for _, letter in _layered(lines) if letter),
        declared=declared,
        symbols=frozenset(_symbols(found)),
    )
    names = replace(names, letters=_letters(names, found))
    names = replace(names, sizes=frozenset(sizes) | (_sizes(lines, found) - names.letters))
    names = replace(names, sampled=frozenset(w.name for _, _, w in _lettered(names, lines) if w.name.sample))
    _no_doubtful_digits(names, lines, found)
    arity = _arity(names, lines)
    _no_bare_samples(arity, found)
    return replace(names, arity={**{name: 1 for name in _whole(names, found) if name not in arity}, **arity})


def is_function_word(item: Item) -> bool:
    """Whether the symbol is a function by its spelling alone (`\\log`, `\\operatorname{ReLU}`)."""
    if not isinstance(item.head, Symbol):
        return False
    name = item.head.name
    return name in NAMED_FUNCTIONS or (name.startswith(r"\mathrm{") and name[8:-1].lower() in FUNCTION_WORDS)


def _bound(lines: Iterable[Equation], found: Iterable[Spot]) -> Iterator[str]:
    for spot in found:
        if isinstance(spot.item.head, Mark) and spot.item.head.sign in BINDING:
            yield from (letter for letter, _ in bound_by(spot.item))
    for line in lines:
        yield from (spread.letter for spread in line.spreads)


def _layered(lines: Iterable[Equation]) -> Iterator[tuple[str, str | None]]:
    """Bases that carry a bare layer label on a left side, and the letter in the label."""
    for line in lines:
        left = line.left
        item = left.terms[0].items[0]
        if len(left.terms) > 1 or not isinstance(item.head, Symbol) or item.above is None:
            continue
        expression = single(item.above)
        if layer_label(item.above) is not None and expression is not None:
            index = shifted(expression)
            yield item.head.name + "'" * item.primes, index.letter if index is not None else None


def _no_doubtful_digits(names: Names, lines: Iterable[Equation], found: Iterable[Spot]) -> None:
    """Where digits label layers (`a^1 = ...`), a free name that never stands without one is a label or a power."""
    if not names.layered:
        return
    _no_power_on_the_left(lines, found)
    free: dict[str, list[Spot]] = {}
    for spot in found:
        if isinstance(spot.item.head, Symbol) and spot.item.head.name + "'" * spot.item.primes not in names.layered:
            free.setdefault(spot.item.head.name, []).append(spot)
    for name, uses in free.items():
        labels = [layer_label(spot.item.above) if spot.item.above is not None else None for spot in uses]
        if name != "e" and all(label is not None and label.isdigit() for label in labels):
            item = uses[0].item
            message = f"{spell(item)} is a power or a layer's own, as on the left sides of this model"
            hint = f"Write {name}^{{({labels[0]})}} for the layer's own, ({name})^{labels[0]} for the power."
            raise Refusal(message, uses[0].text.place(item.start), hint)


def _no_bare_samples(arity: Mapping[Name, int], found: Iterable[Spot]) -> None:
    """Refuses `x` beside `x^{(i)}`, but where it only says on what something depends, as in `h(x)`."""
    sampled = {name.base for name in arity if name.sample and not name.superscript and not arity[name]}
    spots_ = list(found)
    contents = [s.following.head.content for s in spots_ if s.following and isinstance(s.following.head, Group)]
    named = {id(inner) for content in contents if (inner := lone(content)) is not None}
    for spot in spots_:
        item = spot.item
        if isinstance(item.head, Symbol) and item.bare and item.head.name in sampled and id(item) not in named:
            message = f"{item.head.name} carries a sample index in one place and none in another"
            raise Refusal(message, spot.text.place(item.start), f"{item.head.name}^{{(i)}}")


def _no_power_on_the_left(lines: Iterable[Equation], found: Iterable[Spot]) -> None:
    """Refuses `y^2 = ...` where `y` stands without a label elsewhere: a label there, or a power."""
    labels: dict[str, set[str]] = {}
    for line in lines:
        item = line.left.terms[0].items[0]
        if isinstance(item.head, Symbol) and item.above is not None:
            labels.setdefault(item.head.name, set()).add(layer_label(item.above) or "")
    for spot in found:
        item = spot.item
        if isinstance(item.head, Symbol) and item.above is None and labels.get(item.head.name, {""}) != {""}:
            (label, *more) = sorted(labels[item.head.name])
            if label.isdigit() and not more:
                message = f"{item.head.name} stands without the {label} that a left side of the model has on it"
                hint = f"Write {item.head.name}^{{({label})}} if the {label} is a label."
                raise Refusal(message, spot.text.place(item.start), hint)


def _whole(names: Names, found: Iterable[Spot]) -> Iterator[Name]:
    """Names that stand for all their entries: `z` in `softmax_k(z)`."""
    for spot in found:
        following = spot.following
        if not is_function_word(spot.item) or spot.item.head != Symbol(r"\mathrm{softmax}") or following is None:
            continue
        inner = lone(following.head.content) if isinstance(following.head, Group) else None
        indexed_by = spot.item.below or following.below
        if indexed_by is not None and inner is not None and isinstance(inner.head, Symbol) and inner.below is None:
            yield names.take_apart(inner, spot.text).name


def _symbols(found: Iterable[Spot]) -> Iterator[str]:
    for spot in found:
        if isinstance(spot.item.head, Symbol) and not (spot.exponent and spot.item.bare):
            yield spot.item.head.name


def _subscripted(found: Iterable[Spot]) -> Iterator[tuple[Spot, tuple[Part, ...]]]:
    for spot in found:
        item = spot.item
        if isinstance(item.head, Symbol | Group) and item.below is not None:
            pieces = subscript(item.below)
            if pieces is not None:
                yield spot, pieces


def _letters(names: Names, found: list[Spot]) -> frozenset[str]:
    """Letters used as indices: bound, alone, shifted, or beside such a letter in a subscript."""
    letters = set(names.bound)
    several: list[set[str]] = []
    for spot, pieces in _subscripted(found):
        if spell(spot.item) in names.declared or spell(replace(spot.item, above=None)) in names.declared:
            continue
        own = {part.index.letter for part in pieces if part.index is not None and part.index.letter is not None}
        shifts = {part.index.letter for part in pieces if part.index and part.index.letter and part.index.offset}
        letters |= shifts
        if len(pieces) == 1 and own:
            letters |= {letter for letter in own if letter not in names.symbols or (spot.left and letter[0] != "\\")}
        elif own and spot.item.below is not None and len(spot.item.below.chains) > 1:
            letters |= own
        elif own:
            several.append(own)
    for spot in found:
        letters |= _sample_letters(names, spot.item)
    while True:
        more = {letter for own in several if own & letters for letter in own} - letters
        if not more:
            return frozenset(letters)
        letters |= more


def _sample_letters(names: Names, item: Item) -> set[str]:
    if item.above is None or not isinstance(item.head, Symbol):
        return set()
    inner = lone(item.above)
    found = bracketed(inner) if inner is not None else None
    letter = found[1].letter if found is not None and found[1] is not None else None
    return {letter} & names.bound if letter is not None else set()


def _sizes(lines: Iterable[Equation], found: Iterable[Spot]) -> frozenset[str]:
    """Letters that stand in the bounds of sums and ranges."""
    sizes: set[str | None] = set()
    for spot in found:
        if isinstance(spot.item.head, Mark) and spot.item.head.sign in BINDING:
            bounds = [] if spot.item.above is None else list(parts(spot.item.above))
            if spot.item.below is not None:
                bounds += [
                    part for chain in spot.item.below.chains if chain.relations == ("=",) for part in chain.parts[1:]
                ]
            sizes |= {index.letter for bound in bounds if (index := shifted(bound)) is not None}
    for line in lines:
        sizes |= {spread.upper.letter for spread in line.spreads if spread.upper is not None}
    return frozenset(size for size in sizes if size is not None)


def indexed(names: Names, line: Equation) -> Iterator[tuple[Spot, Written]]:
    """Each name with indices in the line, taken apart."""
    for spot in line.spots:
        item = spot.item
        if not isinstance(item.head, Symbol | Group) or (item.below is None and item.above is None):
            continue
        if is_function_word(item) or is_one(item) or (isinstance(item.head, Group) and not is_name_in_brackets(item)):
            continue
        written = names.take_apart(item, line.text)
        if written.all:
            yield spot, written


def is_name_in_brackets(item: Item) -> bool:
    """`(W_2)_{jk}`, `{y'}^{(2)}`: a lone name, with scripts of its own inside or outside."""
    if not isinstance(item.head, Group) or item.head.bracket not in ("(", "{"):
        return False
    inner = lone(item.head.content)
    if inner is None or not isinstance(inner.head, Symbol):
        return False
    above = lone(item.above) if item.above is not None else None
    labelled = above is not None and bracketed(above) is not None
    return item.below is not None or (item.head.bracket == "{" and labelled)


def _lettered(names: Names, lines: Iterable[Equation]) -> Iterator[tuple[Equation, Item, Written]]:
    """Each name that carries an index letter; a `\\delta` with two that nobody defines is Kronecker's."""
    lines = tuple(lines)
    left = {line.left.terms[0].items[0].head for line in lines}
    for line in lines:
        for spot, written in indexed(names, line):
            kronecker = written.name.base == DELTA and Symbol(DELTA) not in left and len(written.all) == 2
            if not kronecker and any(index.letter is not None for index in written.all):
                yield line, spot.item, written


def _arity(names: Names, lines: Iterable[Equation]) -> dict[Name, int]:
    arity: dict[Name, int] = {}
    for line, item, written in _lettered(names, lines):
        name, number = written.name, len(written.indices)
        if arity.setdefault(name, number) != number:
            message = f"{spell(item)} has {number} indices, and {arity[name]} elsewhere in the model"
            raise Refusal(message, line.text.place(item.start))
        other = replace(name, sample=not name.sample)
        if other in arity:
            message = f"{name.base} carries a sample index in one place and none in another"
            raise Refusal(message, line.text.place(item.start))
    return arity
