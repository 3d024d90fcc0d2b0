"""Claims, asks and assumptions: what they are read as, and what is said of those that cannot be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from generator.errors import Refusals, Unsupported
from generator.formula import ONE, Condition, Derivative, Entry, Index, Name, Number, Range, literal
from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.model import Role
from generator.problem import Claim, Problem
from generator.question import ClaimText, Question, Text, plain_text
from generator.verdict import Condition as Convention

MODEL = (
    r"z_j = \sum_{i=1}^{n} w_{ij} x_i + b_j",
    r"a_j = \sigma(z_j)",
    r"v_k = \sum_{j=1}^{m} u_{jk} a_j",
    r"y_k = \sigma(v_k)",
    r"L = \frac{1}{2} \sum_{k=1}^{K} (y_k - t_k)^2",
)
MEAN = (
    r"z^{(i)} = w x^{(i)} + b",
    r"p^{(i)} = \sigma(z^{(i)})",
    r"J = -\frac{1}{m} \sum_{i=1}^{m} [y^{(i)} \log p^{(i)} + (1 - y^{(i)}) \log(1 - p^{(i)})]",
)


def texts(*lines: str) -> tuple[Text, ...]:
    return tuple(map(plain_text, lines))


def read(
    *claims: str | ClaimText, lines: tuple[str, ...] = MODEL, asks: tuple[str, ...] = (), given: str = ""
) -> Problem:
    written = tuple(ClaimText(plain_text(claim)) if isinstance(claim, str) else claim for claim in claims)
    return read_problem(
        Question(
            slug="x",
            file="x.md",
            title="x",
            model=texts(*lines),
            asks=texts(*asks),
            claims=written,
            given=texts(given) if given else (),
        )
    )


def one(claim: str | ClaimText, lines: tuple[str, ...] = MODEL, asks: tuple[str, ...] = ()) -> Claim:
    (found,) = read(claim, lines=lines, asks=asks).claims
    assert found.refusal is None, found.refusal
    return found


def shown(claim: Claim) -> list[str]:
    return [latex(member) for member in claim.members]


def test_a_chain_has_all_its_members_and_the_ranges_of_its_letters() -> None:
    claim = one(r"\frac{\partial L}{\partial b_j} = \delta_j = \sum_k (y_k - t_k) u_{jk}")
    assert shown(claim) == [
        r"\frac{\partial L}{\partial b_j}",
        r"\frac{\partial L}{\partial z_j}",
        r"\sum_{k=1}^K (y_k - t_k) u_{jk}",
    ]
    assert claim.letters == (("j", Range(literal(1), Index("m"))),)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\frac{dL}{dw_{ij}}", r"\frac{\partial L}{\partial w_{ij}}"),
        (r"\partial L / \partial w_{ij}", r"\frac{\partial L}{\partial w_{ij}}"),
        (r"dL/dw_{ij}", r"\frac{\partial L}{\partial w_{ij}}"),
        (r"\frac{\partial}{\partial w_{ij}} L", r"\frac{\partial L}{\partial w_{ij}}"),
        (r"\frac{\partial}{\partial b_j}[\log a_j] x_1", r"\frac{\partial}{\partial b_j}(\log a_j) x_1"),
        (r"dw_{ij}", r"\frac{\partial L}{\partial w_{ij}}"),
        (r"dy_k", r"\frac{\partial L}{\partial y_k}"),
        (r"\delta_k", r"\frac{\partial L}{\partial v_k}"),
        (r"\delta_j x_i", r"\frac{\partial L}{\partial z_j} x_i"),
        (r"a_j (\delta_{jk} - a_k)", r"a_j (\delta_{jk} - a_k)"),
        (r"\sum_{k'} y_{k'}", r"\sum_{k'=1}^K y_{k'}"),
        (r"x_i \sum_j w_j", None),
    ],
)
def test_derivatives_and_error_terms_in_all_their_spellings(written: str, meant: str | None) -> None:
    (claim,) = read(f"{written} = 1").claims
    assert (None if claim.refusal else shown(claim)[0]) == meant


def test_a_bound_letter_hides_a_free_one() -> None:
    claim = one(r"\frac{\partial L}{\partial b_j} = u_{j1} \sum_j a_j")
    assert shown(claim)[1] == r"u_{j1} \sum_{i=1}^m a_i"


def test_an_index_on_the_right_only_is_free() -> None:
    claim = one(r"\frac{\partial L}{\partial b_1} = a_j")
    assert claim.letters == (("j", Range(literal(1), Index("m"))),)


def test_a_letter_ranges_over_where_it_first_stands() -> None:
    claim = one(r"\frac{\partial L}{\partial w_{ij}} = x_j")
    assert dict(claim.letters)["j"] == Range(literal(1), Index("m"))


def test_cases_and_stated_ranges_restrict_the_letters() -> None:
    claim = one(r"\frac{\partial a_i}{\partial z_j} = 0, \quad i \ne j")
    assert claim.where == (Condition(Index("i"), "!=", Index("j")),)
    assert one(r"a_j = 0 \text{ if } j = 1").where == (Condition(Index("j"), "=", literal(1)),)
    assert one(r"y_k = 1, \quad k = 2, \dots, K").letters == (("k", Range(literal(2), Index("K"))),)


def test_a_claim_without_a_left_side_is_about_the_one_thing_asked() -> None:
    claim = one(r"x_i a_j", asks=(r"\frac{\partial L}{\partial w_{ij}}",))
    assert shown(claim) == [r"\frac{\partial L}{\partial w_{ij}}", "x_i a_j"]
    assert [letter for letter, _ in claim.letters] == ["i", "j"]
    (other,) = read("x_i", asks=("L", "z_1")).claims
    assert other.refusal is not None
    assert "the one thing asked" in other.refusal.message


def test_a_place_with_two_readings_gives_both() -> None:
    claim = one(r"\frac{\partial L}{\partial b_j} = \sum_k y_k - t_k")
    assert shown(claim)[1] == r"\sum_{i=1}^K y_i - t_k"
    assert [latex(members[-1]) for members in claim.readings] == [r"\sum_{k=1}^K (y_k - t_k)"]
    claim = one(r"\frac{\partial L}{\partial b_j} = (a_j - 1)/a_j(1 - a_j)")
    assert [latex(members[-1]) for members in (claim.members, *claim.readings)] == [
        r"\frac{a_j - 1}{a_j} (1 - a_j)",
        r"\frac{a_j - 1}{a_j (1 - a_j)}",
    ]
    assert one(r"\frac{\partial L}{\partial b_j} = \left(\sum_k y_k\right) - t_1").readings == ()


@pytest.mark.parametrize(
    ("written", "change"),
    [
        (r"\Delta w_{ij} = -\eta \delta_j x_i", r"-\eta \frac{\partial L}{\partial z_j} x_i"),
        (r"w_{ij} \leftarrow w_{ij} - \eta \delta_j x_i", r"-\eta \frac{\partial L}{\partial z_j} x_i"),
        (r"w_{ij} := w_{ij} - \eta \frac{\partial L}{\partial w_{ij}}", r"-\eta \frac{\partial L}{\partial w_{ij}}"),
        (r"w_{ij} \gets 2 w_{ij}", "2 w_{ij} - w_{ij}"),
    ],
)
def test_an_update_rule_is_the_change_of_an_entry(written: str, change: str) -> None:
    claim = one(written)
    assert claim.update == Entry(Name("w"), (Index("i"), Index("j")))
    assert [latex(member) for member in claim.members] == [change]
    if r"\eta" in written:
        assert claim.model.quantity[Name(r"\eta")].role is Role.CONSTANT


def test_error_terms_have_the_common_conventions() -> None:
    (first,) = one(r"\delta_k = t_k - y_k").conventions
    assert first[0] is Convention.DELTA_IS_NEGATIVE
    assert latex(first[1][0]) == r"-\frac{\partial L}{\partial v_k}"
    assert one(r"\frac{\partial L}{\partial v_k} = t_k - y_k").conventions == ()


def test_differentials_of_samples_may_be_those_of_the_sum() -> None:
    claim = one(r"dw = \frac{1}{m} \sum_i dz^{(i)} x^{(i)}", MEAN)
    ((convention, members),) = claim.conventions
    assert convention is Convention.DELTA_OF_SUM
    assert latex(members[0]) == r"\frac{\partial J}{\partial w}"
    assert latex(members[1]) == (r"\frac{1}{m} \sum_{i=1}^m m \frac{\partial J}{\partial z^{(i)}} x^{(i)}")


def test_a_claim_may_replace_lines_of_the_model() -> None:
    claim = one(ClaimText(plain_text(r"\frac{\partial L}{\partial y_k} = 1"), model=texts(r"L = \sum_k y_k")))
    assert latex(claim.model.definition[Name("L")].formula) == r"\sum_{k=1}^{n_k} y_k"
    assert len(claim.model.definitions) == len(MODEL)


def test_a_claim_that_cannot_be_read_keeps_its_refusal_and_the_others_are_read() -> None:
    found = read(r"\frac{\partial L}{\partial q} = 1", r"L = (1", r"y_1 = 1", r"x^T w = 1").claims
    assert [claim.refusal is None for claim in found] == [False, False, True, False]
    assert found[0].refusal is not None
    assert found[0].refusal.place is not None
    assert "q is no quantity" in found[0].refusal.message
    assert isinstance(found[3].refusal, Unsupported)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (r"\frac{\partial L}{\partial w} = 1", "not yet supported: matrix notation"),
        (r"\frac{\partial^3 L}{\partial b_1^3} = 1", "not yet supported: derivatives of other orders"),
        (r"\frac{\partial^2 L}{\partial b_1} = 1", "order 2 above the bar and 1 below"),
        (r"\delta_1 = 1", "fits more than one pre-activation"),
        (r"\delta^{(7)} = 1", "fits no pre-activation"),
        (r"L \approx 1", "not yet supported: approximations"),
        (r"L < 1", "not yet supported: a claim with this relation"),
        (r"L \in \mathbb{R}", "not yet supported"),
        (r"f(x_1) = 1", "no quantity of the model"),
        (r"\sum_{c=1}^{C} y_c = 1", "C is no size of the model"),
        (r"m_1 = 1", "no quantity of the model"),
        (r"y = 1", "not yet supported: matrix notation"),
        (r"y_{12} = 1", None),
        (r"w_1 = 1", "1 indices where this name has 2"),
        (r"\frac{\partial 2}{\partial y_1} y_1 = 1", None),
        (r"\frac{\partial L}{\partial (y_1 + y_2)} = 1", "a derivative is taken in a quantity"),
        (r"\sum_j \sum_i q_{ij} = 1", "no quantity of the model"),
    ],
)
def test_why_a_claim_cannot_be_read(written: str, message: str | None) -> None:
    (claim,) = read(written).claims
    if message is None:
        assert claim.refusal is None
    else:
        assert claim.refusal is not None
        assert message in claim.refusal.message
        assert claim.refusal.place is not None


def test_a_model_that_nobody_states_the_size_of_may_get_a_name_in_a_claim() -> None:
    lines = (r"p_k = \operatorname{softmax}_k(z)", r"L = -\sum_k t_k \log p_k")
    claim = one(r"\frac{\partial L}{\partial z_k} = p_k \sum_{c=1}^{C} t_c - t_k", lines)
    assert shown(claim)[1] == r"p_k \sum_{c=1}^{n_k} t_c - t_k"


def test_sums_over_numbered_quantities_are_written_out() -> None:
    lines = (r"y_1 = \sigma(w_1 x)", r"y_2 = \sigma(w_2 x)", "L = (y_1 - t_1)^2 + (y_2 - t_2)^2")
    claim = one(r"\frac{\partial L}{\partial x} = \sum_{k=1}^{2} 2 (y_k - t_k) y_k (1 - y_k) w_k", lines)
    assert shown(claim)[1] == "2 (y_1 - t_1) y_1 (1 - y_1) w_1 + 2 (y_2 - t_2) y_2 (1 - y_2) w_2"
    (free,) = read(r"\frac{\partial L}{\partial y_k} = 2 (y_k - t_k)", lines=lines).claims
    assert isinstance(free.refusal, Unsupported)


def test_asks_may_be_any_expression() -> None:
    (ask,) = read(asks=(r"-\frac{\partial L}{\partial z_j}",)).asks
    assert latex(ask.formula) == r"-\frac{\partial L}{\partial z_j}"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (r"\frac{\partial L}{\partial q}", "no quantity"),
        ("L = 1", "without a relation"),
        (r"\sum_k y_k - t_k", "two readings"),
        (r"\frac{\partial^2 L}{\partial b_1^2}", "not yet supported: deriving second derivatives"),
    ],
)
def test_an_ask_that_cannot_be_read_stops_the_file(written: str, message: str) -> None:
    with pytest.raises(Refusals) as caught:
        read(asks=(written,))
    assert message in caught.value.refusals[0].message


@pytest.mark.parametrize(
    ("written", "relation", "right"),
    [
        (r"\sum_k t_k = 1", "=", (ONE,)),
        (r"t_1 = 1", "=", (ONE,)),
        (r"t_k \in \{0, 1\}", "in", (Number(Fraction(0)), ONE)),
        (r"x_1 > 0", ">", (Number(Fraction(0)),)),
    ],
)
def test_assumptions(written: str, relation: str, right: tuple[object, ...]) -> None:
    (assumption,) = read(asks=("L",), given=written).model.assumptions
    assert (assumption.relation, assumption.right) == (relation, right)


def test_an_error_term_of_a_labelled_layer() -> None:
    lines = (r"z^{(2)}_k = \sum_j W_{jk} x_j", r"a^{(2)}_k = \tanh(z^{(2)}_k)", r"E = \sum_k (a^{(2)}_k)^2")
    claim = one(r"\delta^{(2)}_k = 1", lines)
    assert claim.members[0] == Derivative(Entry(Name("E")), (Entry(Name("z", "(2)"), (Index("k"),)),))
