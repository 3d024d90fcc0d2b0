"""Snippets run as a reader runs them: pasted into a fresh process, they print the numbers of the page or fail."""

from __future__ import annotations

import ast
import keyword
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generator.code.names import identifiers, label, word
from generator.derivation import Derivation
from generator.derive import derive
from generator.errors import Unsupported
from generator.example import Example, example, shown
from generator.formula import Derivative, Entry, Formula, Index, Name, literal, substitute
from generator.model import Model
from generator.snippets import numpy_code, torch_code
from tests.models import NAMED, first_question
from tests.odd_models import ODD
from tests.pieces import Case

Write = Callable[[Model, Example, Derivation], str]
DIALECTS: tuple[Write, ...] = (numpy_code, torch_code)
EACH_IN_TURN = """\
import runpy, sys, warnings
warnings.simplefilter("error")
for path in sys.argv[1:]:
    print("##", path)
    runpy.run_path(path)
"""


def made(case: Case, ask: Entry, seed: int, write: Write) -> tuple[str, Example]:
    asked = case.asked(ask)
    derivation = derive(case.model, asked)
    found = example(case.model, derivation, {}, seed)
    return write(case.model, found, derivation), found


def pasted(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=False)


def printed(output: str) -> dict[str, str]:
    return dict(line.split(" = ") for line in output.strip().splitlines())


def expected(found: Example, names: dict[Name, str]) -> dict[str, str]:
    """What the page shows, as the snippet prints it."""
    lines: dict[str, list[str]] = {}
    for value in found.forward:
        lines.setdefault(names[value.entry.name], []).append(shown(value.value))
    left = found.result.left
    assert isinstance(left.of, Entry)
    lines[f"d{label(left.of, names)}/d{label(left.wrt[0], names)}"] = [shown(found.result.formula)]
    return {name: " ".join(values) for name, values in lines.items()}


def first_entry() -> Entry:
    return Entry(Name("V"), (literal(1), literal(1)))


