"""The result read in words: what each factor does, over what is added, when it is 0, how large it can be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from generator.alike import alike
from generator.derivation import Derivation, Factor, Link, Part, Term
from generator.facts import Fact, Math
from generator.formula import Entry, Formula, Index, Name, add, entries, free_letters, multiply, negative, rename
from generator.functions import ARGUMENT, FUNCTIONS, derivative_at
from generator.kinds import FACTS, fact
from generator.losses import recognise
from generator.mathml import Mark, marked
from generator.model import Model, Role
from generator.page.paths import link, renamed, settled
from generator.page.record import FactorView, Meaning
from generator.page.shown import Writer
from generator.recognise import LINEAR, SOFTMAX, Unit, unit

_POSITIVE = ("sigmoid", "softplus", "exp", SOFTMAX)
_ZEROS = (Part.INPUT, Part.ROUTE)


def meaning(model: Model, derivation: Derivation, write: Writer) -> Meaning:
    """The factors of the first term, in the indices that were asked; further terms are told apart by their paths."""
    if not derivation.terms:
        return Meaning((), None, ())
    term = _instance(derivation, write)
    groups = _groups(term)
    views = tuple(_view(model, term, factors, write) for factors in groups)
    return Meaning(views, _adds(derivation, term, write), tuple(_sentences(model, derivation, term, write)))


def _instance(derivation: Derivation, write: Writer) -> Term:
    """The first term at the asked indices, its sums kept."""
    term = derivation.terms[0]
    general, asked = derivation.general, derivation.asked
    letters: dict[str, Index] = {}
    for own, other in ((general.of, asked.of), (general.wrt[0], asked.wrt[0])):
        if isinstance(own, Entry) and isinstance(other, Entry):
            pairs = zip(own.indices, other.indices, strict=True)
            letters |= {letter.letter: index for letter, index in pairs if letter.letter is not None}
    return settled(renamed(term, letters), asked, write)


def _groups(term: Term) -> list[tuple[Factor, ...]]:
    """The factors, those of one link that do the same thing together."""
    rows = groupby(term.factors, key=lambda factor: (factor.part, factor.links))
    return [tuple(group) for _, group in rows]


def _view(model: Model, term: Term, factors: Sequence[Factor], write: Writer) -> FactorView:
    shown = write.math(multiply(*(factor.formula for factor in factors)))
    named = link(term, factors[0])
    mark = (Mark(named),) if named else ()
    return FactorView(
        Math(shown.latex, marked(shown.latex, 0), mark) if mark else shown, _role(model, term, factors, write)
    )


def _role(model: Model, term: Term, factors: Sequence[Factor], write: Writer) -> Fact:
    first = factors[0]
    formula = multiply(*(factor.formula for factor in factors))
    consumer, producer = _ends(term, first)
    match first.part:
        case Part.ERROR:
            return _error(model, term, first, formula, write)
        case Part.ROUTE:
            return fact("role-route", from_=write.math(producer), to=write.math(consumer))
        case Part.INPUT if _is_input(model, formula):
            return fact("role-input", wrt=write.math(term.path[-1]))
        case Part.INPUT:
            return fact("role-beside", wrt=write.math(term.path[-1]))
        case Part.GATE:
            return _gate(model, term, first, write)
        case Part.NUMBER:
            return fact("role-number")
        case _:
            return fact("role-other", of=write.math(consumer), wrt=write.math(producer))


def _ends(term: Term, factor: Factor) -> tuple[Entry, Entry]:
    names = {name for one in factor.links for name in (one.consumer, one.producer)}
    on_path = [entry for entry in term.path if entry.name in names]
    return (on_path[0], on_path[-1]) if on_path else (term.path[0], term.path[-1])


def _is_input(model: Model, formula: Formula) -> bool:
    return isinstance(formula, Entry) and model.quantity[formula.name].role is Role.INPUT


def _error(model: Model, term: Term, factor: Factor, formula: Formula, write: Writer) -> Fact:
    pair = _difference(model, term.path[0], formula)
    if pair is not None:
        return fact("role-error", output=write.math(pair[0]), target=write.math(pair[1]))
    kind, at = _felt_at(term, factor)
    return fact(kind, of=write.math(term.path[0]), at=write.math(at))


def _felt_at(term: Term, error: Factor) -> tuple[str, Entry]:
    """In what an error is the derivative: the end of its links, or the input of the unit before that.

    The second where another factor of the last link is what the input of that unit multiplies; where a slope of the
    unit is left beside it, the error is only part of that derivative.
    """
    edges = list(pairwise(term.path))
    own = [
        n for n, (a, b) in enumerate(edges) if any((o.consumer, o.producer) == (a.name, b.name) for o in error.links)
    ]
    if not own:
        return "role-slope-part", term.path[1]
    consumer, producer = edges[own[-1]]
    last = Link(consumer.name, producer.name)
    others = [f for f in term.factors if last in f.links and (f.part, f.links) != (error.part, error.links)]
    if not others:
        return "role-slope", producer
    return "role-slope-part" if any(o.part is Part.GATE for o in others) else "role-slope-input", consumer


def _difference(model: Model, loss: Entry, formula: Formula) -> tuple[Entry, Entry] | None:
    """The prediction and the target whose difference the formula is, up to the letters of the loss."""
    definition = model.definition.get(loss.name)
    form = recognise(model, definition) if definition is not None else None
    if form is None:
        return None
    found = [part for part in getattr(formula, "terms", ()) if isinstance(part, Entry)]
    for prediction, target in ((_first_name(model, prediction), target) for prediction, target in form.pairs):
        for entry in found:
            if entry.name == prediction.name and len(entry.indices) == len(target.indices):
                other = Entry(target.name, entry.indices if target.indices else ())
                if alike(formula, add(entry, negative(other))):
                    return entry, other
    return None


def _first_name(model: Model, entry: Entry) -> Entry:
    """The entry that a second name stands for."""
    definition = model.definition.get(entry.name)
    if definition is None or not isinstance(definition.formula, Entry):
        return entry
    to = dict(zip(definition.letters, entry.indices, strict=True))
    seen = rename(definition.formula, to)
    return _first_name(model, seen) if isinstance(seen, Entry) else entry


def _gate(model: Model, term: Term, factor: Factor, write: Writer) -> Fact:
    """What a slope does: that of an activation by its name; the whole derivative of a unit that is none as such."""
    consumer, producer = _ends(term, factor)
    found, shown = _unit(model, consumer.name), write.math(consumer)
    if found is not None and found.activation == SOFTMAX:
        return fact("role-softmax", unit=shown)
    if found is not None and found.activation in FUNCTIONS:
        return fact("role-gate", unit=shown, function=FUNCTIONS[found.activation].title)
    beside = [f for f in term.factors if set(f.links) & set(factor.links) and f.part is not Part.GATE]
    if found is None and not beside:
        return fact("role-other", of=shown, wrt=write.math(producer))
    return fact("role-gate-open", unit=shown)


def _unit(model: Model, name: Name) -> Unit | None:
    definition = model.definition.get(name)
    found = unit(model, definition) if definition is not None else None
    return None if found is None or found.activation == LINEAR else found


def _adds(derivation: Derivation, term: Term, write: Writer) -> Fact | None:
    if len(derivation.terms) > 1:
        return fact("adds-paths")
    if not term.sums:
        return None
    return fact("adds-sum", over=tuple(write.over(letter, range_) for letter, range_ in term.sums))


def _never_zero(model: Model, name: Name) -> bool:
    """Whether a quantity is the value of a function that is positive everywhere."""
    found = _unit(model, name)
    return found is not None and found.activation in _POSITIVE


def _sentences(model: Model, derivation: Derivation, term: Term, write: Writer) -> list[Fact]:
    """When the gradient is 0, and how large the slopes in it can be."""
    found: list[Fact] = []
    groups = [group for group in _groups(term) if not _summed(term, group)]
    in_all = [factor for group in groups for factor in group if _everywhere(factor, derivation)]
    alone = [f.formula for f in in_all if isinstance(f.formula, Entry) and f.part in _ZEROS]
    zeros = [one for one in alone if not _never_zero(model, one.name)]
    if zeros:
        found.append(fact("zero-where", factors=write.maths(dict.fromkeys(zeros))))
    gates = [gate for group in _groups(term) if (gate := _gate_of(model, term, group)) is not None]
    for activation in dict.fromkeys(key for key, _, _ in gates):
        rows = [(formula, unit_) for key, formula, unit_ in gates if key == activation]
        factors, units = (write.maths(dict.fromkeys(row[side] for row in rows)) for side in (0, 1))
        found.append(fact(f"gate-{activation}", factors=factors, units=units))
    return found


def _everywhere(factor: Factor, derivation: Derivation) -> bool:
    """Whether every term of the result has the factor (by its names: the first term was put at the asked indices)."""
    names = [entry.name for entry in entries(factor.formula)]
    return all(
        any([entry.name for entry in entries(one.formula)] == names and one.part is factor.part for one in term.factors)
        for term in derivation.terms
    )


def _summed(term: Term, group: Sequence[Factor]) -> bool:
    names = {letter for letter, _ in term.sums}
    return any(free_letters(factor.formula) & names for factor in group)


def _gate_of(model: Model, term: Term, group: Sequence[Factor]) -> tuple[str, Formula, Entry] | None:
    """The activation whose slope a group of factors is, the slope, and the unit; None where it is no whole slope."""
    consumer, _ = _ends(term, group[0])
    found = _unit(model, consumer.name)
    if group[0].part is not Part.GATE or found is None or f"gate-{found.activation}" not in FACTS:
        return None
    product = multiply(*(factor.formula for factor in group))
    whole = alike(product, derivative_at(found.activation, ARGUMENT, consumer))
    return (found.activation, product, consumer) if whole else None
