"""Worlds: the same model with one node exchanged, to be derived again by the same engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from generator.caveats.write import Pen, pen
from generator.derivation import Derivation
from generator.derive import derive
from generator.formula import (
    ONE,
    Add,
    Apply,
    Definition,
    Derivative,
    Entry,
    Formula,
    Index,
    Multiply,
    Name,
    Number,
    Range,
    Softmax,
    Sum,
    add,
    entries,
    literal,
    multiply,
    negative,
    number,
    rename,
    replace_children,
    shift,
    substitute,
)
from generator.losses import LOSSES, PREDICTION, TARGET, LossForm
from generator.model import Assumption, Model, Quantity, Role
from generator.recognise import LINEAR, SOFTMAX, Head, Unit, fresh_name, head, named_entry

_T = TypeVar("_T")
_SPARE = ("l", "q", "r", "i", "j", "m", "n", "p")


@dataclass(frozen=True, slots=True)
class Output:
    """An output with its pre-activation and target, in the letters of the loss; `letter` runs over `range`."""

    output: Entry
    pre: Entry
    target: Entry
    letter: str | None
    range: Range | None

    def at(self, value: int) -> Output:
        """The output at one value of its letter."""
        output, pre, target = (with_letter(e, self.letter, value) for e in (self.output, self.pre, self.target))
        return Output(output, pre, target, None, None)


@dataclass(frozen=True, slots=True)
class World:
    """A model with its output layer, each pre-activation of which has a name; `pres` are their general entries."""

    model: Model
    head: Head
    pres: tuple[Entry, ...]

    @property
    def loss(self) -> Entry:
        """What is minimised: the one number that nothing consumes, or the loss of the output layer."""
        return Entry(self.model.losses[0]) if len(self.model.losses) == 1 else self.head.definition.entry

    @property
    def pen(self) -> Pen:
        """Prints formulas of this world."""
        return pen(self.model)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The outputs as the loss writes them."""
        units = dict(zip(self.head.names, zip(self.head.units, self.pres, strict=True), strict=True))
        found = []
        for prediction, target in self.head.form.pairs:
            unit, pre = units[prediction.name]
            to = dict(zip(unit.definition.letters, prediction.indices, strict=True))
            at = Entry(pre.name, tuple(shift(index, to) for index in pre.indices))
            letter = None if unit.axis is None else prediction.indices[unit.axis].letter
            found.append(Output(prediction, at, target, letter, unit.range if letter else None))
        return tuple(found)

    def error(self, place: int = 0) -> Derivation:
        """The derivation of the derivative of the loss in a pre-activation of the output layer."""
        return derive(self.model, Derivative(self.loss, (self.pres[place],)))


def world(model: Model, keep: Name) -> World | None:
    """The model itself, with names for the pre-activations of its outputs; None without a recognised output layer.

    A linear output is its own pre-activation.
    Of two names for one output the name `keep` stays, or the one that the unit itself has.
    """
    model = _with_one_name(model, keep)
    found = head(model)
    if found is None:
        return None
    pres = []
    base = fresh_name(model).base
    for unit in found.units:
        own = unit.definition.entry if unit.activation == LINEAR else named_entry(unit)
        entry = own if own is not None else _fresh_entry(base, unit, len(found.units))
        if entry != own:
            model = _with_quantity(model, unit, entry)
        pres.append(entry)
    return _again(model, tuple(pres))


def _with_one_name(model: Model, keep: Name) -> Model:
    """The model without definitions that only give an output of its head a second name."""
    found = head(model)
    pairs = zip(found.names, found.units, strict=True) if found else ()
    for other, unit in pairs:
        own = unit.name
        if own == other or model.definition[other].formula != replace(
            unit.definition.entry, indices=_indices(model, other)
        ):
            continue
        gone, left = (own, other) if keep == other else (other, own)
        model = _renamed(model, gone, left)
    return model


def _indices(model: Model, name: Name) -> tuple[Index, ...]:
    return model.definition[name].entry.indices


def _renamed(model: Model, gone: Name, left: Name) -> Model:
    """The model in which the quantity `gone` is called `left`, too, and defined once."""

    def change(part: Formula) -> Formula | None:
        return replace(part, name=left) if isinstance(part, Entry) and part.name == gone else None

    definitions = tuple(
        replace(d, name=left if d.name == gone else d.name, formula=substitute(d.formula, change))
        for d in model.definitions
    )
    kept = tuple(d for d in definitions if d.formula != d.entry)
    return replace(model, quantities=tuple(q for q in model.quantities if q.name != gone), definitions=kept)


def _again(model: Model, pres: tuple[Entry, ...]) -> World | None:
    found = head(model)
    return None if found is None else World(model, found, pres)


