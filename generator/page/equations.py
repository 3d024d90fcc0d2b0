"""The definitions, numbered, and the conventions in them that change a gradient."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator import anchors
from generator.facts import Fact, Math
from generator.formula import Apply, Definition, Name, walk
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


def conventions(model: Model, definition: Definition, write: Writer) -> tuple[Fact, ...]:
    """What in this definition a reader may have otherwise, and what changes then."""
    form = recognise(model, definition)
    if form is None:
        return ()
    found = [*_share(definition, form, write), *_half(form)]
    if form.number * form.loss.sign < 0:
        found.append(fact("convention-sign"))
    return tuple(found)


def _share(definition: Definition, form: LossForm, write: Writer) -> list[Fact]:
    of = Math(latex(definition.entry))
    if form.loss.key == "cross-entropy":
        form = replace(form, sums=form.sums[:-1])
    counts = [(letter, range_, count(range_)) for letter, range_ in form.sums]
    known = [number for _, _, number in counts if number is not None]
    if form.divided_by or any(abs(form.number) == Fraction(1, number) for number in known if number > 1):
        letters, range_ = form.sums[0] if form.sums else ("", None)
        return [] if range_ is None else [fact("convention-mean", of=of, over=write.over(letters, range_))]
    if not form.sums:
        return [fact("convention-terms", of=of, count=spell(len(form.pairs)))] if len(form.pairs) > 1 else []
    return [
        fact("convention-sum", of=of, over=write.over(letter, range_), size=size(range_))
        for letter, range_ in form.sums
    ]


def _half(form: LossForm) -> list[Fact]:
    if form.loss.key != "squared-error":
        return []
    return [fact("convention-half")] if abs(form.number) == Fraction(1, 2) else [fact("convention-no-half")]


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
    if form.loss.key == "cross-entropy":
        form = replace(form, sums=form.sums[:-1])
    shares = bool(form.divided_by) or any(abs(form.number) == Fraction(1, count(r) or 1) != 1 for _, r in form.sums)
    half = form.loss.key == "squared-error" and abs(form.number) == Fraction(1, 2)
    over = tuple(write.over(letter, range_) for letter, range_ in form.sums)
    kind = "mean" if shares else "sum" if over else "terms" if len(form.pairs) > 1 else "one"
    named = f"loss-{kind}-half" if half else f"loss-{kind}"
    return fact(named, loss=form.loss.title, over=over) if over else fact(named, loss=form.loss.title)
