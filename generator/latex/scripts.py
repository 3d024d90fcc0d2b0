"""Sub- and superscripts as written: which parts are indices, labels, primes, powers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.formula import Index
from generator.latex.syntax import Expression, Group, Item, Line, Number, Symbol, parts, single, walk


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a subscript: an index, or (`index` is None) a label of one or more characters."""

    label: str
    index: Index | None


def spelled(line: Line) -> str:
    """The line as LaTeX, spelled always the same way; what is no name, number or bracket spells as `?`."""
    return ",".join(" ".join(_expression(part) for part in chain.parts) for chain in line.chains)


def _expression(expression: Expression) -> str:
    shown = ""
    for sign, term in zip(expression.signs, expression.terms, strict=True):
        shown += "-" if sign < 0 else "+" if shown else ""
        shown += spell_items(term.items)
    return shown


def spell_items(items: tuple[Item, ...]) -> str:
    """A row of items as LaTeX."""
    shown = ""
    for item in items:
        text = spell(item)
        shown += " " + text if shown and shown[-1].isalpha() and "\\" in shown and text[0].isalpha() else text
    return shown


def spell(item: Item) -> str:
    """One item as LaTeX, its scripts in a fixed order and always in the same braces."""
    match item.head:
        case Symbol(name):
            shown = name
        case Number(digits):
            shown = digits
        case Group("(" | "[" as bracket, content):
            shown = f"{bracket}{spelled(content)}{')' if bracket == '(' else ']'}"
        case Group("{", content):
            shown = f"{{{spelled(content)}}}"
        case _:
            shown = "?"
    shown += "'" * item.primes
    if item.below is not None:
        shown += "_" + braced(spelled(item.below))
    if item.above is not None:
        shown += "^" + braced(spelled(item.above))
    return shown


def braced(text: str) -> str:
    """A script's text, in braces unless it is one character."""
    return text if len(text) == 1 else f"{{{text}}}"


def subscript(line: Line) -> tuple[Part, ...] | None:
    """The parts of a subscript; None where it has a form that no subscript has.

    Without commas every letter and every digit is a part of its own.
    """
    found: list[Part] = []
    for chain in line.chains:
        if chain.relations:
            return None
        pieces = _pieces(chain.parts[0], apart=len(line.chains) == 1)
        if pieces is None:
            return None
        found.extend(pieces)
    return tuple(found)


def _pieces(expression: Expression, *, apart: bool) -> list[Part] | None:
    if len(expression.terms) > 1 or expression.signs[0] < 0:
        index = shifted(expression)
        return None if index is None else [Part(_expression(expression), index)]
    items = expression.terms[0].items
    found: list[Part] = []
    for item in items:
        match item.head:
            case Symbol(name) if item.below is None and item.above is None:
                letter = name + "'" * item.primes
                word = name.startswith(r"\mathrm")
                found.append(Part(letter, None if word else Index(letter)))
            case Number(digits) if item.bare and "." not in digits:
                runs = list(digits) if apart else [digits]
                found.extend(Part(run, Index(None, int(run))) for run in runs)
            case _:
                return None
    return found


def shifted(expression: Expression) -> Index | None:
    """An index `t - 1`, `n + 2`, `k`, `3`; None for anything else."""
    letter: str | None = None
    offset = 0
    for sign, term in zip(expression.signs, expression.terms, strict=True):
        if len(term.items) != 1:
            return None
        item = term.items[0]
        match item.head:
            case Symbol(name) if letter is None and sign > 0 and item.above is None:
                letter = spell(item)
                if item.below is None and name.startswith(r"\mathrm"):
                    return None
            case Number(digits) if item.bare and "." not in digits:
                offset += sign * int(digits)
            case _:
                return None
    return Index(letter, offset)


def bracketed(item: Item) -> tuple[str, Index | None] | None:
    """A superscript's part in brackets, `(2)`, `[l]`, `(l-1)`: its spelling and the index in it; None for another."""
    if not isinstance(item.head, Group) or item.head.bracket not in "([" or not item.bare:
        return None
    inside = single(item.head.content)
    return spell(item), None if inside is None else shifted(inside)


def layer_label(line: Line) -> str | None:
    """The spelling of a bare digit or layer letter (`1`, `l`, `l-1`); None for any other superscript."""
    expression = single(line)
    if expression is None:
        return None
    index = shifted(expression)
    if index is None or (index.letter is not None and len(index.letter.lstrip("\\")) > 1 and "\\" not in index.letter):
        return None
    return _expression(expression)


def bound_by(item: Item) -> Iterator[tuple[str, Item]]:
    """The letters that stand below a `\\sum`, `\\prod` or `\\max`, as written.

    `\\sum_{i=1}`, `\\sum_{i,j}`, `\\sum_{l \\ne k}` are read.
    """
    if item.below is None:
        return
    for chain in item.below.chains:
        first = chain.parts[0]
        for term in first.terms[:1]:
            for inner in term.items:
                if isinstance(inner.head, Symbol) and inner.below is None and inner.above is None:
                    yield inner.head.name + "'" * inner.primes, inner


def expressions(line: Line) -> Iterator[Expression]:
    """All expressions of the line and of what is inside its items."""
    yield from parts(line)
    for item in walk(line):
        for inner in (item.below, item.above):
            if inner is not None:
                yield from parts(inner)
