"""Verdicts on claims about small models, written as a question file writes them."""

from __future__ import annotations

import pytest

from generator.formula import MINUS_ONE, number
from generator.judge import judge
from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.source import read_question
from generator.verdict import Condition, Judgement, Verdict

SIGMOIDS = r"""
  Z_j = \sigma\left(\sum_{i=1}^{n} X_i V_{ij} + b_j\right)
  Y_k = \sigma\left(\sum_{j=1}^{m} Z_j W_{jk} + c_k\right)
  E = -\sum_{k=1}^{2} \left[ Q_k \log Y_k + (1 - Q_k) \log(1 - Y_k) \right]
"""
SOFTMAX = r"""
  p_k = \frac{e^{o_k}}{\sum_l e^{o_l}}
  L = -\sum_k y_k \log p_k
"""
MEAN = r"""
  h_s = \sum_{j=1}^{d} w_j x_{sj}
  J = \frac{1}{m} \sum_{s=1}^{m} (h_s - y_s)^2
"""
RELU = r"""
  h_j = \operatorname{ReLU}\left(\sum_{i=1}^{n} x_i V_{ij}\right)
  y = \sum_{j=1}^{m} h_j w_j
  L = \frac{1}{2} (y - t)^2
"""


def judged(model: str, claim: str, given: str = "") -> Judgement:
    """The judgement of the one claim of a question file."""
    extra = f"given: {given}\n" if given else ""
    text = f"---\ntitle: A question\nmodel: |{model.rstrip()}\n{extra}claims:\n  - {claim}\n---\nIs it right?\n"
    (only,) = read_problem(read_question(text, "question.md")).claims
    assert only.refusal is None
    return judge(only)


V = r"\frac{\partial E}{\partial V_{ij}} = "
O = r"\frac{\partial L}{\partial o_i} = "
J = r"\frac{\partial J}{\partial w_j} = "
R = r"\frac{\partial L}{\partial V_{ij}} = "

RIGHT = (
    (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)"),
    (SIGMOIDS, V + r"X_i (Z_j - Z_j^2) \sum_{l=1}^{2} W_{jl} (Y_l - Q_l)"),
    (SIGMOIDS, V + r"-\sum_k (Q_k - Y_k) W_{jk} X_i Z_j (1 - Z_j)"),
    (
        SIGMOIDS,
        r"\frac{\partial E}{\partial V_{21}} = \left[(Y_1 - Q_1) W_{11} + (Y_2 - Q_2) W_{12}\right] X_2 Z_1 (1 - Z_1)",
    ),
    (
        SIGMOIDS,
        V
        + r"\sum_k \frac{\partial E}{\partial Y_k} \frac{\partial Y_k}{\partial Z_j}"
        + r" \frac{\partial Z_j}{\partial V_{ij}}",
    ),
    (SOFTMAX, O + r"p_i \sum_k y_k - y_i"),
    (SOFTMAX, r"\frac{\partial p_k}{\partial o_i} = p_k (\delta_{ki} - p_i)"),
    (SOFTMAX, r"\frac{\partial p_k}{\partial o_i} = -p_k p_i, \quad k \ne i"),
    (MEAN, J + r"\frac{2}{m} \sum_s (h_s - y_s) x_{sj}"),
    (RELU, R + r"(y - t) w_j 1[h_j > 0] x_i"),
)

