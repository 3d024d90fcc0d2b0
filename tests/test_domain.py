"""The points at which formulas are compared: generic, inside the domain, on both sides of every kink."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest

from generator.domain import NoPoint, one_sided, passes
from generator.formula import ONE, Entry, Formula, Index, Indicator, Name, Range, Sum, add, literal, multiply, number
from generator.judging.bench import Bench, TooDeep, TooLarge
from generator.latex.reader import read_problem
from generator.model import Assumption, Model
from generator.oracle import Forward, exact
from generator.source import read_question
from tests.models import NAMED, first_question, temperature
from tests.pieces import Case

TITLES = [f"{case.title}, {len(case.model.sizes)} open sizes" for case in NAMED]


def model_of(*lines: str, given: tuple[str, ...] = ()) -> Model:
    """The model of these lines of LaTeX."""
    body = "".join(f"  {line}\n" for line in lines)
    assumed = "given:\n" + "".join(f"  - {line}\n" for line in given) if given else ""
    name = lines[-1].partition("=")[0].strip()
    text = f"---\ntitle: A question\nmodel: |\n{body}{assumed}ask: {name}\n---\nWhich points?\n"
    return read_problem(read_question(text, "question.md")).model


def drawn(model: Model, *formulas: Formula) -> tuple[Forward, ...]:
    return tuple(passes(model, formulas, exact()))


def value(forward: Forward, name: str, *indices: int) -> Fraction:
    return forward.point.values[Name(name), indices]


@pytest.mark.parametrize("case", NAMED, ids=TITLES)
def test_every_open_size_has_two_values_and_no_two_sizes_are_always_one(case: Case) -> None:
    sizes = [dict(forward.point.sizes) for forward in drawn(case.model)]
    for name in case.model.sizes:
        assert len({one[name] for one in sizes}) >= 2
    for first, second in combinations(case.model.sizes, 2):
        assert any(one[first] != one[second] for one in sizes)


def test_many_open_sizes_are_told_apart_without_growing() -> None:
    lines = [r"h_j = \sigma\left(\sum_{i=1}^{a} x_i V_{ij}\right), \quad j = 1, \dots, b"]
    for number_, (size, after) in enumerate(zip(list("bcde"), list("cdef"), strict=True)):
        before, now = list("hklpq")[number_ : number_ + 2]
        weight = "WUSTR"[number_]
        lines.append(
            rf"{now}_j = \tanh\left(\sum_{{i=1}}^{{{size}}} {before}_i {weight}_{{ij}}\right),"
            rf" \quad j = 1, \dots, {after}"
        )
    model = model_of(*lines, r"L = \sum_{i=1}^{f} q_i")
    sizes = [dict(forward.point.sizes) for forward in drawn(model)]
    assert max(value for one in sizes for value in one.values()) <= 3
    for first, second in combinations(model.sizes, 2):
        assert any(one[first] != one[second] for one in sizes)


def test_sizes_have_room_for_every_literal_index() -> None:
    model = first_question().model
    literals = (Entry(Name("V"), (literal(5), literal(1))), Entry(Name("X"), (literal(2),)))
    for forward in drawn(model, *literals):
        assert forward.point.sizes["n"] >= 5


def test_the_numbers_are_within_their_ranges_and_targets_do_not_sum_to_one() -> None:
    for forward in drawn(first_question().model):
        assert all(abs(v) <= 1 for v in forward.point.values.values())
        targets = [value(forward, "Q", k) for k in (1, 2)]
        assert all(0 < target < 1 for target in targets)
        assert sum(targets) != 1


def test_the_same_arguments_give_the_same_points() -> None:
    first, second = (drawn(temperature().model) for _ in range(2))
    assert [forward.point for forward in first] == [forward.point for forward in second]


@pytest.mark.parametrize("case", NAMED, ids=TITLES)
def test_every_relu_is_seen_on_and_off(case: Case) -> None:
    made = drawn(case.model)
    assert not list(one_sided(made))
    if case.title == "A sum inside a product":
        assert any(forward.switches for forward in made)


def test_pairs_of_units_are_seen_in_all_four_states() -> None:
    model = model_of(r"a = \operatorname{ReLU}(u x + b)", r"c = \operatorname{ReLU}(v x + d)", r"L = (a w + c r - t)^2")
    states = {
        tuple(
            bool(distance > 0) for _, distance in sorted(forward.switches.items(), key=lambda item: item[0].name.base)
        )
        for forward in drawn(model)
    }
    assert states == {(False, False), (False, True), (True, False), (True, True)}


def test_logarithms_get_positive_arguments() -> None:
    model = model_of(r"y = \tanh(w x + b)", r"L = -[t \log y + (1 - t) \log(1 - y)]")
    for forward in drawn(model):
        assert 0 < forward.entry(Name("y"), ()) < 1


def test_a_model_without_a_real_value_has_no_point() -> None:
    with pytest.raises(NoPoint):
        drawn(model_of(r"L = \log(-x^2 - 1)"))


def test_what_is_given_holds_at_every_point() -> None:
    model = model_of(
        r"p_k = \frac{e^{z_k}}{\sum_{l=1}^{K} e^{z_l}}",
        r"L = -\sum_{k=1}^{K} y_k \log p_k + \lambda \sum_{k=1}^{K} z_k^2",
        given=(r"\sum_k y_k = 1", r"\lambda > 0"),
    )
    for forward in drawn(model):
        size = forward.point.sizes["K"]
        targets = [value(forward, "y", k) for k in range(1, size + 1)]
        assert sum(targets) == 1
        assert all(0 < target < 1 for target in targets)
        assert value(forward, r"\lambda") > 0


def test_listed_values_are_all_drawn_and_one_hot_targets_are_one_hot() -> None:
    model = model_of(
        r"p_k = \frac{e^{z_k}}{\sum_{l=1}^{3} e^{z_l}}",
        r"L = -\sum_{k=1}^{3} y_k \log p_k",
        given=(r"y_k \in \{0, 1\}", r"\sum_k y_k = 1"),
    )
    seen = {tuple(int(value(forward, "y", k)) for k in (1, 2, 3)) for forward in drawn(model)}
    assert seen == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}


@pytest.mark.parametrize("given", [("Q_1 = 1", "Q_1 = 2"), (r"Q_k \in \{2, 3\}", r"\sum_k Q_k = 1")])
def test_givens_that_contradict_each_other_leave_no_point(given: tuple[str, ...]) -> None:
    model = model_of(r"L = \sum_{k=1}^{2} Q_k z_k", given=given)
    with pytest.raises(NoPoint):
        drawn(model)


def test_a_claim_is_tried_on_both_sides_of_a_kink_of_its_own() -> None:
    model = model_of(r"a = \operatorname{ReLU}(x + b)", r"L = (a - t)^2")
    x, b = Entry(Name("x")), Entry(Name("b"))
    bent = Indicator(add(x, multiply(number(Fraction(99, 100)), b)), ">", number(0))
    sides = [
        (float(forward.value(add(x, multiply(number(Fraction(99, 100)), b)), {})), float(forward.value(add(x, b), {})))
        for forward in drawn(model, bent)
    ]
    assert any(own * models < 0 for own, models in sides)


def test_large_stated_sizes_have_stand_ins_which_numbers_follow() -> None:
    model = first_question(1000, 1000, 1000).model
    whole = Sum(
        "k", Range(literal(1), literal(1000)), multiply(number(Fraction(1, 1000)), Entry(Name("Q"), (Index("k"),)))
    )
    bench = Bench(model, (whole,), exact())
    assert all(set(sizes.values()) <= {2, 3, 4} for sizes in bench.sizes)
    (small,) = bench.formulas
    for forward in bench.passes():
        count = forward.point.sizes["1000"]
        mean = sum(value(forward, "Q", k) for k in range(1, count + 1)) / count
        assert abs(float(forward.value(small, {})) - float(mean)) < 1e-12
    assert bench.replaced.back(small) == whole


def test_a_literal_near_a_large_size_stays_the_last_but_one() -> None:
    bench = Bench(first_question(1000, 2, 2).model, (Entry(Name("X"), (literal(999),)),), exact())
    assert bench.formulas == (Entry(Name("X"), (Index("1000", -1),)),)


def test_what_would_take_too_long_or_lose_its_digits_is_refused() -> None:
    model = first_question().model
    deep: Formula = ONE
    for letter in "abcdefgh":
        deep = Sum(letter, Range(literal(1), literal(9)), multiply(deep, Entry(Name("Q"), (literal(1),))))
    with pytest.raises(TooLarge):
        Bench(model, (deep,), exact())
    third = first_question().asked(Entry(Name("V"), (literal(1), literal(1))))
    for _ in range(2):
        third = type(third)(third, third.wrt)
    with pytest.raises(TooDeep):
        Bench(model, (third,), exact())


def test_conditions_are_imposed_beside_what_the_file_gives() -> None:
    model = temperature().model
    (letter,) = ("k",)
    total = Sum(letter, Range(literal(1), Index("K")), Entry(Name("y"), (Index("s"), Index(letter))))
    for forward in passes(model, (), exact(), (Assumption(total, "=", (ONE,)),), {"N": 1}):
        size = forward.point.sizes["K"]
        assert forward.point.sizes["N"] == 1
        assert sum(value(forward, "y", 1, k) for k in range(1, size + 1)) == 1
