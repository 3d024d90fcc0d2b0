"""What is right in a claim, what is wrong in it and where, the belief behind the slip, and the repaired formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from generator.alike import alike, key
from generator.derivation import Cancelled, Derivation, Part
from generator.facts import Fact, Math
from generator.formula import Derivative, Entry, Formula, Multiply, Number, children, multiply, substitute
from generator.kinds import FACTS, fact
from generator.mathml import Mark
from generator.page.align import Alignment, align
from generator.page.paths import pieces
from generator.page.record import RepairView
from generator.page.shown import Path, Writer, equal, joined
from generator.verdict import Diagnosis, Judgement, Verdict


def credit(alignment: Alignment, judgement: Judgement, write: Writer) -> tuple[Fact, ...]:
    """The factors of a claim that is not right which stand in the right formula too."""
    if judgement.verdict in (Verdict.RIGHT, Verdict.CONDITIONAL, Verdict.UNDECIDED):
        return ()
    places = judgement.diagnosis[0].places if judgement.diagnosis else ()
    groups: dict[tuple[object, ...], dict[Formula, None]] = {}
    for path, one in alignment.found:
        if not _within(path, places):
            own = groups.setdefault((one.number, one.factor.part, one.factor.links), {})
            own[one.factor.formula] = None
    shown = tuple(dict.fromkeys(write.math(multiply(*group)) for group in groups.values()))
    if not shown:
        return ()
    return (fact("credit-factors" if len(shown) > 1 else "credit-factor", factors=shown),)


def _within(path: Path, places: Sequence[Path]) -> bool:
    return any(path[: len(place)] == place or place[: len(path)] == path for place in places)


def repairs(judgement: Judgement, derivation: Derivation | None, write: Writer) -> tuple[RepairView, ...]:
    """Every way to turn the claim into the truth."""
    left = diagnosed(judgement)
    views = _each_once(tuple(_repair(found, left, derivation, write) for found in judgement.diagnosis))
    if judgement.verdict is not Verdict.CONDITIONAL:
        return views
    return tuple(replace(v, lead=fact("repaired-in-general") if v.lead else None, belief=None) for v in views)


def _each_once(views: tuple[RepairView, ...]) -> tuple[RepairView, ...]:
    """The views, a formula that stands under one of them not printed again."""
    seen: set[str] = set()
    kept = []
    for view in views:
        again = view.repaired is not None and view.repaired.latex in seen
        kept.append(replace(view, lead=None, repaired=None) if again else view)
        seen.add(view.repaired.latex if view.repaired is not None else "")
    return tuple(kept)


def diagnosed(judgement: Judgement) -> Formula | None:
    """The left side that the diagnosed right side should equal; None where it cannot be told.

    Where the ends of a chain differ, a derivative in it was compared with its last member; else it is the first link
    that fails.
    """
    failing = [link for link in judgement.links if link.verdict not in (Verdict.RIGHT, Verdict.UNDECIDED)]
    if judgement.ends in (None, Verdict.RIGHT, Verdict.UNDECIDED) or len(judgement.links) == 1:
        return failing[0].left if failing else None
    last = judgement.links[-1]
    found = [member for member in judgement.members[:-1] if isinstance(member, Derivative)]
    if last in failing and last.left in found:
        return last.left
    return found[0] if len(found) == 1 else None


def _repair(found: Diagnosis, left: Formula | None, derivation: Derivation | None, write: Writer) -> RepairView:
    new = dict(_path_marks(found.repaired, derivation))
    for path in _added(found, write):
        new[path] = Mark(new[path].link if path in new else "", ("missing",))
    repaired = write.math(found.repaired, _outermost(new))
    return RepairView(
        _place(found, write),
        _belief(found, derivation, write),
        fact("repaired"),
        repaired if left is None else equal(write.math(left), repaired),
    )


def _path_marks(formula: Formula, derivation: Derivation | None) -> dict[Path, Mark]:
    if derivation is None:
        return {}
    options = [align(formula, terms) for terms in (derivation.written_terms, derivation.terms) if terms]
    best = max(options, key=lambda one: len(one.found) - one.missing, default=None)
    return {} if best is None else best.marks()


def faulty(found: Diagnosis, marks: Mapping[Path, Mark]) -> dict[Path, Mark]:
    """The marks of a claim with those at the faulty places replaced."""
    kept = {path: mark for path, mark in marks.items() if not _within(path, found.places)}
    return {**kept, **{place: Mark("", ("wrong",)) for place in found.places if place}}


def _outermost(marks: Mapping[Path, Mark]) -> dict[Path, Mark]:
    new = [path for path, mark in marks.items() if "missing" in mark.classes]
    return {p: m for p, m in marks.items() if p in new or not _within(p, new)}


def _added(found: Diagnosis, write: Writer) -> list[Path]:
    """The places in the repaired formula of what belongs there and does not stand in the claim."""
    counts: dict[str, int] = {}
    printed = replace(found, claimed=write.lettered(found.claimed), repaired=write.lettered(found.repaired))
    for _, part in _parts(printed.claimed, ()):
        counts[key(part)] = counts.get(key(part), 0) + 1
    added: list[Path] = []
    for path, part in _parts(printed.repaired, ()):
        if any(alike(part, one) for one in found.belongs) and not isinstance(part, Number):
            if counts.get(key(part), 0) > 0:
                counts[key(part)] -= 1
            elif not any(path[: len(outer)] == outer for outer in added):
                added.append(path)
    return added


def _parts(formula: Formula, path: Path) -> list[tuple[Path, Formula]]:
    inner = [pair for place, child in enumerate(children(formula)) for pair in _parts(child, (*path, place))]
    return [(path, formula), *inner]


def at(formula: Formula, path: Path) -> Formula:
    """The part of the formula at a path."""
    for place in path:
        formula = children(formula)[place]
    return formula


def _place(found: Diagnosis, write: Writer) -> Fact:
    """What is wrong and where; two slips are told one after the other."""
    printed = replace(found, claimed=write.lettered(found.claimed))
    parts = write.maths(dict.fromkeys(_faulty_parts(printed)))
    belongs = write.maths(dict.fromkeys(found.belongs))
    if found.steps == ("other-model",):
        return fact("slip-other-model", belongs=joined(belongs, "="))
    first, *others = (_named(step, parts, belongs) for step in found.steps)
    return first if not others else fact("slip-two", first=first, second=others[0])


def _named(step: str, parts: tuple[Math, ...], belongs: tuple[Math, ...]) -> Fact:
    several = f"slip-{step}-several"
    many = len(belongs if step.startswith("missing") else parts) > 1
    return fact(several if many and several in FACTS else f"slip-{step}", parts=parts, belongs=belongs)


def _faulty_parts(found: Diagnosis) -> list[Formula]:
    """The faulty parts; those that are factors of one product together."""
    groups: dict[Path, list[Formula]] = {}
    for place in found.places:
        if place:
            groups.setdefault(place[:-1], []).append(at(found.claimed, place))
    parts = []
    for outer, inner in groups.items():
        one_product = isinstance(at(found.claimed, outer), Multiply)
        parts += [multiply(*inner)] if one_product else inner
    return parts


def _belief(found: Diagnosis, derivation: Derivation | None, write: Writer) -> Fact | None:
    """The belief behind a slip, by its kind and by the part of the network from which the factor comes."""
    if len(found.steps) != 1:
        return None
    kind = f"belief-{found.steps[0]}"
    concerned = found.belongs or tuple(_faulty_parts(found))
    if found.steps[0] == "extra-factor" and derivation is not None and _was_cancelled(concerned, derivation):
        return fact("belief-extra-factor-cancelled", factor=write.math(concerned[0]))
    part = _part(concerned, derivation)
    if part is not None and f"{kind}-{part}" in FACTS:
        return fact(f"{kind}-{part}")
    return fact(kind) if kind in FACTS else None


def _was_cancelled(concerned: Sequence[Formula], derivation: Derivation) -> bool:
    events = [event for step in derivation.steps for line in step.lines for event in line.events]
    gone = {key(_blind(event.factor)) for event in events if isinstance(event, Cancelled)}
    own = {key(_blind(piece)) for one in concerned for piece in pieces(one)}
    return bool(gone & own)


def _blind(formula: Formula) -> Formula:
    """The formula without indices."""
    return substitute(formula, lambda part: Entry(part.name) if isinstance(part, Entry) else None)


def _part(concerned: Sequence[Formula], derivation: Derivation | None) -> Part | None:
    if derivation is None or not concerned:
        return None
    terms = (*derivation.written_terms, *derivation.terms)
    for term in terms:
        for factor in term.factors:
            if any(alike(factor.formula, one) for one in concerned):
                return factor.part
    return None
