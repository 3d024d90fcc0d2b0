"""What a model is made of: activations and pre-activations, the output layer and its loss, recognised in definitions.

Structural, on formula trees: bound letters and the order of terms and factors do not matter. What is not recognised is
None, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.alike import alike
from generator.formula import (
    ONE,
    ZERO,
    Add,
    Apply,
    Definition,
    Entry,
    Extreme,
    Formula,
    Index,
    Indicator,
    Multiply,
    Name,
    Power,
    Product,
    Range,
    Softmax,
    above,
    add,
    bound_letter,
    divide,
    entries,
    freshen,
    multiply,
    negative,
    own_indices,
    rename,
    substitute,
    walk,
)
from generator.functions import ARGUMENT, FUNCTIONS
from generator.losses import LossForm, recognise
from generator.model import Model, Role

SOFTMAX = "softmax"
LINEAR = "linear"
BCE = "binary-cross-entropy"
CE = "cross-entropy"
SQUARED = "squared-error"
LETTERS = ("a", "z", "s", "u", "r", "h", "g", "v")

_EXP = Apply("exp", ARGUMENT)
_SPELLED: tuple[tuple[str, Formula], ...] = (
    *((key, FUNCTIONS[key].formula) for key in ("sigmoid", "tanh", "softplus", "silu", "relu")),
    ("sigmoid", divide(_EXP, add(ONE, _EXP))),
    ("silu", multiply(ARGUMENT, Apply("sigmoid", ARGUMENT))),
    ("silu", divide(ARGUMENT, add(ONE, Apply("exp", negative(ARGUMENT))))),
    ("relu", Extreme("max", (ZERO, ARGUMENT))),
    ("relu", Extreme("max", (ARGUMENT, ZERO))),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A definition read as an activation of a pre-activation.

    `activation` is a key of `FUNCTIONS`, a function that the file leaves generic, `softmax` or `linear`; `argument` is
    the pre-activation in the letters of the definition. `axis` is the position that runs over the units of one layer;
    None for a number, and where a position runs over samples alone.
    """

    definition: Definition
    activation: str
    argument: Formula
    axis: int | None

    @property
    def name(self) -> Name:
        """The quantity that is defined."""
        return self.definition.name

    @property
    def range(self) -> Range | None:
        """The units of the layer."""
        return None if self.axis is None else self.definition.ranges[self.axis]

    @property
    def letter(self) -> str:
        """The letter of the units; empty where there is one unit."""
        return "" if self.axis is None else self.definition.letters[self.axis]


@dataclass(frozen=True, slots=True)
class Head:
    """The output layer and its loss: `definition` is `form` of the `units`, plus `rest` (a penalty, or 0).

    `names` are the names by which the loss knows the units: a unit's own, or another name for the same.
    """

    definition: Definition
    form: LossForm
    rest: Formula
    units: tuple[Unit, ...]
    names: tuple[Name, ...]

    @property
    def loss(self) -> str:
        """The key of the loss."""
        return self.form.loss.key

    @property
    def activation(self) -> str | None:
        """The activation of all outputs; None where they differ."""
        found = {unit.activation for unit in self.units}
        return found.pop() if len(found) == 1 else None

    @property
    def count(self) -> int | None:
        """How many outputs one sample has; None where a size is open."""
        counts = [1 if unit.range is None else length(unit.range) for unit in self.units]
        return None if None in counts else sum(count for count in counts if count is not None)


def length(range_: Range) -> int | None:
    """How many integers the range holds; None where a bound has a letter."""
    if range_.lower.letter is not None or range_.upper.letter is not None:
        return None
    return range_.upper.offset - range_.lower.offset + 1


def head(model: Model) -> Head | None:
    """The output layer and its loss, where the loss is one of the rows of `losses` and the outputs are defined."""
    for definition in reversed(model.definitions):
        form, rest = _loss(model, definition)
        if form is None:
            continue
        names = tuple(dict.fromkeys(prediction.name for prediction, _ in form.pairs))
        units = [unit(model, _origin(model, model.definition[name])) for name in names if name in model.definition]
        found = tuple(one for one in units if one is not None)
        if len(found) == len(names):
            return Head(definition, form, rest, found, names)
    return None


def _origin(model: Model, definition: Definition) -> Definition:
    """The definition of the unit for which `definition` is another name, if it is that; else itself."""
    formula = definition.formula
    if not isinstance(formula, Entry) or formula.indices != definition.entry.indices:
        return definition
    if formula.name not in model.definition:
        return definition
    origin = _origin(model, model.definition[formula.name])
    found = activation(origin.formula)
    return definition if found is None or found[0] == LINEAR else origin


def _loss(model: Model, definition: Definition) -> tuple[LossForm | None, Formula]:
    """The loss in a definition, and what is added to it."""
    whole = recognise(model, definition)
    if whole is not None or not isinstance(definition.formula, Add):
        return whole, ZERO
    terms = definition.formula.terms
    forms = [recognise(model, replace(definition, formula=term)) for term in terms]
    data = [place for place, form in enumerate(forms) if form is not None]
    if len(data) != 1 or any(_has_target(model, term) for place, term in enumerate(terms) if place not in data):
        return None, ZERO
    return forms[data[0]], add(*(term for place, term in enumerate(terms) if place not in data))


