"""Which names stand for several quantities, told apart by their index letters alone (`a_j` hidden, `a_k` output)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from generator.errors import Refusal
from generator.formula import Name
from generator.latex.equations import Equation
from generator.latex.lexicon import indexed
from generator.latex.names import Names
from generator.latex.syntax import Item

Letters = tuple[str | None, ...]
Layers = Mapping[Name, Mapping[tuple[str, ...], str]]
"""For each name that is several quantities: by its index letters, the layer to which they belong."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A name with its index letters (None for a number) in line number `line`."""

    name: Name
    letters: Letters
    line: int
    left: bool
    item: Item


@dataclass(slots=True)
class Split:
    """The layers found so far, and letters that stand for a layer's own in one line."""

    layers: dict[Name, dict[tuple[str, ...], str]] = field(default_factory=dict)
    aliases: dict[tuple[int, Name, str], str] = field(default_factory=dict)

    def of(self, seen: Seen) -> Name:
        """The quantity that an occurrence is; the name as it stands where its letters are no layer's."""
        known = self.layers.get(seen.name)
        if known is None:
            return seen.name
        letters = tuple(self.aliases.get((seen.line, seen.name, letter or ""), letter or "") for letter in seen.letters)
        return replace(seen.name, layer=known.get(letters, "?"))

    def at(self, line: int) -> dict[tuple[Name, str], str]:
        """The letters that stand for a layer's own in one line."""
        return {(name, letter): own for (number, name, letter), own in self.aliases.items() if number == line}


def occurrences(lines: Sequence[Equation], names: Names) -> list[Seen]:
    """All names with indices in the lines."""
    found = []
    for number, line in enumerate(lines):
        for spot, written in indexed(names, line):
            letters = tuple(index.letter for index in written.all)
            found.append(Seen(written.name, letters, number, spot.left, spot.item))
    return found


def layers_of(lines: Sequence[Equation], names: Names) -> Split:
    """The names that are several quantities.

    A name that is defined twice or in a circle, with different single letters, is one quantity for each letter. A free
    name whose letters stand for different layers in different definitions is one quantity for each.
    """
    seen = occurrences(lines, names)
    split = Split()
    for name in _defined_twice(seen):
        _layer(name, seen, split)
    for name in _in_circles(seen, split):
        _layer(name, seen, split)
    for name in tuple(split.layers):
        _alias(name, seen, split)
        _settled(name, seen, lines, split)
    for name in _free_names(seen, split):
        _divide_free(name, seen, lines, split)
    return split


def _defined_twice(seen: list[Seen]) -> list[Name]:
    letters: dict[Name, set[Letters]] = {}
    for one in seen:
        if one.left and None not in one.letters:
            letters.setdefault(one.name, set()).add(one.letters)
    return [name for name, found in letters.items() if len(found) > 1 and _single(name, seen)]


def _single(name: Name, seen: Iterable[Seen]) -> bool:
    """Whether a name carries one index wherever it stands."""
    return all(len(one.letters) == 1 for one in seen if one.name == name)


def _in_circles(seen: list[Seen], split: Split) -> Iterator[Name]:
    """Names whose division by letters undoes a circle of definitions."""
    names = list(dict.fromkeys(one.name for one in seen if one.left and one.name not in split.layers))
    for name in names:
        several = {one.letters for one in seen if one.name == name and None not in one.letters}
        if (
            len(several) > 1
            and _single(name, seen)
            and _circular(seen, split, through=name)
            and not _circular(seen, _tried(name, seen, split))
        ):
            yield name


def _tried(name: Name, seen: list[Seen], split: Split) -> Split:
    trial = Split(dict(split.layers), dict(split.aliases))
    _layer(name, seen, trial)
    return trial


def _circular(seen: list[Seen], split: Split, through: Name | None = None) -> bool:
    """Whether definitions go in a circle (one that passes `through` that name)."""
    uses: dict[Name, set[Name]] = {}
    for left in seen:
        if left.left:
            right = {split.of(one) for one in seen if one.line == left.line and not one.left}
            uses.setdefault(split.of(left), set()).update(right)
    starts = [name for name in uses if through is None or replace(name, layer="") == through]
    return any(_reaches(uses, name, name) for name in starts)


def _reaches(uses: Mapping[Name, set[Name]], start: Name, goal: Name) -> bool:
    done: set[Name] = set()
    rest = list(uses.get(start, ()))
    while rest:
        name = rest.pop()
        if name == goal:
            return True
        if name not in done:
            done.add(name)
            rest.extend(uses.get(name, ()))
    return False


def _settled(name: Name, seen: list[Seen], lines: Sequence[Equation], split: Split) -> None:
    """Raises `Refusal` where a letter of a divided name says for no certain layer."""
    defined = {one.letters[0] for one in seen if one.name == name and one.left}
    free = [one for one in seen if one.name == name and split.of(one).layer not in defined]
    letters = list(dict.fromkeys(one.letters[0] for one in free))
    literal = next((one for one in free if one.letters[0] is None), None)
    if len(letters) > 1 or literal is not None:
        one = literal or free[-1]
        raise _unsettled(one, split.layers[name], lines)
    unused = [
        layer
        for layer in defined
        if not any(split.of(one).layer == layer and not one.left for one in seen if one.name == name)
    ]
    last = free and all(_is_last(one, seen) for one in free)
    if unused and last:
        raise _unsettled(free[0], split.layers[name], lines)


