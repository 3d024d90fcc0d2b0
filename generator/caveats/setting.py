"""What every caveat is computed from: the model, the derivation, the worked example, the output layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from generator.autodiff import Dual, Evaluation, differentiate, entry_at, forward, places
from generator.caveats.proof import Unproved, prove_derivation
from generator.caveats.worlds import World, cut, world
from generator.caveats.write import Pen, numeric, pen
from generator.derivation import Derivation
from generator.example import Example
from generator.facts import Math
from generator.formula import Derivative, Entry, Formula
from generator.model import Model, Role
from generator.numbers import stand_ins
from generator.recognise import Unit, units
from generator.routes import constants, difference

CLOSE = 1e-6
MOVES = (-1, 1, -2, 2, -4, 4)
MOVED = (Role.BIAS, Role.INPUT, Role.WEIGHT)


@dataclass(frozen=True)
class Setting:
    """A model, the derivation of what was asked, and the worked example."""

    model: Model
    derivation: Derivation
    example: Example

    @cached_property
    def world(self) -> World | None:
        """The model with its output layer recognised and its pre-activations named."""
        return world(self.model, self.derivation.general.wrt[0].name)

    @cached_property
    def pen(self) -> Pen:
        """Prints formulas of the model and of its world."""
        return pen(self.model) if self.world is None else self.world.pen

    @cached_property
    def error(self) -> Derivation:
        """The derivative of the loss in a pre-activation of the outputs of the model itself, proved."""
        if self.world is None:
            raise Unproved
        return error(self.world)

    @property
    def of_the_loss(self) -> bool:
        """Whether what was asked is a derivative of the loss of the outputs, not of something below it."""
        of, found = self.derivation.general.of, self.world
        return isinstance(of, Entry) and found is not None and self.model.depends(of.name, found.head.definition.name)

    @cached_property
    def on_the_way(self) -> tuple[Unit, ...]:
        """The units, linear ones left out, between what is differentiated and what was asked, the last layer first."""
        of, (wrt,) = self.derivation.general.of, self.derivation.general.wrt
        if not isinstance(of, Entry):
            return ()
        between = (u for u in reversed(units(self.model)) if u.name != wrt.name)
        return tuple(u for u in between if self.model.depends(of.name, u.name) and self.model.depends(u.name, wrt.name))

    def slope(self, model: Model) -> Math:
        """The asked derivative in a world, at the numbers of the example."""
        return numeric(self.at(model).slope(self.asked))

    @cached_property
    def names(self) -> Math | str:
        """The definitions of the pre-activations that the file itself does not name; empty where it names them."""
        if self.world is None:
            return ""
        fresh = [
            self.world.model.definition[pre.name] for pre in self.world.pres if pre.name in self.world.model.definition
        ]
        new = [definition for definition in fresh if definition.name not in self.model.quantity]
        return self.pen.equations((definition.entry, definition.formula) for definition in new) if new else ""

    @cached_property
    def sizes(self) -> dict[str, int]:
        """A number for every open size, and for every letter that the model leaves free."""
        return {**stand_ins(self.model, self.derivation.asked.wrt), **dict(self.example.sizes)}

    @cached_property
    def free(self) -> dict[Entry, float]:
        """The numbers of the free entries."""
        return {value.entry: value.value for value in self.example.inputs}

    @property
    def asked(self) -> Derivative:
        """The asked derivative at the indices of the example."""
        return self.example.result.left

    def at(self, model: Model, free: Mapping[Entry, float] | None = None) -> Numbers:
        """The numbers of a world at the free entries of the example, or at others. Raises `ArithmeticError`."""
        given = self.free if free is None else free
        return Numbers(model, self.sizes, forward(model.definitions, constants(given), self.sizes))

    def moves(self, roles: tuple[Role, ...] = MOVED) -> Iterator[dict[Entry, float]]:
        """No entry moved, then one entry of a role at a time: its sign changed, or moved by whole numbers."""
        yield {}
        for role in roles:
            for entry, value in self.free.items():
                if self.model.quantity[entry.name].role is role:
                    yield from ({entry: moved} for moved in (-value, *(value + step for step in MOVES)))


def error(world: World, place: int = 0) -> Derivation:
    """The derivative of the loss in a pre-activation of the outputs; proved, else `Unproved`."""
    alone = cut(world)
    return prove_derivation(alone.model, alone.error(place))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers for all entries of a model."""

    model: Model
    sizes: Mapping[str, int]
    values: Mapping[Entry, Dual]

    def __call__(self, formula: Formula, letters: Mapping[str, int] | None = None) -> float:
        """The number of a formula without derivatives."""
        return Evaluation(self.values, self.sizes)(formula, letters or {}).value

    def slope(self, asked: Derivative) -> float:
        """A derivative at literal indices, by automatic differentiation; `Unproved` where differences do not agree."""
        numbers = {entry: dual.value for entry, dual in self.values.items()}
        exact = differentiate(asked, self.model.definitions, numbers, self.sizes)
        if abs(exact - difference(asked, self.model.definitions, numbers, self.sizes)) > CLOSE * max(1.0, abs(exact)):
            raise Unproved(asked)
        return exact

    def everywhere(self, unit: Unit) -> Iterator[tuple[Entry, float]]:
        """Each entry of a quantity of units, and the number of its pre-activation."""
        for place in places(unit.definition.ranges, self.sizes):
            letters = dict(zip(unit.definition.letters, place, strict=True))
            yield entry_at(unit.name, place), self(unit.argument, letters)

    def entries(self, unit: Unit, entry: Entry) -> tuple[Entry, ...]:
        """The entries of one layer of units, of the first sample; `entry` carries the letters of the unit."""
        span = Evaluation({}, self.sizes)
        first = {
            letter: span.integer(range_.lower, {})
            for letter, range_ in zip(unit.definition.letters, unit.definition.ranges, strict=True)
        }
        ranges = () if unit.range is None else (unit.range,)
        found = []
        for place in places(ranges, self.sizes):
            letters = {**first, **({unit.letter: place[0]} if place else {})}
            found.append(span.at(entry, letters))
        return tuple(found)