@pytest.mark.parametrize("write", DIALECTS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pasted_into_a_fresh_process_a_snippet_prints_the_numbers_of_the_example(seed: int, write: Write) -> None:
    case = first_question()
    code, found = made(case, first_entry(), seed, write)
    run = pasted(code)
    assert (run.returncode, run.stderr) == (0, "")
    lines = printed(run.stdout)
    assert float(lines.pop("largest difference")) < 1e-9
    assert lines.pop("terms") == " ".join(shown(term.value) for term in found.terms)
    assert lines == expected(found, identifiers(q.name for q in case.model.quantities))


@pytest.mark.parametrize("write", DIALECTS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_turned_sign_makes_the_snippet_fail(seed: int, write: Write) -> None:
    code, _ = made(first_question(), first_entry(), seed, write)
    assert code.count("Y - Q, W") == 1
    run = pasted(code.replace("Y - Q, W", "Y + Q, W"))
    assert run.returncode != 0
    assert "AssertionError" in run.stderr


@pytest.mark.parametrize("write", DIALECTS)
def test_a_turned_sign_in_a_derivation_makes_the_snippet_fail(write: Write) -> None:
    case = first_question()
    derivation = derive(case.model, case.asked(Entry(Name("W"), (literal(1), literal(2)))))
    found = example(case.model, derivation, {}, 1)
    wrong = replace(derivation, formula=substitute(derivation.formula, _unprimed))
    assert wrong != derivation
    assert pasted(write(case.model, found, derivation)).returncode == 0
    assert pasted(write(case.model, found, wrong)).returncode != 0


def _unprimed(part: Formula) -> Formula | None:
    """Take the target for the output."""
    return replace(part, name=Name("Q")) if isinstance(part, Entry) and part.name == Name("Y") else None


@pytest.mark.parametrize("write", DIALECTS)
def test_every_quantity_of_every_model_can_be_asked_for(write: Write, tmp_path: Path) -> None:
    wanted: dict[str, dict[str, str]] = {}
    for number, case in enumerate((*NAMED, *ODD)):
        names = identifiers(q.name for q in case.model.quantities)
        for ask in case.asks:
            code, found = made(case, case.instance(ask), 1, write)
            path = tmp_path / f"{number}-{names[ask.name]}.py"
            path.write_text(code, "utf-8")
            wanted[str(path)] = expected(found, names)
    run = subprocess.run([sys.executable, "-c", EACH_IN_TURN, *wanted], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    for part in run.stdout.split("## ")[1:]:
        path_line, _, output = part.partition("\n")
        lines = printed(output)
        assert wanted[path_line].items() <= lines.items()


def test_a_jacobian_is_checked_against_differences_and_against_autograd() -> None:
    case = next(case for case in NAMED if "temperature" in case.title)
    p, z = (case.model.whole(Name(name)) for name in "pz")
    asked = Derivative(replace(p, indices=(literal(1), literal(2))), (replace(z, indices=(Index("s"), literal(1))),))
    derivation = derive(case.model, asked)
    found = example(case.model, derivation, {}, 1)
    for write in DIALECTS:
        run = pasted(write(case.model, found, derivation))
        assert (run.returncode, run.stderr) == (0, "")
        assert shown(found.result.formula) in run.stdout


def test_the_numpy_snippet_of_the_first_question_reads_like_this() -> None:
    code, _ = made(first_question(), first_entry(), 1, numpy_code)
    assert "# Indices count from 1 in the question, from 0 in arrays: V_11 is V[0, 0].\n" in code
    assert "    Z = sigmoid(X @ V + b)\n    Y = sigmoid(Z @ W + c)\n" in code
    assert "    E = -np.sum(Q * np.log(Y) + (1 - Q) * np.log(1 - Y))\n" in code
    assert 'dE_dV = np.einsum("k,jk,i,j->ij", Y - Q, W, X, Z * (1 - Z))\n' in code
    assert "    (Y[0] - Q[0]) * W[0, 0] * X[0] * Z[0] * (1 - Z[0]),\n" in code


@pytest.mark.parametrize("write", DIALECTS)
def test_large_literal_sizes_are_small_in_code(write: Write) -> None:
    code, found = made(first_question(784, 100, 2), first_entry(), 1, write)
    assert "# 3 stand for the 784 of the question.\n" in code
    run = pasted(code)
    assert (run.returncode, run.stderr) == (0, "")
    assert shown(found.result.formula) in run.stdout


HOSTILE = (
    r"\text{__import__('os').system('id')}",
    "x\nimport os",
    "lambda",
    "np",
    r"\lambda",
    "print",
    "E'; raise SystemExit(0) #",
    "forward",
    r'\operatorname{"""}',
    r"{{ x }}",
)


def renamed(case: Case, names: dict[Name, Name]) -> Case:
    """The case with other names for its quantities."""

    def other(part: Formula) -> Formula | None:
        return replace(part, name=names[part.name]) if isinstance(part, Entry) else None

    model = case.model
    quantities = tuple(replace(q, name=names[q.name]) for q in model.quantities)
    definitions = tuple(replace(d, name=names[d.name], formula=substitute(d.formula, other)) for d in model.definitions)
    asks = tuple(replace(ask, name=names[ask.name]) for ask in case.asks)
    return replace(case, model=replace(model, quantities=quantities, definitions=definitions), asks=asks)


@pytest.mark.parametrize("write", DIALECTS)
def test_hostile_names_change_identifiers_and_nothing_else(write: Write) -> None:
    case = first_question()
    hostile = dict(zip((q.name for q in case.model.quantities), map(Name, HOSTILE), strict=False))
    strange = renamed(case, hostile)
    code, _ = made(strange, strange.instance(strange.asks[1]), 1, write)
    plain, _ = made(case, first_entry(), 1, write)
    assert shape(code) == shape(plain)
    run = pasted(code)
    assert (run.returncode, run.stderr) == (0, "")


def shape(code: str) -> str:
    """The syntax of the code without identifiers, texts and comments."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        for field in ("id", "arg", "name"):
            if hasattr(node, field):
                setattr(node, field, "x")
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize(
    ("latex", "identifier"),
    [
        ("W", "W"),
        (r"\hat y", "y_hat"),
        (r"\hat{y}", "y_hat"),
        ("w_{11}", "w_11"),
        ("m_1", "m_1"),
        (r"\theta", "theta"),
        (r"\lambda", "lamda"),
        (r"\mathbf{x}", "x"),
        (r"\text{net}", "net"),
        (r"\operatorname{net}_{h1}", "net_h_1"),
        ("h'", "h_prime"),
        ("y''", "y_prime_prime"),
        (r"\ell", "ell"),
        ("1", "x1"),
        ("", "x"),
        ("a" * 100, "a" * 24),
    ],
)
def test_an_identifier_stays_close_to_the_letters(latex: str, identifier: str) -> None:
    assert word(latex) == identifier


def test_identifiers_are_legal_and_never_shared() -> None:
    names = [Name(base) for base in (*HOSTILE, "W_1", "W_{1}", r"\lambda", "lamda", "é", "class", "sum")]
    names += [Name("W", "(1)"), Name("W", "[1]"), Name("a", layer="j"), Name("a", layer="k")]
    found = identifiers(names)
    assert len(set(found.values())) == len(set(names))
    assert all(name.isidentifier() and name.isascii() and not keyword.iskeyword(name) for name in found.values())
    assert not {"np", "print", "sum", "forward"} & set(found.values())


def test_a_derivative_that_vanishes_everywhere_is_refused() -> None:
    case = first_question()
    derivation = derive(case.model, Derivative(Entry(Name("Z"), (literal(1),)), (Entry(Name("c"), (literal(1),)),)))
    found = example(case.model, derivation, {}, 1)
    with pytest.raises(Unsupported):
        numpy_code(case.model, found, derivation)
