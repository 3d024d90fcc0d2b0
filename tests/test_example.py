"""The worked example: three routes agree, numbers are readable, and a planted mistake shows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from generator import anchors
from generator.derivation import Derivation
from generator.derive import derive
from generator.errors import Refusal, Unsupported
from generator.example import Example, example, shown
from generator.formula import ONE, Derivative, Entry, Formula, Index, Name, Sum, literal, negative, number
from generator.model import Assumption, Role
from tests.models import NAMED, first_question, scalar_chain
from tests.odd_models import ODD
from tests.pieces import Case

CASES = (*NAMED, *ODD)
TITLES = [f"{case.title}, {len(case.model.sizes)} open sizes" for case in CASES]


def worked(case: Case, ask: Entry, seed: int = 1, values: dict[Entry, float] | None = None) -> Example:
    return example(case.model, derive(case.model, case.asked(ask)), values or {}, seed)


def seed_derivation(case: Case) -> Derivation:
    return derive(case.model, case.asked(at("V", 1, 1)))


def at(name: str, *indices: int) -> Entry:
    return Entry(Name(name), tuple(map(literal, indices)))


@pytest.mark.parametrize("case", CASES, ids=TITLES)
def test_formula_automatic_differentiation_and_differences_agree(case: Case) -> None:
    for ask in case.asks:
        found = worked(case, case.instance(ask))
        assert found.off_automatic < 1e-12
        assert found.off_differences < 1e-7
        assert math.isfinite(found.result.formula)
        assert any(row.automatic for row in (*found.rows, found.result))


@pytest.mark.parametrize("case", CASES, ids=TITLES)
def test_the_terms_sum_to_the_gradient_and_carry_the_links_of_their_paths(case: Case) -> None:
    for ask in case.asks:
        found = worked(case, case.instance(ask))
        assert math.isclose(sum(term.value for term in found.terms), found.result.formula, rel_tol=1e-9, abs_tol=1e-12)
        assert len({term.id for term in found.terms}) == len(found.terms)
        for row in found.terms:
            assert row.links == tuple(anchors.link(*pair) for pair in pairwise(row.term.path))
            for path in row.paths:
                assert (path[0], path[-1]) == (found.result.left.of, *found.result.left.wrt)
                assert [entry.name for entry in path] == [entry.name for entry in row.term.path]


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_numbers_are_tenths_units_are_not_saturated_and_no_term_vanishes(seed: int) -> None:
    found = worked(first_question(), at("V", 1, 1), seed)
    assert all(math.isclose(value.value * 10, round(value.value * 10), abs_tol=1e-9) for value in found.inputs)
    assert all(0.05 < value.value < 0.95 for value in found.forward if value.entry.name.base in "ZY")
    assert len(found.terms) == 2
    assert all(abs(term.value) >= 5e-4 for term in found.terms)


def test_the_same_seed_gives_the_same_example_and_another_seed_another() -> None:
    case = first_question()
    assert worked(case, at("V", 1, 1), 1) == worked(case, at("V", 1, 1), 1)
    assert worked(case, at("V", 1, 1), 1).inputs != worked(case, at("V", 1, 1), 2).inputs


def test_the_example_says_what_the_page_of_the_first_question_needs() -> None:
    found = worked(first_question(), at("V", 1, 1))
    assert found.sizes == (("m", 2), ("n", 2))
    lefts = [(row.key, row.left.of, *row.left.wrt) for row in found.rows]
    assert ("dE-dY", at("E"), at("Y", 1)) in lefts
    assert ("dE-dY", at("E"), at("Y", 2)) in lefts
    assert ("dY-dZ", at("Y", 2), at("Z", 1)) in lefts
    assert ("dE-dZ", at("E"), at("Z", 1)) in lefts
    assert ("dZ-dV", at("Z", 1), at("V", 1, 1)) in lefts
    assert not any(at("Z", 2) in left for left in lefts)
    assert [term.id for term in found.terms] == ["path-E-Y_1-Z_1-V_1_1", "path-E-Y_2-Z_1-V_1_1"]
    assert found.terms[1].links == ("link-E-Y_2", "link-Y_2-Z_1", "link-Z_1-V_1_1")


def test_the_gradient_of_the_first_question_is_the_one_computed_by_hand() -> None:
    case = first_question(2, 2, 2)
    numbers = {
        "X": (0.8, -0.5),
        "V": ((0.3, -0.6), (0.9, 0.2)),
        "b": (0.1, -0.2),
        "W": ((0.7, -0.4), (0.5, 1.1)),
        "c": (0.05, 0.3),
        "Q": (1.0, 0.0),
    }
    values: dict[Entry, float] = {}
    for name, rows in numbers.items():
        for i, row in enumerate(rows, 1):
            for j, value in enumerate(row if isinstance(row, tuple) else (row,), 1):
                values[at(name, i, j) if isinstance(row, tuple) else at(name, i)] = value
    found = worked(case, at("V", 1, 1), values=values)
    assert {value.entry: value.value for value in found.inputs} == values
    assert [f"{term.value:.4g}" for term in found.terms] == ["-0.05146", "-0.04883"]
    assert shown(found.result.formula) == "-0.10029"


@pytest.mark.parametrize("corner", [(1, 1), (2, 3), (5, 2)])
def test_open_sizes_are_large_enough_for_the_asked_entry(corner: tuple[int, int]) -> None:
    found = worked(first_question(), at("V", *corner))
    assert found.result.left.wrt == (at("V", *corner),)
    assert dict(found.sizes) == {"n": max(2, corner[0]), "m": max(2, corner[1])}


def test_values_of_the_author_win_and_the_rest_is_drawn() -> None:
    found = worked(first_question(), at("V", 1, 1), values={at("X", 3): 0.25, at("Q", 1): 0.7})
    assert found.values[at("X", 3)] == 0.25
    assert found.values[at("Q", 1)] == 0.7
    assert dict(found.sizes)["n"] == 3


def test_values_of_the_author_may_saturate_a_unit() -> None:
    values = {at("x"): 6.0, at("w_1"): 1.5, at("b"): 2.0, at("w_2"): 0.5, at("t"): 1.0}
    assert worked(scalar_chain(), at("w_1"), values=values).values[at("h")] > 0.99


def test_targets_of_a_softmax_are_one_hot_over_its_classes() -> None:
    temperature = next(case for case in NAMED if "temperature" in case.title)
    found = worked(temperature, temperature.instance(temperature.asks[0]))
    for sample in (1, 2):
        line = sorted(found.values[at("y", sample, k)] for k in (1, 2, 3))
        assert line == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("left", "relation", "right", "holds"),
    [
        ("sum", "=", (1,), lambda line: math.isclose(sum(line), 1)),
        ("entry", "in", (-1, 1), lambda line: set(line) <= {-1.0, 1.0}),
        ("entry", "in", (0, 1), lambda line: set(line) <= {0.0, 1.0}),
        ("entry", ">", (0,), lambda line: min(line) > 0),
        ("second", "=", (4,), lambda line: line[1] == 4.0),
    ],
)
def test_assumptions_hold_in_the_example(
    left: str, relation: str, right: tuple[int, ...], holds: Callable[[list[float]], bool]
) -> None:
    case = next(case for case in NAMED if case.title == "Residual connections")
    target = case.model.whole(next(q.name for q in case.model.quantities if q.role is Role.TARGET))
    whole = case.model.quantity[target.name]
    lefts: dict[str, Formula] = {
        "entry": target,
        "sum": Sum(whole.letters[0], whole.ranges[0], target),
        "second": Entry(target.name, (literal(2),)),
    }
    assumption = Assumption(lefts[left], relation, tuple(map(number, right)))
    model = replace(case.model, assumptions=(assumption,))
    found = example(model, derive(model, case.asked(case.instance(case.asks[0]))), {}, 1)
    assert holds([value.value for value in found.inputs if value.entry.name == target.name])


def test_units_with_a_kink_keep_away_from_it() -> None:
    for case in (c for c in CASES if c.title in ("Numbered units and weights", "A hinge over the other classes")):
        found = worked(case, case.instance(case.asks[0]))
        assert found.off_differences < 1e-7


def test_no_numbers_are_invented_where_the_model_has_no_value() -> None:
    case = next(case for case in ODD if case.title == "A likelihood as a product")
    with pytest.raises(Refusal, match="no numbers"):
        worked(case, at("w"), values={at(r"\sigma_w"): 0.0})


def test_large_literal_sizes_are_reduced_and_the_example_says_so() -> None:
    found = worked(first_question(784, 100, 2), at("V", 1, 1))
    assert found.reduced == ((100, 3), (784, 3))
    assert found.sizes == ()
    assert {value.entry for value in found.inputs if value.entry.name.base == "X"} == {at("X", i) for i in (1, 2, 3)}
    assert len(found.terms) == 2
    assert found.off_automatic < 1e-12


def test_an_example_too_large_to_read_is_refused() -> None:
    with pytest.raises(Unsupported):
        worked(first_question(784, 100, 2), at("V", 500, 1))


def test_a_generic_function_is_named_and_stands_for_tanh() -> None:
    case = next(case for case in ODD if case.title == "An activation left open")
    found = worked(case, case.instance(case.asks[1]))
    assert found.generic == ("f",)
    assert math.isclose(found.values[at("y")], math.tanh(found.values[at("z")]))


PLANTED = {
    "a turned sign": lambda d: replace(d, entry=negative(d.entry)),
    "a wrong general formula": lambda d: replace(d, formula=negative(d.formula)),
    "a wrong written form": lambda d: replace(d, written=negative(d.written)),
    "a dropped path": lambda d: replace(d, written_terms=d.written_terms[1:]),
    "a wrong step": lambda d: replace(
        d, steps=(replace(d.steps[0], lines=(replace(d.steps[0].lines[0], formula=ONE),)), *d.steps[1:])
    ),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_shows_as_a_large_difference(mistake: str) -> None:
    case = first_question(2, 2, 2)
    wrong = PLANTED[mistake](seed_derivation(case))
    assert example(case.model, wrong, {}, 1).off_automatic > 1e-3


def test_indices_that_stay_letters_are_given_different_numbers_where_they_share_a_range() -> None:
    case = next(case for case in NAMED if case.title == "A shared weight")
    asked = Derivative(case.loss, (Entry(Name("W"), (Index("i"), Index("j"))),))
    found = example(case.model, derive(case.model, asked), {}, 1)
    assert found.result.left.wrt == (at("W", 1, 2),)


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.10028634, "-0.10029"), (0.8, "0.8"), (-0.0, "0"), (12.0, "12"), (1234567.0, "1.2346e+06"), (3e-16, "3e-16")],
)
def test_numbers_are_shown_with_five_significant_digits(value: float, text: str) -> None:
    assert shown(value) == text
