"""What happened in a line of a derivation, as facts: which terms are 0, who carries an effect, what cancelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from generator.derivation import Cancelled, Collapse, Line, Local, Premise, Rule, Spread, Step
from generator.facts import Fact, Math, Ref, Value
from generator.formula import (
    Add,
    Delta,
    Entry,
    Formula,
    Index,
    Multiply,
    Name,
    Number,
    Power,
    Range,
    Softmax,
    children,
    multiply,
    plain_letter,
    rename,
    walk,
)
from generator.functions import FUNCTIONS
from generator.kinds import fact
from generator.losses import recognise
from generator.model import Model
from generator.page.shown import Writer, count, index, joined, size, spell


@dataclass(frozen=True, slots=True)
class Told:
    """What the sentences of a step may name: the model, its numbered equations, the steps before."""

    model: Model
    equation: Callable[[Name], Ref]
    step: Callable[[str], Ref]
    write: Writer


def events(told: Told, step: Step, place: int, *, deltas: bool) -> tuple[Fact, ...]:
    """The facts of a line; `deltas` says that the page explained Kronecker's delta before."""
    line = step.lines[place]
    before = step.lines[place - 1] if place else None
    found: list[Fact] = []
    found += _locals(told, line)
    found += _softmax(told, step, line)
    found += [] if deltas else _delta(line)
    found += _spreads(told, step, line)
    found += [_collapse(told, before, event) for event in line.events if isinstance(event, Collapse)]
    found += _gathered(told, before, line)
    found += _cancelled(told, before, line)
    found += _given(told, line)
    return tuple(dict.fromkeys(found))


def _given(told: Told, line: Line) -> list[Fact]:
    used = [event for event in line.events if isinstance(event, Premise)]
    given = tuple(joined(told.write.maths((event.left, event.right)), "=") for event in used)
    return [fact("event-premise", given=given)] if given else []


def _softmax(told: Told, step: Step, line: Line) -> list[Fact]:
    of, variable = step.left.of, step.left.wrt[0]
    definition = told.model.definition.get(of.name) if isinstance(of, Entry) else None
    if line.rule is not Rule.DIFFERENTIATE or definition is None or not isinstance(definition.formula, Softmax):
        return []
    return [fact("event-softmax", unit=told.write.math(of), variable=told.write.math(variable))]


def _locals(told: Told, line: Line) -> list[Fact]:
    found = []
    for event in line.events:
        if not isinstance(event, Local) or event.function == "softmax":
            continue
        row = FUNCTIONS.get(event.function)
        if row is None:
            found.append(fact("event-open-function", function=Math(event.function)))
        elif event.function == "log":
            found.append(fact("event-log"))
        elif event.function != "exp":
            found.append(fact("event-function", title=row.title, slope=told.write.math(event.derivative)))
    return found


def _delta(line: Line) -> list[Fact]:
    if line.rule is not Rule.DIFFERENTIATE:
        return []
    for part in walk(line.formula):
        if isinstance(part, Delta):
            return [fact("event-delta")]
    return []


def _spreads(told: Told, step: Step, line: Line) -> list[Fact]:
    """Who carries the effect; a letter whose sum collapses later in the step is no carrier that stays."""
    before = takewhile(lambda later: later.rule is not Rule.SUBSTITUTE, step.lines)
    gone = {event.letter for later in before for event in later.events if isinstance(event, Collapse)}
    spreads = [event for event in line.events if isinstance(event, Spread)]
    if not spreads or not isinstance(step.left.of, Entry):
        return []
    of, write = step.left.of, told.write
    staying = [[letter for letter in event.letters if letter not in gone] for event in spreads]
    if len(spreads) == 1 and not spreads[0].letters:
        return [
            fact("event-one-way", variable=write.math(spreads[0].variable), carrier=write.math(spreads[0].carriers[0]))
        ]
    if len(spreads) > 1 and not any(staying):
        carriers = write.maths(carrier for event in spreads for carrier in event.carriers)
        variable = write.math(spreads[0].variable)
        return [fact("event-ways", variable=variable, carriers=carriers, count=spell(len(carriers)), of=write.math(of))]
    return [_spread(told, step, of, line, event, letters) for event, letters in zip(spreads, staying, strict=True)]


def _spread(told: Told, step: Step, of: Entry, line: Line, event: Spread, staying: Sequence[str]) -> Fact:
    write = told.write
    printed = {old: Index(new) for old, new in write.letters(line.formula).items()}
    carrier = _narrowed(event, staying, printed, step)
    variable = write.math(event.variable)
    if not staying:
        return fact("event-may-act", variable=variable, carrier=write.math(carrier))
    ranges = [r for letter, r in zip(event.letters, event.ranges, strict=True) if letter in staying]
    names = [printed[letter].letter or "" for letter in staying if letter in printed]
    letters = tuple(Math(name) for name in names)
    kind = "event-coupled" if event.coupled else "event-every"
    values: dict[str, Value] = {
        "variable": variable,
        "carrier": write.math(carrier),
        "letters": letters,
        "of": write.math(of),
    }
    return fact(kind, equation=told.equation(carrier.name), sum=_whose(told, of, carrier, ranges), **values)


