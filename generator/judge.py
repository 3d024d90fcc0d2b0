"""The verdict on a claim: every link of it compared with the truth, and what is found about those that fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from generator.diagnose import diagnose
from generator.formula import Derivative, Formula, free_letters
from generator.judging.bench import Bench, TooDeep, TooLarge
from generator.judging.compare import Pair
from generator.judging.findings import Finding, settle
from generator.judging.numbers import Values, at_values
from generator.judging.updates import settle_update
from generator.judging.witness import witness
from generator.oracle import exact
from generator.problem import Claim
from generator.verdict import Diagnosis, Judgement, Link, Verdict

ORDER = tuple(Verdict)
REFUTED = frozenset({Verdict.TRANSPOSED, Verdict.PROPORTIONAL, Verdict.WRONG})

Members = tuple[Formula, ...]


def judge(claim: Claim, values: Values = ()) -> Judgement:
    """The judgement of a claim about its model. What a derivative is worth is measured, never derived.

    A claim that gives a number for a formula is judged at `values`, the numbers that the file gives, if there are any.
    """
    if claim.refusal is not None:
        return undecided(claim, str(claim.refusal))
    try:
        found = tuple(judge_members(claim, members, values) for members in (claim.members, *claim.readings))
        return _by_convention(claim, _among_readings(claim, found))
    except TooLarge:
        return undecided(claim, "too large to evaluate")
    except TooDeep:
        return undecided(claim, "third derivatives are not yet supported")


def _settled(bench: Bench, pair: Pair, values: Values) -> Finding:
    """The finding about an equation; one that is not true in general may state a number at the values."""
    found = settle(bench, pair)
    return found if found.verdict is Verdict.RIGHT else at_values(bench, pair, values) or found


def _by_convention(claim: Claim, judgement: Judgement) -> Judgement:
    """The judgement, or the better one that the claim deserves under another convention for its error terms."""
    if judgement.verdict not in REFUTED:
        return judgement
    for condition, members in claim.conventions:
        other = judge_members(claim, members)
        if other.verdict in {Verdict.RIGHT, Verdict.CONDITIONAL}:
            verdict = Verdict.CONDITIONAL
            links = tuple(replace(link, verdict=verdict) for link in judgement.links)
            conditions = (condition, *other.conditions)
            return Judgement(verdict, claim.members, conditions, links=links, ends=verdict)
    return judgement


def undecided(claim: Claim, reason: str) -> Judgement:
    """The judgement that a claim could not be settled."""
    return Judgement(Verdict.UNDECIDED, claim.members, reason=reason)


def judge_members(claim: Claim, members: Members, values: Values = ()) -> Judgement:
    """The judgement of one reading of a claim."""
    bench = Bench(claim.model, members, exact())
    links = _links(bench, claim, members, values)
    if not links:
        return undecided(claim, "an update rule needs a model with one loss")
    ends = links if len(links) == 1 else [_settled(bench, pair, values) for pair in _pairs(claim, _ends(members))]
    decisive = _decisive(links)
    failing = next((f for f in (*ends, *links) if f.verdict not in (Verdict.RIGHT, Verdict.UNDECIDED)), None)
    seen = decisive if failing is None or failing.comparison.spot is None else failing
    spot = seen.comparison.spot
    return Judgement(
        decisive.verdict,
        members,
        conditions=tuple(dict.fromkeys(condition for f in links for condition in f.conditions)),
        factor=next((f.factor for f in (*ends, *links) if f.factor is not None), None),
        links=tuple(Link(f.pair.left, f.pair.right, f.verdict) for f in links),
        ends=_decisive(ends).verdict if ends else None,
        diagnosis=() if failing is None else _diagnosed(bench, claim, failing),
        witness=None if spot is None else witness(bench, seen.pair, spot),
        reason=decisive.reason,
    )


def _diagnosed(bench: Bench, claim: Claim, finding: Finding) -> tuple[Diagnosis, ...]:
    """What would repair an equation; of an update rule only the sign, since the length of the step is free."""
    if claim.relation == "!=" or (claim.update is not None and finding.factor is None):
        return ()
    off = finding.factor if not finding.conditions else None
    return diagnose(bench, finding.pair, off)


def _links(bench: Bench, claim: Claim, members: Members, values: Values) -> list[Finding]:
    """The findings about the links of a chain, or about an update rule."""
    if claim.update is not None:
        found = settle_update(bench, claim.update, members[-1], claim.letters)
        return [] if found is None else [found]
    links = [_settled(bench, pair, values) for pair in _pairs(claim, pairwise(members))]
    return [_unequal(finding) for finding in links] if claim.relation == "!=" else links


def _pairs(claim: Claim, equations: Iterable[tuple[Formula, Formula]]) -> Iterator[Pair]:
    """The equations with the letters of the claim that each uses."""
    for left, right in equations:
        used = free_letters(left) | free_letters(right)
        used |= {i.letter for c in claim.where for i in (c.left, c.right) if i.letter}
        yield Pair(left, right, tuple(item for item in claim.letters if item[0] in used), claim.where)


def _ends(members: Members) -> Iterator[tuple[Formula, Formula]]:
    """Every derivative of a chain against its last member."""
    return ((member, members[-1]) for member in members[:-1] if isinstance(member, Derivative))


def _decisive(findings: list[Finding]) -> Finding:
    """The worst finding; one that is undecided counts only where none is refuted."""
    refuted = [finding for finding in findings if finding.verdict in REFUTED]
    return max(refuted or findings, key=lambda finding: ORDER.index(finding.verdict))


def _unequal(finding: Finding) -> Finding:
    """The finding about `left != right` from the one about `left = right`."""
    match finding.verdict:
        case Verdict.RIGHT:
            return Finding(finding.pair, Verdict.WRONG)
        case Verdict.UNDECIDED:
            return finding
        case _:
            return Finding(finding.pair, Verdict.RIGHT)


def _among_readings(claim: Claim, found: tuple[Judgement, ...]) -> Judgement:
    """The judgement of a claim that can be read in several ways."""
    first = found[0]
    if len(found) == 1:
        return first
    readings = tuple((one.members[-1], one.verdict) for one in found)
    bound = [one for one in found if not _loose(one.members)]
    if len({one.verdict for one in found}) == 1:
        return replace(first, readings=readings)
    if len(bound) == 1:
        return replace(bound[0], readings=readings)
    reason = "its readings differ in verdict"
    return Judgement(Verdict.UNDECIDED, claim.members, readings=readings, reason=reason)


def _loose(members: Members) -> bool:
    """Whether the last member has an index that the first has not."""
    return bool(free_letters(members[-1]) - free_letters(members[0]))
