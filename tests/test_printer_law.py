"""Formulas printed and read again are the same formulas."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.formula import (
    ZERO,
    Apply,
    Condition,
    Delta,
    Derivative,
    Entry,
    Extreme,
    Formula,
    Index,
    Indicator,
    Letter,
    Multiply,
    Name,
    Number,
    Power,
    Range,
    Size,
    Softmax,
    Sum,
    add,
    canonical,
    literal,
    multiply,
    negative,
    power,
    replace_children,
)
from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.question import ClaimText, Question, plain_text

MODEL = (
    r"z_k = \sum_{j=1}^{m} W_{jk} h_j + c",
    r"p_k = \sigma(z_k)",
    r"q_s = u \sum_{j=1}^{m} v_j x_j^{(s)} + y'",
    r"y' = \tanh(a^{(1)}) + a^{(2)}",
    r"L = \frac{1}{N} \sum_{s=1}^{N} (q_s - t_s)^2 + \sum_{k=1}^{3} r_k \log p_k + f(\hat y) + \beta_k",
)
QUESTION = Question(
    slug="law",
    file="law.md",
    title="A law",
    model=tuple(plain_text(line.replace(r" + \beta_k", r" + \sum_{k=1}^{3} \beta_k")) for line in MODEL),
    asks=(plain_text("L"),),
)
UNITS, CLASSES, SAMPLES = Range(literal(1), Index("m")), Range(literal(1), literal(3)), Range(literal(1), Index("N"))
POSITIONS: dict[Name, tuple[str, ...]] = {
    Name("W"): ("jl", "k"),
    Name("h"): ("jl",),
    Name("z"): ("k",),
    Name("p"): ("k",),
    Name(r"\beta"): ("k",),
    Name("x", sample=True): ("jl", "s"),
    Name("q"): ("s",),
}
SCALARS = (Name("c"), Name("u"), Name("y'"), Name("a", "(1)"), Name("a", "(2)"), Name(r"\hat{y}"))
LOSS = Entry(Name("L"))


def indices(letters: str) -> st.SearchStrategy[Index]:
    return st.one_of(st.sampled_from([Index(letter) for letter in letters]), st.sampled_from([literal(1), literal(2)]))


def entries() -> st.SearchStrategy[Entry]:
    indexed = [
        st.builds(Entry, st.just(name), st.tuples(*(indices(letters) for letters in positions)))
        for name, positions in POSITIONS.items()
    ]
    return st.one_of(*indexed, st.sampled_from([Entry(name) for name in SCALARS]))


def atoms() -> st.SearchStrategy[Formula]:
    numbers = st.builds(lambda a, b: Number(Fraction(a, b)), st.integers(0, 12), st.integers(1, 4))
    return st.one_of(
        entries(),
        entries(),
        numbers,
        st.just(Size("N")),
        st.just(Letter(Index("k"))),
        entries().map(lambda entry: Derivative(LOSS, (entry,))),
        st.just(Delta(Index("j"), Index("l"))),
    )


def raised(base: Formula, exponent: Fraction) -> Formula:
    return base if isinstance(base, Power | Number) else power(base, exponent)


def larger(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    exponents = st.sampled_from([Fraction(n) for n in (-2, -1, 2, 3)] + [Fraction(1, 2)])
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: add(*parts)),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: multiply(*parts)),
        inner.map(negative),
        st.builds(raised, inner, exponents),
        st.builds(Apply, st.sampled_from(["sigmoid", "tanh", "log", "exp", "relu", "f", "abs"]), inner),
        st.builds(lambda f, a: Apply(f, a, 1), st.sampled_from(["sigmoid", "tanh", "f"]), inner),
        st.builds(lambda body: Sum("k", CLASSES, body), inner),
        st.builds(lambda body: Sum("j", UNITS, body), inner),
        st.builds(lambda body: Sum("l", UNITS, body, (Condition(Index("l"), "!=", Index("j")),)), inner),
        st.just(Softmax(Index("k"), "i", CLASSES, Entry(Name("z"), (Index("i"),)))),
        st.builds(lambda part: Extreme("max", (ZERO, part)), inner),
        st.builds(lambda left, right: Indicator(left, ">", right), inner, inner),
    )


FORMULAS = st.recursive(atoms(), larger, max_leaves=12)


def read_back(formulas: list[Formula]) -> list[Formula]:
    """The formulas printed, each as a claim about one model, and read."""
    claims = tuple(ClaimText(plain_text(rf"W_{{jk}} h_l q_s = {latex(formula)}")) for formula in formulas)
    found = read_problem(replace(QUESTION, claims=claims)).claims
    for claim in found:
        assert claim.refusal is None, f"{claim.latex}\n{claim.refusal}"
        assert not claim.readings, claim.latex
    return [claim.members[1] for claim in found]


def settled(formula: Formula) -> Formula:
    """The formula up to the names of bound letters, the order of factors and how they share a fraction bar."""
    return ordered(canonical(formula))


def ordered(formula: Formula) -> Formula:
    inside = replace_children(formula, ordered)
    match inside:
        case Power(Multiply(factors), Number(exponent)) if exponent.denominator == 1:
            return ordered(multiply(*(power(factor, exponent) for factor in factors)))
        case Power(Power(base, Number(inner)), Number(outer)) if outer.denominator == 1:
            return power(base, inner * outer)
        case Multiply(factors):
            return Multiply(tuple(sorted(factors, key=repr)))
        case _:
            return inside


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(FORMULAS, min_size=12, max_size=12))
def test_formulas_printed_and_read_again_are_the_same(formulas: list[Formula]) -> None:
    assert [settled(formula) for formula in read_back(formulas)] == [settled(formula) for formula in formulas]
