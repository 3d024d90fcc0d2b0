"""Paths and marks: which term of the result is which path, and under which id and hue each factor is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from generator import anchors
from generator.derivation import Derivation, Factor, Term
from generator.formula import Entry, Formula, Multiply, Sum
from generator.mathml import Mark
from generator.page.record import PathView
from generator.page.shown import Path, Writer, chain

MOST_HUES = 6


def paths(terms: Sequence[Term], write: Writer) -> tuple[PathView, ...]:
    """The paths of the terms, numbered in the order in which the terms are printed."""
    return tuple(PathView(number, chain(term.path, write)) for number, term in enumerate(terms, start=1))


def link(term: Term, factor: Factor) -> str:
    """The id of the link from which a factor came: the first of its links on the path of the term."""
    for consumer, producer in pairwise(term.path):
        if any((o.consumer, o.producer) == (consumer.name, producer.name) for o in factor.links):
            return anchors.link(consumer, producer)
    return ""


def mark(term: Term, number: int, factor: Factor, *classes: str) -> Mark:
    """The mark of a factor: the id of its link, and the hue of its path."""
    return Mark(link(term, factor), (f"path-{(number - 1) % MOST_HUES + 1}", *classes))


def leaves(formula: Formula, path: Path = ()) -> Iterator[tuple[Path, Formula]]:
    """The factors of a product, sums entered, each with its path."""
    match formula:
        case Multiply(factors):
            for place, factor in enumerate(factors):
                yield from leaves(factor, (*path, place))
        case Sum(_, _, body):
            yield from leaves(body, (*path, 0))
        case _:
            yield path, formula


def shown_terms(derivation: Derivation) -> tuple[Term, ...]:
    """The terms as the page shows the result: written out where that was asked at literal indices."""
    return derivation.written_terms if literal(derivation.asked.wrt[0]) else derivation.terms


def literal(entry: Entry) -> bool:
    """Whether an entry has integers for all its indices."""
    return all(index.letter is None for index in entry.indices)