def _has_target(model: Model, formula: Formula) -> bool:
    return any(
        model.quantity[entry.name].role is Role.TARGET for entry in entries(formula) if entry.name in model.quantity
    )


def unit(model: Model, definition: Definition) -> Unit | None:
    """The definition as an activation of a pre-activation; None where it is neither that nor linear."""
    found = activation(definition.formula)
    if found is None:
        return None
    key, argument = found
    axis = _softmax_axis(definition) if key == SOFTMAX else _axis(model, definition, argument)
    return None if key == SOFTMAX and axis is None else Unit(definition, key, argument, axis)


def units(model: Model) -> tuple[Unit, ...]:
    """All definitions that are a function of a pre-activation, in order; linear ones left out."""
    found = (unit(model, definition) for definition in model.definitions)
    return tuple(one for one in found if one is not None and one.activation != LINEAR)


def activation(formula: Formula) -> tuple[str, Formula] | None:
    """The function that the whole formula applies, and its argument; `linear` has the formula itself as argument."""
    match formula:
        case Softmax(index, letter, _, argument):
            return SOFTMAX, rename(freshen(argument, above(argument)), {letter: index})
        case Apply(function, argument, 0) if function not in FUNCTIONS or FUNCTIONS[function].activation:
            return function, argument
        case _:
            return (LINEAR, formula) if is_linear(formula) else _spelled(formula)


def _spelled(formula: Formula) -> tuple[str, Formula] | None:
    """An activation that is written out: 1/(1 + e^{-x}), max(0, x), ..."""
    for key, pattern in _SPELLED:
        for candidate in _candidates(formula):
            to: dict[Formula, Formula] = {ARGUMENT: candidate}
            if alike(substitute(pattern, to.get), formula):
                return key, candidate
    return None


def _candidates(formula: Formula) -> Iterator[Formula]:
    """What could be the argument of a function that is written out."""
    match formula:
        case Extreme("max", arguments):
            yield from arguments
        case Multiply(factors):
            yield from (factor.left for factor in factors if isinstance(factor, Indicator))
            yield from factors
    for part in walk(formula):
        if isinstance(part, Apply) and part.function == "exp":
            yield part.argument
            yield negative(part.argument)


def is_linear(formula: Formula) -> bool:
    """Whether the formula is made of sums and products alone: no function, no power of an entry, no comparison."""
    return not any(
        isinstance(part, Apply | Softmax | Extreme | Indicator | Product)
        or (isinstance(part, Power) and any(entries(part)))
        for part in walk(formula)
    )


def _softmax_axis(definition: Definition) -> int | None:
    softmax = definition.formula
    if not isinstance(softmax, Softmax) or softmax.index.offset or softmax.index.letter not in definition.letters:
        return None
    return definition.letters.index(softmax.index.letter)


def _axis(model: Model, definition: Definition, argument: Formula) -> int | None:
    """The last position whose letter a weight or bias of the pre-activation carries; the last one without any."""
    letters, weighted = _weight_letters(model, argument)
    if not weighted:
        return len(definition.letters) - 1 if definition.letters else None
    places = [place for place, letter in enumerate(definition.letters) if letter in letters]
    return places[-1] if places else None


def _weight_letters(model: Model, formula: Formula) -> tuple[frozenset[str], bool]:
    """The letters that weights and biases carry in a formula and in what it names, and whether there are any."""
    letters: set[str] = set()
    weighted = False
    for entry in entries(formula):
        role = model.quantity[entry.name].role if entry.name in model.quantity else None
        if role in (Role.WEIGHT, Role.BIAS):
            weighted = True
            letters.update(index.letter for index in entry.indices if index.letter)
        elif entry.name in model.definition and formula == entry:
            inner = model.definition[entry.name]
            found, any_inside = _weight_letters(model, inner.formula)
            to = dict(zip(inner.letters, entry.indices, strict=True))
            letters.update(str(to[letter].letter) for letter in found if letter in to)
            weighted = weighted or any_inside
    return frozenset(letters), weighted


def named_entry(unit: Unit) -> Entry | None:
    """The entry that names the pre-activation, if the definition names it with its own letters."""
    argument = unit.argument
    own = tuple(Index(letter) for letter in unit.definition.letters)
    return argument if isinstance(argument, Entry) and argument.indices == own else None


def fresh_name(model: Model, wished: tuple[str, ...] = LETTERS) -> Name:
    """A name whose letter stands nowhere in the model, neither as a name nor as an index or size."""
    used = {quantity.name.base for quantity in model.quantities} | set(model.sizes)
    used.update(letter for quantity in model.quantities for letter in quantity.letters)
    for definition in model.definitions:
        used.update(definition.letters)
        used.update(letter for part in walk(definition.formula) for letter in _letters(part))
    used.update(base.partition("_")[0] for base in tuple(used))
    free = next((letter for letter in wished if letter not in used), None)
    return Name(free) if free is not None else Name(rf"\tilde {wished[0]}")


def _letters(part: Formula) -> Iterator[str]:
    """The letters written on a node or bound by it."""
    yield from (index.letter for index in own_indices(part) if index.letter is not None)
    bound = bound_letter(part)
    if bound is not None:
        yield bound
