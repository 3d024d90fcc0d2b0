"""A slip that is made alike in several places is one slip, and a repair leaves something of what was claimed."""

from __future__ import annotations

import pytest

from generator.latex.printer import latex
from tests.test_judge import RELU, SIGMOIDS, R, V, judged

RECURRENT = r"""
  h_1 = \tanh(u x_1 + w h_0)
  h_2 = \tanh(u x_2 + w h_1)
  h_3 = \tanh(u x_3 + w h_2)
  L = \frac{1}{2} (h_3 - t)^2
"""
NUMBERED = r"""
  h_1 = \sigma(w_1 x_1 + w_2 x_2)
  h_2 = \sigma(w_3 x_1 + w_4 x_2)
  y_1 = \sigma(w_5 h_1 + w_6 h_2)
  y_2 = \sigma(w_7 h_1 + w_8 h_2)
  L = (y_1 - t_1)^2 + (y_2 - t_2)^2
"""
DEEP = r"""
  a_j = \sigma\left(\sum_{i=1}^{2} x_i U_{ij}\right)
  b_k = \sigma\left(\sum_{j=1}^{2} a_j V_{jk}\right)
  c_l = \sigma\left(\sum_{k=1}^{2} b_k W_{kl}\right)
  L = -\sum_{l=1}^{2} \left[ t_l \log c_l + (1 - t_l) \log(1 - c_l) \right]
"""
NAMED = r"""
  s_j = \sum_{i=1}^{n} x_i V_{ij}
  h_j = \tanh(s_j)
  y = \sum_{j=1}^{m} h_j w_j
  L = (y - t)^2
"""
W = r"\frac{\partial L}{\partial w} = "
H = r"\frac{\partial L}{\partial h_1} = "
A = r"\frac{\partial L}{\partial a_j} = "
S = r"\frac{\partial L}{\partial V_{ij}} = "
FIRST = r"(h_3 - t) w (1 - h_3^2) w (1 - h_2^2) h_0"


def paths(w: str, v: str) -> str:
    """All four paths through the last two layers, written out."""
    term = "(c_{l} - t_{l}) " + w + " b_{k} (1 - b_{k}) " + v
    return " + ".join(term.format(k=k, l=l) for k in "12" for l in "12")


SLIPS = (
    (
        "extra-factor",
        RECURRENT,
        W + FIRST + r" h_0 (1 - h_1^2) + (h_3 - t) w (1 - h_3^2) h_1 h_1 (1 - h_2^2) + (h_3 - t) h_2 h_2 (1 - h_3^2)",
    ),
    (
        "sign",
        RECURRENT,
        W
        + FIRST.replace("- t", "+ t")
        + r" (1 - h_1^2) + (h_3 + t) w (1 - h_3^2) h_1 (1 - h_2^2) + (h_3 + t) h_2 (1 - h_3^2)",
    ),
    ("missing-factor", NUMBERED, H + r"2 (y_1 - t_1) w_5 + 2 (y_2 - t_2) w_7"),
    ("wrong-symbol", NUMBERED, H + r"2 (y_1 - t_1) y_1 (1 - y_1) x_1 + 2 (y_2 - t_2) y_2 (1 - y_2) x_1"),
    ("missing-factor", DEEP, A + paths("", "V_{{j{k}}}")),
    ("wrong-index", DEEP, A + paths("W_{{{l}{k}}}", "V_{{j{k}}}")),
    ("missing-factor", DEEP, A + r"\sum_{k=1}^{2} \sum_{l=1}^{2} (c_l - t_l) b_k (1 - b_k)"),
    ("wrong-local-derivative", NAMED, S + r"2 (y - t) w_j \tanh(s_j) x_i"),
    ("wrong-symbol", NAMED, S + r"2 (y - t) w_j \tanh'(h_j) x_i"),
    ("wrong-local-derivative", RELU, R + r"(y - t) w_j 1[h_j \le 0] x_i"),
    ("missing-bracket", NAMED, r"\frac{\partial L}{\partial w_j} = 2 y - t h_j"),
    ("extra-term", NAMED, r"\frac{\partial L}{\partial w_j} = 2 (y - t) h_j + h_j"),
)


@pytest.mark.parametrize(("kind", "model", "claim"), SLIPS)
def test_a_slip_in_every_term_is_one_slip_and_so_is_another_function_in_the_place_of_a_derivative(
    kind: str, model: str, claim: str
) -> None:
    found = judged(model, claim)
    assert (kind,) in [one.steps for one in found.diagnosis], [one.steps for one in found.diagnosis]


@pytest.mark.parametrize(("kind", "model", "claim"), SLIPS)
def test_what_repairs_every_term_makes_the_claim_right(kind: str, model: str, claim: str) -> None:
    left = claim.partition("=")[0]
    for one in judged(model, claim).diagnosis:
        assert judged(model, f"{left} = {latex(one.repaired)}").verdict.value == "right", kind


def test_nothing_is_repaired_by_turning_every_term_into_zero() -> None:
    claim = V + r"(Y_1 - Q_1) W_{j1} X_i b_j + (Y_2 - Q_2) W_{j2} X_i b_j"
    for one in judged(SIGMOIDS, claim).diagnosis:
        assert "Q_1 - Q_1" not in latex(one.repaired)
        assert "Y_1 - Y_1" not in latex(one.repaired)
