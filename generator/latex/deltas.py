"""Error terms: `\\delta_k`, the derivative of the loss in the pre-activation of a layer."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.formula import (
    MINUS_ONE,
    ONE,
    Apply,
    Derivative,
    Entry,
    Formula,
    Index,
    Multiply,
    Name,
    Number,
    Power,
    Size,
    Softmax,
    Sum,
    children,
    multiply,
    walk,
)
from generator.functions import FUNCTIONS
from generator.latex.names import DELTA, Written
from generator.latex.ranges import Position
from generator.latex.scope import Scope
from generator.latex.scripts import spell
from generator.latex.syntax import Item
from generator.model import Model


def error_term(item: Item, written: Written, scope: Scope) -> Formula:
    """The derivative of the one loss in the pre-activation that the label and letters of `\\delta` point at.

    Raises `Refusal` where that is not one.
    """
    model = scope.file.model
    if model is None:
        raise scope.unsupported("error terms in the lines of a model", item.start)
    loss = the_loss(item, scope)
    indices = written.all
    fits = [name for name in dict.fromkeys(pre_activations(model)) if _fits(model, name, written)]
    if len(fits) != 1:
        count = "no" if not fits else "more than one"
        message = f"{spell(item)} fits {count} pre-activation of the model"
        raise scope.refuse(message, item.start, r"Write the derivative: \frac{\partial E}{\partial z_k}")
    for number, index in enumerate(indices):
        if index.letter is not None and index.letter in scope.letters:
            position = Position(fits[0], number)
            scope.ranges.stand(scope.letters[index.letter], index.offset, position, scope.text.place(item.start))
    return by_convention(DELTA, Derivative(loss, (Entry(fits[0], indices),)), scope)


def by_convention(sign: str, derivative: Derivative, scope: Scope) -> Formula:
    """The derivative of the loss, times what the convention in force for `sign` puts in front of it.

    The number of samples stands only in front of derivatives in what there is one of for each sample.
    """
    scope.notes.add(sign)
    factor = scope.signs.get(sign, ONE)
    model = scope.file.model
    if factor != MINUS_ONE and model is not None:
        uppers = [_as_number(range_.upper) for range_ in model.quantity[derivative.wrt[0].name].ranges]
        factor = factor if factor in uppers else ONE
    return multiply(factor, derivative)


def _as_number(bound: Index) -> Formula:
    return Number(Fraction(bound.offset)) if bound.letter is None else Size(bound.letter)


def samples(model: Model) -> Formula | None:
    """The number of samples of which the one loss is the mean; None where it is no mean."""
    formula = model.definition[model.losses[0]].formula if len(model.losses) == 1 else None
    if not isinstance(formula, Multiply) or not any(isinstance(factor, Sum) for factor in formula.factors):
        return None
    first = next(factor for factor in formula.factors if isinstance(factor, Sum))
    upper = first.range.upper
    for factor in formula.factors:
        match factor:
            case Power(base, Number(exponent)) if exponent == -1 and _as_number(upper) in (base, *children(base)):
                return _as_number(upper)
            case Number(value) if value.numerator in (1, -1) and upper == Index(None, value.denominator):
                return Number(Fraction(value.denominator)) if value.denominator > 1 else None
    return None


def the_loss(item: Item, scope: Scope) -> Entry:
    """The one number that nothing consumes. Raises `Refusal` where there are several."""
    losses = scope.file.model.losses if scope.file.model is not None else ()
    if len(losses) != 1:
        names = ", ".join(name.base for name in losses)
        message = f"{spell(item)} is a derivative of the loss, and the model has {len(losses)} ({names})"
        raise scope.refuse(message, item.start, r"Write the derivative: \frac{\partial E}{\partial z_k}")
    return Entry(losses[0])


def pre_activations(model: Model) -> Iterator[Name]:
    """The quantities to which an activation is applied, in the order of the definitions."""
    activated = {d.name for d in model.definitions if any(True for _ in _activated(d.formula))}
    for definition in model.definitions:
        yield from _activated(definition.formula)
        match definition.formula:
            case Entry(name) if name in model.definition and name not in activated:
                yield name


def _activated(formula: Formula) -> Iterator[Name]:
    for part in walk(formula):
        match part:
            case Apply(function, Entry(name)) if function not in FUNCTIONS or FUNCTIONS[function].activation:
                yield name
            case Softmax(_, _, _, Entry(name)):
                yield name


def _fits(model: Model, name: Name, written: Written) -> bool:
    quantity = model.quantity[name]
    if len(quantity.letters) != len(written.all):
        return False
    if written.name.superscript:
        return name.superscript == written.name.superscript
    if name.superscript and any(other.superscript != name.superscript for other in pre_activations(model)):
        return False
    letters = [index.letter for index in written.all]
    return all(
        letter is None or letter.rstrip("'") == own for letter, own in zip(letters, quantity.letters, strict=True)
    )
