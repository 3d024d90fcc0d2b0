"""The rules of names, indices and expressions: what a line means, shown by printing it, and what is refused."""

from __future__ import annotations

import pytest

from generator.errors import Refusals
from generator.formula import Softmax, canonical
from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.problem import Problem
from generator.question import ClaimText, Question, plain_text


def problem(*lines: str, claims: tuple[str, ...] = (), asks: tuple[str, ...] = ("1",), **keys: str) -> Problem:
    return read_problem(
        Question(
            slug="x",
            file="x.md",
            title="x",
            model=tuple(map(plain_text, lines)),
            asks=tuple(map(plain_text, asks)),
            claims=tuple(ClaimText(plain_text(claim)) for claim in claims),
            sizes=tuple((plain_text(key), plain_text(value)) for key, value in keys.items()),
        )
    )


def printed(found: Problem) -> list[str]:
    return [f"{latex(d.entry)} = {latex(d.formula)}" for d in found.model.definitions]


READ = [
    # names
    (["y = wx + b"], ["y = w x + b"]),
    (["L = K k"], ["L = K k"]),
    (
        [r"L = \hat y \bar x \tilde y \vec x \mathbf{x} \mathcal{L}"],
        [r"L = \hat{y} \bar{x} \tilde{y} \vec{x} \mathbf{x} \mathcal{L}"],
    ),
    ([r"L = \text{net} + \operatorname{net} + \mathrm{net}"], [r"L = \mathrm{net} + \mathrm{net} + \mathrm{net}"]),
    (["CE = a", "L = 2CE"], [r"\mathrm{CE} = a", r"L = 2 \mathrm{CE}"]),
    (["out_1 = a", "L = out_1"], [r"\mathrm{out}_1 = a", r"L = \mathrm{out}_1"]),
    (["L = W_1 a + W_2 a + m_{10}"], ["L = W_1 a + W_2 a + m_{10}"]),
    (["net_{h1} = w_1", "L = net_{h1}"], [r"\mathrm{net}_{h1} = w_1", r"L = \mathrm{net}_{h1}"]),
    ([r"L = E_{\text{total}}"], [r"L = E_{\mathrm{total}}"]),
    ([r"L = \sum_j V_{1j} + V_{12,3}"], [r"L = \sum_{j=1}^{n_j} V_{1j} + V_{12,3}"]),
    ([r"L = \sum_{j=1}^{9} V_{1,j} + V_{12,3}"], [r"L = \sum_{j=1}^9 V_{1j} + V_{12,3}"]),
    ([r"L = \sum_{j=1}^{12} w_j + w_{10}"], [r"L = \sum_{j=1}^{12} w_j + w_{10}"]),
    # superscripts
    (["y = x^2"], ["y = x^2"]),
    (["a^2 = x", "L = a^2"], ["a^2 = x", "L = a^2"]),
    (["a^l = w^l a^{l-1}", "L = (a^l)^2"], ["a^l = w^l a^{l-1}", "L = (a^l)^2"]),
    ([r"z^{(2)} = W^{[2]} a^{(1)}"], [r"z^{(2)} = W^{[2]} a^{(1)}"]),
    (
        [r"z^{(i)} = \sum_{j=1}^{D} w_j x^{(i)}_j", r"L = \sum_{i=1}^{N} (z^{(i)})^2"],
        [r"z^{(i)} = \sum_{j=1}^D w_j x_j^{(i)}", r"L = \sum_{i=1}^N (z^{(i)})^2"],
    ),
    (
        [r"a^{[2](i)} = W^{[2]} x^{(i)}", r"L = \sum_{i=1}^{N} a^{[2](i)}"],
        [r"a^{[2](i)} = W^{[2]} x^{(i)}", r"L = \sum_{i=1}^N a^{[2](i)}"],
    ),
    (
        [r"z_k = \sum_{j=1}^{m} (W_2)_{jk} h_j", r"L = \sum_k z_k^2"],
        [r"z_k = \sum_{j=1}^m (W_2)_{jk} h_j", r"L = \sum_{k=1}^{n_k} z_k^2"],
    ),
    # primes
    (["y' = x", "L = (y - y')^2"], ["y' = x", "L = (y - y')^2"]),
    (["y' = x", "L = y'^2 + y^{\\prime}"], ["y' = x", "L = y'^2 + y'"]),
    ([r"L = \sum_k a_k \sum_{k'} a_{k'}"], [r"L = \sum_{k=1}^{n_k} a_k \sum_{k'=1}^{n_k} a_{k'}"]),
    ([r"y = \sigma(x)", r"L = \sigma'(x) y"], [r"y = \sigma(x)", r"L = \sigma'(x) y"]),
    # sizes and sums
    ([r"L = \frac1n \sum_{i=1}^{n} x_i"], [r"L = \frac{1}{n} \sum_{i=1}^n x_i"]),
    ([r"L = 1/n \sum_{i=1}^n x_i + 1/2 w^2"], [r"L = \frac{1}{n} \sum_{i=1}^n x_i + \frac{1}{2} w^2"]),
    ([r"L = \sum_{k=0}^{n-1} x_k"], [r"L = \sum_{k=0}^{n-1} x_k"]),
    (
        [r"L = \sum_{j=0}^{n} w_j + \lambda \sum_{j=1}^{n} w_j^2"],
        [r"L = \sum_{j=0}^n w_j + \lambda \sum_{j=1}^n w_j^2"],
    ),
    ([r"y_k = x_k, \quad k = 1, \dots, K", r"L = \sum_k y_k"], ["y_k = x_k", r"L = \sum_{k=1}^K y_k"]),
    ([r"y_k = x_k \text{ for } k \in \{1, 2\}", r"L = \sum_k y_k"], ["y_k = x_k", r"L = \sum_{k=1}^2 y_k"]),
    (
        [r"y_k = \sum_{l \ne k} x_l", r"L = \sum_{k=1}^3 y_k"],
        [r"y_k = \sum_{l=1,\ l \ne k}^{n_l} x_l", r"L = \sum_{k=1}^3 y_k"],
    ),
    (
        [r"y_k = \sum_{l \ne k} A_{kl} x_l", r"L = \sum_{k=1}^3 y_k x_k"],
        [r"y_k = \sum_{l=1,\ l \ne k}^3 A_{kl} x_l", r"L = \sum_{k=1}^3 y_k x_k"],
    ),
    ([r"L = \sum_{i,j=1}^{n} A_{ij}"], [r"L = \sum_{i=1}^n \sum_{j=1}^n A_{ij}"]),
    ([r"L = \sum_i \sum_{j > i} A_{ij} A_{ji}"], [r"L = \sum_{i=1}^{n_i} \sum_{j=1,\ j > i}^{n_i} A_{ij} A_{ji}"]),
    ([r"L = \sum_i x_i w_i - c"], [r"L = \sum_{i=1}^{n_i} x_i w_i - c"]),
    ([r"L = \prod_{i=1}^{n} p_i^{y_i}"], [r"L = \prod_{i=1}^n p_i^{y_i}"]),
    ([r"L = \sum_{t=1}^{T} \gamma^t r_t"], [r"L = \sum_{t=1}^T \gamma^t r_t"]),
    (["y_1 = a", "y_2 = b", r"L = \sum_k (y_k - t_k)^2"], ["y_1 = a", "y_2 = b", "L = (y_1 - t_1)^2 + (y_2 - t_2)^2"]),
    (
        ["y_1 = a", "y_2 = b", "z_k = y_k^2", r"L = \sum_k z_k"],
        ["y_1 = a", "y_2 = b", "z_1 = y_1^2", "z_2 = y_2^2", "L = z_1 + z_2"],
    ),
    # products, fractions, brackets
    (["z_1 = x", "y = z_1(1-z_1)"], ["z_1 = x", "y = z_1 (1 - z_1)"]),
    ([r"y = a \cdot b \times c * d"], ["y = a b c d"]),
    ([r"y = \frac12 x + \tfrac{a}{b} + \dfrac a b"], [r"y = \frac{1}{2} x + \frac{a}{b} + \frac{a}{b}"]),
    (["y = a/b + (a + b)/(2 c)"], [r"y = \frac{a}{b} + \frac{a + b}{2 c}"]),
    (["y = a/b/c"], [r"y = \frac{a}{b c}"]),
    ([r"y = \sqrt{x} + \sqrt[3]{x} + |x|"], [r"y = \sqrt{x} + x^{\frac{1}{3}} + \lvert x \rvert"]),
    ([r"y = \left[ a + \{b - (c + 1)\} \right] d"], ["y = [a + b - (c + 1)] d"]),
    ([r"y = \max(0, x) + \min\{1, x\}"], [r"y = \max(0, x) + \min(1, x)"]),
    (
        [r"y = 1[x > 0] + \mathbf{1}_{\{x > 0\}} + \mathbb{1}(x \le 2)"],
        [r"y = \mathbf{1}_{\{x > 0\}} + \mathbf{1}_{\{x > 0\}} + \mathbf{1}_{\{x \le 2\}}"],
    ),
    ([r"y = a,", r"z &= b \\", "L = y + z."], ["y = a", "z = b", "L = y + z"]),
    # functions
    ([r"y = \log \sigma_1^2 + \log \frac{a}{b}"], [r"y = \log(\sigma_1^2) + \log\left( \frac{a}{b} \right)"]),
    ([r"y = \ln \sum_j e^{x_j}"], [r"y = \log\left( \sum_{j=1}^{n_j} e^{x_j} \right)"]),
    ([r"y = \tanh z + 1"], [r"y = \tanh(z) + 1"]),
    ([r"y = \log p (1 - p)"], [r"y = \log(p) (1 - p)"]),
    ([r"y = q \log p \log q"], [r"y = q \log(p) \log q"]),
    ([r"y = \tanh^2(z) + \sin^2 z + \sigma(z)^2"], [r"y = \tanh^2(z) + \sin^2(z) + \sigma^2(z)"]),
    (
        [r"y = \operatorname{ReLU}(x) + \text{relu}(x) + \mathrm{softplus}(x)"],
        [r"y = \operatorname{ReLU}(x) + \operatorname{ReLU}(x) + \operatorname{softplus}(x)"],
    ),
    ([r"y = \mu + \sigma z"], [r"y = \mu + \sigma z"]),
    ([r"y = \sigma_1(x) + \phi_2(x)"], [r"y = \sigma_1(x) + \phi_2(x)"]),
    ([r"L = \sum_{k=1}^{K-1} y_{k+1}"], [r"L = \sum_{k=1}^{K-1} y_{k+1}"]),
    ([r"h = \tanh(W_x x + W_h h_0 + b_h)", "L = h"], [r"h = \tanh(W_x x + W_h h_0 + b_h)", "L = h"]),
    ([r"y = f(w x)", "L = y^2"], ["y = f(w x)", "L = y^2"]),
    (["g(z) = z^2 + 1", "L = g(a b) g(c)"], ["L = [(a b)^2 + 1] (c^2 + 1)"]),
    ([r"f(z) = \frac{1}{1 + e^{-z}}", "y = f(w x)", "L = f'(y)"], [r"y = \sigma(w x)", r"L = \sigma'(y)"]),
    ([r"f(z) = \max(0, z)", "L = f(x)"], [r"L = \operatorname{ReLU}(x)"]),
    (
        [r"h_\theta(x) = \sum_j \theta_j x_j", r"J(\theta) = (h_\theta(x) - y)^2"],
        [r"h_{\theta} = \sum_{j=1}^{n_j} \theta_j x_j", r"J = (h_{\theta} - y)^2"],
    ),
    ([r"L = e^{x} + e"], ["L = e^{x} + e^{1}"]),
    (["e = y - t", "L = e^2"], ["e = y - t", "L = e^2"]),
    (["e_k = y_k - t_k", r"L = \sum_k e_k^2 + e^{-x}"], ["e_k = y_k - t_k", r"L = \sum_{k=1}^{n_k} e_k^2 + e^{-x}"]),
    (["I = 2 x", "d = I w", "L = d^2"], ["I = 2 x", "d = I w", "L = d^2"]),
    # softmax
    ([r"p_k = \operatorname{softmax}_k(z)"], [r"p_k = \frac{e^{z_k}}{\sum_{l=1}^{n_k} e^{z_l}}"]),
    ([r"p_k = \operatorname{softmax}(z)_k"], [r"p_k = \frac{e^{z_k}}{\sum_{l=1}^{n_k} e^{z_l}}"]),
    ([r"p_k = \frac{e^{z_k}}{\sum_k e^{z_k}}"], [r"p_k = \frac{e^{z_k}}{\sum_{i=1}^{n_k} e^{z_i}}"]),
    (
        [r"p_k = \frac{\exp(z_k / T)}{\sum_{c=1}^{C} \exp(z_c / T)}"],
        [r"p_k = \frac{e^{\frac{z_k}{T}}}{\sum_{c=1}^C e^{\frac{z_c}{T}}}"],
    ),
    # Kronecker's delta
    (
        [r"y_j = \sum_k \delta_{jk} x_k", r"L = \sum_{j=1}^{3} y_j"],
        [r"y_j = \sum_{k=1}^3 \delta_{jk} x_k", r"L = \sum_{j=1}^3 y_j"],
    ),
    # one letter for two layers
    (
        [r"a_j = \sigma(\sum_i w_{ij} x_i)", r"a_k = \sigma(\sum_j w_{jk} a_j)", r"E = \sum_k (a_k - t_k)^2"],
        [
            r"a_j = \sigma\left( \sum_{i=1}^{n_i} w_{ij} x_i \right)",
            r"a_k = \sigma\left( \sum_{j=1}^{n_j} w_{jk} a_j \right)",
            r"E = \sum_{k=1}^{n_k} (a_k - t_k)^2",
        ],
    ),
]


