"""Claims with what is expected of their verdicts and diagnoses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from benchmarks.verdicts.draft import Family
from benchmarks.verdicts.mistakes import DOUBLES, INSIDE, MISTAKES, Mistake
from benchmarks.verdicts.rewritings import rewritten
from benchmarks.verdicts.slips import Sign, Slip, Slot
from benchmarks.verdicts.trees import Path, Scope, found
from benchmarks.verdicts.worked import FORMS, Form, Worked, workings
from generator.formula import Add, Derivative, Formula, add, canonical, free_letters
from generator.problem import Claim


@dataclass(frozen=True, slots=True)
class Expected:
    """What a diagnosis of a mistake must say: a kind, the places of the faulty parts, or what is missing.

    Of two mistakes in one formula, `second` has the kinds of the second, and only the kinds count.
    """

    kinds: frozenset[str]
    slots: tuple[frozenset[Path], ...] = ()
    whole: bool = False
    missing: tuple[frozenset[Sign], ...] = ()
    second: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """A claim about a derivative of a family; `expected` where it is a mistake, `loose` its further letters."""

    family: Family
    asked: Derivative
    way: str
    form: str
    name: str
    claim: Claim
    scope: Scope
    loose: Scope = ()
    expected: Expected | None = None

    @property
    def label(self) -> str:
        """What tells the case from all others."""
        entry = self.asked.wrt[0]
        where = "".join(index.letter or str(index.offset) for index in getattr(entry, "indices", ()))
        named = f"{entry.name.base}{entry.name.superscript}{where}"
        return f"{self.family.key} | {named} | {self.way} | {self.form} | {self.name}"


def mistaken(family: Family) -> Iterator[Case]:
    """All mistakes in all derivatives of a family, each in one form; none twice."""
    for worked in workings(family):
        seen: set[Formula] = set()
        for mistake in MISTAKES:
            for slip in mistake.make(worked):
                name = mistake.forms[len(seen) % len(mistake.forms)]
                case = mistake_case(worked, mistake, slip, name, FORMS[name])
                key = canonical(case.claim.members[-1])
                if key not in seen:
                    seen.add(key)
                    yield case


def mistake_case(worked: Worked, mistake: Mistake, slip: Slip, name: str, form: Form) -> Case:
    """The claim that a slip makes in one form."""
    parts = [form(term) for term in slip.terms]
    formula = slip.finish(add(*parts))
    slots = [places(formula, slot) for slot in slip.slots]
    if slip.at is not None:
        slots.append(places(formula, (parts[slip.at],)))
    expected = Expected(mistake.kinds | slip.also, tuple(slots), slip.whole, slip.missing)
    scope, loose = worked.scope, tuple(item for item in slip.loose if item[0] in free_letters(formula))
    claim = Claim("", (worked.asked, formula), worked.model, (*scope, *loose))
    return Case(worked.family, worked.asked, worked.way, name, mistake.key, claim, scope, loose, expected)


def doubled(family: Family) -> Iterator[Case]:
    """Two mistakes at once, in the general derivatives of a family."""
    for worked in workings(family):
        if worked.way != "general":
            continue
        for number, (first, second) in enumerate(DOUBLES):
            for slip in islice(first.make(worked), 1):
                for other in islice(second.make(replace(worked, terms=slip.terms)), 1):
                    name = INSIDE[number % len(INSIDE)]
                    slip_of_both = replace(other, loose=(*slip.loose, *other.loose))
                    case = mistake_case(worked, second, slip_of_both, name, FORMS[name])
                    both = Expected(first.kinds, second=second.kinds)
                    yield replace(case, name=f"{first.key}, and {second.key}", expected=both)


def rewritten_cases(family: Family) -> Iterator[Case]:
    """All right rewritings of all derivatives of a family; none twice."""
    for worked in workings(family):
        seen: set[Formula] = set()
        for one in rewritten(worked):
            key = canonical(Add(one.members))
            if key not in seen:
                seen.add(key)
                claim = Claim("", (worked.asked, *one.members), worked.model, worked.scope)
                yield Case(family, worked.asked, worked.way, one.form, one.key, claim, worked.scope)


def places(formula: Formula, slot: Slot) -> frozenset[Path]:
    """Where the objects stand; a bracket that the sum around it has taken in stands where its terms do."""
    direct = frozenset(found(formula, slot))
    if direct:
        return direct
    terms = [term for one in slot if isinstance(one, Add) for term in one.terms]
    return frozenset(found(formula, terms)) | ({()} if formula in slot else set())
