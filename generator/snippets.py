"""Snippets that anyone pastes and runs: numbers, forward pass, derived gradient, and a check that fails if it is wrong.

NumPy checks by differences, PyTorch by its own automatic differentiation. Both print the numbers of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.code.blocks import blocks
from generator.code.dialect import NUMPY, TORCH
from generator.code.statements import Statements, statements
from generator.derivation import Derivation
from generator.example import Example
from generator.model import Model

_SHOW = """\
def show(name, value):
    print(name, "=", " ".join(f"{{x + 0.0:.5g}}" for x in {}))
"""
_DIFFERENCES = """\
check = np.zeros_like({gradient})
for at in np.ndindex({wrt}.shape):
    up, down = {wrt}.copy(), {wrt}.copy()
    up[at] += step_size
    down[at] -= step_size
    check[(..., *at)] = ({up} - {down}) / (2 * step_size)
"""


def numpy_code(model: Model, example: Example, derivation: Derivation) -> str:
    """The snippet in NumPy."""
    say = statements(model, example, derivation, NUMPY)
    wrt, of = say.name(say.wrt.name), say.of.name
    after = [d for d in model.definitions if say.moves(d)]
    results = [say.name(d.name) for d in after]
    place = "" if len(after) == 1 else f"[{[d.name for d in after].index(of)}]"
    body = [
        *say.numbers(),
        "",
        *(line for d in model.definitions if not say.moves(d) for line in say.definition(d)),
        "",
        "",
        f"def forward({wrt}):",
        *(f"    {line}" for d in after for line in say.definition(d)),
        f"    return {', '.join(results)}",
        "",
        "",
        f"{', '.join(results)} = forward({wrt})",
        *(f'show("{name}", {name})' for name in map(say.name, model.definition)),
        "",
        "# The derived formula, for all entries at once"
        if (say.of.indices or say.wrt.indices)
        else "# The derived formula",
        *say.gradient(),
        f'show("{say.title}", {say.asked})',
        *say.terms("terms", "np.isclose"),
        "",
        f"# The check: move {'each entry of ' if say.wrt.indices else ''}{wrt} both ways",
        "step_size = 1e-5",
        *_differences(say, wrt, place),
        f"difference = np.max(np.abs({say.result} - check))",
        f'assert np.allclose({say.result}, check, rtol=1e-6, atol=1e-8), "the formula and the differences disagree"',
        'print(f"largest difference = {difference:.1e}")',
    ]
    return _whole(say, ["import numpy as np"], _SHOW.format("np.ravel(value)"), body)


def _differences(say: Statements, wrt: str, place: str) -> Sequence[str]:
    up, down = (f"forward({moved}){place}" for moved in ("up", "down"))
    if say.wrt.indices:
        return _DIFFERENCES.format(gradient=say.result, wrt=wrt, up=up, down=down).splitlines()
    up, down = (f"forward({wrt} {sign} step_size){place}" for sign in "+-")
    return [f"check = ({up} - {down}) / (2 * step_size)"]


def torch_code(model: Model, example: Example, derivation: Derivation) -> str:
    """The snippet in PyTorch."""
    say = statements(model, example, derivation, TORCH)
    wrt, of = (say.name(entry.name) for entry in (say.wrt, say.of))
    after = [d for d in model.definitions if say.moves(d)]
    jacobian = [
        "",
        "",
        f"def forward({wrt}):",
        *(f"    {line}" for d in after for line in say.definition(d)),
        f"    return {of}",
        "",
        "",
        f"check = torch.autograd.functional.jacobian(forward, {wrt})",
    ]
    body = [
        *say.numbers(),
        "",
        *(line for d in model.definitions if not say.moves(d) for line in say.definition(d)),
        f"{wrt}.requires_grad_()",
        *(line for d in after for line in say.definition(d)),
        *(jacobian if say.of.indices else [f"{of}.backward()", f"check = {wrt}.grad"]),
        *(f'show("{name}", {name})' for name in map(say.name, model.definition)),
        "",
        "# The derived formula, for all entries at once"
        if (say.of.indices or say.wrt.indices)
        else "# The derived formula",
        *say.gradient(),
        f'show("{say.title}", {say.asked})',
        *say.terms("torch.stack(terms)", "torch.isclose"),
        "",
        "# The check: PyTorch's own gradient",
        f"difference = torch.max(torch.abs({say.result} - check)).item()",
        f'assert torch.allclose({say.result}, check, rtol=1e-9, atol=1e-12), "the formula and autograd disagree"',
        'print(f"largest difference = {difference:.1e}")',
    ]
    head = ["import torch", "", "torch.set_default_dtype(torch.float64)"]
    return _whole(say, head, _SHOW.format("torch.as_tensor(value).detach().flatten().tolist()"), body)


def _whole(say: Statements, head: Sequence[str], show: str, body: Sequence[str]) -> str:
    """The parts in order: title, imports, functions, statements."""
    text = re.sub(r"\n{4,}", "\n\n\n", "\n".join(body))
    functions = blocks(say.words, text)
    imports = [*(["import math", ""] if "math." in "".join((text, *functions)) else []), *head]
    small = (f"# {number} stand for the {literal} of the question." for literal, number in say.example.reduced)
    title = [f"# {say.title}: numbers, formula and check", *small, *say.counting]
    parts = ["\n".join((*title, *imports)), *(block.rstrip() for block in (*functions, show)), text]
    return "\n\n\n".join(parts) + "\n"
