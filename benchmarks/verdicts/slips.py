"""What a mistake does to a true derivative: which factors of which terms it touches, what is then wrong or missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from benchmarks.verdicts.trees import Scope
from benchmarks.verdicts.worked import Worked, activation, gated_unit
from generator.derivation import Factor, Part, Term
from generator.formula import Add, Delta, Entry, Formula, Number, Power, Size, multiply, walk
from generator.model import Model, Role

Places = tuple[int, ...]
"""Numbers of the factors of a term."""

Slot = tuple[Formula, ...]
"""The very objects of which one must be named as wrong."""

Sign = frozenset[object]
"""What a missing part is told by: the names in it, its sizes, whether it has a delta."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake, made. Its slots must all be named as wrong, or the whole where `whole`; `missing` is what is left out.

    `at` is the number of the term that is wrong as a whole. `finish` is done to the formula that the terms make;
    `loose` are letters that are free since a sum is gone; `also` are further kinds that name it exactly.
    """

    terms: tuple[Term, ...]
    slots: tuple[Slot, ...] = ()
    whole: bool = False
    at: int | None = None
    missing: tuple[frozenset[Sign], ...] = ()
    loose: Scope = ()
    also: frozenset[str] = frozenset()
    finish: Callable[[Formula], Formula] = field(default=lambda formula: formula)


@dataclass(frozen=True, slots=True)
class Changed:
    """One term after a mistake; `also` are further kinds of diagnosis that name it exactly."""

    term: Term
    slots: tuple[Slot, ...] = ()
    missing: frozenset[Sign] = frozenset()
    also: frozenset[str] = frozenset()


Pick = Callable[[Worked, Term], list[Places]]
Change = Callable[[Worked, Term, Places], Changed | None]
Make = Callable[[Worked], Iterator[Slip]]


def everywhere(worked: Worked, pick: Pick, change: Change, *, most: int = 2) -> Iterator[Slip]:
    """The same mistake in every term, for the first factors that are picked in each."""
    picked = [pick(worked, term) for term in worked.terms]
    for number in range(min([most, *map(len, picked)])):
        done = [change(worked, term, own[number]) for term, own in zip(worked.terms, picked, strict=True)]
        changed = [one for one in done if one is not None]
        if len(changed) == len(done):
            yield together(changed)


def once(worked: Worked, pick: Pick, change: Change) -> Iterator[Slip]:
    """The mistake in the last term alone, where there are several."""
    *others, last = worked.terms
    picked = pick(worked, last)
    if others and picked:
        changed = change(worked, last, picked[0])
        if changed is not None:
            slip = together([changed])
            yield replace(slip, terms=(*others, *slip.terms))


def together(changed: list[Changed]) -> Slip:
    """The slip that changed these terms."""
    return Slip(
        tuple(one.term for one in changed),
        tuple(slot for one in changed for slot in one.slots),
        missing=tuple(one.missing for one in changed if one.missing),
        also=frozenset.intersection(*(one.also for one in changed)),
    )


def plain(formula: Formula) -> Factor:
    """A factor that no step of the derivation made."""
    return Factor(formula, (), Part.OTHER)


def without(term: Term, places: Places) -> Term | None:
    """The term less these factors; None if nothing but numbers is left."""
    left = tuple(factor for number, factor in enumerate(term.factors) if number not in places)
    if all(isinstance(factor.formula, Number | Size) for factor in left):
        return None
    return replace(term, factors=left)


def exchanged(term: Term, places: Places, *new: Formula) -> Term:
    """The term with these factors replaced."""
    first = min(places)
    before = term.factors[:first]
    after = tuple(f for number, f in enumerate(term.factors) if number > first and number not in places)
    return replace(term, factors=(*before, *map(plain, new), *after))


def sign(formula: Formula) -> Sign:
    """What a part is told by."""
    parts = tuple(walk(formula))
    found: set[object] = {part.name for part in parts if isinstance(part, Entry | Size)}
    return frozenset(found | {"delta" for part in parts if isinstance(part, Delta)})


def missing(worked: Worked, term: Term, places: Places) -> frozenset[Sign]:
    """The ways in which factors that are left out may be named."""
    group = tuple(term.factors[place] for place in places)
    found = {sign(multiply(*(factor.formula for factor in group)))}
    if group[0].part is Part.GATE:
        unit = gated_unit(worked.model, term, group)
        applied = activation(worked.model, term, group)
        found.update(sign(formula) for formula in (unit, applied) if formula is not None)
    return frozenset(found)


def constant(formula: Formula) -> bool:
    """Whether a factor is a number, a size or a power of a size."""
    return isinstance(formula, Number | Size) or (isinstance(formula, Power) and isinstance(formula.base, Size))


def weights(worked: Worked, term: Term) -> list[Places]:
    """Each weight on the way."""
    return _entries(worked.model, term, {Role.WEIGHT})


def inputs(_worked: Worked, term: Term) -> list[Places]:
    """What the asked weight is multiplied by."""
    return [
        (place,)
        for place, factor in enumerate(term.factors)
        if factor.part is Part.INPUT and isinstance(factor.formula, Entry)
    ]


def _entries(model: Model, term: Term, roles: set[Role]) -> list[Places]:
    return [
        (place,)
        for place, factor in enumerate(term.factors)
        if isinstance(factor.formula, Entry) and model.quantity[factor.formula.name].role in roles
    ]


def single(worked: Worked, term: Term) -> list[Places]:
    """Each factor that is one entry."""
    return _entries(worked.model, term, set(Role))


def indexed(worked: Worked, term: Term) -> list[Places]:
    """Each factor that is one entry with an index, the last first."""
    return [places for places in reversed(single(worked, term)) if _entry(term, places).indices]


def _entry(term: Term, places: Places) -> Entry:
    formula = term.factors[places[0]].formula
    assert isinstance(formula, Entry)
    return formula


def gates(_worked: Worked, term: Term) -> list[Places]:
    """Each derivative of an activation, all factors of it."""
    found: list[list[int]] = []
    for place, factor in enumerate(term.factors):
        if factor.part is not Part.GATE:
            continue
        same = found and found[-1][-1] == place - 1 and term.factors[place - 1].links == factor.links
        if same:
            found[-1].append(place)
        else:
            found.append([place])
    return [tuple(places) for places in found]


def differences(_worked: Worked, term: Term) -> list[Places]:
    """Each error that is a difference of two."""
    return [
        (place,)
        for place, factor in enumerate(term.factors)
        if factor.part is Part.ERROR and isinstance(factor.formula, Add) and len(factor.formula.terms) == 2
    ]


def errors(_worked: Worked, term: Term) -> list[Places]:
    """All factors of the error at once."""
    places = tuple(
        place
        for place, factor in enumerate(term.factors)
        if factor.part is Part.ERROR and not isinstance(factor.formula, Number)
    )
    return [places] if places else []


def copied(entry: Entry) -> Entry:
    """The same entry as another object."""
    return replace(entry)
