"""Claims of every form: numbers, update rules, inequalities, cases, ambiguous ones, and what cannot be settled."""

from __future__ import annotations

import pytest

from generator.formula import MINUS_ONE
from generator.judge import judge
from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.problem import Claim, Problem
from generator.source import read_question
from generator.verdict import Condition, Judgement, Verdict
from tests.test_judge import MEAN, RELU, SIGMOIDS, SOFTMAX, J, O, V, judged

LINE = r"""
  h = w x + b
  L = (h - t)^2
"""


def problem(model: str, claim: str, **keys: str) -> Problem:
    """The problem of a question file with one claim."""
    extra = "".join(f"{key}: {value}\n" for key, value in keys.items())
    text = f"---\ntitle: A question\nmodel: |{model.rstrip()}\n{extra}claims:\n  - {claim}\n---\nIs it right?\n"
    return read_problem(read_question(text, "question.md"))


def at_values(claim: str, values: str) -> Judgement:
    found = problem(LINE, claim, values=values)
    (only,) = found.claims
    return judge(only, found.values)


VALUES = "{w: 0.5, x: 2, b: 0.25, t: 1}"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\frac{\partial L}{\partial w} = 1", Verdict.RIGHT),
        (r"\frac{\partial L}{\partial b} = 0.5", Verdict.RIGHT),
        (r"\frac{\partial L}{\partial b} = 0.6", Verdict.WRONG),
        (r"L = 0.06", Verdict.RIGHT),
        (r"L = 0.0625", Verdict.RIGHT),
        (r"L = 0.07", Verdict.WRONG),
    ],
)
def test_a_number_is_judged_at_the_values_to_the_digits_written(claim: str, verdict: Verdict) -> None:
    assert at_values(claim, VALUES).verdict is verdict


def test_a_wrong_number_has_the_values_as_its_witness() -> None:
    witness = at_values(r"\frac{\partial L}{\partial b} = 0.6", VALUES).witness
    assert witness is not None
    assert (witness.claimed, witness.true) == ("0.6", "0.5")
    assert {latex(entry): value for entry, value in witness.values} == {"w": "0.5", "x": "2", "b": "0.25", "t": "1"}


def test_a_number_without_values_is_a_claim_about_all_numbers() -> None:
    (only,) = problem(LINE, r"\frac{\partial L}{\partial b} = 0.5").claims
    assert judge(only).verdict is Verdict.WRONG
    assert judged(LINE, r"\frac{\partial h}{\partial b} = 1").verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"w_j := w_j - \eta \sum_s (h_s - y_s) x_{sj}", Verdict.RIGHT),
        (r"w_j \leftarrow w_j - \frac{\eta}{m} \sum_s (h_s - y_s) x_{sj}", Verdict.RIGHT),
        (r"\Delta w_j = -\eta \frac{\partial J}{\partial w_j}", Verdict.RIGHT),
        (r"\Delta w_j = \sum_s (y_s - h_s) x_{sj}", Verdict.RIGHT),
        (r"w_j := w_j + \eta \sum_s (h_s - y_s) x_{sj}", Verdict.PROPORTIONAL),
        (r"w_j := w_j - \eta \sum_s (h_s - y_s)", Verdict.WRONG),
        (r"w_j := w_j - \eta w_j \sum_s (h_s - y_s) x_{sj}", Verdict.WRONG),
    ],
)
def test_an_update_is_a_step_down_the_gradient_of_any_length(claim: str, verdict: Verdict) -> None:
    found = judged(MEAN, claim)
    assert found.verdict is verdict
    if verdict is Verdict.PROPORTIONAL:
        assert found.factor == MINUS_ONE
        assert [one.steps for one in found.diagnosis] == [("sign",)]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (O + r"p_i - y_i, \quad i = 1", Verdict.CONDITIONAL),
        (r"\frac{\partial p_k}{\partial o_i} = -p_k p_i", Verdict.WRONG),
        (r"\frac{\partial p_k}{\partial o_i} = -p_k p_i, \quad k \ne i", Verdict.RIGHT),
        (r"\frac{\partial p_k}{\partial o_i} = p_k (1 - p_k), \quad k = i", Verdict.RIGHT),
        (r"\frac{\partial p_k}{\partial o_i} = p_k (1 - p_k), \quad k \ne i", Verdict.WRONG),
        (r"\frac{\partial p_1}{\partial o_2} = -p_1 p_2", Verdict.RIGHT),
        (r"\frac{\partial p_1}{\partial o_2} \ne \frac{\partial p_1}{\partial o_1}", Verdict.RIGHT),
        (r"\frac{\partial p_1}{\partial o_2} \ne \frac{\partial p_2}{\partial o_1}", Verdict.WRONG),
    ],
)
def test_a_claim_is_judged_in_the_case_that_it_names(claim: str, verdict: Verdict) -> None:
    assert judged(SOFTMAX, claim).verdict is verdict


