"""What may be missing from a formula: the factors, groups of factors and terms of the true derivative."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, product

from generator.derivation import Derivation, Part, Term
from generator.formula import (
    ONE,
    ZERO,
    Add,
    Condition,
    Delta,
    Entry,
    Formula,
    Index,
    Multiply,
    Number,
    Range,
    Sum,
    canonical,
    entries,
    free_letters,
    multiply,
    rename,
    substitute,
    walk,
)
from generator.judging.letters import Letters, letters_of
from generator.model import Model
from generator.repair.tree import outline

MOST_INSTANCES = 24


@dataclass(frozen=True, slots=True)
class Template:
    """A formula that may be put in, with the ranges of its letters.

    `gate`: it is all of the derivative of an activation. `part` is what it does as a factor; None where it is only
    inside of one.
    """

    formula: Formula
    letters: Letters
    gate: bool = False
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Visible:
    """What an index can be at a place in a formula: the letters known there, and the integers that it uses."""

    letters: Letters
    literals: tuple[tuple[Range, int], ...]

    def options(self, range_: Range) -> tuple[Index, ...]:
        """The indices that can stand in a position with this range."""
        letters = (Index(letter) for letter, own in self.letters if own == range_)
        return (*letters, *(Index(None, value) for own, value in self.literals if own == range_))

    def within(self, letter: str, range_: Range) -> Visible:
        """What is visible inside of a sum over the letter."""
        return Visible((*(item for item in self.letters if item[0] != letter), (letter, range_)), self.literals)


@dataclass(frozen=True, slots=True)
class Pool:
    """Factors to put in, and at the asked indices the true terms (as wholes and as paths) and the whole truths."""

    factors: tuple[Template, ...]
    terms: tuple[Formula, ...]
    paths: tuple[Term, ...]
    truths: tuple[Formula, ...]
    ranks: Mapping[Formula, int]
    parts: Mapping[Formula, Part]

    def order(self, formula: Formula) -> int | None:
        """Where in the order of the chain a factor stands, whatever its indices."""
        return self.ranks.get(outline(formula))

    def part(self, formula: Formula) -> Part | None:
        """What a factor does, whatever its indices; None for what is no factor of the truth."""
        return self.parts.get(outline(formula))


def visible(model: Model, letters: Letters, formulas: Iterable[Formula]) -> Visible:
    """What is visible outside of all sums of these formulas."""
    found: dict[tuple[Range, int], None] = {}
    for formula in formulas:
        for part in walk(formula):
            if isinstance(part, Entry) and part.name in model.quantity:
                for range_, index in zip(model.quantity[part.name].ranges, part.indices, strict=True):
                    if index.letter is None:
                        found[range_, index.offset] = None
    return Visible(letters, tuple(found))


def instances(template: Template, seen: Visible) -> Iterator[Formula]:
    """The template with each of its letters replaced by an index that can stand there."""
    options = [seen.options(range_) for _, range_ in template.letters]
    names = [letter for letter, _ in template.letters]
    for number, chosen in enumerate(product(*options)):
        if number == MOST_INSTANCES:
            return
        yield rename(template.formula, dict(zip(names, chosen, strict=True)))


def pool(model: Model, derivations: tuple[Derivation, ...]) -> Pool:
    """Everything that the derivations offer."""
    factors: dict[Formula, Template] = {}
    terms: dict[Formula, Formula] = {}
    paths: list[Term] = []
    for derivation in derivations:
        asked = _asked(derivation)
        for term in (*derivation.written_terms, *derivation.terms):
            for template in _factors(model, term):
                known = {letter for letter, _ in template.letters} | set(model.sizes)
                if not any(True for _ in entries(template.formula)) or not free_letters(template.formula) <= known:
                    continue
                known_as = factors.setdefault(canonical(template.formula), template)
                if known_as.part is None and template.part is not None:
                    factors[canonical(template.formula)] = template
        for whole in (*derivation.written_terms, *(_at(term, asked) for term in derivation.terms)):
            formula = term_formula(whole)
            terms.setdefault(canonical(formula), formula)
        for formula in sorted(_off_diagonal(derivation, asked), key=lambda f: sum(1 for _ in walk(f))):
            terms.setdefault(canonical(formula), formula)
        paths.extend((*derivation.written_terms, *(_at(term, asked) for term in derivation.terms)))
    truths = tuple(derivation.entry for derivation in derivations)
    ranks: dict[Formula, int] = {}
    parts: dict[Formula, Part] = {}
    for template in factors.values():
        ranks.setdefault(outline(template.formula), len(ranks))
        if template.part is not None:
            parts.setdefault(outline(template.formula), template.part)
    return Pool(tuple(factors.values()), tuple(terms.values()), tuple(paths), truths, ranks, parts)


def _asked(derivation: Derivation) -> dict[str, Index]:
    """The index that each letter of the general derivative stands for."""
    general, own = derivation.general, derivation.asked
    pairs = [(general.wrt[0], own.wrt[0])]
    if isinstance(general.of, Entry) and isinstance(own.of, Entry):
        pairs.append((general.of, own.of))
    both = (two for a, b in pairs for two in zip(a.indices, b.indices, strict=True))
    return {letter.letter: index for letter, index in both if letter.letter is not None}


def term_formula(term: Term) -> Formula:
    """The product of a term's factors under its sums."""
    body = multiply(*(factor.formula for factor in term.factors))
    for letter, range_ in reversed(term.sums):
        body = Sum(letter, range_, body)
    return body