def _narrowed(event: Spread, staying: Sequence[str], printed: dict[str, Index], step: Step) -> Entry:
    """The carrier in printed letters; where some letters stay, those that collapse later stand at what is kept."""
    kept = dict(printed)
    for line in step.lines if staying else ():
        for gone in line.events:
            if isinstance(gone, Collapse) and gone.letter in event.letters and gone.letter not in staying:
                kept[gone.letter] = _kept(gone)
    return next(e for e in (rename(carrier, kept) for carrier in event.carriers) if isinstance(e, Entry))


def _kept(event: Collapse) -> Index:
    """The index of the entry that is left of a sum."""
    if event.summand is not None and isinstance(event.kept, Entry):
        for own, other in zip(event.summand.indices, event.kept.indices, strict=False):
            if own.letter == event.letter:
                return other
    return Index(event.letter)


def _whose(told: Told, of: Entry, carrier: Entry, ranges: Sequence[Range]) -> Fact:
    """Whether the sum is one that the loss has itself, or a new one."""
    definition = told.model.definition.get(of.name)
    form = recognise(told.model, definition) if definition is not None else None
    own = form is not None and any(carrier.name == pair[0].name for pair in form.pairs)
    if own and form is not None and set(ranges) <= {range_ for _, range_ in form.sums}:
        return fact("sum-of-the-loss", of=told.write.math(of), equation=told.equation(of.name))
    return fact("sum-of-the-chain-rule")


def _collapse(told: Told, before: Line | None, event: Collapse) -> Fact:
    write = told.write
    printed = write.letters(before.formula) if before is not None else {}
    letter = printed.get(event.letter, plain_letter(event.letter))
    kept = _index_of(event, before)
    case = Math(f"{letter} = {kept}")
    variable = write.math(event.variable)
    if before is not None and before.rule is Rule.CHAIN:
        equation = told.equation(event.definition)
        if _partly(before, event):
            return fact("event-only-carriers", variable=variable, case=case, equation=equation)
        carrier = write.math(event.kept)
        return fact(
            "event-only-carrier", variable=variable, carrier=carrier, others=_others(told, event), equation=equation
        )
    return fact("event-only-term", variable=variable, case=case)


def _partly(before: Line, event: Collapse) -> bool:
    """Whether a carrier has other letters over which the chain rule adds."""
    spreads = [spread for spread in before.events if isinstance(spread, Spread) and event.letter in spread.letters]
    return any(len(spread.letters) > 1 for spread in spreads)


def _others(told: Told, event: Collapse) -> Fact:
    number = count(event.range)
    if event.range.upper.letter in told.write.unsaid:
        return fact("others-all")
    if number == 2:
        return fact("others-one")
    return fact("others-number", number=spell(number - 1)) if number else fact("others-size", size=size(event.range))


def _index_of(event: Collapse, before: Line | None) -> str:
    """The index at which the sum is kept, from the delta of the line before or from the entry that is kept."""
    if before is not None:
        for part in walk(before.formula):
            if isinstance(part, Delta):
                for own, other in ((part.left, part.right), (part.right, part.left)):
                    if own.letter == event.letter:
                        return index(other)
    return index(_kept(event))


def _gathered(told: Told, before: Line | None, line: Line) -> list[Fact]:
    if line.rule is not Rule.TOGETHER or before is None:
        return []
    below = _denominators(line.formula)
    if below and len(_fractions(before.formula)) > 1:
        return [fact("event-common-denominator", denominator=told.write.math(multiply(*below)))]
    return []


def _denominators(formula: Formula) -> list[Formula]:
    factors = formula.factors if isinstance(formula, Multiply) else (formula,)
    return [f.base for f in factors if isinstance(f, Power) and isinstance(f.exponent, Number) and f.exponent.value < 0]


def _fractions(formula: Formula) -> list[Formula]:
    terms = formula.terms if isinstance(formula, Add) else children(formula)
    return [term for term in terms if _denominators(term)]


def _cancelled(told: Told, before: Line | None, line: Line) -> list[Fact]:
    gone = [event for event in line.events if isinstance(event, Cancelled)]
    if not gone or before is None:
        return []
    printed = {old: Index(new) for old, new in told.write.letters(before.formula).items()}
    factor = told.write.math(multiply(*dict.fromkeys(rename(event.factor, printed) for event in gone)))
    found = [fact("event-cancelled", factor=factor)]
    links = {link.consumer for event in gone for link in event.links}
    for definition in told.model.definitions:
        form = recognise(told.model, definition) if definition.name in links else None
        if form is not None and form.loss.key != "squared-error":
            found.append(fact("event-cancel-needs", loss=form.loss.title, factor=factor))
    return found
