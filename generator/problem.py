"""A question, read: the model, what is asked, and what is claimed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from generator.errors import Refusal
from generator.formula import Condition, Entry, Formula, Range
from generator.model import Model
from generator.verdict import Condition as Convention


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be derived: the author's LaTeX and the formula."""

    latex: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: `members[0] = members[1] = ...`, for every value of `letters`, each in its range, where `where` holds.

    `relation` is `=` or `!=`. An ambiguous claim has its second, third, ... way of reading in `readings`, each a
    tuple of members like `members`. `update` is the entry that an update rule changes; its only member is then the
    change: a step along minus the gradient is claimed, of any length. `model` is the model it speaks about: its own
    where it replaces definitions or brings in names (the length of a step). `conventions` are the members under the
    other conventions that are common where the claim uses `\\delta` or `dZ`: each with the condition that it states. A
    claim that could not be read has `refusal` and no members.
    """

    latex: str
    members: tuple[Formula, ...]
    model: Model
    letters: tuple[tuple[str, Range], ...] = ()
    where: tuple[Condition, ...] = ()
    relation: str = "="
    readings: tuple[tuple[Formula, ...], ...] = ()
    conventions: tuple[tuple[Convention, tuple[Formula, ...]], ...] = ()
    update: Entry | None = None
    by: str = "asker"
    expect: str | None = None
    note: str | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A question, read.

    `checks` are the further right sides of definitions (`a = s(z) = 1/(1 + e^{-z})`), to be judged like claims:
    the first right side defines. `values` are the numbers that the file gives for the worked example.
    """

    model: Model
    asks: tuple[Ask, ...]
    claims: tuple[Claim, ...]
    checks: tuple[Claim, ...] = ()
    values: tuple[tuple[Entry, Fraction], ...] = ()
