"""What was found about a claim: the verdict, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from generator.formula import Formula


class Verdict(StrEnum):
    """The outcomes, from best to worst; the worst finding decides."""

    RIGHT = "right"
    CONDITIONAL = "conditional"
    TRANSPOSED = "transposed"
    PROPORTIONAL = "proportional"
    WRONG = "wrong"
    UNDECIDED = "undecided"


class Condition(StrEnum):
    """A condition under which a claim holds, that the file does not give. Each has a sentence in the templates."""

    TARGETS_SUM_TO_ONE = "targets-sum-to-one"
    TARGETS_ZERO_OR_ONE = "targets-zero-or-one"
    TARGETS_ONE_HOT = "targets-one-hot"
    SQUARES_ARE_ONE = "squares-are-one"
    SIZE_IS_ONE = "size-is-one"
    DELTA_IS_NEGATIVE = "delta-is-minus-the-derivative"
    DELTA_OF_SUM = "delta-of-the-sum-over-samples"


@dataclass(frozen=True, slots=True)
class Witness:
    """A point at which the two sides of an equation differ: the values of all free entries there, and both numbers.

    `left` and `right` are the sides; where the left one is a derivative it is the truth.
    """

    left: Formula
    right: Formula

    sizes: tuple[tuple[str, int], ...]
    values: tuple[tuple[Formula, str], ...]
    indices: tuple[tuple[str, int], ...]
    claimed: str
    true: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What would turn the claim into the truth; proved.

    `places` are paths (positions among `children`, outermost first) to the faulty parts in `claimed`, the right side
    that was repaired; empty where something is missing. `belongs` is what belongs there (the missing or right factors
    or terms), `repaired` the whole repaired right side in the asker's own form.
    """

    steps: tuple[str, ...]
    claimed: Formula
    repaired: Formula
    places: tuple[tuple[int, ...], ...]
    belongs: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One `left = right` of a chain, judged on its own."""

    left: Formula
    right: Formula
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was found about one claim. `factor` is truth / claim where that is a number or made of sizes."""

    verdict: Verdict
    members: tuple[Formula, ...]
    conditions: tuple[Condition, ...] = ()
    layout: str = "own"
    factor: Formula | None = None
    links: tuple[Link, ...] = ()
    ends: Verdict | None = None
    diagnosis: tuple[Diagnosis, ...] = ()
    correct: Formula | None = None
    witness: Witness | None = None
    readings: tuple[tuple[Formula, Verdict], ...] = ()
    reason: str | None = None
