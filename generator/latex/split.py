"""Which names stand for several quantities, told apart by their index letters alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.formula import Name
from generator.latex.equations import Equation
from generator.latex.names import Names


def layers_of(lines: Sequence[Equation], names: Names) -> Mapping[Name, tuple[tuple[str, ...], ...]]:
    """For each name that is several quantities, the index letters of each of them."""
    return {}
