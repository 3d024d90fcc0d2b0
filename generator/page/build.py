"""The page of a question, from all that the engine found about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from generator import anchors
from generator.caveats.record import Caveat
from generator.caveats.rows import ROWS
from generator.derivation import Derivation
from generator.example import Example
from generator.facts import Fact, Math
from generator.page.answers import answers
from generator.page.check import check
from generator.page.claims import claims, told
from generator.page.equations import equations, functions, numbers
from generator.page.neighbour import following
from generator.page.record import CaveatView, Header, Page
from generator.page.shown import Writer, writer
from generator.page.steps import numbered, outline, steps
from generator.page.symbols import symbols
from generator.problem import Problem
from generator.question import Question
from generator.verdict import Judgement


def page(
    question: Question,
    problem: Problem,
    derivations: Sequence[Derivation],
    judgements: Sequence[Judgement],
    caveats: Sequence[Caveat],
    example: Example | None,
    figures: Mapping[str, str],
    address: str,
) -> Page:
    """The record of a question's page.

    `derivations` are those of the asks, `judgements` those of the claims, in their order; `figures` are SVG by key:
    `network`, and `caveat-<code>` for a caveat's plot. `address` is where the site is published, or empty.
    """
    model, write = problem.model, writer(problem.model)
    places = {step.key: place for place, (step, _) in enumerate(numbered(derivations), start=1)}
    first = derivations[0] if derivations else None
    return Page(
        _header(question, address),
        claims(problem, judgements, example),
        answers(model, derivations, told(problem, judgements), write),
        symbols(model, numbers(model), write),
        functions(model),
        equations(model, write),
        figures.get("network", ""),
        steps(model, derivations, write),
        outline(model, derivations, write),
        check(model, first, example, places, write) if first is not None and example is not None else None,
        tuple(_caveat(one, figures, write) for one in caveats),
        following(model, first, write) if first is not None else None,
    )


def _header(question: Question, address: str) -> Header:
    source = question.source or ""
    return Header(
        question.title,
        source,
        urlsplit(source).netloc if source else "",
        question.tags,
        question.description or "",
        question.body,
        f"{address.rstrip('/')}/q/{question.slug}/" if address else "",
    )


def _caveat(one: Caveat, figures: Mapping[str, str], write: Writer) -> CaveatView:
    return CaveatView(
        anchors.caveat(one.code), ROWS[one.code].title, _quiet(one, write), figures.get(f"caveat-{one.code}", "")
    )


def _quiet(one: Caveat, write: Writer) -> Caveat:
    """The caveat with its formulas printed as all others of the page."""
    return replace(one, values=tuple((name, _silenced(value, write)) for name, value in one.values))


def _silenced(value: Any, write: Writer) -> Any:
    match value:
        case Math(latex, marked, marks):
            return Math(write.quiet(latex), write.quiet(marked), marks)
        case Fact(kind, values):
            return Fact(kind, tuple((name, _silenced(inner, write)) for name, inner in values))
        case tuple():
            return tuple(_silenced(inner, write) for inner in value)
        case _:
            return value
