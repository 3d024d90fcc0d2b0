"""The reference pages, made from the rows of the engine: functions, outputs and losses, caveats, verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator import caveats
from generator.caveats import rows
from generator.facts import Fact, Math
from generator.formula import Formula
from generator.functions import FUNCTIONS, Function
from generator.kinds import FACTS, fact
from generator.latex.printer import latex
from generator.pairs import Pair, pairs
from generator.site.question import page_environment
from generator.verdict import Condition, Verdict


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """A function: its anchor, its name in words and as it is printed, what it is, its derivative in both forms."""

    anchor: str
    title: str
    formula: Math
    derivative: Math
    by_value: Math | None
    domain: Math
    range: Math
    kinks: tuple[Math, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """An output activation with a loss: its error term, the same under what may be given, what to know about it."""

    anchor: str
    output: str
    loss: str
    model: tuple[Math, ...]
    error: Math
    given: Math | None
    known: Math | None
    note: str


@dataclass(frozen=True, slots=True)
class CaveatRow:
    """A caveat: its anchor, its title, which models have it, and what it settles."""

    anchor: str
    title: str
    when: str
    settles: str


@dataclass(frozen=True, slots=True)
class KindRow:
    """A verdict, a condition or a kind of mistake: its anchor, its name, what it means."""

    anchor: str
    name: str
    about: Fact


def reference(templates: Mapping[str, str]) -> Mapping[str, bytes]:
    """The pages by their paths."""
    env = page_environment(templates)
    pages: Mapping[str, Mapping[str, object]] = {
        "functions": {"functions": tuple(_function(row) for row in FUNCTIONS.values())},
        "pairs": {"pairs": tuple(_pair(one) for one in pairs())},
        "caveats": {"caveats": tuple(_caveats())},
        "verdicts": {
            "verdicts": tuple(KindRow(f"verdict-{one}", one.value, fact(f"about-{one}")) for one in Verdict),
            "conditions": tuple(KindRow("", one.value, fact(f"condition-{one}")) for one in Condition),
            "kinds": tuple(_kinds()),
        },
    }
    return {
        f"reference/{name}.md": env.get_template(f"pages/{name}.md.j2").render(**values).encode()
        for name, values in pages.items()
    }


def _math(formula: Formula) -> Math:
    return _plain(latex(formula))


def _plain(text: str) -> Math:
    return Math(text)


def _function(row: Function) -> FunctionRow:
    name = rf"{row.latex}(x)"
    return FunctionRow(
        f"function-{row.key}",
        row.title,
        _plain(name if latex(row.formula) == name else f"{name} = {latex(row.formula)}"),
        _math(row.derivative),
        None if row.by_value is None else _math(row.by_value),
        _plain(row.domain),
        _plain(row.range),
        tuple(_plain(str(kink)) for kink in row.kinks),
        row.explanation,
    )


def _pair(one: Pair) -> PairRow:
    asked = latex(one.derivation.asked)
    given = None if one.given is None else _plain(f"{latex(one.given.left)} = {latex(one.given.right[0])}")
    return PairRow(
        f"pair-{one.row.key}",
        one.row.output,
        one.row.loss,
        tuple(_plain(f"{latex(d.entry)} = {latex(d.formula)}") for d in one.model.definitions),
        _plain(f"{asked} = {latex(one.also if one.also is not None else one.derivation.formula)}"),
        given,
        None if one.known is None else _plain(f"{asked} = {latex(one.known.formula)}"),
        one.row.note,
    )


def _caveats() -> Iterator[CaveatRow]:
    for code in caveats.CAVEATS:
        row = rows.ROWS[code]
        yield CaveatRow(f"caveat-{code}", row.title, row.when, row.settles)


def _kinds() -> Iterator[KindRow]:
    for kind in FACTS:
        if kind.startswith("kind-"):
            yield KindRow(kind, kind.removeprefix("kind-"), fact(kind))
