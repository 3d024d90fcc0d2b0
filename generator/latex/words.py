"""Names of several letters, told from products of letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.errors import Refusal
from generator.functions import FUNCTIONS
from generator.latex.equations import FUNCTION_WORDS
from generator.latex.syntax import (
    Chain,
    Expression,
    Fraction,
    Group,
    Item,
    Line,
    Mark,
    Root,
    Symbol,
    Term,
    inside,
    parts,
)
from generator.latex.vocabulary import GREEK
from generator.question import Text

MIN_RUN = 3
_UNSAFE = tuple(sorted((w for w in (*FUNCTION_WORDS, "max", "min", "sum", "frac", "partial") if len(w) > 2), key=len))
_SPELLED_GREEK = tuple(sorted((name[1:] for name in GREEK if len(name) > 4), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Words:
    """The names of several letters that a file defines, the longest first, and the letters that stand alone in it."""

    known: tuple[str, ...] = ()
    lone: frozenset[str] = frozenset()


def rows(line: Line) -> Iterator[tuple[Item, ...]]:
    """All rows of items of a line but those of subscripts."""
    for expression in parts(line):
        for term in expression.terms:
            yield term.items
            for item in term.items:
                for inner in inside(item):
                    if inner is not item.below and not (inner is item.above and isinstance(item.head, Mark)):
                        yield from rows(inner)


def word_on_the_left(line: Line) -> str | None:
    """The name of several bare letters that the line defines (`CE = ...`, `net_1 = ...`), if it defines one."""
    left = line.chains[0].parts[0]
    items = left.terms[0].items
    if len(left.terms) > 1 or len(items) < 2 or not all(_bare_letter(item) for item in items[:-1]):
        return None
    last = items[-1]
    if not isinstance(last.head, Symbol) or len(last.head.name) > 1:
        return None
    return "".join(item.head.name for item in items if isinstance(item.head, Symbol))


def _bare_letter(item: Item) -> bool:
    return isinstance(item.head, Symbol) and len(item.head.name) == 1 and item.bare


def lone_letters(lines: Iterable[Line]) -> frozenset[str]:
    """The letters that stand somewhere alone or as one of two, not only in longer runs of letters."""
    found: set[str] = set()
    for line in lines:
        for row in rows(line):
            position = 0
            while position < len(row):
                run = _run(row, position)
                if len(run) < MIN_RUN or not row[position + len(run) - 1].bare:
                    found |= set(run[-1:] if len(run) >= MIN_RUN else run)
                position += max(1, len(run))
    return frozenset(found)


def worded(text: Text, line: Line, words: Words) -> Line:
    """The line with the letters of each known word taken as one name.

    Raises `Refusal` for `log(x)` and the like, and for a run of letters that is as likely a name as a product.
    """

    def chain(part: Chain) -> Chain:
        return replace(part, parts=tuple(expression(inner) for inner in part.parts))

    def expression(part: Expression) -> Expression:
        return replace(part, terms=tuple(Term(tuple(_merged(text, term.items, words))) for term in part.terms))

    return replace(line, chains=tuple(chain(part) for part in line.chains))


def _merged(text: Text, items: tuple[Item, ...], words: Words) -> Iterator[Item]:
    position = 0
    checked = 0
    while position < len(items):
        run = _run(items, position)
        word = next((w for w in words.known if run.startswith(w)), None)
        if word is None:
            _no_function(text, run, items[position], items[position + len(run) : position + len(run) + 1])
            if position >= checked and not any(word in run for word in words.known):
                _no_name(text, run, items[position], words)
                checked = position + len(run)
            yield _inside(text, items[position], words)
            position += 1
            continue
        last = items[position + len(word) - 1]
        merged = replace(last, head=Symbol(rf"\mathrm{{{word}}}"), start=items[position].start)
        yield _inside(text, merged, words)
        position += len(word)


def _run(items: tuple[Item, ...], position: int) -> str:
    """The bare letters that touch from `position` on; the last may carry scripts."""
    run = ""
    for place, item in enumerate(items[position:], start=position):
        if not isinstance(item.head, Symbol) or len(item.head.name) > 1:
            break
        if run and items[place - 1].end != item.start:
            break
        run += item.head.name
        if not item.bare:
            break
    return run


def _no_name(text: Text, run: str, item: Item, words: Words) -> None:
    """Refuses a run of letters of which some stand nowhere else: it may be one name."""
    if len(run) >= MIN_RUN and (len(set(run)) < len(run) or not set(run) <= words.lone):
        shown = " ".join(run)
        hint = rf"Write \text{{{run}}} for one name, {shown} for a product."
        raise Refusal(f"`{run}` may be one name or a product of letters", text.place(item.start), hint)


def _no_function(text: Text, run: str, item: Item, following: tuple[Item, ...]) -> None:
    """Refuses a function or Greek letter spelled in bare letters: LaTeX reads a product."""
    lower = run.lower()
    for word in _UNSAFE:
        if lower.startswith(word):
            shown = FUNCTIONS[FUNCTION_WORDS[word]].latex if FUNCTION_WORDS.get(word) in FUNCTIONS else f"\\{word}"
            shown = r"\operatorname{softmax}" if word == "softmax" else shown
            raise Refusal(f"`{run}` reads as a product of letters", text.place(item.start), f"Did you mean {shown} ?")
    for word in _SPELLED_GREEK:
        if lower.startswith(word):
            raise Refusal(f"`{run}` reads as a product of letters", text.place(item.start), f"Did you mean \\{word} ?")
    if lower == "ln" and following and isinstance(following[0].head, Group):
        raise Refusal(f"`{run}` reads as a product of letters", text.place(item.start), r"Did you mean \ln ?")


def _inside(text: Text, item: Item, words: Words) -> Item:
    def inner(line: Line) -> Line:
        return worded(text, line, words)

    raised = item if item.above is None or isinstance(item.head, Mark) else replace(item, above=inner(item.above))
    match item.head:
        case Group(bracket, content):
            return replace(raised, head=Group(bracket, inner(content)))
        case Fraction(above, below):
            return replace(raised, head=Fraction(inner(above), inner(below)))
        case Root(degree, content):
            return replace(raised, head=Root(None if degree is None else inner(degree), inner(content)))
        case _:
            return raised