def _fresh_entry(base: str, unit: Unit, several: int) -> Entry:
    """An entry with a fresh letter and the indices of the unit; `Y_2` gives `a_2`."""
    label = unit.name.base.partition("_")[2] if several > 1 else ""
    name = Name(f"{base}_{label}" if label else base, unit.name.superscript, unit.name.layer, unit.name.sample)
    return Entry(name, tuple(Index(letter) for letter in unit.definition.letters))


def _with_quantity(model: Model, unit: Unit, entry: Entry) -> Model:
    """The model with the pre-activation of `unit` under a name of its own."""
    own = unit.definition
    quantity = Quantity(entry.name, own.ranges, own.letters, Role.HIDDEN)
    before = replace(own, name=entry.name, formula=unit.argument)
    after = replace(own, formula=activated(unit, unit.activation, entry))
    return _with(model, {own.name: (before, after)}, (quantity,))


def _with(model: Model, changed: Mapping[Name, tuple[Definition, ...]], added: tuple[Quantity, ...] = ()) -> Model:
    """The model with definitions replaced by others."""
    definitions = tuple(new for old in model.definitions for new in changed.get(old.name, (old,)))
    return replace(model, quantities=(*model.quantities, *added), definitions=definitions)


def activated(unit: Unit, activation: str, argument: Entry) -> Formula:
    """`activation` of the pre-activation `argument`, in the letters of the unit's definition."""
    if activation == LINEAR:
        return argument
    if activation != SOFTMAX or unit.range is None:
        return Apply(activation, argument)
    used = {*unit.definition.letters, argument.name.base}
    bound = next(letter for letter in _SPARE if letter not in used)
    return Softmax(Index(unit.letter), bound, unit.range, rename(argument, {unit.letter: Index(bound)}))


def with_outputs(old: World, activation: str) -> World | None:
    """The world in which every output is `activation` of its pre-activation."""
    changed = {
        unit.name: (replace(unit.definition, formula=activated(unit, activation, pre)),)
        for unit, pre in zip(old.head.units, old.pres, strict=True)
    }
    return _again(_with(old.model, changed), old.pres)


def with_loss(old: World, key: str, number_in_front: Formula = ONE) -> World | None:
    """The world with another loss of the same outputs and targets, times `number_in_front` and what divides it now."""
    form = old.head.form
    front = (number(LOSSES[key].sign), number_in_front, *_dividers(form))
    new = with_loss_formula(old, add(summed(form, key, front), old.head.rest))
    return _again(new.model, new.pres)


def _dividers(form: LossForm) -> tuple[Formula, ...]:
    factors = form.scale.factors if isinstance(form.scale, Multiply) else (form.scale,)
    return tuple(factor for factor in factors if not isinstance(factor, Number))


def with_loss_formula(old: World, formula: Formula) -> World:
    """The world whose loss is `formula`; its head is still that of the old loss."""
    definition = replace(old.head.definition, formula=formula)
    return replace(old, model=_with(old.model, {definition.name: (definition,)}))


def summed(form: LossForm, key: str, factors: tuple[Formula, ...]) -> Formula:
    """The loss `key` (without its sign) of the pairs of `form`, under its sums, times `factors`."""
    bodies = []
    for prediction, target in form.pairs:
        to: dict[Formula, Formula] = {PREDICTION: prediction, TARGET: target}
        bodies.append(substitute(LOSSES[key].formula, to.get))
    return multiply(*factors, under(form.sums, add(*bodies)))


@dataclass(frozen=True, slots=True)
class Bracket:
    """A number below 0 and other factors, times the sums over `sums` of a bracket of several terms."""

    value: Fraction
    factors: tuple[Formula, ...]
    sums: tuple[tuple[str, Range], ...]
    terms: tuple[Formula, ...]

    def summed(self, *terms: Formula) -> Formula:
        """The terms under the sums."""
        return under(self.sums, add(*terms))

    def typed(self) -> tuple[Formula, ...]:
        """The terms without the bracket: the sums and what stands before them belong to the first one."""
        first, *rest = self.terms
        return (multiply(Number(self.value), *self.factors, self.summed(first)), *rest)

    def read(self) -> Formula:
        """The same with the sums over all terms, the minus before the first one alone."""
        first, *rest = self.terms
        return multiply(Number(-self.value), *self.factors, self.summed(negative(first), *rest))


def bracket(formula: Formula) -> Bracket | None:
    """Minus a bracket of several terms, summed or not."""
    match formula:
        case Multiply((Number(value), *factors, last)) if value < 0:
            sums: list[tuple[str, Range]] = []
            while isinstance(last, Sum) and not last.where:
                sums.append((last.letter, last.range))
                last = last.body
            return Bracket(value, tuple(factors), tuple(sums), last.terms) if isinstance(last, Add) else None
        case _:
            return None


def under(sums: tuple[tuple[str, Range], ...], body: Formula) -> Formula:
    """The body under sums, the first one outermost."""
    for letter, range_ in reversed(sums):
        body = Sum(letter, range_, body)
    return body


