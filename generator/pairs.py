"""Output activation by loss: rows of LaTeX, read and derived like any question; the error term of each pair."""

from __future__ import annotations

from dataclasses import dataclass, replace

from generator.checking import check
from generator.derivation import Derivation
from generator.derive import derive
from generator.formula import Derivative, Formula
from generator.judge import judge
from generator.latex.reader import read_problem
from generator.model import Assumption, Model
from generator.problem import Problem
from generator.question import ClaimText, Question, plain_text
from generator.verdict import Verdict

BCE = r"E = -\sum_{k=1}^{K} \left[ Q_k \log Y_k + (1 - Q_k) \log(1 - Y_k) \right]"
CE = r"E = -\sum_{k=1}^{K} Q_k \log Y_k"
SQUARED = r"E = \sum_{k=1}^{K} (Y_k - Q_k)^2"
HALF = r"E = \frac{1}{2} \sum_{k=1}^{K} (Y_k - Q_k)^2"
SOFTMAX = r"Y_k = \frac{e^{a_k}}{\sum_{l=1}^{K} e^{a_l}}"
SUM = r"\sum_{k=1}^{K} Q_k = 1"


@dataclass(frozen=True, slots=True)
class Row:
    """An output activation with a loss: `output` and `loss` in words, the lines of its model, what may be `given`.

    `also` is another form of the result, judged like a claim.
    """

    key: str
    output: str
    loss: str
    lines: tuple[str, ...]
    note: str
    given: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row read and derived: the derivative of the loss in a pre-activation, in one more form where the row has one.

    `known` is the derivation under what is `given`.
    """

    row: Row
    model: Model
    derivation: Derivation
    also: Formula | None = None
    given: Assumption | None = None
    known: Derivation | None = None


ROWS: tuple[Row, ...] = (
    Row(
        "sigmoid-bce",
        "logistic",
        "binary cross-entropy",
        (r"Y_k = \sigma(a_k)", BCE),
        "The derivative of the logistic function cancels; each output answers a yes-or-no question of its own.",
    ),
    Row(
        "softmax-ce",
        "softmax",
        "cross-entropy",
        (SOFTMAX, CE),
        "Output minus target only if the targets of one sample sum to 1.",
        SUM,
    ),
    Row(
        "linear-half-squared",
        "none",
        "half squared error",
        (r"Y_k = a_k", HALF),
        "The 2 of the square cancels the half, and there is no activation whose derivative could stay.",
    ),
    Row(
        "exp-poisson",
        "exponential",
        "Poisson likelihood",
        (r"Y_k = e^{a_k}", r"E = \sum_{k=1}^{K} (Y_k - Q_k \log Y_k)"),
        "For counts: again output minus target, since the logarithm undoes the exponential function.",
        also=r"Y_k - Q_k",
    ),
    Row(
        "linear-logistic",
        "none",
        "logistic loss, targets -1 and 1",
        (r"Y_k = a_k", r"E = \sum_{k=1}^{K} \log(1 + e^{-Q_k Y_k})"),
        "Binary cross-entropy for targets -1 and 1 instead of 0 and 1.",
        also=r"-Q_k \sigma(-Q_k Y_k)",
    ),
    Row(
        "linear-absolute",
        "none",
        "absolute error",
        (r"Y_k = a_k", r"E = \sum_{k=1}^{K} |Y_k - Q_k|"),
        "The sign of the error alone; no derivative where output and target are equal.",
    ),
    Row(
        "sigmoid-half-squared",
        "logistic",
        "half squared error",
        (r"Y_k = \sigma(a_k)", HALF),
        "The derivative of the logistic function stays: an output that is wrong and saturated hardly learns.",
    ),
    Row(
        "sigmoid-squared",
        "logistic",
        "squared error",
        (r"Y_k = \sigma(a_k)", SQUARED),
        "The same with the 2 of the square.",
    ),
    Row(
        "tanh-half-squared",
        "tanh",
        "half squared error",
        (r"Y_k = \tanh(a_k)", HALF),
        "The derivative of tanh stays; targets are -1 and 1.",
    ),
    Row(
        "relu-half-squared",
        "ReLU",
        "half squared error",
        (r"Y_k = \max(0, a_k)", HALF),
        "An output that is off gets no gradient, however wrong it is.",
    ),
    Row(
        "softmax-half-squared",
        "softmax",
        "half squared error",
        (SOFTMAX, HALF),
        "Nothing cancels, and every output is in every error.",
    ),
    Row(
        "softmax-bce",
        "softmax",
        "summed binary cross-entropy",
        (SOFTMAX, BCE),
        "Not the loss of softmax; for two outputs it is twice output minus target if the targets sum to 1.",
    ),
    Row(
        "sigmoid-ce",
        "logistic",
        "cross-entropy",
        (r"Y_k = \sigma(a_k)", CE),
        "The other half of the loss is missing: nothing ever lowers an output.",
        also=r"-Q_k (1 - Y_k)",
    ),
    Row(
        "linear-bce",
        "none",
        "binary cross-entropy",
        (r"Y_k = a_k", BCE),
        "Real only for outputs between 0 and 1, which nothing here ensures.",
    ),
    Row(
        "tanh-bce",
        "tanh",
        "binary cross-entropy",
        (r"Y_k = \tanh(a_k)", BCE),
        "Real only for positive outputs, and tanh is negative for half of its arguments.",
    ),
)


class NotRight(Exception):
    """Another form of a result was not found to be equal to it."""


def pairs() -> tuple[Pair, ...]:
    """Every row, derived; each line of each step checked. Raises `StepFailed` and `NotRight`."""
    return tuple(map(pair, ROWS))


def pair(row: Row) -> Pair:
    """A row, derived."""
    problem = _read(row, "")
    derived = Pair(row, problem.model, _derivation(problem), _also(problem))
    if not row.given:
        return derived
    narrower = _read(row, row.given)
    return replace(derived, given=narrower.model.assumptions[0], known=_derivation(narrower))


def _derivation(problem: Problem) -> Derivation:
    asked = problem.asks[0].formula
    if not isinstance(asked, Derivative):
        raise NotRight(asked)
    derivation = derive(problem.model, asked)
    check(problem.model, derivation)
    return derivation


def _also(problem: Problem) -> Formula | None:
    for claim in problem.claims:
        if judge(claim).verdict is not Verdict.RIGHT:
            raise NotRight(claim.latex)
        return claim.members[-1]
    return None


def _read(row: Row, given: str) -> Problem:
    left = r"\frac{\partial E}{\partial a_k}"
    claims = (ClaimText(plain_text(f"{left} = {row.also}")),) if row.also else ()
    lines = tuple(plain_text(line) for line in row.lines)
    assumed = (plain_text(given),) if given else ()
    roles = ((plain_text("a"), plain_text("input")),)
    return read_problem(Question(row.key, "<pairs>", row.key, lines, (plain_text(left),), claims, assumed, roles=roles))
