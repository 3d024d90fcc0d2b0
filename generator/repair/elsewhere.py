"""For which other derivative, or other model, a wrong formula would be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product

from generator.formula import (
    Apply,
    Definition,
    Derivative,
    Entry,
    Formula,
    Index,
    Multiply,
    Name,
    Number,
    Softmax,
    Sum,
    add,
    multiply,
    number,
    rename,
    substitute,
    walk,
)
from generator.losses import LOSSES, PREDICTION, TARGET, LossForm, recognise
from generator.model import Model
from generator.repair.pool import Visible
from generator.repair.rough import near
from generator.repair.sites import Frame

ACTIVATIONS = ("sigmoid", "tanh", "relu")
MOST_ENTRIES = 24
TINY = 1e-12


def other_derivatives(model: Model, left: Formula, frame: Frame) -> Iterator[Derivative]:
    """Derivatives of the same quantity in another, and of another in the same, that have the claimed values."""
    if not isinstance(left, Derivative) or len(left.wrt) != 1 or not isinstance(left.of, Entry):
        return
    for name in _along(model, left.of.name, left.wrt[0].name):
        for entry in _entries(model, name, frame.visible):
            for candidate in (replace(left, wrt=(entry,)), replace(left, of=entry)):
                if candidate != left and candidate.of != candidate.wrt[0] and _agrees(candidate, frame):
                    yield candidate


def _along(model: Model, of: Name, wrt: Name) -> Iterator[Name]:
    """The quantities other than these two that are computed before `of`: the defined ones first, the last one first."""
    defined = [d.name for d in reversed(model.definitions)]
    free = [q.name for q in model.quantities if q.name not in model.definition]
    return (name for name in (*defined, *free) if name not in {of, wrt} and model.depends(of, name))


def _entries(model: Model, name: Name, seen: Visible) -> Iterator[Entry]:
    options = [seen.options(range_) for range_ in model.quantity[name].ranges]
    yield from (Entry(name, indices) for indices in islice(product(*options), MOST_ENTRIES))


def _agrees(candidate: Derivative, frame: Frame) -> bool:
    """Whether a derivative has the claimed value at every spot; where both are 0 everywhere that tells nothing."""
    telling = False
    for spot, scopes in zip(frame.spots, frame.scopes, strict=True):
        value = spot.rough.value(candidate, scopes[0])
        if value is None or not (near(value, spot.claimed) or abs(value) + abs(spot.claimed) < TINY):
            return False
        telling = telling or abs(value) > TINY
    return telling


def other_models(model: Model) -> Iterator[tuple[Model, Definition]]:
    """The model with one definition exchanged: another loss of the same outputs, or another activation."""
    for definition in model.definitions:
        for formula in (*_losses(model, definition), *_activations(definition)):
            changed = replace(definition, formula=formula)
            kept = (changed if d is definition else d for d in model.definitions)
            yield replace(model, definitions=tuple(kept)), changed


def _losses(model: Model, definition: Definition) -> Iterator[Formula]:
    """The other losses of the same predictions and targets, with their usual sign; squared error also halved."""
    form = recognise(model, definition)
    if form is None:
        return
    for row in LOSSES.values():
        if row.key != form.loss.key:
            yield _loss(form, row.key, number(row.sign))
            if row.key == "squared-error":
                yield _loss(form, row.key, number(Fraction(1, 2)))


def _loss(form: LossForm, key: str, scale: Formula) -> Formula:
    sizes = (f for f in _factors(form.scale) if not isinstance(f, Number))
    total = add(*(_of(key, prediction, target) for prediction, target in form.pairs))
    for letter, range_ in reversed(form.sums):
        total = Sum(letter, range_, total)
    return multiply(scale, *sizes, total)


def _of(key: str, prediction: Entry, target: Entry) -> Formula:
    to: dict[Formula, Formula] = {PREDICTION: prediction, TARGET: target}
    return substitute(LOSSES[key].formula, to.get)


def _factors(formula: Formula) -> tuple[Formula, ...]:
    return formula.factors if isinstance(formula, Multiply) else (formula,)


def _activations(definition: Definition) -> Iterator[Formula]:
    """Softmax outputs as single logistic units and the reverse; other activations, and none at all."""
    match definition.formula:
        case Softmax(index, letter, _, argument):
            yield Apply("sigmoid", rename(argument, {letter: index}))
            return
        case Apply("sigmoid", argument) if definition.letters:
            letter, range_ = definition.letters[-1], definition.ranges[-1]
            yield Softmax(Index(letter), "l#20000", range_, rename(argument, {letter: Index("l#20000")}))
        case _:
            pass
    used = [part.function for part in walk(definition.formula) if isinstance(part, Apply)]
    for function in dict.fromkeys(function for function in used if function in ACTIVATIONS):
        for other in (*ACTIVATIONS, ""):
            if other != function:
                yield _with(definition.formula, function, other)


def _with(formula: Formula, function: str, other: str) -> Formula:
    """The formula with one function for another; with none where `other` is empty."""

    def change(part: Formula) -> Formula | None:
        if isinstance(part, Apply) and part.function == function and part.order == 0:
            argument = substitute(part.argument, change)
            return Apply(other, argument) if other else argument
        return None

    return substitute(formula, change)
