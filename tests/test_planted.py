"""A derivation with one mistake planted in it is never published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator.checking import StepFailed, check
from generator.derivation import Derivation, Line
from generator.derive import derive
from generator.formula import ONE, Add, Entry, Formula, Index, Name, Sum, add, literal, negative, substitute
from generator.model import Model
from tests.models import first_question

MODEL: Model = first_question().model
ASKED = first_question().asked(Entry(Name("V"), (literal(1), literal(1))))
Change = Callable[[Formula], Formula]


def derived() -> Derivation:
    return derive(MODEL, ASKED)


def planted(step: str, line: int, change: Change) -> Derivation:
    """The derivation with one line changed."""
    found = derived()
    place, old = next((n, s) for n, s in enumerate(found.steps) if s.key == step)
    lines = list(old.lines)
    lines[line] = Line(change(lines[line].formula), lines[line].rule, lines[line].events)
    assert lines != list(old.lines)
    new = replace(old, lines=tuple(lines))
    return replace(found, steps=(*found.steps[:place], new, *found.steps[place + 1 :]))


def the_gate_left_open(formula: Formula) -> Formula:
    """The local derivative without its factor 1 - Z_j."""
    one_less = (
        add(ONE, negative(Entry(Name("Z"), (Index("j"),)))),
        add(ONE, negative(Entry(Name("Y"), (Index("k"),)))),
    )
    return substitute(formula, lambda part: ONE if part in one_less else None)


def one_path_dropped(formula: Formula) -> Formula:
    """The first of the terms alone."""
    assert isinstance(formula, Add)
    return formula.terms[0]


def captured(formula: Formula) -> Formula:
    """The free letter j bound by the sum: what a careless substitution makes of it."""
    assert isinstance(formula, Sum)

    def change(part: Formula) -> Formula | None:
        if isinstance(part, Entry) and Index("j") in part.indices:
            return Entry(part.name, tuple(Index(formula.letter) if i == Index("j") else i for i in part.indices))
        return None

    return Sum(formula.letter, formula.range, substitute(formula.body, change), formula.where)


def test_the_derivation_itself_passes() -> None:
    check(MODEL, derived())


@pytest.mark.parametrize(
    ("step", "line", "change"),
    [
        ("dZ-dV", -1, the_gate_left_open),
        ("dY-dZ", -1, the_gate_left_open),
        ("answer", -1, one_path_dropped),
        ("dE-dZ", -1, captured),
        ("dE-dV", -1, captured),
        ("dE-dY", 0, negative),
        ("answer", 0, negative),
    ],
)
def test_one_changed_line_stops_the_page_and_is_named(step: str, line: int, change: Change) -> None:
    with pytest.raises(StepFailed) as failed:
        check(MODEL, planted(step, line, change))
    assert failed.value.checked.step == step


@pytest.mark.parametrize(
    "change",
    [
        lambda found: replace(found, formula=negative(found.formula)),
        lambda found: replace(found, entry=negative(found.entry)),
        lambda found: replace(found, written=negative(found.written)),
    ],
)
def test_each_form_of_the_answer_is_checked_by_itself(change: Callable[[Derivation], Derivation]) -> None:
    with pytest.raises(StepFailed):
        check(MODEL, change(derived()))


def test_a_term_left_out_is_seen() -> None:
    found = derived()
    with pytest.raises(StepFailed):
        check(MODEL, replace(found, written_terms=found.written_terms[:1]))
