"""Gradients of random models against automatic differentiation, which shares no code with the derivation."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.autodiff import differentiate, forward
from generator.derivation import Derivation
from generator.derive import derive
from generator.formula import Derivative, Entry, Formula
from generator.routes import Derived, constants, difference
from tests.models import NAMED, random_cases
from tests.pieces import Case

RELATIVE = 1e-10
ROUNDING = 1e-13
TITLES = [f"{case.title}, {len(case.model.sizes)} open sizes" for case in NAMED]


def instances(case: Case) -> Iterator[Derivative]:
    """The derivative of the loss in the first entry of each quantity, and in another corner of it."""
    for ask in case.asks:
        corners = {case.instance(ask, corner) for corner in (0, 2)}
        yield from (case.asked(entry) for entry in sorted(corners, key=repr))


def forms(derivation: Derivation) -> dict[str, Formula]:
    """Every formula of a derivation that stands for the asked derivative."""
    answer = {
        f"line {number} of the answer": line.formula
        for step in derivation.steps
        if step.key == "answer"
        for number, line in enumerate(step.lines)
    }
    return {"entry": derivation.entry, "written out": derivation.written, **answer}


def letters_of(derivation: Derivation) -> dict[str, int]:
    """The literal index that each letter of the general derivative stands for."""
    pairs = zip(derivation.general.wrt[0].indices, derivation.asked.wrt[0].indices, strict=True)
    return {str(general.letter): own.offset for general, own in pairs}


def agree(case: Case, seed: int) -> None:
    values = {
        entry: number.value
        for entry, number in forward(case.model.definitions, constants(case.values(seed)), dict(case.stand_ins)).items()
    }
    for asked in instances(case):
        derivation = derive(case.model, asked)
        derived = Derived(derivation, constants(values), dict(case.stand_ins))
        true = differentiate(asked, case.model.definitions, values, dict(case.stand_ins))
        found = {name: derived.number(form, {}) for name, form in forms(derivation).items()}
        found["general"] = derived.number(derivation.formula, letters_of(derivation))
        for name, number in found.items():
            assert math.isclose(number, true, rel_tol=RELATIVE, abs_tol=ROUNDING), (name, asked, number, true)


@pytest.mark.parametrize("case", NAMED, ids=TITLES)
def test_every_gradient_of_the_named_models_agrees_with_automatic_differentiation(case: Case) -> None:
    for seed in (1, 2):
        agree(case, seed)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(random_cases(), st.integers(0, 10**6))
def test_every_gradient_of_a_random_model_agrees_with_automatic_differentiation(case: Case, seed: int) -> None:
    agree(case, seed)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(random_cases(), st.integers(0, 10**6))
def test_automatic_differentiation_agrees_with_differences_of_the_forward_pass(case: Case, seed: int) -> None:
    sizes = dict(case.stand_ins)
    values = {
        entry: number.value
        for entry, number in forward(case.model.definitions, constants(case.values(seed)), sizes).items()
    }
    for asked in instances(case):
        automatic = differentiate(asked, case.model.definitions, values, sizes)
        nearby = difference(asked, case.model.definitions, values, sizes)
        assert math.isclose(automatic, nearby, rel_tol=1e-5, abs_tol=1e-7), (asked, automatic, nearby)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(random_cases(), st.integers(0, 10**6))
def test_a_gradient_with_one_sign_turned_disagrees(case: Case, seed: int) -> None:
    values = forward(case.model.definitions, constants(case.values(seed)), dict(case.stand_ins))
    plain = {entry: number.value for entry, number in values.items()}
    target = next(entry for entry in case.values(seed) if entry.name.base == "t")
    assert isinstance(target, Entry)
    output = Entry(case.model.definitions[-2].name, target.indices)
    asked = case.asked(output)
    derived = Derived(derive(case.model, asked), values, dict(case.stand_ins))
    true = differentiate(asked, case.model.definitions, plain, dict(case.stand_ins))
    assert not math.isclose(-derived.number(derived.derivation.entry, {}), true, rel_tol=RELATIVE, abs_tol=ROUNDING)
