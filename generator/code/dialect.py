"""The two dialects of the snippets, NumPy and PyTorch: how each calls a function, and what has to be defined first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """How a function is called; `template` holds `{}` for the argument.

    `defines` are the blocks of code that must stand before it, where the library has no such function.
    """

    template: str
    defines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """A library: its module's name, its functions by the keys of `functions`, how it writes numbers and arrays."""

    module: str
    functions: Mapping[str, Call]
    softmax: Call
    number: str
    array_of_numbers: str
    array: str
    permute: str
    axis: str


def _function(name: str, body: str, *before: str) -> Call:
    return Call(f"{name}({{}})", (*before, f"def {name}(x):\n    return {body}\n"))


_SOFTMAX = """\
def softmax(x, axis):
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)
"""
_ERF = "erf = np.vectorize(math.erf)\n"

NUMPY = Dialect(
    "np",
    {
        "sigmoid": _function("sigmoid", "1 / (1 + np.exp(-x))"),
        "tanh": Call("np.tanh({})"),
        "relu": Call("np.maximum({}, 0)"),
        "leaky_relu": _function("leaky_relu", "np.where(x > 0, x, 0.01 * x)"),
        "softplus": Call("np.log1p(np.exp({}))"),
        "elu": _function("elu", "np.where(x > 0, x, np.exp(x) - 1)"),
        "gelu": _function("gelu", "0.5 * x * (1 + erf(x / math.sqrt(2)))", _ERF),
        "silu": _function("silu", "x / (1 + np.exp(-x))"),
        "exp": Call("np.exp({})"),
        "log": Call("np.log({})"),
        "sin": Call("np.sin({})"),
        "cos": Call("np.cos({})"),
        "abs": Call("np.abs({})"),
        "sgn": Call("np.sign({})"),
        "erf": Call("erf({})", (_ERF,)),
    },
    Call("softmax({}, axis={})", (_SOFTMAX,)),
    "{}",
    "np.array({})",
    "np.array({})",
    "np.transpose({}, {})",
    "axis",
)

TORCH = Dialect(
    "torch",
    {
        "sigmoid": Call("torch.sigmoid({})"),
        "tanh": Call("torch.tanh({})"),
        "relu": Call("torch.relu({})"),
        "leaky_relu": Call("torch.nn.functional.leaky_relu({}, 0.01)"),
        "softplus": Call("torch.nn.functional.softplus({})"),
        "elu": Call("torch.nn.functional.elu({})"),
        "gelu": Call("torch.nn.functional.gelu({})"),
        "silu": Call("torch.nn.functional.silu({})"),
        "exp": Call("torch.exp({})"),
        "log": Call("torch.log({})"),
        "sin": Call("torch.sin({})"),
        "cos": Call("torch.cos({})"),
        "abs": Call("torch.abs({})"),
        "sgn": Call("torch.sign({})"),
        "erf": Call("torch.erf({})"),
    },
    Call("torch.softmax({}, dim={})"),
    "torch.tensor({})",
    "torch.tensor({})",
    "stacked({})",
    "torch.permute({}, {})",
    "dim",
)

STACKED = """\
def stacked(rows):
    return torch.stack([stacked(row) if isinstance(row, list) else torch.as_tensor(row) + 0.0 for row in rows])
"""