def test_an_index_out_of_its_range_makes_a_claim_wrong_and_is_named() -> None:
    found = judged(SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{kj} X_i Z_j (1 - Z_j)")
    assert found.verdict is Verdict.WRONG
    assert found.reason is not None
    assert found.reason.startswith("W has no entry")


def test_an_ambiguous_claim_is_read_without_the_index_that_would_be_loose() -> None:
    found = judged(SIGMOIDS, r"E = -\sum_k Q_k \log Y_k + (1 - Q_k) \log(1 - Y_k)")
    assert found.verdict is Verdict.RIGHT
    assert sorted(verdict.value for _, verdict in found.readings) == ["right", "wrong"]


def test_a_claim_that_cannot_be_read_is_undecided_and_says_where() -> None:
    (only,) = problem(LINE, r"\frac{\partial L}{\partial w} = 2 (h - t) \foo").claims
    found = judge(only)
    assert found.verdict is Verdict.UNDECIDED
    assert found.reason is not None
    assert "question.md:" in found.reason


def test_a_model_without_points_leaves_a_claim_undecided() -> None:
    found = judged("\n  L = \\log(-x^2 - 1)\n", r"\frac{\partial L}{\partial x} = \frac{2 x}{x^2 + 1}")
    assert found.verdict is Verdict.UNDECIDED
    assert found.reason is not None


def test_a_claim_that_has_no_value_where_a_unit_is_off_is_undecided() -> None:
    claim = r"\frac{\partial L}{\partial V_{ij}} = (y - t) w_j \frac{h_j}{h_j} x_i"
    assert judged(RELU, claim).verdict is Verdict.UNDECIDED


def test_the_derivative_of_relu_may_be_taken_at_its_value() -> None:
    claim = r"\frac{\partial L}{\partial V_{ij}} = (y - t) w_j \operatorname{ReLU}'(h_j) x_i"
    assert judged(RELU, claim).verdict is Verdict.RIGHT


def test_a_derivative_in_what_does_not_matter_is_zero() -> None:
    model = SIGMOIDS + "  R = b_1 + 1\n"
    assert judged(model, r"\frac{\partial R}{\partial W_{11}} = 0").verdict is Verdict.RIGHT
    assert judged(model, r"\frac{\partial R}{\partial W_{11}} = W_{11} - W_{11}").verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("sizes", ["{}", "{n: 2, m: 2}", "{n: 1000, m: 1000}", "{n: 784, m: 100}"])
def test_the_verdict_does_not_depend_on_how_large_the_layers_are(sizes: str) -> None:
    right = V + r"\sum_k (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)"
    wrong = V + r"\sum_k (Y_k - Q_k) W_{jk} X_i"
    verdicts = []
    for claim in (right, wrong):
        (only,) = problem(SIGMOIDS, claim, sizes=sizes).claims
        verdicts.append(judge(only))
    assert [found.verdict for found in verdicts] == [Verdict.RIGHT, Verdict.WRONG]
    for one in verdicts[1].diagnosis:
        assert "#" not in latex(one.repaired)


def test_a_mean_over_a_large_size_is_off_by_that_number() -> None:
    model = MEAN.replace("s=1}^{m}", "s=1}^{1000}").replace(r"\frac{1}{m}", r"\frac{1}{1000}")
    found = judged(model, J + r"2 \sum_s (h_s - y_s) x_{sj}")
    assert found.verdict is Verdict.PROPORTIONAL
    assert found.factor is not None
    assert latex(found.factor) == r"\frac{1}{1000}"


def test_witness_numbers_are_short_and_differ_visibly() -> None:
    witness = judged(SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_i").witness
    assert witness is not None
    assert all(len(value.lstrip("-")) <= 4 for _, value in witness.values)
    assert witness.claimed != witness.true


def test_nothing_but_the_mathematics_is_asked() -> None:
    claim = V + r"\sum_k (Y_k - Q_k) W_{jk} X_i Z_j"
    (plain,) = problem(SIGMOIDS, claim).claims
    told = Claim(**{**{f: getattr(plain, f) for f in plain.__slots__}, "expect": "right", "note": "x", "by": "source"})
    assert judge(plain) == judge(told)


def test_a_hinge_is_seen_from_both_sides_though_usual_numbers_do_not_reach_them() -> None:
    model = "\n  s = \\sum_{i=1}^{n} w_i x_i\n  L = \\max(0, 1 - y s)\n"
    given = r"'y \in \{-1, 1\}'"
    assert judged(model, r"\frac{\partial L}{\partial w_i} = -y x_i 1[y s < 1]", given).verdict is Verdict.RIGHT
    assert judged(model, r"\frac{\partial L}{\partial w_i} = -y x_i", given).verdict is Verdict.WRONG


def test_a_condition_and_a_factor_may_both_be_needed() -> None:
    found = judged(SOFTMAX, O + r"2 (p_i - y_i)")
    assert found.verdict is Verdict.PROPORTIONAL
    assert found.conditions == (Condition.TARGETS_SUM_TO_ONE,)
    assert found.factor is not None
    assert latex(found.factor) == r"\frac{1}{2}"