@pytest.mark.parametrize(("lines", "expected"), READ, ids=lambda value: value[-1])
def test_a_model_means_what_is_printed(lines: list[str], expected: list[str]) -> None:
    assert printed(problem(*lines)) == expected


def test_softmax_written_out_is_softmax() -> None:
    written, called, by_letter = (
        problem(r"p_k = \frac{e^{z_k}}{\sum_{j} e^{z_j}}"),
        problem(r"p_k = \operatorname{softmax}_k(z)"),
        problem(r"p_k = \operatorname{softmax}(z_k)"),
    )
    formulas = [canonical(found.model.definitions[0].formula) for found in (written, called, by_letter)]
    assert isinstance(formulas[0], Softmax)
    assert formulas[0] == formulas[1] == formulas[2]


def test_one_letter_for_two_layers_gives_quantities_of_their_own() -> None:
    found = problem(
        r"z_j = \sum_i w_{ij} y_i + b_j", r"y_j = \tanh(z_j)", r"z_k = \sum_j w_{jk} y_j + b_k",
        r"y_k = \frac{e^{z_k}}{\sum_l e^{z_l}}", r"E = -\sum_k t_k \log y_k",
    )  # fmt: skip
    layers = {(q.name.base, q.name.layer): q.ranges for q in found.model.quantities if q.name.layer}
    assert set(layers) == {
        ("z", "j"), ("z", "k"), ("y", "i"), ("y", "j"), ("y", "k"), ("w", "i,j"), ("w", "j,k"), ("b", "j"), ("b", "k")
    }  # fmt: skip
    assert layers["w", "j,k"] == layers["y", "j"] + layers["y", "k"]
    assert layers["w", "i,j"] == layers["y", "i"] + layers["z", "j"]


