"""Places that have two readings: a sum whose letter is used after the next sign, a quotient that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.latex.scope import Doubt, Scope
from generator.latex.scripts import bound_by, bracketed, shifted, subscript
from generator.latex.syntax import Chain, Expression, Group, Item, Line, Mark, Symbol, Term, inside, lone, parts
from generator.latex.vocabulary import ONES

SUMMING = (r"\sum", r"\prod")


def widened(expression: Expression, place: int, scope: Scope) -> Expression:
    """The expression with the doubtful sums of its term `place` settled: as the scope says, or noted as doubts."""
    term = expression.terms[place]
    for at, item in enumerate(term.items):
        if not isinstance(item.head, Mark) or item.head.sign not in SUMMING:
            continue
        letters = {letter for letter, _ in bound_by(item)}
        last = max(
            (n for n, t in enumerate(expression.terms) if n > place and letters & set(free_in(t))), default=place
        )
        if last == place:
            continue
        if item.start in scope.wide:
            return _longer(expression, place, at, last)
        _note(expression, place, item, last, scope)
    return expression


def _longer(expression: Expression, place: int, at: int, last: int) -> Expression:
    """The sum at item `at` of term `place` holds everything to the end of term `last`."""
    term = expression.terms[place]
    terms = (Term(term.items[at + 1 :]), *expression.terms[place + 1 : last + 1])
    body = Expression((1, *expression.signs[place + 1 : last + 1]), terms)
    group = Item(Group("[", Line((Chain((body,), ()),))), terms[0].start, expression.terms[last].items[-1].end)
    longer = Term((*term.items[: at + 1], group))
    signs = (*expression.signs[: place + 1], *expression.signs[last + 1 :])
    return Expression(signs, (*expression.terms[:place], longer, *expression.terms[last + 1 :]))


def _note(expression: Expression, place: int, item: Item, last: int, scope: Scope) -> None:
    text = scope.text.text
    own_end = expression.terms[place].items[-1].end
    end = expression.terms[last].items[-1].end
    own, rest = text[item.end : own_end].strip(), text[own_end:end].strip()
    head = text[item.start : item.end]
    narrow = rf"\left( {head} {own} \right) {rest}"
    wide = rf"{head} \left[ {own} {rest} \right]"
    scope.doubts.append(Doubt(item.start, narrow, wide, "the sum may end before the sign or go on after it"))


def at_quotient(items: tuple[Item, ...], slash: int, end: int, scope: Scope) -> None:
    """Notes that what follows the divisor `items[slash + 1:end]` may belong to it or not."""
    text = scope.text.text
    above = text[items[0].start : items[slash].start].strip()
    below, rest = text[items[slash + 1].start : items[end - 1].end], text[items[end].start : items[-1].end]
    narrow = rf"\frac{{{above}}}{{{below}}} {rest}"
    wide = rf"\frac{{{above}}}{{{below} {rest}}}"
    scope.doubts.append(Doubt(items[slash].start, narrow, wide, "what follows the divisor may belong to it or not"))


def free_in(term: Term) -> Iterator[str]:
    """The index letters that the term uses and no sum in it binds."""
    yield from _free(term, frozenset())


def _free(term: Term, bound: frozenset[str]) -> Iterator[str]:
    for item in term.items:
        if isinstance(item.head, Mark):
            bound |= {letter for letter, _ in bound_by(item)} if item.head.sign in SUMMING else set()
            continue
        yield from (letter for letter in _letters(item) if letter not in bound)
        for line in inside(item):
            if line is not item.below or (isinstance(item.head, Symbol) and item.head.name in ONES):
                for expression in parts(line):
                    for part in expression.terms:
                        yield from _free(part, bound)


def _letters(item: Item) -> Iterator[str]:
    """The index letters written on the item itself; a bare letter counts, since it may be an index as a number."""
    if isinstance(item.head, Symbol) and item.bare:
        yield item.head.name
    for part in (subscript(item.below) if item.below is not None else None) or ():
        if part.index is not None and part.index.letter is not None:
            yield part.index.letter
    inner = lone(item.above) if item.above is not None else None
    found = bracketed(inner) if inner is not None else None
    if found is not None and found[1] is not None and found[1].letter is not None:
        yield found[1].letter


def names_letter(line: Line) -> str | None:
    """The letter that the line is, if it is one."""
    expressions = list(parts(line))
    index = shifted(expressions[0]) if len(expressions) == 1 else None
    return index.letter if index is not None and not index.offset else None


def without_scripts(item: Item) -> Item:
    """The item alone."""
    return replace(item, below=None, above=None, primes=0)
