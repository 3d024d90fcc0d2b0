"""Paths and marks: which term of the result is which path, and under which id and hue each factor is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from generator import anchors
from generator.derivation import Derivation, Factor, Term
from generator.facts import Math
from generator.formula import Derivative, Entry, Formula, Index, Multiply, rename
from generator.mathml import Mark, marked
from generator.page.record import PathView
from generator.page.shown import Writer, chain

MOST_HUES = 6


def paths(terms: Sequence[Term], asked: Derivative, write: Writer) -> tuple[PathView, ...]:
    """The paths of the terms, numbered in the order in which the terms are printed, each in its own hue."""
    ready = [settled(term, asked, write) for term in terms]
    return tuple(PathView(number, _hued(chain(term.path, write), number)) for number, term in enumerate(ready, start=1))


def _hued(shown: Math, number: int) -> Math:
    return Math(shown.latex, marked(shown.latex, 0), (Mark("", (hue(number),)),))


def hue(number: int) -> str:
    """The class of the path with a number."""
    return f"path-{(number - 1) % MOST_HUES + 1}"


def settled(term: Term, asked: Derivative, write: Writer) -> Term:
    """The term with printable letters for those that it sums over and for those that stand for every entry."""
    taken = {index.letter for entry in (asked.of, *asked.wrt) for index in getattr(entry, "indices", ())}
    own = dict.fromkeys(letter for letter, _ in term.sums)
    own |= dict.fromkeys(i.letter for entry in term.path for i in entry.indices if i.letter and i.letter not in taken)
    to: dict[str, Index] = {}
    for letter in own:
        chosen = write.picked(letter, taken)
        taken.add(chosen)
        to[letter] = Index(chosen)
    return renamed(term, to)


def renamed(term: Term, to: Mapping[str, Index]) -> Term:
    """The term with letters replaced, those of its sums included."""
    letters = dict(to)
    sums = tuple((to[letter].letter or letter if letter in to else letter, range_) for letter, range_ in term.sums)
    factors = tuple(Factor(rename(f.formula, letters), f.links, f.part) for f in term.factors)
    path = tuple(entry for entry in (rename(e, letters) for e in term.path) if isinstance(entry, Entry))
    return replace(term, sums=sums, factors=factors, path=path)


def coupled(term: Term, asked: Derivative) -> tuple[Entry, ...]:
    """The entries of the path that stand for every entry: their letter is neither asked nor summed over."""
    known = {index.letter for entry in (asked.of, *asked.wrt) for index in getattr(entry, "indices", ())}
    known |= {letter for letter, _ in term.sums}
    return tuple(entry for entry in term.path if any(i.letter and i.letter not in known for i in entry.indices))


def link(term: Term, factor: Factor) -> str:
    """The id of the link from which a factor came: the first of its links on the path of the term."""
    for consumer, producer in pairwise(term.path):
        if any((o.consumer, o.producer) == (consumer.name, producer.name) for o in factor.links):
            return anchors.link(consumer, producer)
    return ""


def mark(term: Term, number: int, factor: Factor, *classes: str) -> Mark:
    """The mark of a factor: the id of its link, and the hue of its path."""
    return Mark(link(term, factor), (hue(number), *classes))


def pieces(formula: Formula) -> Iterator[Formula]:
    """The factors of a product, one by one."""
    if isinstance(formula, Multiply):
        for factor in formula.factors:
            yield from pieces(factor)
    else:
        yield formula


def shown_terms(derivation: Derivation) -> tuple[Term, ...]:
    """The terms as the page shows the result: written out where that was asked at literal indices."""
    return derivation.written_terms if literal(derivation.asked.wrt[0]) else derivation.terms


def literal(entry: Entry) -> bool:
    """Whether an entry has integers for all its indices."""
    return all(index.letter is None for index in entry.indices)
