"""A model: quantities with their index ranges and roles, and the definitions that connect them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from generator.formula import Definition, Entry, Formula, Index, Name, Range, entries

PI = Name(r"\pi")


class Role(StrEnum):
    """What a quantity is for. The first five are free, the last three defined."""

    INPUT = "input"
    TARGET = "target"
    WEIGHT = "weight"
    BIAS = "bias"
    CONSTANT = "constant"
    HIDDEN = "hidden"
    OUTPUT = "output"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity: one range and one usual letter for each of its positions (none for a number)."""

    name: Name
    ranges: tuple[Range, ...]
    letters: tuple[str, ...]
    role: Role


@dataclass(frozen=True, slots=True)
class Assumption:
    """What a file gives: `left relation right[0]`, or for the relation `in` that `left` is one of `right`."""

    left: Formula
    relation: str
    right: tuple[Formula, ...]


@dataclass(frozen=True)
class Model:
    """Quantities in reading order; definitions in an order in which each uses only earlier ones and free names.

    `sizes` are the names of the sizes left open; a size that the file fixes stands in the ranges as a number.
    """

    quantities: tuple[Quantity, ...]
    definitions: tuple[Definition, ...]
    sizes: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()

    @cached_property
    def definition(self) -> dict[Name, Definition]:
        """The definition of each defined quantity."""
        return {definition.name: definition for definition in self.definitions}

    @cached_property
    def quantity(self) -> dict[Name, Quantity]:
        """The quantity of each name; the number pi is one unless the model has another of that name."""
        return {PI: Quantity(PI, (), (), Role.CONSTANT), **{quantity.name: quantity for quantity in self.quantities}}

    @cached_property
    def inputs(self) -> dict[Name, tuple[Name, ...]]:
        """The names that stand on the right side of each definition, in reading order, without repeats."""
        return {d.name: tuple(dict.fromkeys(entry.name for entry in entries(d.formula))) for d in self.definitions}

    def consumers(self, name: Name) -> Iterator[Name]:
        """The defined quantities whose definition uses `name`, in the order of the definitions."""
        return (d.name for d in self.definitions if name in self.inputs[d.name])

    def depends(self, of: Name, on: Name) -> bool:
        """Whether `of` is `on` or is computed from it."""
        return of == on or on in self.sources.get(of, ())

    @cached_property
    def sources(self) -> dict[Name, frozenset[Name]]:
        """All that each defined quantity is computed from, through all definitions."""
        found: dict[Name, frozenset[Name]] = {}
        for name, used in self.inputs.items():
            found[name] = frozenset(used).union(*(found.get(one, ()) for one in used))
        return found

    @cached_property
    def losses(self) -> tuple[Name, ...]:
        """The defined numbers that nothing consumes."""
        consumed = {name for names in self.inputs.values() for name in names}
        return tuple(d.name for d in self.definitions if not d.letters and d.name not in consumed)

    def whole(self, name: Name) -> Entry:
        """The general entry of `name`, with its usual letters."""
        return Entry(name, tuple(Index(letter) for letter in self.quantity[name].letters))