def test_a_weight_with_the_same_letters_twice_is_shared() -> None:
    found = problem(r"h_j = \tanh(\sum_i w_{ij} x_i)", r"o_j = \tanh(\sum_i w_{ij} h_i)", r"L = \sum_j o_j")
    (weight,) = [q for q in found.model.quantities if q.name.base == "w"]
    assert weight.ranges[0] == weight.ranges[1]


def test_the_first_right_side_defines_and_the_rest_is_to_be_checked() -> None:
    found = problem(r"a_k = \sigma(z_k) = \frac{1}{1 + e^{-z_k}}", "L = a_1")
    (check,) = found.checks
    assert [latex(member) for member in check.members] == [r"\sigma(z_k)", r"\frac{1}{1 + e^{-z_k}}"]
    assert [letter for letter, _ in check.letters] == ["k"]


def test_sizes_are_fixed_by_name_and_by_index_letter() -> None:
    lines = (r"L = \frac{1}{n} \sum_{i=1}^{n} x_i + \sum_k y_k",)
    assert printed(problem(*lines, n="3", k="2")) == [r"L = \frac{1}{3} \sum_{i=1}^3 x_i + \sum_{k=1}^2 y_k"]
    assert problem(*lines).model.sizes == ("n", "n_k")
    assert problem(*lines, n="3").model.sizes == ("n_k",)
    assert printed(problem(*lines, n="m")) == [r"L = \frac{1}{m} \sum_{i=1}^m x_i + \sum_{k=1}^{n_k} y_k"]


