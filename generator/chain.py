"""One link of a chain: the local derivative of a definition in one of its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.calculus import Piece, differentiate, rename_piece
from generator.derivation import Collapse, Factor, Line, Link, Local, Part, Rule, Step
from generator.formula import (
    Delta,
    Derivative,
    Entry,
    Formula,
    Index,
    Letters,
    Name,
    Range,
    Softmax,
    Sum,
    add,
    canonical,
    freshen,
    multiply,
    rename,
    walk,
)
from generator.model import Model, Role
from generator.present import key
from generator.terms import Collapsed, bracketed, chained, collapse, joined, product, settle, written


@dataclass(frozen=True, slots=True)
class LocalStep:
    """The local derivative of `consumer` in an entry: as a step to show, and as pieces to go on with.

    Where only one entry of the consumer contains the variable, `diagonal` is that entry, `only` says so, and the step
    is about it alone; `pieces` are about the general entry, with deltas. `shown` is the result as printed.
    """

    consumer: Entry
    diagonal: Entry
    only: tuple[Collapse, ...]
    pieces: tuple[Piece, ...]
    shown: Piece
    step: Step
    coupled: bool


def local_step(
    model: Model,
    consumer: Entry,
    variable: Entry,
    letters: Letters,
    ranges: Mapping[str, Range],
    held: tuple[Name, ...],
    *,
    last: bool,
) -> LocalStep:
    """The local derivative of `consumer` in `variable`; `held` are its other inputs that depend on the variable.

    `ranges` are those of the letters of both; `last` says that the variable is the one asked for.
    """
    definition = model.definition[consumer.name]
    to = dict(zip(definition.letters, consumer.indices, strict=True))
    formula = rename(freshen(definition.formula, letters), to)
    raw = _told(model, differentiate(formula, variable, letters, consumer), consumer, variable, last=last)
    pairs = [(piece, *collapse(piece, ranges)) for piece in raw]
    collapsed = [piece for _, piece, _ in pairs if piece is not None]
    error = Part.ERROR if model.quantity[consumer.name].role is Role.LOSS else None
    pieces = tuple(replace(p, factors=chained(p.factors)) for p in joined(collapsed, error))
    same = _diagonal(consumer, variable, pieces)
    diagonal = Entry(consumer.name, tuple(same.get(i.letter or "", i) for i in consumer.indices))
    shown = bracketed(_settled(pieces, same))
    only = _only(model, consumer, variable, same)
    events = tuple(
        dict.fromkeys(collapsed_event(consumer.name, variable, done) for _, _, found in pairs for done in found)
    )
    lines = [
        Line(_gathered(_settled(raw, same)), Rule.DIFFERENTIATE, _locals(raw, same)),
        Line(add(*map(written, _settled(collapsed, same))), Rule.COLLAPSE, events),
        Line(written(shown), Rule.TOGETHER),
    ]
    if isinstance(formula, Softmax) and isinstance(formula.argument, Entry):
        lines = [Line(written(shown), Rule.DIFFERENTIATE, _locals(raw, same))]
    left = Derivative(diagonal, (variable,), held)
    step = Step(key(left), left, _news(lines))
    return LocalStep(consumer, diagonal, only, pieces, shown, step, any(isinstance(p, Softmax) for p in walk(formula)))


def _told(model: Model, pieces: Sequence[Piece], consumer: Entry, variable: Entry, *, last: bool) -> list[Piece]:
    """The pieces with the link on each factor, and what each factor does."""
    link = (Link(consumer.name, variable.name),)
    loss = model.quantity[consumer.name].role is Role.LOSS

    def does(factor: Factor) -> Part:
        if factor.part is Part.NUMBER:
            return Part.NUMBER
        if loss:
            return Part.ERROR
        return Part.INPUT if last and factor.part is Part.ROUTE else factor.part

    return [
        replace(piece, factors=chained(Factor(f.formula, link, does(f)) for f in piece.factors)) for piece in pieces
    ]


def _diagonal(consumer: Entry, variable: Entry, pieces: Sequence[Piece]) -> dict[str, Index]:
    """Which letters of the consumer every piece fixes to an index of the variable."""
    own = {index.letter for index in consumer.indices} - {None}
    theirs = {index.letter for index in variable.indices}
    fixed: dict[str, Index] = {}
    for letter in own:
        found = set()
        for piece in pieces:
            found.add(next((_solved(letter, pair) for pair in piece.deltas if _solved(letter, pair)), None))
        if len(found) == 1 and (index := found.pop()) is not None and (index.letter is None or index.letter in theirs):
            fixed[str(letter)] = index
    return fixed


def _solved(letter: str | None, pair: tuple[Index, Index]) -> Index | None:
    for own, other in (pair, pair[::-1]):
        if own.letter == letter and other.letter != letter:
            return Index(other.letter, other.offset - own.offset)
    return None


def _settled(pieces: Iterable[Piece], same: Mapping[str, Index]) -> list[Piece]:
    """The pieces at the diagonal entry; those that are 0 there are left out."""
    at = (settle(rename_piece(piece, dict(same))) for piece in pieces)
    return [piece for piece in at if piece is not None]


def _only(model: Model, consumer: Entry, variable: Entry, same: Mapping[str, Index]) -> tuple[Collapse, ...]:
    ranges = model.quantity[consumer.name].ranges
    return tuple(
        Collapse(letter, range_, consumer, Entry(consumer.name, _with(consumer, letter, same)), variable, consumer.name)
        for letter, range_ in ((i.letter, r) for i, r in zip(consumer.indices, ranges, strict=True))
        if letter is not None and letter in same
    )


def _with(consumer: Entry, letter: str | None, same: Mapping[str, Index]) -> tuple[Index, ...]:
    return tuple(same[letter] if letter is not None and i.letter == letter else i for i in consumer.indices)


def collapsed_event(definition: Name, variable: Entry, done: Collapsed) -> Collapse:
    """What happened to a sum in `definition`: of its entries only the one that is `variable` contains it."""
    place = tuple(done.standing if index == done.fixed else index for index in variable.indices)
    standing = Entry(variable.name, place)
    return Collapse(done.binder.letter, done.binder.range, standing, variable, variable, definition)


def _locals(pieces: Sequence[Piece], same: Mapping[str, Index]) -> tuple[Local, ...]:
    return tuple(dict.fromkeys(event for piece in pieces for event in rename_piece(piece, dict(same)).locals))


def _gathered(pieces: Sequence[Piece]) -> Formula:
    """The pieces as one formula, with those under the same sums and deltas in one bracket."""
    groups: dict[tuple[object, ...], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault((piece.sums, piece.deltas), []).append(piece)
    terms = []
    for group in groups.values():
        first = group[0]
        body = multiply(add(*(product(p.factors) for p in group)), *(Delta(a, b) for a, b in first.deltas))
        for binder in reversed(first.sums):
            body = Sum(binder.letter, binder.range, body, binder.where)
        terms.append(body)
    return add(*terms)


def _news(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that differ from the one before."""
    kept = [lines[0]]
    for line in lines[1:]:
        if canonical(line.formula) != canonical(kept[-1].formula):
            kept.append(line)
    return tuple(kept)
