"""Facts: what the engine found, each with a kind that names its sentence and the values that fill it.

A sentence is printed only because a fact of its kind was found; its words stand in `templates/facts/<kind>.md.j2`.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.mathml import Mark


@dataclass(frozen=True, slots=True)
class Math:
    """A formula for a reader: `latex` to copy; `marked` the same with marked parts, numbered as in `marks`."""

    latex: str
    marked: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a place of the page: what is printed, and the anchor."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its kind and its values, by the names that its row in `kinds` lists."""

    kind: str
    values: tuple[tuple[str, Value], ...] = ()

    def value(self, name: str) -> Value:
        """The value called `name`; `KeyError` without one."""
        return dict(self.values)[name]


Value = str | int | Math | Ref | Fact | tuple[str | Math | Ref | Fact, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: when it is stated, and the names of its values."""

    when: str
    names: tuple[str, ...] = ()
