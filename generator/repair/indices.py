"""Changes of a formula as a whole: a sum more or less, a letter or a quantity for another throughout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from generator import formula as tree
from generator.formula import (
    Add,
    Derivative,
    Entry,
    Formula,
    Index,
    Multiply,
    Name,
    Sum,
    add,
    children,
    entries,
    free_letters,
    multiply,
    rename,
    substitute,
)
from generator.judging.letters import Letters
from generator.model import Model
from generator.repair.pool import Visible
from generator.repair.tree import Path, replaced, tidy

FRESH = 10_000
"""Fresh letters of repairs count from here, so that they meet none of a derivation."""


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A formula after such a change."""

    kind: str
    formula: Formula
    places: tuple[Path, ...] = ()
    belongs: tuple[Formula, ...] = ()


def reshaped(model: Model, claimed: Formula, asked: Letters, all_letters: Letters, seen: Visible) -> Iterator[Reshaped]:
    """All such changes; `asked` are the letters of the left side, `all_letters` those of both sides."""
    yield from _renamed(model, claimed)
    yield from _flipped(claimed)
    yield from _bracketed(claimed, claimed, ())
    known = {letter for letter, _ in asked}
    loose = [(letter, range_) for letter, range_ in all_letters if letter not in known]
    for letter, range_ in loose:
        if letter in free_letters(claimed):
            total = Sum(letter, range_, claimed)
            yield Reshaped("missing-sum", total, (), (total,))
            yield from _summed_terms(claimed, total)
            for index in Visible(asked, seen.literals).options(range_):
                yield Reshaped("wrong-index", rename(claimed, {letter: index}))
    for (one, range_), (other, its) in combinations(asked, 2):
        swapped = rename(claimed, {one: Index(other), other: Index(one)})
        if swapped != claimed:
            yield Reshaped("wrong-index", swapped)
        if range_ == its:
            yield Reshaped("wrong-index", rename(claimed, {one: Index(other)}))
            yield Reshaped("wrong-index", rename(claimed, {other: Index(one)}))
    yield from _without_sum(claimed, claimed, (), seen)
    yield from _summed_over(claimed, asked)


def _summed_over(claimed: Formula, asked: Letters) -> Iterator[Reshaped]:
    """The sum over all entries of a quantity of which only the one with an asked letter is there."""
    for letter, range_ in asked:
        using = dict.fromkeys(e.name for e in entries(claimed) if Index(letter) in e.indices)
        for name in using:
            fresh = f"{letter}#{FRESH + 1}"
            to = {letter: Index(fresh)}

            def change(part: Formula, name: Name = name, to: dict[str, Index] = to) -> Formula | None:
                return rename(part, to) if isinstance(part, Entry) and part.name == name else None

            total = Sum(fresh, range_, substitute(claimed, change))
            yield Reshaped("missing-sum", total, (), (total,))


def _renamed(model: Model, claimed: Formula) -> Iterator[Reshaped]:
    """Another quantity of the same shape throughout for one that stands at several places."""
    found = list(_entry_places(claimed, ()))
    for name in dict.fromkeys(entry.name for _, entry in found):
        places = tuple(path for path, entry in found if entry.name == name)
        for other in model.quantities if len(places) > 1 else ():
            if other.name != name and other.ranges == model.quantity[name].ranges:
                new = {path: Entry(other.name, entry.indices) for path, entry in found if entry.name == name}
                formula = claimed
                for path, entry in new.items():
                    formula = replaced(formula, path, entry)
                yield Reshaped("wrong-symbol", formula, places, tuple(dict.fromkeys(new.values())))


