"""Quantities that a file defines entry by entry: sums over them written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from generator.errors import Place, Refusal, Unsupported
from generator.formula import (
    Apply,
    Definition,
    Derivative,
    Entry,
    Formula,
    Holds,
    Index,
    Letter,
    Name,
    Product,
    Softmax,
    Sum,
    add,
    decided,
    divide,
    integers,
    literal,
    multiply,
    number,
    rename,
    replace_children,
    shift_conditions,
    walk,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed:
    """Names defined entry by entry, each with the numbers of its entries."""

    entries: Mapping[Name, frozenset[tuple[int, ...]]]

    def letters(self, formula: Formula) -> frozenset[str]:
        """The letters that stand on a listed name."""
        return frozenset(
            index.letter
            for part in walk(formula)
            if isinstance(part, Entry) and part.name in self.entries
            for index in part.indices
            if index.letter is not None
        )


def entry_of(name: Name, numbers: tuple[int, ...]) -> Name:
    """The name of one entry: `O_1`, `W_{12}`, `W_{1,12}`."""
    label = ("," if any(n > 9 for n in numbers) else "").join(str(n) for n in numbers)
    base = f"({name.base})" if "_" in name.base else name.base
    return replace(name, base=f"{base}_{label}" if len(label) == 1 else f"{base}_{{{label}}}", sample=False)


def written_out(formula: Formula, listed: Listed) -> Formula:
    """The formula with every sum over a listed name written out. Raises `Refusal` where its range is open."""
    if not listed.letters(formula):
        return _named(formula, listed)
    inside = replace_children(formula, lambda child: written_out(child, listed))
    match inside:
        case Sum(letter, range_, body, where) | Product(letter, range_, body, where) if letter in listed.letters(body):
            _complete(body, letter, integers(range_), listed)
            values = [
                multiply(
                    decided(Holds(shift_conditions(where, {letter: literal(n)}))), rename(body, {letter: literal(n)})
                )
                if where
                else rename(body, {letter: literal(n)})
                for n in _numbers(letter, integers(range_))
            ]
            parts = [written_out(value, listed) for value in values]
            return add(*parts) if isinstance(inside, Sum) else multiply(*parts)
        case Softmax(index, letter, range_, argument) if letter in listed.letters(argument):
            values = [rename(argument, {letter: literal(n)}) for n in _numbers(letter, integers(range_))]
            below = add(*(Apply("exp", written_out(value, listed)) for value in values))
            return divide(Apply("exp", written_out(rename(argument, {letter: index}), listed)), below)
        case _:
            return _named(inside, listed)


def _complete(body: Formula, letter: str, numbers: range, listed: Listed) -> None:
    """Raises `Refusal` where a sum is longer than the entries over which it runs."""
    for part in walk(body):
        if not isinstance(part, Entry) or part.name not in listed.entries or Index(letter) not in part.indices:
            continue
        if len(numbers) > len(listed.entries[part.name]):
            raise Refusal(f"an entry of {part.name.base} is missing: it is defined entry by entry")


def _numbers(letter: str, numbers: range) -> range:
    if not numbers:
        message = f"the sum over {letter} runs over entries that are defined one by one, and its bounds are no numbers"
        raise Refusal(message, None, "State the size: sizes: {K: 2}")
    return numbers


def _named(formula: Formula, listed: Listed) -> Formula:
    match formula:
        case Entry(name, indices) if name in listed.entries and all(index.letter is None for index in indices):
            numbers = tuple(index.offset for index in indices)
            if numbers not in listed.entries[name]:
                shown = entry_of(name, numbers).base
                raise Refusal(f"the entry {shown} is missing: {name.base} is defined entry by entry")
            return Entry(entry_of(name, numbers))
        case Entry():
            return formula
        case Letter(Index(None, value)):
            return number(value)
        case Derivative(of, wrt, held):
            variables = [_named(entry, listed) for entry in wrt]
            return Derivative(_named(of, listed), tuple(v for v in variables if isinstance(v, Entry)), held)
        case _:
            return replace_children(formula, lambda child: _named(child, listed))


def unrolled(
    definitions: Sequence[Definition], places: Sequence[Place], listed: Listed
) -> tuple[list[Definition], Listed]:
    """The definitions with listed names written out; a definition whose letters stand on one becomes listed itself.

    `places` are where they stand. Raises `Refusal` for a missing entry, and where the number of entries is open.
    """
    found = list(zip(definitions, places, strict=True))
    entries = dict(listed.entries)
    while True:
        at = next((n for n, (d, _) in enumerate(found) if set(d.letters) & Listed(entries).letters(d.formula)), None)
        if at is None:
            break
        spread, place = found[at]
        if len(spread.letters) > 1:
            message = f"not yet supported: {spread.name.base} with several indices over entries defined one by one"
            raise Unsupported(message, place)
        numbers = placed(partial(_numbers, spread.letters[0], integers(spread.ranges[0])), place)
        entries[spread.name] = frozenset((n,) for n in numbers)
        found[at : at + 1] = [(_at(spread, n), place) for n in numbers]
    full = Listed(entries)
    return [replace(d, formula=placed(partial(written_out, d.formula, full), place)) for d, place in found], full


def placed(read: Callable[[], T], place: Place) -> T:
    """What `read` gives; its refusal, if it has none, gets `place`."""
    try:
        return read()
    except Refusal as refusal:
        raise type(refusal)(refusal.message, refusal.place or place, refusal.hint) from None


def _at(definition: Definition, value: int) -> Definition:
    at = {definition.letters[0]: Index(None, value)}
    name = entry_of(definition.name, (value,))
    return Definition(name, (), (), rename(definition.formula, at))