def _factors(model: Model, term: Term) -> Iterator[Template]:
    """The factors of a term, those of one link that belong together, and what sums inside of them are made of."""
    for (part, _), run in groupby(term.factors, key=lambda factor: (factor.part, factor.links)):
        formulas = [factor.formula for factor in run]
        whole = multiply(*formulas)
        gate = part is Part.GATE
        yield Template(whole, letters_of(model, (whole,)), gate, part)
        for formula in formulas:
            yield Template(formula, letters_of(model, (formula,)), gate and formula == whole, part)
            for inner in _inside(formula):
                yield Template(inner, letters_of(model, (inner,)))


def _inside(formula: Formula) -> Iterator[Formula]:
    """The factors of the terms of a sum, however deep."""
    if isinstance(formula, Add):
        for term in formula.terms:
            parts = term.factors if isinstance(term, Multiply) else (term,)
            for part in parts:
                if not isinstance(part, Number):
                    yield part
                    yield from _inside(part)


def _at(term: Term, indices: Mapping[str, Index]) -> Term:
    """A general term at the asked indices."""
    factors = tuple(replace(factor, formula=rename(factor.formula, indices)) for factor in term.factors)
    return replace(term, factors=factors)


def _off_diagonal(derivation: Derivation, asked: Mapping[str, Index]) -> Iterator[Formula]:
    """Of quantities that all depend on one variable (softmax): the terms in which the two indices differ.

    A step that sums over a Kronecker delta with the variable's index gives them: the delta is 0 there.
    """
    known = free_letters(derivation.entry) | free_letters(derivation.asked)
    for term in derivation.terms:
        for step in derivation.steps:
            at = next((entry for entry in term.path if entry.name == step.left.wrt[0].name), None)
            rest = [factor.formula for factor in term.factors if factor.part is not Part.ERROR]
            if at is None or len(rest) == len(term.factors):
                continue
            letters = dict(zip((str(i.letter) for i in step.left.wrt[0].indices), at.indices, strict=True))
            for line in step.lines:
                for constant, total in _sums(line.formula):
                    apart = _apart(rename(total, letters), {str(i.letter) for i in at.indices})
                    if apart is not None:
                        body = multiply(constant, apart.body)
                        whole = rename(multiply(replace(apart, body=body), *rest), asked)
                        if body != ZERO and free_letters(whole) <= known:
                            yield whole


def _sums(formula: Formula) -> Iterator[tuple[Formula, Sum]]:
    """A line that is a number times a sum."""
    match formula:
        case Sum():
            yield ONE, formula
        case Multiply((Number() as constant, Sum() as total)):
            yield constant, total
        case _:
            pass


def _apart(total: Formula, letters: set[str]) -> Sum | None:
    """The sum over all values at which its letter differs from the one that a delta compares it with."""
    if not isinstance(total, Sum):
        return None
    deltas = [part for part in walk(total.body) if isinstance(part, Delta)]
    for delta in deltas:
        other = delta.right if delta.left == Index(total.letter) else delta.left
        if total.letter in {delta.left.letter, delta.right.letter} and other.letter in letters:
            body = substitute(total.body, lambda part: ZERO if part in deltas else None)
            return Sum(total.letter, total.range, body, (*total.where, Condition(Index(total.letter), "!=", other)))
    return None
