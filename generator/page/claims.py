"""Claims as a page shows them: the verdict with what it covers, every factor under the id of its link, the repair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from generator.derivation import Derivation
from generator.derive import derive
from generator.errors import Unsupported
from generator.example import Example
from generator.facts import Fact, Math
from generator.formula import (
    MINUS_ONE,
    Add,
    Definition,
    Derivative,
    Entry,
    Formula,
    Multiply,
    Sum,
    free_letters,
    plain_letter,
    walk,
)
from generator.kinds import fact
from generator.model import Assumption, Model
from generator.page.align import Alignment, align
from generator.page.equations import basis, defined
from generator.page.fold import folded
from generator.page.paths import paths
from generator.page.record import ClaimView, LinkView, PathView, RepairView, WitnessView
from generator.page.repairs import credit, faulty, repairs
from generator.page.shown import Writer, equal, index, joined, spell, writer
from generator.page.witness import FAILS, witness
from generator.problem import Claim, Problem
from generator.verdict import Judgement, Link, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim, what was found about it, and the derivation of its left side, where it is a derivative."""

    claim: Claim
    judgement: Judgement
    derivation: Derivation | None
    alignment: Alignment
    names: tuple[Entry, ...]
    write: Writer

    @property
    def members(self) -> tuple[Formula, ...]:
        """The sides of the claim's equations, in the reading that decided."""
        return self.judgement.members or self.claim.members

    @property
    def right_side(self) -> Formula:
        """The last side."""
        return self.members[-1]


def judged(claim: Claim, judgement: Judgement) -> Judged:
    """The claim laid beside the derivation of its own left side, in its own model."""
    judgement, names = folded(judgement, claim.model)
    members = judgement.members or claim.members
    derivation = _derived(claim, members)
    alignment = Alignment((), 0)
    if derivation is not None and members:
        options = [align(members[-1], terms) for terms in (derivation.written_terms, derivation.terms) if terms]
        alignment = max(options, key=lambda one: len(one.found) - one.missing, default=alignment)
    return Judged(claim, judgement, derivation, alignment, names, writer(claim.model))


def _derived(claim: Claim, members: Sequence[Formula]) -> Derivation | None:
    """The derivation of the left side; None where it is no single derivative."""
    wanted = members[0] if members else None
    if claim.update is not None and len(claim.model.losses) == 1:
        wanted = Derivative(Entry(claim.model.losses[0]), (claim.update,))
    if not isinstance(wanted, Derivative):
        return None
    try:
        return derive(claim.model, wanted)
    except Unsupported:
        return None


def claims(problem: Problem, judgements: Sequence[Judgement], worked: Example | None) -> tuple[ClaimView, ...]:
    """The claims in the order of the file."""
    views: list[ClaimView] = []
    for place, (claim, judgement) in enumerate(zip(problem.claims, judgements, strict=True), start=1):
        anchor = "verdict" if place == 1 else f"verdict-{place}"
        view = _view(anchor, problem.model, judged(claim, judgement), worked)
        said = [remark for other in views for remark in other.remarks]
        views.append(replace(view, remarks=tuple(remark for remark in view.remarks if remark not in said)))
    return tuple(views)


def told(problem: Problem, judgements: Sequence[Judgement]) -> frozenset[Derivative]:
    """The derivatives whose values the verdicts on the page's own model show."""
    settled = zip(problem.claims, judgements, strict=True)
    members = (j.members for c, j in settled if c.model == problem.model and j.verdict is not Verdict.UNDECIDED)
    return frozenset(one[0] for one in members if one and isinstance(one[0], Derivative))


def _view(anchor: str, model: Model, one: Judged, worked: Example | None) -> ClaimView:
    judgement, claim = one.judgement, one.claim
    verdict = judgement.verdict
    repaired = repairs(judgement, one.derivation, one.write)
    whose = fact(f"whose-{claim.by}")
    return ClaimView(
        anchor,
        verdict.value,
        _word(judgement),
        _headline(one),
        _slip(one, repaired),
        _basis(one),
        _shown(one),
        _paths(one),
        whose,
        claim.note or "",
        _world(model, one),
        _links(one),
        _fails(one),
        credit(one.alignment, judgement, one.write),
        repaired,
        _ways(judgement),
        _correct(one),
        _witness(model, one, worked),
        _why_unsettled(one),
        _remarks(one),
    )