WRONG = (
    (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{kj} X_i Z_j (1 - Z_j)"),
    (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_i Z_j"),
    (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) X_i Z_j (1 - Z_j)"),
    (SIGMOIDS, V + r"(Y_1 - Q_1) W_{j1} X_i Z_j (1 - Z_j)"),
    (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) Y_k (1 - Y_k) W_{jk} X_i Z_j (1 - Z_j)"),
    (SIGMOIDS, V + r"\sum_k (Y_k + Q_k) W_{jk} X_i Z_j (1 - Z_j)"),
    (SOFTMAX, r"\frac{\partial p_k}{\partial o_i} = p_k (1 - p_i)"),
    (SOFTMAX, O + r"p_i - 2 y_i"),
    (RELU, R + r"(y - t) w_j x_i"),
)


@pytest.mark.parametrize(("model", "claim"), RIGHT)
def test_a_right_formula_is_right_however_it_is_written(model: str, claim: str) -> None:
    found = judged(model, claim)
    assert (found.verdict, found.diagnosis, found.witness) == (Verdict.RIGHT, (), None)


@pytest.mark.parametrize(("model", "claim"), WRONG)
def test_a_wrong_formula_is_wrong_and_comes_with_a_witness_or_a_reason(model: str, claim: str) -> None:
    found = judged(model, claim)
    assert found.verdict is Verdict.WRONG
    assert found.witness is not None or found.reason is not None


@pytest.mark.parametrize(
    ("model", "claim", "factor"),
    [
        (SIGMOIDS, V + r"\sum_k (Q_k - Y_k) W_{jk} X_i Z_j (1 - Z_j)", MINUS_ONE),
        (SIGMOIDS, V + r"\frac{1}{2} \sum_k (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)", number(2)),
    ],
)
def test_a_constant_factor_is_named(model: str, claim: str, factor: object) -> None:
    found = judged(model, claim)
    assert (found.verdict, found.factor) == (Verdict.PROPORTIONAL, factor)


def test_a_factor_made_of_a_size_is_named() -> None:
    found = judged(MEAN, J + r"2 \sum_s (h_s - y_s) x_{sj}")
    assert found.verdict is Verdict.PROPORTIONAL
    assert found.factor is not None


@pytest.mark.parametrize(
    ("claim", "condition"),
    [
        (O + "p_i - y_i", Condition.TARGETS_SUM_TO_ONE),
        (r"\delta_k = y_k - p_k", Condition.DELTA_IS_NEGATIVE),
    ],
)
def test_a_condition_that_the_file_does_not_give_is_named(claim: str, condition: Condition) -> None:
    model = SOFTMAX.replace("p_k = ", r"o_k = \sum_j h_j w_{jk}" + "\n  p_k = ") if "delta" in claim else SOFTMAX
    given = r"\sum_k y_k = 1" if "delta" in claim else ""
    found = judged(model, claim, given)
    assert (found.verdict, found.conditions) == (Verdict.CONDITIONAL, (condition,))


def test_what_the_file_gives_is_no_condition() -> None:
    found = judged(SOFTMAX, O + "p_i - y_i", r"\sum_k y_k = 1")
    assert (found.verdict, found.conditions) == (Verdict.RIGHT, ())


def test_a_chain_is_as_good_as_its_worst_link_and_its_end_is_judged_too() -> None:
    middle = r"\frac{\partial L}{\partial p_i} \frac{\partial p_i}{\partial o_i}"
    found = judged(SOFTMAX, O + middle + r" = p_i - y_i", r"\sum_k y_k = 1")
    assert (found.verdict, found.ends) == (Verdict.WRONG, Verdict.RIGHT)
    assert [link.verdict for link in found.links] == [Verdict.WRONG, Verdict.WRONG]


@pytest.mark.parametrize(
    ("model", "claim", "kind"),
    [
        (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_i Z_j", "wrong-local-derivative"),
        (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) X_i Z_j (1 - Z_j)", "missing-factor"),
        (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) Y_k (1 - Y_k) W_{jk} X_i Z_j (1 - Z_j)", "extra-factor"),
        (SIGMOIDS, V + r"(Y_1 - Q_1) W_{j1} X_i Z_j (1 - Z_j)", "missing-term"),
        (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{kj} X_i Z_j (1 - Z_j)", "wrong-index"),
        (SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)^2", "wrong-exponent"),
        (SIGMOIDS, V + r"\sum_k (Y_k + Q_k) W_{jk} X_i Z_j (1 - Z_j)", "sign"),
        (SOFTMAX, r"\frac{\partial p_k}{\partial o_i} = p_k (1 - p_i)", "missing-delta"),
        (MEAN, J + r"2 \sum_s (h_s - y_s) x_{sj}", "constant-factor"),
    ],
)
def test_the_slip_is_among_the_kinds_that_are_named(model: str, claim: str, kind: str) -> None:
    found = judged(model, claim)
    assert any(kind in one.steps for one in found.diagnosis), found.diagnosis


@pytest.mark.parametrize(("model", "claim"), WRONG)
def test_a_repaired_formula_is_right(model: str, claim: str) -> None:
    for one in judged(model, claim).diagnosis:
        left = claim.partition("=")[0]
        assert judged(model, f"{left} = {latex(one.repaired)}").verdict is Verdict.RIGHT
