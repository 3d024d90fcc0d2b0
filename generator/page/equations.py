"""The definitions, numbered, and the conventions in them that change a gradient."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import prod

from generator import anchors
from generator.facts import Fact, Math
from generator.formula import Apply, Definition, Name, Number, Range, walk
from generator.functions import FUNCTIONS
from generator.kinds import fact
from generator.latex.printer import latex
from generator.losses import LossForm, recognise
from generator.model import Model
from generator.page.record import Equation
from generator.page.shown import Writer, count, joined, size, spell
from generator.page.symbols import activation_title
from generator.plain import plain
from generator.recognise import LINEAR, unit

Sum_ = tuple[str, Range]


def numbers(model: Model) -> dict[Name, str]:
    """The number of each definition on the page."""
    return {definition.name: str(place) for place, definition in enumerate(model.definitions, start=1)}


def equations(model: Model, write: Writer) -> tuple[Equation, ...]:
    """The definitions in the order in which each uses only earlier ones."""
    numbered = numbers(model)
    return tuple(_equation(model, definition, numbered[definition.name], write) for definition in model.definitions)


def _equation(model: Model, definition: Definition, number: str, write: Writer) -> Equation:
    shown = defined(definition, write)
    return Equation(
        number, anchors.equation(definition.name), shown, plain(shown.latex), conventions(model, definition, write)
    )


def defined(definition: Definition, write: Writer) -> Math:
    """`left = right`."""
    return joined([write.math(definition.entry), write.math(definition.formula)], "=")


def functions(model: Model) -> tuple[Fact, ...]:
    """The functions that stand in the equations, each with its definition and its derivative."""
    keys = dict.fromkeys(
        part.function
        for d in model.definitions
        for part in walk(d.formula)
        if isinstance(part, Apply) and not part.order
    )
    return tuple(_function(key) for key in keys if key != "exp")


def _function(key: str) -> Fact:
    row = FUNCTIONS.get(key)
    if row is None:
        return fact("function-open", function=Math(key))
    if key == "log":
        return fact("function-log")
    name = Math(row.latex)
    shown = latex(row.formula)
    return fact("function-known", function=name, title=row.title, formula=Math(shown))


@dataclass(frozen=True, slots=True)
class Share:
    """How a loss weighs its terms: over which indices it averages and adds, whether halved, what number is left."""

    averaged: tuple[Sum_, ...]
    added: tuple[Sum_, ...]
    half: bool
    rest: Fraction


def share(form: LossForm) -> Share:
    """The reading of the number and the sizes in front of a loss; one half of a squared error is a half, no mean.

    The sum over classes belongs to cross-entropy itself.
    """
    sums = form.sums[:-1] if form.loss.key == "cross-entropy" else form.sums
    number = abs(form.number)
    named = tuple(one for one in sums if one[1].upper.letter in form.divided_by)
    half = form.loss.key == "squared-error" and number.numerator == 1 and number.denominator % 2 == 0
    left = number * 2 if half else number
    others = [one for one in sums if one not in named and (count(one[1]) or 1) > 1]
    chosen: tuple[Sum_, ...] = ()
    for size_ in range(1, len(others) + 1):
        for some in combinations(others, size_):
            if not chosen and left * prod(count(one[1]) or 1 for one in some) == 1:
                chosen = some
    averaged = (*named, *chosen)
    rest = Fraction(1) if chosen else left
    return Share(averaged, tuple(one for one in sums if one not in averaged), half, rest)


def conventions(model: Model, definition: Definition, write: Writer) -> tuple[Fact, ...]:
    """What in this definition a reader may have otherwise, and what changes then."""
    form = recognise(model, definition)
    if form is None:
        return ()
    found = [*_weights(definition, form, write), *_half(form)]
    if form.number * form.loss.sign < 0:
        found.append(fact("convention-sign"))
    return tuple(found)


def _weights(definition: Definition, form: LossForm, write: Writer) -> list[Fact]:
    of, found = Math(latex(definition.entry)), share(form)
    if found.averaged:
        return [fact("convention-mean", of=of, over=write.over(*one)) for one in found.averaged]
    if not form.sums and len(form.pairs) > 1:
        return [fact("convention-terms", of=of, count=spell(len(form.pairs)))]
    return [
        fact("convention-sum", of=of, over=write.over(letter, range_), size=size(range_))
        for letter, range_ in found.added
    ]


def _half(form: LossForm) -> list[Fact]:
    if form.loss.key != "squared-error":
        return []
    return [fact("convention-half" if share(form).half else "convention-no-half")]


def basis(model: Model, of: Name, wrt: Name, write: Writer) -> tuple[Fact, ...]:
    """What a verdict rests on: the activations between the two quantities, and the loss."""
    between = [d for d in model.definitions if model.depends(of, d.name) and model.depends(d.name, wrt)]
    return (*_activations(model, between), *_loss(model, between, write))


def _activations(model: Model, between: list[Definition]) -> tuple[Fact, ...]:
    found: dict[str, list[Math]] = {}
    for definition in between:
        one = unit(model, definition)
        if one is not None and one.activation != LINEAR and activation_title(one):
            found.setdefault(activation_title(one), []).append(Math(latex(definition.entry)))
    return tuple(fact("basis-activation", function=title, units=tuple(units)) for title, units in found.items())


def _loss(model: Model, between: list[Definition], write: Writer) -> tuple[Fact, ...]:
    for definition in between:
        form = recognise(model, definition)
        if form is not None:
            of = Math(latex(definition.entry))
            return (fact("basis-loss", of=of, loss=_loss_title(form, write)),)
    return ()


def _loss_title(form: LossForm, write: Writer) -> Fact:
    found = share(form)
    averaged, added = (tuple(write.over(*one) for one in sums) for sums in (found.averaged, found.added))
    half = "-half" if found.half else ""
    if found.rest != 1:
        return fact("loss-scaled", loss=form.loss.title, number=Math(latex(Number(found.rest))))
    if averaged:
        return fact(f"loss-mean{half}", loss=form.loss.title, over=averaged, added=added)
    if added:
        return fact(f"loss-sum{half}", loss=form.loss.title, over=added)
    return fact(f"loss-{'terms' if len(form.pairs) > 1 else 'one'}{half}", loss=form.loss.title)
