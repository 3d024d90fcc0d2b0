"""What is found out about a wrong formula: the kind of slip, where it is, and what belongs there."""

from __future__ import annotations

import pytest

from generator.latex.printer import latex
from generator.repair.tree import at
from generator.verdict import Judgement, Verdict
from tests.test_judge import MEAN, SIGMOIDS, SOFTMAX, J, O, V, judged

NESTED = r"""
  s_1 = \sigma(x w_1 + 1)
  s_2 = \sigma(s_1 w_2 + 1)
  s_3 = \sigma(s_1 w_3 + 1)
  y = \sigma(s_2 w_4 + s_3 w_5 + 1)
"""
SHARED = r"""
  h = \sigma(w_1 x + b)
  y = \sigma(w_2 h + b)
  L = \frac{1}{2} (y - t)^2
"""
TANH = r"""
  h_j = \tanh\left(\sum_{i=1}^{n} x_i w_{ij}\right)
  L = \frac{1}{2} \sum_{j=1}^{m} (h_j - t_j)^2
"""
BOLD = r"""
  z_k = \sum_{j=1}^{m} h_j w_{jk}
  a_k = \sigma(z_k)
  E = -\sum_{k=1}^{K} \left[ y_k \log a_k + (1 - y_k) \log(1 - a_k) \right]
"""
FIXED = SIGMOIDS.replace("{n}", "{3}").replace("{m}", "{4}")
W = r"\frac{\partial E}{\partial w_{jk}} = "