# Lines, a part of the message, the line and column at which it points, a part of the hint.
REFUSED = [
    (["y = log(x)"], "product of letters", 1, 5, r"\log"),
    (["y = sigma(x)"], "product of letters", 1, 5, r"\sigma"),
    (["y = softmax(x)"], "product of letters", 1, 5, r"\operatorname{softmax}"),
    (["y = 2 target"], "one name or a product", 1, 7, r"\text{target}"),
    ([r"y = \sigm(x)"], r"unknown command \sigm", 1, 5, r"\sigma"),
    ([r"y = \operatorname{sigmod}(x)"], "no function sigmod", 1, 5, "sigmoid"),
    (["y = σ(x)"], "GREEK SMALL LETTER SIGMA", 1, 5, r"\sigma"),
    (["y = a − b"], "MINUS SIGN", 1, 7, "-"),
    (["y = а"], "CYRILLIC SMALL LETTER A", 1, 5, "looks like"),
    (["y = a\u202eb"], "RIGHT-TO-LEFT OVERRIDE", 1, 6, ""),
    (["y = a\x07b"], "U+0007", 1, 6, ""),
    (["y = (a"], "never closed", 1, 5, ""),
    (["y = a)"], "never opened", 1, 6, ""),
    (["y = (a]"], "closed by", 1, 7, ")"),
    (["y = a +"], "ends too early", 1, 7, ""),
    (["y = = a"], "unexpected =", 1, 5, ""),
    (["y = a^2^3"], "a second superscript", 1, 9, "braces"),
    (["y = W_11"], "first of these digits", 1, 8, "W_{11}"),
    (["y = x^23"], "first of these digits", 1, 8, "W_{11}"),
    (["y = 2 3"], "two numbers", 1, 7, r"\cdot"),
    (["y = 1.2.3"], "no number", 1, 5, "0.5"),
    (["L = 1e-3 x"], "power of ten", 1, 5, "10^{-3}"),
    (["y = x'"], "x' is not defined", 1, 5, "roles"),
    ([r"y = \frac{dE}{2}"], "not yet supported: differentials", 1, 11, "roles"),
    ([r"L = \sum_{i=1}^m (y^{(i)} - t)^2 + y"], "carries a sample index", 1, 36, ""),
    ([r"L = n + \sum_n w_n"], "n is an index letter", 1, 5, ""),
    ([r"L = \sum_{i=1}^{n} x_i + \sum_n w_n"], "n is used as an index elsewhere", 1, 11, ""),
    (["y = x^{9}"], "exponents up to 8", 1, 8, ""),
    (["y = w(x + b)"], "a factor or a function", 1, 5, r"w \cdot"),
    (["L = (a - y)/a(1 - a)"], "two readings", 1, 12, r"\frac{(a - y)}{a (1 - a)}"),
    ([r"E = -\sum_k Q_k \log Y_k + (1 - Q_k) \log(1 - Y_k)"], "two readings", 1, 6, r"\left["),
    ([r"y_i = \sum_i w_i x_i + b_i"], "two readings", 1, 7, r"\left["),
    ([r"y = \log \frac{a}{b} (c)"], "where the argument of this function ends", 1, 5, "or"),
    ([r"y = \log"], "needs an argument", 1, 5, ""),
    ([r"y = \log_2 x"], "a function has no index", 1, 5, "natural"),
    ([r"y = \sigma^{-1}(x)"], "a power of a function or a factor", 1, 5, ""),
    ([r"y = \sigma(x) + \sigma^{-1}(x)"], "inverse function", 1, 17, ""),
    (["y = x_i"], "index i stands on the right only", 1, 5, r"\sum_{i}"),
    ([r"y = \sum x"], "without a letter", 1, 5, r"\sum_{s}"),
    ([r"y = \sum_i"], "what is summed is missing", 1, 5, ""),
    ([r"y = \sum_{i=1} x_i"], "needs an upper one", 1, 5, ""),
    ([r"y = \sum_{l \ne k} a_l"], "the index k stands nowhere else", 1, 11, ""),
    ([r"L = \sum_{i=1}^{n} x_i", r"M = \sum_{i=1}^{m} x_i"], "has the size m here and n in line 1", 1, 11, "same size"),
    ([r"L = \sum_{i=1}^{n} x_i", r"M = \sum_{j=1}^{3} x_j"], "has the size 3 here and n", 1, 11, "sizes: {n: 3}"),
    ([r"L = \sum_{i=1}^{3} x_i + x_4"], "no entry 4", 1, 26, ""),
    (["y_1 = a", "y_2 = b", r"L = \sum_{k=1}^{3} y_k"], "has the size", 1, 1, ""),
    (["y_1 = a", "y_3 = b", r"L = \sum_k y_k"], "missing", 1, 1, ""),
    (["y = a", "y = b"], "defined in line 1 already", 1, 1, ""),
    (["y = z", "z = y"], "in a circle", 1, 1, ""),
    ([r"h_t = \tanh(h_{t-1})"], "recurrence", 1, 1, ""),
    (["y + 1 = a"], "its name stands alone on the left", 1, 1, r"\sigma"),
    (["y^2 = a", "L = y"], "stands without the 2", 1, 5, "y^{(2)}"),
    (["z^1 = w^1 x", "L = z^1"], "a power or a layer's own", 1, 7, "w^{(1)}"),
    (["V = W_{ij} + W_i", "L = W_{jk}"], "indices", 1, 14, ""),
    ([r"L = x^T y"], "not yet supported: matrix notation", 1, 5, ""),
    ([r"L = A \odot B"], "not yet supported: matrix notation", 1, 7, ""),
    ([r"y = \begin{cases} 1 \end{cases}"], "not yet supported: cases", 1, 5, ""),
    ([r"y = \left. a \right|_{b}"], "not yet supported: what is held fixed", 1, 5, ""),
    ([r"y = \frac{\partial a}{\partial b}"], "not yet supported: derivatives in the lines of a model", 1, 5, ""),
    ([r"y_k = x_k", r"L = y"], "not yet supported: matrix notation", 1, 5, "y_{i}"),
    ([r"y = \max_i x_i"], "not yet supported", 1, 5, ""),
    (["y = x, z = 3"], "not yet supported: cases", 1, 8, ""),
]


@pytest.mark.parametrize(("lines", "message", "line", "column", "hint"), REFUSED, ids=lambda v: str(v)[:60])
def test_a_refusal_says_what_where_and_how(lines: list[str], message: str, line: int, column: int, hint: str) -> None:
    with pytest.raises(Refusals) as caught:
        problem(*lines)
    refusal = caught.value.refusals[0]
    assert message in refusal.message
    assert refusal.place is not None
    assert (refusal.place.line, refusal.place.column) == (line, column)
    assert hint in refusal.hint
