"""A formula laid beside the terms of a derivation: which factor of it is which factor of which path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from generator.alike import alike, opposite
from generator.derivation import Factor, Term
from generator.formula import Add, Formula, Index, Multiply, Number, Sum, plain_letter, rename
from generator.mathml import Mark
from generator.page.paths import mark, pieces
from generator.page.shown import Path

MOST_PRODUCTS = 64


@dataclass(frozen=True, slots=True)
class Found:
    """A factor of a claim that stands in the derivation too: the number of its term, and the factor."""

    number: int
    term: Term
    factor: Factor


@dataclass(frozen=True, slots=True)
class Alignment:
    """The factors of a claim that were found, by their paths, and how many of the derivation's were not."""

    found: tuple[tuple[Path, Found], ...]
    missing: int

    def marks(self, *classes: str) -> dict[Path, Mark]:
        """The marks of the factors that were found, once for each path of the claim."""
        return {path: mark(one.term, one.number, one.factor, *classes) for path, one in self.found}


def align(claim: Formula, terms: Sequence[Term]) -> Alignment:
    """The best assignment of the products of a claim to the terms of a derivation, term by term."""
    rest = list(_products(claim, terms))
    found: dict[Path, Found] = {}
    missing = 0
    for number, term in enumerate(terms, start=1):
        factors = _factors(term)
        scored = [(len(pairs := _matched(one, factors)), -len(one), -place, pairs) for place, one in enumerate(rest)]
        best = max(scored, key=lambda row: row[:3], default=None)
        if best is None or not best[0]:
            missing += len(factors)
            continue
        for path, factor in best[3]:
            found.setdefault(path, Found(number, term, factor))
        missing += len(factors) - best[0]
        del rest[-best[2]]
    return Alignment(tuple(sorted(found.items())), missing)


Leaf = tuple[Path, Formula]


def _factors(term: Term) -> tuple[tuple[Factor, Formula], ...]:
    """The factors of a term in single pieces, numbers left out."""
    return tuple(
        (factor, piece) for factor in term.factors for piece in pieces(factor.formula) if not isinstance(piece, Number)
    )


def _matched(leaves: Sequence[Leaf], factors: Sequence[tuple[Factor, Formula]]) -> list[tuple[Path, Factor]]:
    free = list(factors)
    found = []
    for path, leaf in leaves:
        for position, (factor, piece) in enumerate(free):
            if alike(leaf, piece) or opposite(leaf, piece):
                found.append((path, factor))
                del free[position]
                break
    return found


def _products(claim: Formula, terms: Sequence[Term]) -> list[tuple[Leaf, ...]]:
    """The products that a claim is the sum of, brackets multiplied out in thought, letters as in the terms."""
    known = [piece for term in terms for _, piece in _factors(term)]
    letters = [letter for term in terms for letter, _ in term.sums]
    return _expand(claim, (), known, letters)[:MOST_PRODUCTS]


def _expand(formula: Formula, path: Path, known: Sequence[Formula], letters: Sequence[str]) -> list[tuple[Leaf, ...]]:
    if any(alike(formula, piece) or opposite(formula, piece) for piece in known):
        return [((path, formula),)]
    match formula:
        case Add(parts):
            return [one for place, part in enumerate(parts) for one in _expand(part, (*path, place), known, letters)]
        case Multiply(factors):
            rows = [_expand(factor, (*path, place), known, letters) for place, factor in enumerate(factors)]
            return [sum(choice, ()) for choice in _few(rows)]
        case Sum(letter, _, body):
            plain = plain_letter(letter)
            to = next((own for own in letters if plain_letter(own) == plain), letters[0] if letters else letter)
            rest = [own for own in letters if own != to]
            return _expand(rename(body, {letter: Index(to)}), (*path, 0), known, rest)
        case _:
            return [((path, formula),)]


def _few(rows: Sequence[Sequence[tuple[Leaf, ...]]]) -> list[tuple[tuple[Leaf, ...], ...]]:
    found = []
    for choice in product(*rows):
        found.append(choice)
        if len(found) == MOST_PRODUCTS:
            break
    return found
