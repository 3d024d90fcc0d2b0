"""What the keys `values`, `sizes` and `roles` of a file say about its names; and roles where nobody states them."""

from __future__ import annotations

import pytest

from generator.errors import Refusals
from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.problem import Problem
from generator.source import read_question

LAYER = (r"Z_j = \sigma(\sum_{i=1}^{2} X_i V_{ij} + b_j)", r"E = \sum_{j=1}^{2} (Z_j - t_j)^2")


def read(lines: tuple[str, ...], keys: str = "", ask: str = "'1'") -> Problem:
    model = "".join(f"  {line}\n" for line in lines)
    return read_problem(read_question(f"---\ntitle: t\nmodel: |\n{model}ask: {ask}\n{keys}\n---\n", "a.md"))


def defined(problem: Problem) -> list[str]:
    return [f"{latex(d.entry)} = {latex(d.formula)}" for d in problem.model.definitions]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("values: {X: [1, 0.5]}", {"X_1": "1", "X_2": "1/2"}),
        ("values: {'V_{11}': 1, X_2: -3}", {"V_{11}": "1", "X_2": "-3"}),
        ("values: {V: [[1, 2], [3, 4]]}", {"V_{11}": "1", "V_{12}": "2", "V_{21}": "3", "V_{22}": "4"}),
    ],
)
def test_values_are_numbers_of_entries(keys: str, expected: dict[str, str]) -> None:
    found = read(LAYER, keys).values
    assert {latex(entry): str(value) for entry, value in found} == expected


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("values: {V: [[1, 2], [3]]}", "different lengths"),
        ("values: {X: [1, 2, 3]}", "3 entries in a row where 2 were expected"),
        ("values: {X: 1}", "one number for each of its entries"),
        ("values: {U: 1}", "U is no quantity"),
        ("values: {X_1: [1]}", "is one number"),
        ("values: {a + b: 1}", "a name was expected"),
        ("roles: {X: inputs}", "there is no role inputs"),
        ("sizes: {q: 2}", "no size and no index q"),
        ("sizes: {n: 0}", "a size is a number or a name"),
        ("shapes: {V: [2, 2]}", "not yet supported: matrix notation"),
    ],
)
def test_a_key_that_fits_nothing_is_refused_in_its_place(keys: str, message: str) -> None:
    with pytest.raises(Refusals) as caught:
        read(LAYER, keys)
    (refusal,) = caught.value.refusals
    assert message in refusal.message
    assert refusal.place is not None
    assert refusal.place.line == 7


@pytest.mark.parametrize(
    ("line", "keys", "expected"),
    [
        (r"h = \tanh(W_{in} x + v_c + x_{t-1})", "values: {'W_{in}': 1, v_c: 2, 'x_{t-1}': 3}", None),
        (r"h = \sigma (x - 1)", r"roles: {'\sigma': constant}", None),
        (r"h = \sigma(x - 1)", "", None),
        ("h = I x + d e", "roles: {I: constant, d: constant, e: constant}", None),
        ("h = W^Q x", "roles: {W^Q: weight}", None),
        ("h = f(x)", "roles: {f: weight}", "h = f x"),
        ("h = w(x + y)", "roles: {w: weight}", "h = w (x + y)"),
        ("h = y'", 'roles: {"y\'": target}', None),
    ],
)
def test_what_a_key_declares_is_one_name(line: str, keys: str, expected: str | None) -> None:
    names = defined(read((line, "E = h^2"), keys))
    assert names[0] == (expected or line.replace(r"\sigma (x - 1)", r"\sigma (x - 1)"))


def test_a_declared_superscript_may_carry_indices() -> None:
    problem = read((r"h_j = \sum_i W^Q_{ij} x_i", r"E = \sum_j h_j"), "roles: {W^Q: weight}")
    assert defined(problem)[0] == r"h_j = \sum_{i=1}^{n_i} W_{ij}^Q x_i"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("", r"L = \sum_{k=1}^{n_k} x_k"),
        ("sizes: {k: 3}", r"L = \sum_{k=1}^3 x_k"),
        ("sizes: {n_k: 3}", r"L = \sum_{k=1}^3 x_k"),
        ("sizes: {k: K}", r"L = \sum_{k=1}^K x_k"),
    ],
)
def test_a_size_may_be_fixed_by_any_of_its_names(keys: str, expected: str) -> None:
    assert defined(read((r"L = \sum_k x_k",), keys)) == [expected]


ROLES = [
    (LAYER, "", {"X": "input", "V": "weight", "b": "bias", "t": "target", "Z": "output", "E": "loss"}),
    (LAYER, "roles: {'V_{ij}': input, X: weight}", {"X": "weight", "V": "input"}),
    (("h = \\sigma(x w + b)", "E = (h - t)^2"), r"#\frac{\partial E}{\partial w}", {"x": "input", "w": "weight"}),
    (
        ("h_1 = \\sigma(a x_1 + b x_2)", "h_2 = \\sigma(c x_1 + d_1 x_2)", "E = (h_1 - t)^2 + h_2^2"),
        "",
        {"x_1": "input", "x_2": "input", "a": "weight", "d_1": "weight", "t": "target"},
    ),
    (
        ("o = \\sigma(w x)", "J = E + R", "E = (o - t)^2", "R = \\lambda w^2"),
        "",
        {"E": "loss", "R": "loss", "J": "loss"},
    ),
    (("o = \\sigma(w x)", "J = (o - t)^2 + \\lambda w^2"), "", {"t": "target", "\\lambda": "constant", "w": "weight"}),
    (("J = (w x - y)^2",), r"#\frac{\partial J}{\partial w}", {"w": "weight", "x": "input", "y": "target"}),
    (
        ("h^{(i)} = \\sum_j w_j x_j^{(i)} + b", "J = \\frac1m \\sum_{i=1}^m (h^{(i)} - y^{(i)})^2"),
        "",
        {"w": "weight", "x": "input", "b": "bias", "y": "target", "h": "output"},
    ),
    (
        ("p_k = \\operatorname{softmax}_k(z)", "L = -\\sum_k t_k \\log p_k"),
        "",
        {"z": "input", "t": "target", "p": "output"},
    ),
    (("h = \\tanh(w x)", "o = \\tanh(v h)"), "", {"h": "hidden", "o": "output", "v": "weight"}),
]


@pytest.mark.parametrize(("lines", "keys", "expected"), ROLES, ids=lambda value: str(value)[:50])
def test_roles_follow_from_structure_and_what_is_asked(
    lines: tuple[str, ...], keys: str, expected: dict[str, str]
) -> None:
    ask = keys.removeprefix("#") if keys.startswith("#") else "'1'"
    model = read(lines, "" if keys.startswith("#") else keys, ask).model
    found = {quantity.name.base: str(quantity.role) for quantity in model.quantities}
    assert {name: found[name] for name in expected} == expected
