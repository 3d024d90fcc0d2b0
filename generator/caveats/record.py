"""A caveat as data: its code, the values that fill its sentences, and what there is to draw."""

from __future__ import annotations

from dataclasses import dataclass, replace

from generator.facts import Math, Value


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, with a label; `main` is the one that matters."""

    label: str
    points: tuple[tuple[float, float], ...]
    main: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A marked point and its label."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What a plot shows: `x` and `y` name the axes, `curves` and `spots` are drawn in order; `alt` is read aloud."""

    key: str
    x: Math
    y: Math
    curves: tuple[Curve, ...]
    spots: tuple[Spot, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Caveat:
    """Something true about a model that its reader should know, computed from it and proved by evaluation.

    `values` fill the sentences of `templates/caveats/<code>.md.j2`, by the names that its row in `rows` documents;
    a value that does not apply is empty text.
    """

    code: str
    values: tuple[tuple[str, Value], ...]
    plot: Plot | None = None

    def value(self, name: str) -> Value:
        """The value called `name`; `KeyError` without one."""
        return dict(self.values)[name]

    def without(self, name: str) -> Caveat:
        """The caveat with the value called `name` empty, if it has one."""
        return replace(self, values=tuple((own, "" if own == name else value) for own, value in self.values))


def caveat(code: str, plot: Plot | None = None, /, **values: Value) -> Caveat:
    """The caveat with its values in the order of their names."""
    return Caveat(code, tuple(sorted(values.items())), plot)
