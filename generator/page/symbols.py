"""The letters of a question in reading order: what each is, over which integers it runs, where it is defined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator import anchors
from generator.facts import Fact, Math, Ref
from generator.formula import Add, Entry, Formula, Index, Multiply, Name, Range, Sum, children, rename
from generator.functions import FUNCTIONS
from generator.kinds import FACTS, fact
from generator.model import Model, Quantity, Role
from generator.page.record import Symbol
from generator.page.shown import Writer, span
from generator.recognise import SOFTMAX, Unit, unit


@dataclass(frozen=True, slots=True)
class Use:
    """Where a free quantity stands: the entry that is defined with it, and the entry that it multiplies, if any."""

    of: Entry
    beside: Entry | None


def symbols(model: Model, numbers: dict[Name, str], write: Writer) -> tuple[Symbol, ...]:
    """The letters of the model; numbers of one kind that stand in one definition share a row."""
    rows = [_symbol(model, model.quantity[name], numbers, write) for name in reading_order(model)]
    merged: list[Symbol] = []
    for row in rows:
        before = merged[-1] if merged else None
        if before is not None and not row.range and not before.range and row.equation is None and _same(before, row):
            merged[-1] = Symbol((*before.letters, *row.letters), _both(before.what, row.what), (), None)
        else:
            merged.append(row)
    return tuple(merged)


def reading_order(model: Model) -> tuple[Name, ...]:
    """The names that stand in definitions, such that each definition comes after all that it uses."""
    used = (name for definition in model.definitions for name in (*model.inputs[definition.name], definition.name))
    return tuple(dict.fromkeys(name for name in used if name in model.quantity))


def _same(before: Symbol, row: Symbol) -> bool:
    several = f"{row.what.kind}-several"
    if before.equation is not None or several not in FACTS or before.what.kind not in (row.what.kind, several):
        return False
    return dict(before.what.values).get("to") == dict(row.what.values).get("to")


def _both(before: Fact, row: Fact) -> Fact:
    """One sentence for two rows: `weights from x_1 and x_2 to a_1`."""
    values = dict(row.values)
    latest = values.get("from_")
    if isinstance(latest, Math):
        own = dict(before.values)["from_"]
        listed = own if isinstance(own, tuple) else (own,) if isinstance(own, Math) else ()
        values["from_"] = listed if latest in listed else (*listed, latest)
    return fact(row.kind if row.kind.endswith("-several") else f"{row.kind}-several", **values)


def _symbol(model: Model, quantity: Quantity, numbers: dict[Name, str], write: Writer) -> Symbol:
    name = quantity.name
    defined = Ref(f"({numbers[name]})", anchors.equation(name)) if name in numbers else None
    return Symbol((write.math(model.whole(name)),), _what(model, quantity, write), _ranges(quantity), defined)


def _ranges(quantity: Quantity) -> tuple[Math, ...]:
    rows: dict[Range, list[str]] = {}
    for letter, range_ in zip(quantity.letters, quantity.ranges, strict=True):
        rows.setdefault(range_, []).append(letter)
    return tuple(span(letters, range_) for range_, letters in rows.items())


def _what(model: Model, quantity: Quantity, write: Writer) -> Fact:
    name = quantity.name
    if name in model.definition:
        return _defined(model, name, quantity.role, write)
    places = uses(model, name)
    match quantity.role:
        case Role.INPUT | Role.TARGET | Role.CONSTANT:
            return fact(f"symbol-{quantity.role}")
        case Role.BIAS if len(places) == 1:
            return fact("symbol-bias", to=write.math(places[0].of))
        case Role.WEIGHT if len(places) == 1 and (beside := places[0].beside) is not None:
            return fact("symbol-weight", from_=write.math(beside), to=write.math(places[0].of))
        case _ if len(places) > 1:
            return fact("symbol-shared", also=write.maths(dict.fromkeys(place.of for place in places)))
        case _:
            return fact(f"symbol-{quantity.role}-alone")


def _defined(model: Model, name: Name, role: Role, write: Writer) -> Fact:
    if role is Role.LOSS:
        return fact("symbol-loss")
    found = unit(model, model.definition[name])
    kind = "output" if role is Role.OUTPUT else "unit"
    if found is None:
        return fact(f"symbol-{kind}")
    title = activation_title(found)
    if title:
        return fact(f"symbol-{kind}-function", function=title)
    consumers = [c for c in model.consumers(name) if _activates(model, c, name)]
    if consumers:
        return fact("symbol-sum-into", to=write.math(model.whole(consumers[0])))
    return fact(f"symbol-{kind}-linear")


def _activates(model: Model, consumer: Name, name: Name) -> bool:
    found = unit(model, model.definition[consumer])
    return found is not None and isinstance(found.argument, Entry) and found.argument.name == name


def activation_title(found: Unit) -> str:
    """The activation in words; empty for a linear unit and for a function that nobody defined."""
    if found.activation == SOFTMAX:
        return "softmax"
    return FUNCTIONS[found.activation].title if found.activation in FUNCTIONS else ""


def uses(model: Model, name: Name) -> tuple[Use, ...]:
    """Every place where the quantity stands in a definition, written with the usual letters of the quantity."""
    usual = model.quantity[name].letters
    found = []
    for definition in model.definitions:
        for entry, beside in _occurrences(definition.formula, name, None):
            to = {
                index.letter: Index(letter)
                for index, letter in zip(entry.indices, usual, strict=True)
                if index.letter is not None and index.offset == 0
            }
            found.append(Use(_renamed(definition.entry, to), None if beside is None else _renamed(beside, to)))
    return tuple(dict.fromkeys(found))


def _renamed(entry: Entry, to: dict[str, Index]) -> Entry:
    renamed = rename(entry, to)
    return renamed if isinstance(renamed, Entry) else entry


def _occurrences(formula: Formula, name: Name, beside: Entry | None) -> Iterator[tuple[Entry, Entry | None]]:
    """The entries of `name` inside, each with the other entry of the product in which it stands."""
    match formula:
        case Entry():
            if formula.name == name:
                yield formula, beside
        case Multiply(factors):
            for place, factor in enumerate(factors):
                others = [f for n, f in enumerate(factors) if n != place]
                entries = [f for f in others if isinstance(f, Entry)]
                yield from _occurrences(factor, name, entries[0] if len(entries) == 1 else None)
        case Add(terms):
            for term in terms:
                yield from _occurrences(term, name, None)
        case Sum(_, _, body):
            yield from _occurrences(body, name, beside)
        case _:
            for child in children(formula):
                yield from _occurrences(child, name, None)
