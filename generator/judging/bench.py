"""Where formulas about one model are compared: its stand-ins, its sizes, its points; each pass is made once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.domain import DECIMALS, passes
from generator.formula import Derivative, Entry, Formula, Name, children
from generator.judging.cost import cost, pass_cost
from generator.judging.sizes import assignments
from generator.judging.standins import StandIns, stand_ins
from generator.model import Assumption, Model
from generator.oracle import Forward, Real

LIMIT = 40_000
"""Nodes that a pass or a formula may visit at most."""

SMALL = 4_000
"""Models whose pass visits more nodes than this are judged with stand-ins for the large sizes that they state."""

DEEPEST = 2


class TooLarge(Exception):
    """A formula or model would take too long to evaluate, even with stand-ins."""


class TooDeep(Exception):
    """A third derivative, for which differences lose too many digits."""


class Bench:
    """Passes at points of the domain of a model, at which formulas that use the literals of `formulas` have values.

    Points are drawn when they are first needed. Raises `TooLarge` and `TooDeep`; iterating raises `NoPoint`.
    """

    def __init__(
        self,
        model: Model,
        formulas: Iterable[Formula],
        context: Real,
        given: tuple[Assumption, ...] = (),
        fixed: Mapping[str, int] | None = None,
        decimals: int = DECIMALS,
    ) -> None:
        self.original = (model, tuple(formulas))
        self.context = context
        self.replaced = stand_ins(model) if pass_cost(model, _smallest(model)) > SMALL else StandIns(())
        self.model = self.replaced.model(model)
        self.formulas = tuple(self.replaced.formula(formula) for formula in self.original[1])
        self.given = given
        self.sizes = assignments(self.model, self.formulas, fixed or {})
        self._check()
        self._made: list[Forward] = []
        assumed = tuple(self.replaced.assumption(assumption) for assumption in given)
        self._rest = passes(self.model, self.formulas, context, assumed, fixed, decimals)

    def passes(self) -> Iterator[Forward]:
        """The passes, the same ones each time."""
        number = 0
        while True:
            if number == len(self._made):
                made = next(self._rest, None)
                if made is None:
                    return
                self._made.append(made)
            yield self._made[number]
            number += 1

    def again(
        self,
        formulas: Iterable[Formula] = (),
        given: tuple[Assumption, ...] = (),
        fixed: Mapping[str, int] | None = None,
        decimals: int = DECIMALS,
    ) -> Bench:
        """A bench for the same model, with more given, other sizes or shorter numbers."""
        model, own = self.original
        return Bench(model, (*own, *formulas), self.context, given, fixed, decimals)

    def _check(self) -> None:
        for sizes in self.sizes:
            if pass_cost(self.model, sizes) > LIMIT or any(cost(f, sizes) > LIMIT for f in self.formulas):
                raise TooLarge
        known: dict[Name, int] = {}
        for definition in self.model.definitions:
            known[definition.name] = depth(definition.formula, known)
        if any(depth(formula, known) > DEEPEST for formula in self.formulas):
            raise TooDeep


def _smallest(model: Model) -> dict[str, int]:
    return dict.fromkeys(model.sizes, 2)


def depth(formula: Formula, known: Mapping[Name, int]) -> int:
    """How often a formula differentiates; `known` tells it for the quantities that it uses."""
    match formula:
        case Entry(name):
            return known.get(name, 0)
        case Derivative(of, wrt):
            return len(wrt) + depth(of, known)
        case _:
            return max((depth(child, known) for child in children(formula)), default=0)