ONE_STEP = (
    ("sign", SIGMOIDS, V + r"-\sum_k (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)"),
    ("constant-factor", MEAN, J + r"\sum_s (h_s - y_s) x_{sj}"),
    ("missing-factor", SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} Z_j (1 - Z_j)"),
    ("missing-factor", BOLD, W + r"a_k - y_k"),
    ("extra-factor", BOLD, W + r"(a_k - y_k) a_k (1 - a_k) h_j"),
    ("extra-factor", BOLD, r"\frac{\partial E}{\partial z_k} = (a_k - y_k) \sigma'(z_k)"),
    ("missing-term", SHARED, r"\frac{\partial L}{\partial b} = (y - t) y (1 - y)"),
    ("missing-term", BOLD, W + r"-y_k h_j"),
    ("extra-term", BOLD, W + r"(a_k - y_k) h_j + h_j"),
    ("missing-sum", SIGMOIDS, V + r"(Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)"),
    ("missing-sum", SOFTMAX, O + r"\frac{\partial L}{\partial p_i} \frac{\partial p_i}{\partial o_i}"),
    ("extra-sum", BOLD, W + r"\sum_k (a_k - y_k) h_j"),
    ("wrong-index", SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{kj} X_i Z_j (1 - Z_j)"),
    ("wrong-index", SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{ik} X_j Z_i (1 - Z_i)"),
    ("wrong-index", SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_j Z_j (1 - Z_j)"),
    ("wrong-index", SOFTMAX, O + r"\left(\sum_i p_i y_i\right) - y_i"),
    ("missing-delta", SOFTMAX, r"\frac{\partial p_k}{\partial o_i} = p_k (1 - p_i)"),
    ("wrong-symbol", TANH, r"\frac{\partial L}{\partial w_{ij}} = (h_j - t_j)(1 - t_j^2) x_i"),
    ("wrong-local-derivative", SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_i Z_j"),
    ("wrong-local-derivative", SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_i (1 - Z_j^2)"),
    ("wrong-symbol", BOLD, r"\frac{\partial a_k}{\partial z_k} = y_k (1 - y_k)"),
    ("wrong-exponent", TANH, r"\frac{\partial L}{\partial w_{ij}} = (h_j - t_j)(1 - h_j) x_i"),
    ("wrong-exponent", SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)^2"),
    ("wrong-index", FIXED, r"\frac{\partial E}{\partial V_{ij}} = \sum_k (Y_k - Q_k) W_{kj} X_i Z_j (1 - Z_j)"),
    ("missing-bracket", MEAN, J + r"\frac{2}{m} \sum_s (h_s - y_s x_{sj})"),
    ("other-quantity", SIGMOIDS, V + r"\sum_k (Y_k - Q_k) W_{jk} Z_j (1 - Z_j)"),
    ("other-model", BOLD, W + r"(a_k - y_k) a_k (1 - a_k) h_j"),
)
"""A kind of slip, a model, and a claim with that slip."""


TWO_STEPS = (
    (("missing-factor", "sign"), SIGMOIDS, V + r"\sum_k (Q_k - Y_k) X_i Z_j (1 - Z_j)"),
    (("missing-factor", "missing-factor"), SIGMOIDS, V + r"\sum_k (Y_k - Q_k) Z_j (1 - Z_j)"),
    (("sign", "missing-term"), SHARED, r"\frac{\partial L}{\partial b} = (t - y) y (1 - y)"),
    (("missing-sum", "constant-factor"), MEAN, J + r"(h_s - y_s) x_{sj}"),
    (("constant-factor", "missing-factor"), MEAN, J + r"\sum_s (h_s - y_s)"),
)


def fits(steps: tuple[str, ...], found: Judgement) -> bool:
    return any(sorted(one.steps) == sorted(steps) for one in found.diagnosis)


@pytest.mark.parametrize(("kind", "model", "claim"), ONE_STEP)
def test_a_single_slip_is_told_by_its_kind(kind: str, model: str, claim: str) -> None:
    found = judged(model, claim)
    assert fits((kind,), found)
    assert {len(one.steps) for one in found.diagnosis} == {1}


@pytest.mark.parametrize(("kinds", "model", "claim"), TWO_STEPS)
def test_two_slips_are_told_together(kinds: tuple[str, ...], model: str, claim: str) -> None:
    assert fits(kinds, judged(model, claim))


@pytest.mark.parametrize(("kind", "model", "claim"), ONE_STEP + tuple((" ".join(k), m, c) for k, m, c in TWO_STEPS))
def test_what_is_reported_is_right_when_it_is_claimed(kind: str, model: str, claim: str) -> None:
    left = claim.partition("=")[0]
    for one in judged(model, claim).diagnosis:
        assert judged(model, f"{left} = {latex(one.repaired)}").verdict is Verdict.RIGHT, (kind, one)


@pytest.mark.parametrize(("kind", "model", "claim"), ONE_STEP)
def test_the_places_of_a_slip_are_places_of_the_claim(kind: str, model: str, claim: str) -> None:
    found = judged(model, claim)
    for one in found.diagnosis:
        assert one.claimed == found.members[-1], kind
        assert all(at(one.claimed, place) is not None for place in one.places)


def test_all_weights_left_out_along_the_paths_are_one_slip() -> None:
    inner = r"\sigma'(s_1 w_2 + 1) \sigma'(x w_1 + 1) x + \sigma'(s_1 w_3 + 1) \sigma'(x w_1 + 1) x"
    claim = rf"\frac{{\partial y}}{{\partial w_1}} = \sigma'(s_2 w_4 + s_3 w_5 + 1) \left[ {inner} \right]"
    (one,) = judged(NESTED, claim).diagnosis
    assert one.steps == ("missing-factor",)
    assert sorted(latex(weight) for weight in one.belongs) == ["w_2", "w_3", "w_4", "w_5"]


def test_the_same_slip_in_every_term_is_one_slip() -> None:
    terms = " + ".join(rf"(Y_{k} - Q_{k}) Y_{k} (1 - Y_{k}) W_{{1{k}}} X_1 Z_1 (1 - Z_1)" for k in (1, 2))
    found = judged(SIGMOIDS, r"\frac{\partial E}{\partial V_{11}} = " + terms)
    assert fits(("extra-factor",), found)


def test_softmax_treated_entry_by_entry_lacks_the_other_paths_and_is_right_for_single_units() -> None:
    model = r"""
  z_j = \sum_{i=1}^{n} h_i w_{ij}
  o_j = \frac{e^{z_j}}{\sum_l e^{z_l}}
  E = -\sum_j t_j \log o_j
"""
    found = judged(model, r"\frac{\partial E}{\partial w_{ij}} = -\frac{t_j}{o_j} o_j (1 - o_j) h_i")
    assert [one.steps for one in found.diagnosis] == [("missing-term",), ("other-model",)]


def test_for_a_formula_without_anything_right_nothing_is_diagnosed() -> None:
    found = judged(SIGMOIDS, r"\frac{\partial E}{\partial V_{11}} = X_2 Z_2")
    assert (found.verdict, found.diagnosis) == (Verdict.WRONG, ())
    assert found.witness is not None


def test_a_repair_never_replaces_all_that_the_asker_wrote() -> None:
    found = judged(BOLD, W + "h_j y_k a_k^2 + 3")
    assert all("missing-term" not in one.steps or len(one.steps) == 1 for one in found.diagnosis)


def test_what_fits_equally_well_is_all_reported() -> None:
    found = judged(BOLD, W + r"(a_k - y_k) a_k (1 - a_k) h_j")
    assert [one.steps for one in found.diagnosis] == [("extra-factor",), ("other-model",)]


def test_a_missing_factor_is_put_where_the_chain_has_it() -> None:
    (one, *_) = judged(SIGMOIDS, V + r"\sum_k (Y_k - Q_k) X_i Z_j (1 - Z_j)").diagnosis
    assert latex(one.repaired) == r"\sum_{k=1}^2 (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)"
