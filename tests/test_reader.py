from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from generator.formula import Definition, canonical
from generator.latex.reader import read_problem
from generator.model import Model
from generator.source import read_question
from tests.models import NAMED, random_cases
from tests.odd_models import ODD
from tests.pieces import Case


def read(case: Case) -> Model:
    problem = read_problem(read_question(case.question(case.loss.name.base), "case.md"))
    return problem.model


def compared(definition: Definition) -> object:
    return definition.name, definition.letters, definition.ranges, canonical(definition.formula)


@pytest.mark.parametrize("case", [*NAMED, *ODD], ids=lambda case: case.title)
def test_the_lines_of_a_model_are_read_as_the_tree_that_was_written_beside_them(case: Case) -> None:
    model = read(case)
    assert [compared(d) for d in model.definitions] == [compared(d) for d in case.model.definitions]
    assert {q.name: q.ranges for q in model.quantities} == {q.name: q.ranges for q in case.model.quantities}
    assert set(model.sizes) == set(case.model.sizes)


@pytest.mark.parametrize("case", NAMED, ids=lambda case: case.title)
def test_roles_follow_from_the_structure(case: Case) -> None:
    model = read(case)
    assert {q.name: q.role for q in model.quantities} == {q.name: q.role for q in case.model.quantities}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(random_cases())
def test_random_models_are_read_as_they_were_built(case: Case) -> None:
    model = read(case)
    assert [compared(d) for d in model.definitions] == [compared(d) for d in case.model.definitions]
    assert {q.name: q.ranges for q in model.quantities} == {q.name: q.ranges for q in case.model.quantities}
