"""The result in other forms: general, written out, and by error terms that are passed back layer by layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from generator.derivation import Derivation, Factor, Part, Term
from generator.formula import Entry, Formula, Index, Multiply, Name, Sum, entries, free_letters, multiply
from generator.kinds import fact
from generator.model import Model
from generator.page.record import Form
from generator.page.shown import Writer, equal


def forms(model: Model, derivation: Derivation, write: Writer) -> tuple[Form, ...]:
    """The forms that differ from one another."""
    asked, general = write.math(derivation.asked), write.math(derivation.general)
    found = [Form(fact("form-general"), (equal(general, write.math(derivation.formula)),), None)]
    if derivation.written != derivation.formula:
        written = equal(asked, write.math(derivation.written))
        found.append(Form(fact("form-written-out"), (written,), None))
    chain = error_terms(model, derivation)
    if chain is not None:
        lines = tuple(equal(write.math(term.entry), write.math(term.formula)) for term in chain.terms)
        final = equal(general, write.math(chain.result))
        named = tuple(write.math(term.entry) for term in chain.terms)
        note = fact("form-error-terms-note", terms=named, of=write.math(derivation.general.of))
        found.append(Form(fact("form-error-terms"), (*lines, final), note))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ErrorTerm:
    """The derivative of the loss in the input of a unit; `unit` is what that unit computes."""

    entry: Entry
    formula: Formula
    unit: Entry


@dataclass(frozen=True, slots=True)
class Chain:
    """Error terms, from the output on, and the result in the last of them."""

    terms: tuple[ErrorTerm, ...]
    result: Formula


def error_terms(model: Model, derivation: Derivation) -> Chain | None:
    """The result regrouped layer by layer; None where it is no single chain of at least two weights.

    The regrouping moves no factor out of a sum over one of its letters, so that it is equal to the result.
    """
    if len(derivation.terms) != 1 or _uses_delta(model):
        return None
    term = derivation.terms[0]
    if any(isinstance(factor.formula, Sum) for factor in term.factors) or not _simple(term):
        return None
    chain = _regroup(term)
    names = [part.entry for part in chain.terms]
    if len(chain.terms) < 2 or len({_label(entry) for entry in names}) < len(names):
        return None
    return chain


def _simple(term: Term) -> bool:
    """Whether every letter summed over is an index of one of the quantities on the path."""
    on_path = {index.letter for entry in term.path for index in entry.indices}
    return all(letter in on_path for letter, _ in term.sums)


def _uses_delta(model: Model) -> bool:
    return any(quantity.name.base.startswith(r"\delta") for quantity in model.quantities)


def _label(entry: Entry) -> tuple[object, ...]:
    return (entry.name, tuple(index.letter or index.offset for index in entry.indices))


def _regroup(term: Term) -> Chain:
    edges = list(pairwise(term.path))
    waiting = {edge: list[Factor]() for edge in range(len(edges))}
    for factor in term.factors:
        waiting[_edge(factor, edges)].append(factor)
    sums = dict(term.sums)
    current: list[Formula] = []
    found: list[ErrorTerm] = []
    for number, (consumer, producer) in enumerate(edges):
        own = [factor.formula for factor in waiting[number] if factor.part not in (Part.ROUTE, Part.INPUT)]
        ways = [factor.formula for factor in waiting[number] if factor.part in (Part.ROUTE, Part.INPUT)]
        current += own
        last = number == len(edges) - 1
        if ways or last:
            if number:
                entry = Entry(_delta_name(consumer), _delta_indices(consumer))
                found.append(ErrorTerm(entry, multiply(*current), consumer))
                current = [entry]
            product = multiply(*current, *ways)
            kept = {index.letter for index in producer.indices}
            for letter in [letter for letter in sums if letter in free_letters(product) and letter not in kept]:
                product = Sum(letter, sums.pop(letter), product)
            current = [product]
    return Chain(tuple(found), multiply(*current))


def _edge(factor: Factor, edges: list[tuple[Entry, Entry]]) -> int:
    """The link at which a factor is multiplied on: for what is left of several links the first."""
    for number, (consumer, producer) in enumerate(edges):
        if any((link.consumer, link.producer) == (consumer.name, producer.name) for link in factor.links):
            return number
    return len(edges) - 1


def _delta_name(unit: Entry) -> Name:
    if unit.indices:
        return Name(r"\delta", unit.name.superscript)
    subscript = unit.name.base + (f"^{{{unit.name.superscript}}}" if unit.name.superscript else "")
    return Name(rf"\delta_{{{subscript}}}")


def _delta_indices(unit: Entry) -> tuple[Index, ...]:
    return unit.indices


def expanded(chain: Chain) -> Formula:
    """The result with every error term replaced by what it stands for, the way back."""
    known: Mapping[Entry, Formula] = {term.entry: term.formula for term in chain.terms}

    def change(formula: Formula) -> Formula:
        if isinstance(formula, Entry) and formula in known:
            return change(known[formula])
        match formula:
            case Multiply(factors):
                return multiply(*(change(factor) for factor in factors))
            case Sum(letter, range_, body, where):
                return Sum(letter, range_, change(body), where)
            case _ if any(entry in known for entry in entries(formula)):
                message = "an error term stands inside a function"
                raise ValueError(message)
            case _:
                return formula

    return change(chain.result)