def _word(judgement: Judgement) -> Fact:
    if len(judgement.links) > 1 and judgement.verdict in FAILS:
        return fact("word-wrong")
    if judgement.verdict is Verdict.PROPORTIONAL and judgement.factor == MINUS_ONE:
        return fact("word-sign")
    return fact(f"word-{judgement.verdict}")


def _headline(one: Judged) -> Fact:
    """What the verdict covers."""
    left = _left(one)
    if len(one.judgement.links) > 1 and one.judgement.verdict in FAILS:
        return fact("headline-steps" if one.judgement.ends is Verdict.RIGHT else "headline-chain", left=left)
    match one.judgement.verdict:
        case Verdict.RIGHT:
            return fact("headline-right", left=left, scope=_scope(one))
        case Verdict.CONDITIONAL:
            conditions = tuple(fact(f"condition-{condition}") for condition in one.judgement.conditions)
            return fact("headline-conditional", left=left, conditions=conditions)
        case Verdict.PROPORTIONAL if one.judgement.factor == MINUS_ONE:
            return fact("headline-sign", left=left)
        case Verdict.PROPORTIONAL if one.judgement.factor is not None:
            return fact("headline-factor", left=left, factor=one.write.math(one.judgement.factor))
        case verdict:
            return fact(f"headline-{verdict}", left=left)


def _slip(one: Judged, repaired: tuple[RepairView, ...]) -> Fact | None:
    """What is wrong in a few words, where the headline does not say it and there is one way to put it."""
    if one.judgement.verdict is Verdict.CONDITIONAL:
        return None
    chained = len(one.judgement.links) > 1
    return repaired[0].place if repaired and (chained or one.judgement.factor is None) else None


def _left(one: Judged) -> Math:
    if one.claim.update is not None:
        text = rf"\Delta {one.write.math(one.claim.update).latex}"
        return Math(text)
    return one.write.math(one.members[0]) if one.members else Math("")


def _scope(one: Judged) -> Fact:
    """What of the claim was found right: its terms, its sum, the equations of a chain."""
    if len(one.judgement.links) > 1:
        return fact("scope-chain", count=spell(len(one.judgement.links)))
    match one.right_side:
        case Add(terms):
            products = sum(isinstance(term, Multiply | Sum) for term in terms)
            if products < 2:
                return fact("scope-whole")
            return fact("scope-two") if len(terms) == 2 else fact("scope-terms", count=spell(len(terms)))
        case Multiply() | Sum():
            return fact("scope-product")
        case _:
            return fact("scope-whole")


def _basis(one: Judged) -> tuple[Fact, ...]:
    if one.derivation is None or one.judgement.verdict is Verdict.UNDECIDED:
        return ()
    asked = one.derivation.asked
    found = basis(one.claim.model, asked.of.name, asked.wrt[0].name, one.write) if isinstance(asked.of, Entry) else ()
    given = tuple(_assumption(one, given) for given in one.claim.model.assumptions)
    return (*found, fact("basis-given", given=given)) if given else found


def _assumption(one: Judged, given: Assumption) -> Math:
    sides = joined(one.write.maths(given.right), ",\\ ")
    if given.relation == "in":
        sides = Math(rf"\{{{sides.latex}\}}")
    return joined([one.write.math(given.left), sides], _RELATIONS[given.relation])


_RELATIONS = {"=": "=", "!=": r"\ne", "<": r"\lt", "<=": r"\le", ">": r"\gt", ">=": r"\ge", "in": r"\in"}


def _shown(one: Judged) -> Math:
    """The claim as an equation or a chain of them, its last side marked."""
    if not one.members:
        return Math("")
    faults = one.judgement.diagnosis[0] if one.judgement.diagnosis else None
    marks = one.alignment.marks()
    if faults is not None and faults.claimed == one.right_side:
        marks = faulty(faults, marks)
    right = one.write.math(one.right_side, marks)
    lefts = [_left(one), *one.write.maths(one.members[1:-1])]
    if len(one.members) == 1 and one.claim.update is None:
        return right
    whole = equal(joined(lefts, "="), right, _RELATIONS[one.claim.relation])
    return _in_case(whole, one.claim)