def _flipped(claimed: Formula) -> Iterator[Reshaped]:
    """The two indices of a quantity exchanged throughout."""
    found = [(path, entry) for path, entry in _entry_places(claimed, ()) if len(entry.indices) == 2]
    for name in dict.fromkeys(entry.name for _, entry in found):
        own = [(path, entry) for path, entry in found if entry.name == name and entry.indices != entry.indices[::-1]]
        if len(own) > 1:
            formula = claimed
            for path, entry in own:
                formula = replaced(formula, path, Entry(name, entry.indices[::-1]))
            belongs = (Entry(name, entry.indices[::-1]) for _, entry in own)
            yield Reshaped("wrong-index", formula, tuple(path for path, _ in own), tuple(dict.fromkeys(belongs)))


def _bracketed(whole: Formula, part: Formula, path: Path) -> Iterator[Reshaped]:
    """A sum read as if a bracket were there: the factors before its first term and after its last multiply all."""
    if isinstance(part, Add):
        first, last = _factors(part.terms[0]), _factors(part.terms[-1])
        for before, after in product(range(len(first)), range(len(last), 0, -1)):
            if before or after < len(last):
                inside = add(multiply(*first[before:]), *part.terms[1:-1], multiply(*last[:after]))
                new = multiply(*first[:before], inside, *last[after:])
                yield Reshaped("missing-bracket", tidy(replaced(whole, path, new)), (path,), (inside,))
    for place, child in enumerate(children(part)):
        yield from _bracketed(whole, child, (*path, place))


def _factors(formula: Formula) -> tuple[Formula, ...]:
    return formula.factors if isinstance(formula, Multiply) else (formula,)


def other_indices(model: Model, claimed: Formula, seen: Visible) -> Iterator[Reshaped]:
    """One entry with another index, or with its two indices exchanged: for claims that have no value as they are."""
    for path, entry in _entry_places(claimed, ()):
        inside = _visible_at(claimed, path, seen)
        options = [inside.options(range_) for range_ in model.quantity[entry.name].ranges]
        for indices in product(*options):
            new = Entry(entry.name, indices)
            if sum(a != b for a, b in zip(indices, entry.indices, strict=True)) == 1 or indices == entry.indices[::-1]:
                yield Reshaped("wrong-index", replaced(claimed, path, new), (path,), (new,))


def _visible_at(formula: Formula, path: Path, seen: Visible) -> Visible:
    for place in path:
        if isinstance(formula, Sum):
            seen = seen.within(formula.letter, formula.range)
        formula = children(formula)[place]
    return seen


def _entry_places(formula: Formula, path: Path) -> Iterator[tuple[Path, Entry]]:
    if isinstance(formula, Entry):
        yield path, formula
    elif not isinstance(formula, Derivative):
        for place, child in enumerate(children(formula)):
            yield from _entry_places(child, (*path, place))


def _summed_terms(claimed: Formula, total: Sum) -> Iterator[Reshaped]:
    """The sum over only those terms that use the letter."""
    if isinstance(claimed, Add):
        using = [n for n, term in enumerate(claimed.terms) if total.letter in free_letters(term)]
        if len(using) < len(claimed.terms):
            terms = tuple(
                Sum(total.letter, total.range, term) if n in using else term for n, term in enumerate(claimed.terms)
            )
            yield Reshaped("missing-sum", Add(terms), tuple((n,) for n in using), tuple(terms[n] for n in using))


def _without_sum(whole: Formula, part: Formula, path: Path, seen: Visible) -> Iterator[Reshaped]:
    """Each sum replaced by what is summed, its letter by any index that can stand for it."""
    if isinstance(part, Sum):
        for other in seen.options(part.range):
            single = rename(part.body, {part.letter: other})
            yield Reshaped("extra-sum", tidy(replaced(whole, path, single)), (path,))
        seen = seen.within(part.letter, part.range)
    for place, child in enumerate(children(part)):
        yield from _without_sum(whole, child, (*path, place), seen)


def apart(formula: Formula) -> Formula:
    """The formula with bound letters that no other formula uses, so that nothing can be captured."""
    return tree.freshen(formula, tree.Letters(FRESH + 1))
