"""The derivation of a gradient as data: steps, lines, and the product of links that the result is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from generator.formula import Definition, Derivative, Entry, Formula, Name, Range


class Rule(StrEnum):
    """Why a line equals the line before it. Each has its sentence in `templates/rules`."""

    DEFINITION = "definition"
    DIFFERENTIATE = "differentiate"
    COLLAPSE = "collapse"
    KEEP = "keep"
    TOGETHER = "together"
    CHAIN = "chain"
    SUBSTITUTE = "substitute"
    CANCEL = "cancel"
    PREMISE = "premise"
    INSTANCE = "instance"
    WRITE_OUT = "write-out"
    INDEPENDENT = "independent"


class Part(StrEnum):
    """What a factor of the result does, by the place in the model from which it comes."""

    ERROR = "error"
    ROUTE = "route"
    GATE = "gate"
    INPUT = "input"
    NUMBER = "number"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Link:
    """One edge of the model on a path: `consumer` uses `producer` in its definition."""

    consumer: Name
    producer: Name


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of the result, the links whose local derivatives it came from, and what it does."""

    formula: Formula
    links: tuple[Link, ...]
    part: Part


@dataclass(frozen=True, slots=True)
class Term:
    """One path from the loss to the asked quantity: sums over `sums`, of the product of `factors`.

    `path` lists the entries from the loss to the asked one, with literal indices where the term is written out. A
    letter in it that is neither asked nor summed stands for every entry: coupled outputs make one term of all paths.
    """

    sums: tuple[tuple[str, Range], ...]
    factors: tuple[Factor, ...]
    path: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Collapse:
    """A sum over `letter` in `range` of which only the entry `kept` is left, since no other contains `variable`."""

    letter: str
    range: Range
    summand: Entry | None
    kept: Formula
    variable: Entry
    definition: Name


@dataclass(frozen=True, slots=True)
class Spread:
    """A sum that stays: every entry of `carriers` (over `letters`) depends on `variable`; the effects add."""

    variable: Entry
    carriers: tuple[Entry, ...]
    letters: tuple[str, ...]
    ranges: tuple[Range, ...]
    coupled: bool


@dataclass(frozen=True, slots=True)
class Local:
    """A function met while differentiating: `function` at `argument`, its derivative as used."""

    function: str
    argument: Formula
    derivative: Formula


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A factor that stood above and below a fraction bar, and the two links that brought it."""

    factor: Formula
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Premise:
    """Something that the file gives, `left = right`, used in this line."""

    left: Formula
    right: Formula


Event = Collapse | Spread | Local | Cancelled | Premise


@dataclass(frozen=True, slots=True)
class Line:
    """A formula equal to the one before, the rule that makes it so, and what happened."""

    formula: Formula
    rule: Rule
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One idea: a derivative, developed line by line. `key` names its anchor (`step-<key>`)."""

    key: str
    left: Derivative
    lines: tuple[Line, ...]
    uses: tuple[str, ...] = ()

    @property
    def result(self) -> Formula:
        """The last line."""
        return self.lines[-1].formula


@dataclass(frozen=True, slots=True)
class Derivation:
    """The whole derivation of the derivative `general` of the loss in a quantity, and of the asked entry.

    `asked` is what was asked (a derivative in an entry with literals or letters); `general` the same with letters;
    `formula` its value; `entry` the value at the asked indices; `written` the same with sums over small literal
    ranges written out; `terms` the paths of `formula`, `written_terms` those of `written`, in the same order as
    printed.
    """

    asked: Derivative
    general: Derivative
    steps: tuple[Step, ...]
    formula: Formula
    entry: Formula
    written: Formula
    terms: tuple[Term, ...]
    written_terms: tuple[Term, ...]
    definitions: tuple[Definition, ...]