def _in_case(shown: Math, claim: Claim) -> Math:
    """The claim with the case in which it is made."""
    if not claim.where:
        return shown
    conditions = r",\ ".join(f"{index(c.left)} {_RELATIONS[c.relation]} {index(c.right)}" for c in claim.where)
    tail = rf", \quad {conditions}"
    return Math(shown.latex + tail, (shown.marked or shown.latex) + tail, shown.marks)


def _paths(one: Judged) -> tuple[PathView, ...]:
    """The paths that the marks name, where there are several to tell apart."""
    terms = {found.number: found.term for _, found in one.alignment.found}
    if len(terms) < 2 or one.derivation is None:
        return ()
    return paths([terms[number] for number in sorted(terms)], one.derivation.asked, one.write)


def _world(model: Model, one: Judged) -> tuple[Math, ...]:
    own: list[Definition] = [d for d in one.claim.model.definitions if d not in model.definitions]
    return tuple(defined(definition, one.write) for definition in own)


def _links(one: Judged) -> tuple[LinkView, ...]:
    if len(one.judgement.links) < 2:
        return ()
    return tuple(
        LinkView(
            joined([one.write.math(link.left), one.write.math(link.right)], _RELATIONS[one.claim.relation]),
            fact(f"word-{link.verdict}"),
            link.verdict.value,
        )
        for link in one.judgement.links
    )


def _ways(judgement: Judgement) -> Fact | None:
    if judgement.verdict in (Verdict.RIGHT, Verdict.UNDECIDED, Verdict.CONDITIONAL) or judgement.factor is not None:
        return None
    number = len(judgement.diagnosis)
    if number == 1:
        return None
    return fact("ways-several", count=spell(number)) if number else fact("ways-none")


def _correct(one: Judged) -> Math | None:
    """The right formula, where no repair of the claim shows it."""
    settled = one.judgement.verdict in (Verdict.RIGHT, Verdict.UNDECIDED)
    if settled or one.derivation is None or one.judgement.diagnosis or one.judgement.ends is Verdict.RIGHT:
        return None
    found = one.derivation
    terms = found.written_terms
    marks = align(found.written, terms).marks()
    return equal(one.write.math(found.asked), one.write.math(found.written, marks))


def _failing(one: Judged) -> Link | None:
    """The first equation of a chain that is refuted."""
    return next((link for link in one.judgement.links if link.verdict in FAILS), None)


def _fails(one: Judged) -> Fact | None:
    link = _failing(one)
    if link is None or len(one.judgement.links) < 2:
        return None
    return fact("fails-first", left=one.write.math(link.left), right=one.write.math(link.right))


def _witness(model: Model, one: Judged, worked: Example | None) -> WitnessView | None:
    """Numbers at which the claim, or the equation of a chain at which it fails, is not true."""
    link = _failing(one)
    ends = [(m, one.right_side) for m in one.members[:-1] if isinstance(m, Derivative)]
    equations = [*(ends if one.judgement.ends in FAILS else ()), *([(link.left, link.right)] if link else ())]
    return witness(one.judgement, equations if one.claim.model == model else (), model, worked, one.write)


def _why_unsettled(one: Judged) -> str:
    refusal = one.claim.refusal
    return refusal.message if refusal is not None else one.judgement.reason or ""


def _remarks(one: Judged) -> tuple[Fact, ...]:
    readings = tuple(
        fact("remark-reading", formula=one.write.math(formula), word=fact(f"word-{verdict}"))
        for formula, verdict in one.judgement.readings
    )
    found = [fact("remark-folded", names=one.write.maths(one.names))] if one.names else []
    derivatives = [part for side in one.members for part in walk(side) if isinstance(part, Derivative)]
    if derivatives and r"\delta" in one.claim.latex:
        found.append(fact("remark-error-term"))
    found += [fact("remark-reused", letter=own, printed=shown) for own, shown in _reused(one)]
    return (*found, *readings)


def _reused(one: Judged) -> Iterator[tuple[Math, Math]]:
    """Letters of the left side that a sum on the right uses again for itself, and what they are printed as."""
    if len(one.members) < 2:
        return
    outer = free_letters(one.members[0])
    for letter, printed in one.write.letters(one.right_side).items():
        plain = plain_letter(letter)
        if plain in outer and printed != plain:
            yield Math(plain), Math(printed)