def _is_last(one: Seen, seen: list[Seen]) -> bool:
    """Whether the line of an occurrence defines something that no other line uses."""
    lefts = [other.name for other in seen if other.line == one.line and other.left]
    return not any(other.name in lefts and not other.left for other in seen)


def _layer(name: Name, seen: list[Seen], split: Split) -> None:
    """A layer for each letter of the name, those on left sides first."""
    own = [one for one in seen if one.name == name and len(one.letters) == 1 and one.letters[0] is not None]
    letters = dict.fromkeys(str(one.letters[0]) for one in sorted(own, key=lambda one: not one.left))
    split.layers[name] = {(letter,): letter for letter in letters}


def _alias(name: Name, seen: list[Seen], split: Split) -> None:
    """A letter of no left side, beside a layer's own in one line, is that layer's too, unless that makes a circle."""
    own = [one for one in seen if one.name == name and len(one.letters) == 1 and one.letters[0] is not None]
    defined = {str(one.letters[0]) for one in own if one.left}
    for one in own:
        letter = str(one.letters[0])
        beside = {str(other.letters[0]) for other in own if other.line == one.line and other.letters[0] in defined}
        if letter in defined or len(beside) != 1:
            continue
        split.aliases[one.line, name, letter] = next(iter(beside))
        if _circular(seen, split, through=name):
            del split.aliases[one.line, name, letter]
    used = {str(split.of(one).layer) for one in own}
    split.layers[name] = {letters: layer for letters, layer in split.layers[name].items() if layer in used}


def _unsettled(one: Seen, layers: Mapping[tuple[str, ...], str], lines: Sequence[Equation]) -> Refusal:
    shown = " and ".join(f"{one.name.base}_{{{''.join(letters)}}}" for letters in layers)
    message = f"{shown} are different quantities here, and the indices of this one do not say which is meant"
    hint = "Use the letters of the one that is meant, or give the layers names of their own."
    return Refusal(message, lines[one.line].text.place(one.item.start), hint)


def _free_names(seen: list[Seen], split: Split) -> list[Name]:
    """Free names that carry different letters in different definitions."""
    defined = {one.name for one in seen if one.left}
    found: dict[Name, dict[Letters, set[int]]] = {}
    for one in seen:
        if one.name not in defined and one.name not in split.layers and None not in one.letters:
            found.setdefault(one.name, {}).setdefault(one.letters, set()).add(one.line)
    return [name for name, letters in found.items() if len(letters) > 1 and len(set().union(*letters.values())) > 1]


def _divide_free(name: Name, seen: list[Seen], lines: Sequence[Equation], split: Split) -> None:
    """Divides a free name by the layers for which its letters stand, where they certainly differ."""
    classes = _Classes(seen, split, _free_names(seen, split))
    groups: list[tuple[tuple[object, ...], list[tuple[str, ...]]]] = []
    places: dict[tuple[str, ...], set[tuple[object, ...]]] = {}
    own = [one for one in seen if one.name == name]
    for one in own:
        if None not in one.letters:
            letters = tuple(str(letter) for letter in one.letters)
            places.setdefault(letters, set()).add(classes.of(one))
    if any(_differ(a, b) for found in places.values() for a in found for b in found):
        return
    for letters, found in places.items():
        stand = next(iter(found))
        fits = [group for group in groups if not _differ(group[0], stand)]
        if len(fits) > 1:
            one = next(one for one in own if one.letters == letters)
            raise _unsettled(one, {group[1][0]: "" for group in groups}, lines)
        if fits:
            fits[0][1].append(letters)
        else:
            groups.append((stand, [letters]))
    if len(groups) < 2:
        return
    split.layers[name] = {letters: ",".join(group[1][0]) for group in groups for letters in group[1]}
    literal = next(
        (one for one in own if None in one.letters and len(_fitting(split.layers[name], one.letters)) != 1), None
    )
    if literal is not None:
        raise _unsettled(literal, split.layers[name], lines)


def _fitting(layers: Mapping[tuple[str, ...], str], letters: Letters) -> set[str]:
    return {
        layer
        for own, layer in layers.items()
        if len(own) == len(letters) and all(b is None or a == b for a, b in zip(own, letters, strict=True))
    }


def _differ(first: tuple[object, ...], second: tuple[object, ...]) -> bool:
    """Whether two occurrences stand for different layers for certain: at one position, both known and different."""
    return any(a is not None and b is not None and a != b for a, b in zip(first, second, strict=True))


class _Classes:
    """Which letters of which lines stand for one layer, by all names but those in question."""

    def __init__(self, seen: list[Seen], split: Split, questioned: list[Name]) -> None:
        self.parents: dict[object, object] = {}
        self.anchors: set[object] = set()
        defined = {one.name for one in seen if one.left}
        for one in seen:
            if one.name in questioned:
                continue
            for number, letter in enumerate(one.letters):
                position = (split.of(one), number)
                if letter is not None:
                    self._join((one.line, letter), position)
                if one.name in defined:
                    self.anchors.add(position)

    def _root(self, node: object) -> object:
        while node in self.parents:
            node = self.parents[node]
        return node

    def _join(self, first: object, second: object) -> None:
        a, b = self._root(first), self._root(second)
        if a != b:
            self.parents[b] = a

    def of(self, one: Seen) -> tuple[object, ...]:
        """For each letter of an occurrence its class, None where no defined quantity tells it."""
        anchored = {self._root(anchor) for anchor in self.anchors}
        roots = [self._root((one.line, letter)) for letter in one.letters]
        return tuple(root if root in anchored else None for root in roots)
