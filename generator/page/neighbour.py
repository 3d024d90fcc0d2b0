"""The next question: a neighbour in the model whose derivation differs in one place, with its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from generator.alike import alike
from generator.derivation import Derivation
from generator.derive import derive
from generator.facts import Fact
from generator.formula import (
    ONE,
    Derivative,
    Entry,
    Formula,
    Index,
    Name,
    Size,
    Sum,
    add,
    divide,
    multiply,
    negative,
    number,
    power,
)
from generator.kinds import fact
from generator.losses import recognise
from generator.model import Model, Role
from generator.page.equations import defined
from generator.page.paths import literal, pieces, renamed
from generator.page.record import Next
from generator.page.shown import Writer, equal

OTHER_WAYS = 10
"""How much farther a neighbour is whose effect takes other ways."""


def following(model: Model, derivation: Derivation, write: Writer) -> Next | None:
    """The neighbour that differs in the fewest factors; the bias of the same unit before a weight of another layer."""
    best: tuple[int, Next] | None = None
    for wrt in _neighbours(model, derivation):
        found = _next(derivation, derive(model, Derivative(derivation.asked.of, (wrt,))), write)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return best[1] if best is not None else _other_loss(model, derivation, write)


def _other_loss(model: Model, derivation: Derivation, write: Writer) -> Next | None:
    """The same derivative of half the squared error of the same outputs, where the loss is another."""
    of = derivation.asked.of
    definition = model.definition.get(of.name) if isinstance(of, Entry) else None
    form = recognise(model, definition) if definition is not None else None
    if form is None or definition is None or form.loss.key == "squared-error":
        return None
    squares = add(*(power(add(y, negative(t)), 2) for y, t in form.pairs))
    for letter, range_ in reversed(form.sums):
        squares = Sum(letter, range_, squares)
    sizes = [divide(ONE, Size(name)) for name in form.divided_by]
    half = replace(definition, formula=multiply(number(Fraction(1, 2)), *sizes, squares))
    own = tuple(half if one is definition else one for one in model.definitions)
    other = derive(replace(model, definitions=own), derivation.asked)
    asked = write.math(derivation.asked)
    return Next(
        fact("next-loss", asked=asked, loss=defined(half, write)),
        fact("next-hint", asked=asked),
        equal(asked, write.math(other.written)),
        fact("change-loss", of=write.math(of), outputs=write.maths(y for y, _ in form.pairs)),
    )


def _neighbours(model: Model, derivation: Derivation) -> Iterator[Entry]:
    """Other weights and biases on the way, those of the same definition first."""
    own = derivation.asked.wrt[0]
    users = [d for d in model.definitions if own.name in model.inputs[d.name]]
    way = [d for d in model.definitions if isinstance(derivation.asked.of, Entry)]
    seen: list[Name] = [own.name]
    for definition in (*users, *reversed(way)):
        if not isinstance(derivation.asked.of, Entry) or not model.depends(derivation.asked.of.name, definition.name):
            continue
        for name in model.inputs[definition.name]:
            if name in seen or name in model.definition:
                continue
            seen.append(name)
            if model.quantity[name].role in (Role.BIAS, Role.WEIGHT) and len(list(model.consumers(name))) == 1:
                yield _at(model, derivation, name)


def _at(model: Model, derivation: Derivation, name: Name) -> Entry:
    """The entry asked for: at the asked indices where its letters are those of the asked one, else general."""
    general, asked = derivation.general.wrt[0], derivation.asked.wrt[0]
    known = {g.letter: a for g, a in zip(general.indices, asked.indices, strict=True)}
    whole = model.whole(name)
    indices = tuple(known.get(index.letter, index) for index in whole.indices)
    entry = Entry(name, indices)
    return entry if literal(entry) else whole


def _next(derivation: Derivation, other: Derivation, write: Writer) -> tuple[int, Next] | None:
    gone, new = _difference(derivation, other)
    if not other.terms or len(gone) + len(new) > 4 or not (gone or new):
        return None
    asked = write.math(other.asked)
    same = _shape(other) == _shape(derivation)
    change = _change(gone, new, write) if same else fact("change-ways", wrt=write.math(other.asked.wrt[0]))
    answer = equal(asked, write.math(other.written))
    return len(gone) + len(new) + (0 if same else OTHER_WAYS), Next(
        fact("next-question", asked=asked), fact("next-hint", asked=asked), answer, change
    )


def _shape(derivation: Derivation) -> tuple[int, list[int]]:
    """How many terms the result has, and over how many letters each is summed."""
    return len(derivation.written_terms), [len(term.sums) for term in derivation.terms]


def _difference(derivation: Derivation, other: Derivation) -> tuple[list[Formula], list[Formula]]:
    """The factors of the first term that are gone in the other's, and those that are new, letters alike."""
    if not derivation.written_terms or not other.written_terms:
        return [], []
    ours = [leaf for factor in derivation.written_terms[0].factors for leaf in pieces(factor.formula)]
    term = other.written_terms[0]
    letters = dict(zip([letter for letter, _ in term.sums], derivation.written_terms[0].sums, strict=False))
    term = renamed(term, {old: Index(new[0]) for old, new in letters.items()})
    theirs = [leaf for factor in term.factors for leaf in pieces(factor.formula)]
    gone = list(ours)
    new = []
    for leaf in theirs:
        twin = next((one for one in gone if alike(one, leaf)), None)
        if twin is None:
            new.append(leaf)
        else:
            gone.remove(twin)
    return gone, new


def _change(gone: list[Formula], new: list[Formula], write: Writer) -> Fact:
    if gone and new:
        return fact("change-replaced", gone=write.maths(gone), new=write.maths(new))
    return fact("change-gone", gone=write.maths(gone)) if gone else fact("change-new", new=write.maths(new))
