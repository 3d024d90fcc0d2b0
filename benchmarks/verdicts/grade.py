"""What became of a case: the verdict and the diagnoses held against what is expected and against floats."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.verdicts.cases import Case, Expected
from benchmarks.verdicts.floats import Truth, near, under
from benchmarks.verdicts.slips import sign
from benchmarks.verdicts.trees import Path, at_path
from generator.formula import Formula, Multiply, Sum, multiply
from generator.judge import judge
from generator.verdict import Diagnosis, Judgement, Verdict

ELSEWHERE = frozenset({"other-model", "other-quantity"})
"""What is told of the whole: such a diagnosis has no place."""

LINEAR = frozenset({"sign", "constant-factor"})
"""What may stand at any place of one product."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, judged. `faults` names what went wrong; `seconds` is processor time for verdict and diagnosis."""

    label: str
    family: str
    name: str
    kind: str
    verdict: str
    seconds: float
    faults: tuple[str, ...] = ()
    named: bool = False
    first: bool = False
    alternatives: int = 0
    steps: tuple[str, ...] = ()

    @property
    def notable(self) -> bool:
        """Whether something is at fault, or a single mistake was not named."""
        return bool(self.faults) or (self.kind == "mistake" and not self.named)


def graded(case: Case, truth: Truth) -> Outcome | None:
    """The outcome of a case; None for a mistake that changes nothing at the points that were tried."""
    formula = case.claim.members[-1]
    equal = truth.equals(formula, case.loose)
    if case.expected is not None and equal:
        return None
    if case.expected is None and not equal:
        raise AssertionError(f"a rewriting of the benchmark is not right: {case.label}")
    start = time.process_time()
    judgement = judge(case.claim)
    seconds = time.process_time() - start
    faults = [*_verdict_faults(case, truth, judgement), *_diagnosis_faults(case, truth, judgement)]
    hits = [_names(case.expected, formula, one) for one in judgement.diagnosis] if case.expected else []
    return Outcome(
        case.label,
        case.family.key,
        case.name,
        "right" if case.expected is None else "double" if case.expected.second else "mistake",
        judgement.verdict.value,
        seconds,
        tuple(faults),
        named=any(hits),
        first=bool(hits) and hits[0],
        alternatives=len(judgement.diagnosis),
        steps=judgement.diagnosis[0].steps if judgement.diagnosis else (),
    )


def _verdict_faults(case: Case, truth: Truth, judgement: Judgement) -> Iterable[str]:
    formula = case.claim.members[-1]
    verdict = judgement.verdict
    if verdict is Verdict.UNDECIDED:
        yield "undecided"
    elif case.expected is None:
        if verdict is not Verdict.RIGHT:
            yield "right refused"
    elif verdict is Verdict.RIGHT:
        yield "wrong called right"
    elif verdict is Verdict.CONDITIONAL:
        (condition,) = judgement.conditions
        if not any(one.equals(formula, case.loose) for one in under(condition, truth)):
            yield "wrong called conditional"
    elif verdict is Verdict.PROPORTIONAL and not judgement.conditions:
        if not _proportional(case, truth, judgement):
            yield "false factor"
    elif verdict is Verdict.WRONG and _simple(truth.ratio(formula, case.loose)):
        yield "factor not found"


def _proportional(case: Case, truth: Truth, judgement: Judgement) -> bool:
    assert judgement.factor is not None
    return truth.equals(multiply(judgement.factor, case.claim.members[-1]), case.loose)


def _simple(ratio: float | None) -> bool:
    return ratio is not None and any(near(ratio * n, round(ratio * n)) and abs(ratio) < 100 for n in range(1, 13))


def _diagnosis_faults(case: Case, truth: Truth, judgement: Judgement) -> Iterable[str]:
    for one in judgement.diagnosis:
        if case.expected is None or not truth.equals(one.repaired, case.loose):
            yield "false diagnosis"


def _names(expected: Expected, claimed: Formula, diagnosis: Diagnosis) -> bool:
    """Whether a diagnosis has a kind and a place that are expected; the same in several terms is one mistake."""
    steps = diagnosis.steps
    if expected.second:
        return len(steps) == 2 and any(a in expected.kinds and b in expected.second for a, b in (steps, steps[::-1]))
    if not steps or len(set(steps)) != 1 or steps[0] not in expected.kinds:
        return False
    if steps[0] in ELSEWHERE:
        return True
    linear = steps[0] in LINEAR
    places = diagnosis.places
    if expected.whole and all(_one_product(claimed, (), place) for place in places):
        return True
    hits = [[_hits(claimed, slot, place, linear=linear) for place in places] for slot in expected.slots]
    if places and expected.slots and all(map(any, hits)) and all(map(any, zip(*hits, strict=True))):
        return True
    told = frozenset[object]().union(*(sign(formula) for formula in diagnosis.belongs))
    if expected.missing and told:
        return all(any(told >= one for one in options) for options in expected.missing)
    return not (expected.slots or expected.missing or expected.whole)


def _hits(claimed: Formula, slot: frozenset[Path], place: Path, *, linear: bool) -> bool:
    """Whether a place is one of the slot or inside it; or, of signs and numbers, in the same product."""
    return any(place[: len(own)] == own or (linear and _one_product(claimed, own, place)) for own in slot)


def _one_product(formula: Formula, one: Path, other: Path) -> bool:
    """Whether between two places, one of them inside the other, there are only products and sums of one term."""
    short, long = sorted((one, other), key=len)
    if long[: len(short)] != short:
        parent = tuple(a for a, b in zip(one, other, strict=False) if a == b)
        return _one_product(formula, parent, one) and _one_product(formula, parent, other)
    between = (at_path(formula, long[:length]) for length in range(len(short), len(long)))
    return all(isinstance(part, Multiply | Sum) for part in between)
