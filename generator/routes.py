"""Two ways to the number of a derivative beside automatic differentiation: the derived formulas, and differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.autodiff import Dual, Evaluation, Point, forward, underived
from generator.derivation import Derivation, Step
from generator.formula import Definition, Derivative, Entry, Formula

STEP = 1e-5


def constants(values: Mapping[Entry, float]) -> dict[Entry, Dual]:
    """The numbers, none of which moves."""
    return {entry: Dual(value) for entry, value in values.items()}


def difference(
    derivative: Derivative, definitions: tuple[Definition, ...], values: Mapping[Entry, float], sizes: Mapping[str, int]
) -> float:
    """Central differences: the entry moved by `STEP` both ways, its own definition cut; entries at literal indices."""
    (variable,) = derivative.wrt
    fixed = frozenset((variable.name, *derivative.held))

    def moved(by: float) -> float:
        given = constants({**values, variable: values[variable] + by})
        return Evaluation(forward(definitions, given, sizes, fixed), sizes)(derivative.of, {}).value

    return (moved(STEP) - moved(-STEP)) / (2 * STEP)


@dataclass(frozen=True, slots=True)
class Derived:
    """Numbers from the formulas of a derivation, where `values` has one for every entry."""

    derivation: Derivation
    values: Point
    sizes: Mapping[str, int]

    def number(self, formula: Formula, letters: Mapping[str, int]) -> float:
        """The number of a formula; a derivative inside it has the number of the step that derives it."""
        return self.evaluation(formula, letters).value

    @property
    def evaluation(self) -> Evaluation:
        """Evaluates formulas of the derivation."""
        return Evaluation(self.values, self.sizes, derived=self._derivative)

    def _derivative(self, wanted: Derivative) -> float:
        (variable,) = wanted.wrt
        if wanted.of == variable:
            return 1.0
        for step in self.derivation.steps:
            letters = matched(step, wanted)
            if letters is not None:
                return self.number(step.result, letters)
        return underived(wanted)


def matched(step: Step, wanted: Derivative) -> dict[str, int] | None:
    """What the letters of a step are when it derives `wanted`, at literal indices; None if it does not derive it."""
    found: dict[str, int] = {}
    left = step.left
    if not isinstance(left.of, Entry) or not isinstance(wanted.of, Entry) or left.held != wanted.held:
        return None
    for general, own in zip((left.of, *left.wrt), (wanted.of, *wanted.wrt), strict=True):
        if general.name != own.name:
            return None
        for index, literal in zip(general.indices, own.indices, strict=True):
            number = literal.offset - index.offset
            if (found.setdefault(index.letter, number) if index.letter else 0) != number:
                return None
    return found