def assuming(old: World, *given: Assumption) -> World:
    """The world in which `given` holds too."""
    new = tuple(assumption for assumption in given if assumption not in old.model.assumptions)
    return replace(old, model=replace(old.model, assumptions=(*old.model.assumptions, *new)))


def targets_sum_to_one(old: World) -> Assumption | None:
    """That the targets of one sample sum to 1; None where the outputs are not entries of one quantity."""
    first, *others = old.outputs
    if others or first.letter is None or first.range is None or Index(first.letter) not in first.target.indices:
        return None
    return Assumption(Sum(first.letter, first.range, first.target), "=", (ONE,))


def pair(old: World) -> tuple[Output, Output] | None:
    """The two outputs, where there are just two."""
    if old.head.count != 2:
        return None
    first, *others = old.outputs
    if others or first.range is None:
        return (first, others[0]) if len(others) == 1 else None
    low = first.range.lower.offset
    return first.at(low), first.at(low + 1)


def with_one_output(old: World) -> tuple[World, Mapping[Name, int]] | None:
    """The world with one output instead of a layer of them: the letter of the units leaves every entry that carries it.

    With it the position that each name loses. None where some entry cannot lose the letter.
    """
    unit = old.head.units[0]
    if len(old.head.form.sums) == 0 or unit.axis is None or unit.range is None:
        return None
    letter = old.head.form.pairs[0][0].indices[unit.axis].letter
    names = {unit.name, old.pres[0].name, old.head.definition.name}
    own = {old.head.definition.name: letter, unit.name: unit.letter, old.pres[0].name: unit.letter}
    gone: dict[Name, int] = {}
    for name in names & set(old.model.definition):
        for entry in entries(old.model.definition[name].formula):
            places = [place for place, index in enumerate(entry.indices) if index.letter == own[name]]
            if len(places) > 1 or (entry.name in gone and places != [gone[entry.name]]):
                return None
            if places:
                gone[entry.name] = places[0]
    others = (d for d in old.model.definitions if d.name not in names)
    if any(entry.name in gone for definition in others for entry in entries(definition.formula)):
        return None
    left = _dropped(old, gone, letter)
    return None if left is None else (left, gone)


def _dropped(old: World, gone: Mapping[Name, int], letter: str | None) -> World | None:
    """The world in which the names of `gone` have lost that position, and the loss its sum over `letter`."""

    def change(formula: Formula) -> Formula:
        match formula:
            case Entry(name, indices) if name in gone:
                return Entry(name, _without(indices, gone[name]))
            case Sum(bound, _, body) if bound == letter:
                return change(body)
            case _:
                return replace_children(formula, change)

    def dropped(definition: Definition) -> Definition:
        place = gone.get(definition.name)
        kept = (
            definition
            if place is None
            else replace(
                definition, letters=_without(definition.letters, place), ranges=_without(definition.ranges, place)
            )
        )
        return replace(kept, formula=change(kept.formula))

    quantities = tuple(
        replace(q, ranges=_without(q.ranges, gone[q.name]), letters=_without(q.letters, gone[q.name]))
        if q.name in gone
        else q
        for q in old.model.quantities
    )
    definitions = tuple(dropped(definition) for definition in old.model.definitions)
    pre = old.pres[0]
    new = Entry(pre.name, _without(pre.indices, gone[pre.name])) if pre.name in gone else pre
    return _again(replace(old.model, quantities=quantities, definitions=definitions, assumptions=()), (new,))


def with_letter(entry: Entry, letter: str | None, value: int) -> Entry:
    """The entry with an index letter replaced by a number."""
    at = (literal(value + i.offset) if i.letter is not None and i.letter == letter else i for i in entry.indices)
    return replace(entry, indices=tuple(at))


def _without(items: tuple[_T, ...], place: int) -> tuple[_T, ...]:
    return (*items[:place], *items[place + 1 :])


def cut(old: World) -> World:
    """The output layer and the loss alone: the pre-activations are free, what is below them is gone.

    A derivative in a pre-activation is the same in both worlds, since it is taken with its definition cut.
    """
    model = old.model
    free = {pre.name for pre in old.pres}
    needed = {old.loss.name}
    for definition in reversed(model.definitions):
        if definition.name in needed and definition.name not in free:
            needed.update(model.inputs[definition.name])
    definitions = tuple(d for d in model.definitions if d.name in needed - free)
    quantities = tuple(quantity for quantity in model.quantities if quantity.name in needed)
    sizes = {bound.letter for q in quantities for r in q.ranges for bound in (r.lower, r.upper)}
    kept = tuple(a for a in model.assumptions if {entry.name for entry in entries(a.left)} <= needed)
    left = Model(quantities, definitions, tuple(size for size in model.sizes if size in sizes), kept)
    return replace(old, model=left)
