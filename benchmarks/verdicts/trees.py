"""Parts of formulas by place, put in without any tidying; and bound letters that a person would write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.formula import (
    Add,
    Apply,
    Entry,
    Extreme,
    Formula,
    Index,
    Indicator,
    Letters,
    Multiply,
    Power,
    Product,
    Range,
    Softmax,
    Sum,
    bound_letter,
    children,
    free_letters,
    freshen,
    rename,
    shift_conditions,
    substitute,
)

Path = tuple[int, ...]
Scope = tuple[tuple[str, Range], ...]
USUAL = "ijklmnpqrsuvabcdefgh"


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a formula: where it stands, and the letters that are known there with their ranges."""

    path: Path
    node: Formula
    scope: Scope


def spots(formula: Formula, scope: Scope, path: Path = ()) -> Iterator[Spot]:
    """All parts that a derivative inside does not hide, outermost first."""
    yield Spot(path, formula, scope)
    inner = scope
    if isinstance(formula, Sum | Product):
        inner = (*(item for item in scope if item[0] != formula.letter), (formula.letter, formula.range))
    if isinstance(formula, Softmax):
        return
    for place, child in enumerate(children(formula)):
        yield from spots(child, inner, (*path, place))


def put(formula: Formula, path: Path, new: Formula) -> Formula:
    """The formula with the part at the path replaced."""
    if not path:
        return new
    parts = list(children(formula))
    parts[path[0]] = put(parts[path[0]], path[1:], new)
    match formula:
        case Add():
            return Add(tuple(parts))
        case Multiply():
            return Multiply(tuple(parts))
        case Extreme():
            return Extreme(formula.kind, tuple(parts))
        case Power():
            return Power(*parts)
        case Indicator():
            return Indicator(parts[0], formula.relation, parts[1])
        case Apply() | Softmax():
            return replace(formula, argument=parts[0])
        case Sum() | Product():
            return replace(formula, body=parts[0])
        case _:
            raise AssertionError(formula)


def at_path(formula: Formula, path: Path) -> Formula:
    """The part at the path."""
    for place in path:
        formula = children(formula)[place]
    return formula


def found(formula: Formula, wanted: Iterable[Formula], path: Path = ()) -> Iterator[Path]:
    """The places of the very objects that are wanted."""
    wanted = tuple(wanted)
    if any(formula is one for one in wanted):
        yield path
    else:
        for place, child in enumerate(children(formula)):
            yield from found(child, wanted, (*path, place))


def exchanged(formula: Formula, old: Entry, new: Formula) -> Formula:
    """The formula with something else for an entry."""
    return substitute(formula, lambda part: new if part == old else None)


def named(formula: Formula, taken: Iterable[str]) -> Formula:
    """The formula with bound letters that a person would write, none of them among the `taken` or free ones."""
    used = frozenset(taken) | free_letters(formula)
    return _named(freshen(formula, Letters()), used)


def _named(formula: Formula, taken: frozenset[str]) -> Formula:
    letter = bound_letter(formula)
    if letter is None:
        for place, child in enumerate(children(formula)):
            formula = put(formula, (place,), _named(child, taken)) if _binds(child) else formula
        return formula
    new = pick(letter, taken)
    to = {letter: Index(new)}
    match formula:
        case Sum(_, _, body, where) | Product(_, _, body, where):
            inner = _named(rename(body, to), taken | {new})
            return replace(formula, letter=new, body=inner, where=shift_conditions(where, to))
        case Softmax(_, _, _, argument):
            return replace(formula, letter=new, argument=_named(rename(argument, to), taken | {new}))
        case _:
            raise AssertionError(formula)


def _binds(formula: Formula) -> bool:
    return bound_letter(formula) is not None or any(_binds(child) for child in children(formula))


def pick(letter: str, taken: Iterable[str]) -> str:
    """The letter itself, without what makes it fresh, unless it is taken; else the next usual one that is not."""
    used = frozenset(taken)
    plain = letter.partition("#")[0]
    start = USUAL.find(plain) + 1
    usual: list[str] = [plain, *USUAL[start:], *USUAL]
    return next(one for one in usual if one not in used)


def instance(total: Sum, index: Index) -> Formula:
    """What is summed, at one value of the letter."""
    return rename(freshen(total.body, Letters(5000)), {total.letter: index})
