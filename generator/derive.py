"""Reverse mode over the definitions of a model: the derivation of a gradient, step by step.

The derivative of `of` in a quantity q is the sum, over the quantities C whose definition uses q, of the derivative of
`of` in C times the local derivative of C in q (chain rule; Griewank and Walther, Evaluating Derivatives, ch. 3). It is
done once for each quantity between the two, whatever its size.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from generator.aliases import without_aliases
from generator.calculus import Binder, Piece, rename_piece
from generator.cancel import cancel
from generator.chain import LocalStep, collapsed_event, local_step
from generator.derivation import Cancelled, Collapse, Derivation, Factor, Line, Part, Rule, Spread, Step, Term
from generator.errors import Unsupported
from generator.formula import (
    ZERO,
    Derivative,
    Entry,
    Formula,
    Holds,
    Index,
    Letters,
    Name,
    Range,
    Sum,
    add,
    canonical,
    multiply,
)
from generator.model import Assumption, Model
from generator.premises import applied
from generator.present import key, present, shown
from generator.terms import Shape, bracketed, chained, collapse, joined, laid_out, written
from generator.write_out import at_indices, write_out

MOST_TERMS = 4
MOST_SUMS = 3


def derive(model: Model, asked: Derivative) -> Derivation:
    """The derivation of `asked`, one entry of a defined quantity in one entry of another.

    Raises `Unsupported` for second derivatives, for quantities held fixed and for derivatives of expressions.
    """
    if len(asked.wrt) != 1 or asked.held or not isinstance(asked.of, Entry):
        raise Unsupported("only one derivative, of an entry in an entry, with nothing held fixed, is supported yet")
    of, instance = _general(model, asked.of, {})
    wrt, instance = _general(model, asked.wrt[0], instance)
    if of.name not in model.definition:
        raise Unsupported(f"{of.name.base} has no definition: there is nothing to differentiate")
    plain = without_aliases(model, {of.name, wrt.name})
    return replace(_Reverse(plain, of, wrt).derivation(asked, instance), definitions=model.definitions)


def _general(model: Model, entry: Entry, taken: dict[str, Index]) -> tuple[Entry, dict[str, Index]]:
    """`entry` with a letter of its own at each position, and which index each letter stands for."""
    instance = dict(taken)
    letters = []
    for usual, index in zip(model.quantity[entry.name].letters, entry.indices, strict=True):
        plain = index.letter is not None and index.offset == 0 and index.letter not in model.sizes
        wished = index.letter if plain and index.letter is not None else usual
        letter = shown(wished, {*instance, *model.sizes})
        instance[letter] = index
        letters.append(Index(letter))
    return Entry(entry.name, tuple(letters)), instance


@dataclass(frozen=True, slots=True)
class _Total:
    """The derivative of `of` in `entry`, whose indices are free letters, as one piece a path."""

    entry: Entry
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Reverse:
    model: Model
    of: Entry
    wrt: Entry
    letters: Letters = field(default_factory=Letters)
    steps: list[Step] = field(default_factory=list)
    totals: dict[Name, _Total] = field(default_factory=dict)

    def derivation(self, asked: Derivative, instance: dict[str, Index]) -> Derivation:
        general = Derivative(self.of, (self.wrt,))
        between = self._between()
        if self.wrt.name not in between or self.wrt.name == self.of.name:
            step = Step(key(general), general, (Line(ZERO, Rule.INDEPENDENT),))
            return Derivation(asked, general, (step,), ZERO, ZERO, ZERO, (), (), self.model.definitions)
        for name in between:
            self._total(name, between)
        pieces = self.totals[self.wrt.name].pieces
        at = at_indices(pieces, instance)
        out = write_out(at)
        formula, entry, written_out = (add(*map(written, p)) for p in (pieces, at, out))
        used = self._last_step(asked, formula, entry, written_out)
        return Derivation(
            asked,
            general,
            tuple(self.steps),
            formula,
            applied(entry, self.model.assumptions)[0] if used else entry,
            applied(written_out, self.model.assumptions)[0] if used else written_out,
            _terms(pieces),
            _terms(self._given(out) or out),
            self.model.definitions,
        )

    def _last_step(self, asked: Derivative, formula: Formula, entry: Formula, written_out: Formula) -> bool:
        """Add the step from the general formula to the asked entry; whether it used something that the file gives."""
        lines = [Line(formula, Rule.DEFINITION)]
        _append(lines, Line(entry, Rule.INSTANCE))
        _append(lines, Line(written_out, Rule.WRITE_OUT))
        known, used = applied(written_out, self.model.assumptions)
        if used:
            lines.append(Line(known, Rule.PREMISE, used))
        if len(lines) > 1:
            self.steps.append(Step("answer", asked, tuple(lines[1:]), (self.steps[-1].key,)))
        return bool(used)

    def _between(self) -> tuple[Name, ...]:
        """The quantities on a path from `wrt` to `of`, the nearest to `of` first, `wrt` last, `of` left out."""
        above = {self.of.name}
        for definition in reversed(self.model.definitions):
            if definition.name in above and definition.name != self.wrt.name:
                above.update(self.model.inputs[definition.name])
        below = {self.wrt.name}
        for definition in self.model.definitions:
            if definition.name not in below and below & set(self.model.inputs[definition.name]):
                below.add(definition.name)
        order = [d.name for d in reversed(self.model.definitions)]
        middle = [n for n in order if n in above & below and n not in (self.of.name, self.wrt.name)]
        return (*middle, *((self.wrt.name,) if self.wrt.name in above else ()))

    def _fresh(self, name: Name) -> Entry:
        if name == self.of.name:
            return self.of
        if name == self.wrt.name:
            return self.wrt
        return Entry(name, tuple(Index(self.letters.fresh(letter)) for letter in self.model.quantity[name].letters))

    def _ranges(self, *entries: Entry) -> dict[str, Range]:
        return {
            index.letter: range_
            for entry in entries
            for index, range_ in zip(entry.indices, self.model.quantity[entry.name].ranges, strict=True)
            if index.letter is not None
        }

    def _total(self, name: Name, between: tuple[Name, ...]) -> None:
        entry = self._fresh(name)
        links = []
        for consumer in self.model.consumers(name):
            if consumer in between[: between.index(name)] or consumer == self.of.name:
                above = self._fresh(consumer)
                held = tuple(n for n in self.model.inputs[consumer] if n != name and self.model.depends(n, name))
                local = local_step(
                    self.model, above, entry, self.letters, self._ranges(above, entry), held, last=name == self.wrt.name
                )
                links.append(local)
        direct = len(links) == 1 and links[0].consumer.name == self.of.name
        for local in links:
            self._show(local.step)
        events: list[Collapse] = []
        pieces = tuple(piece for local in links for piece in self._paths(local, entry, events))
        pieces = self._with_premises(pieces) if direct else self._chain_step(entry, links, pieces, tuple(events))
        self.totals[name] = _Total(entry, pieces)

    def _show(self, step: Step) -> None:
        letters = {letter for quantity in self.model.quantities for letter in quantity.letters}
        self.steps.append(present(step, self.model.sizes, letters))

    def _paths(self, local: LocalStep, entry: Entry, events: list[Collapse]) -> list[Piece]:
        """One piece a path through `local.consumer`; sums that collapse on the way are told in `events`."""
        if local.consumer.name == self.of.name:
            return [replace(bracketed(local.pieces), path=(self.of, entry))]
        ranges = self._ranges(self.of, entry)
        found = []
        for above in self._above(local.consumer):
            combined = []
            path = (*above.path, entry)
            for piece in local.pieces:
                sums = (*above.sums, *_binders(self.model, local.consumer), *piece.sums)
                factors = (*above.factors, *chained(piece.factors))
                whole = Piece(sums, (*above.deltas, *piece.deltas), factors, (), path)
                left, done = collapse(whole, ranges)
                events.extend(collapsed_event(local.consumer.name, entry, event) for event in done)
                if left is not None:
                    combined.append(replace(left, factors=cancel(left.factors)[0]))
            if combined:
                one = bracketed(joined(combined, Part.ERROR))
                found.append(one if len(combined) == 1 else replace(one, path=path))
        return found

    def _above(self, consumer: Entry) -> tuple[Piece, ...]:
        """The derivative of `of` in `consumer`, by paths, or as one symbol where that would be too long to read."""
        total = self.totals[consumer.name]
        if len(total.pieces) > MOST_TERMS or any(len(piece.sums) > MOST_SUMS for piece in total.pieces):
            symbol = Factor(Derivative(self.of, (consumer,)), (), Part.ERROR)
            return (Piece((), (), (symbol,), (), (self.of, consumer)),)
        to = {
            old.letter: new
            for old, new in zip(total.entry.indices, consumer.indices, strict=True)
            if old.letter is not None
        }
        return tuple(_refreshed(rename_piece(piece, to), self.letters) for piece in total.pieces)

    def _chain_step(
        self, entry: Entry, links: list[LocalStep], pieces: tuple[Piece, ...], collapses: tuple[Collapse, ...]
    ) -> tuple[Piece, ...]:
        left = Derivative(self.of, (entry,))
        chain = add(*(self._chain_term(local, local.consumer, ()) for local in links))
        spreads = tuple(_spread(self.model, local, entry) for local in links if local.consumer.name != self.of.name)
        lines = [Line(chain, Rule.CHAIN, spreads)]
        collapsed = tuple(event for local in links for event in local.only)
        if collapsed:
            short = add(*(self._chain_term(local, local.diagonal, local.only) for local in links))
            lines.append(Line(short, Rule.COLLAPSE, collapsed))
        substituted = [self._substituted(local) for local in links]
        lines.append(Line(add(*(formula for formula, _, _ in substituted)), Rule.SUBSTITUTE))
        events = tuple(dict.fromkeys(event for _, _, found in substituted for event in found))
        _append(lines, Line(add(*(formula for _, formula, _ in substituted)), Rule.CANCEL, events))
        late = tuple(dict.fromkeys(event for event in collapses if event.letter not in {e.letter for e in collapsed}))
        _append(lines, Line(add(*map(written, pieces)), Rule.KEEP if late else Rule.TOGETHER))
        uses = tuple(dict.fromkeys((*self._keys(links), *(local.step.key for local in links))))
        self._show(Step(key(left), left, tuple(lines), uses))
        return self._with_premises(pieces)

    def _keys(self, links: list[LocalStep]) -> list[str]:
        names = [local.consumer for local in links if local.consumer.name != self.of.name]
        return [key(Derivative(self.of, (name,))) for name in names]

    def _chain_term(self, local: LocalStep, consumer: Entry, only: tuple[Collapse, ...]) -> Formula:
        """The link through `consumer`, summed over its entries except where one `only` is left."""
        inner = Derivative(consumer, local.step.left.wrt, local.step.left.held)
        if consumer.name == self.of.name:
            return inner
        body = multiply(Derivative(self.of, (consumer,)), inner)
        for binder in reversed(_left(_binders(self.model, local.consumer), only)):
            body = Sum(binder.letter, binder.range, body, binder.where)
        return body

    def _substituted(self, local: LocalStep) -> tuple[Formula, Formula, tuple[Cancelled, ...]]:
        """The product of both derivatives as they stand, the same after cancelling, and what was cancelled."""
        if local.consumer.name == self.of.name:
            return (written(local.shown), written(local.shown), ())
        before: list[Formula] = []
        after: list[Formula] = []
        events: list[Cancelled] = []
        sums = _left(_binders(self.model, local.consumer), local.only)
        for above in self._above(local.diagonal):
            factors = (*above.factors, *chained(local.shown.factors))
            whole = Piece((*above.sums, *sums, *local.shown.sums), (*above.deltas, *local.shown.deltas), factors)
            left, found = cancel(factors)
            before.append(written(whole))
            after.append(written(replace(whole, factors=left)))
            events.extend(found)
        return add(*before), add(*after), tuple(events)

    def _with_premises(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """The pieces rewritten by what the file gives; the step just made gains the line that says so."""
        given = self.model.assumptions
        used = applied(add(*map(written, pieces)), given)[1]
        changed = self._given(pieces) if used else None
        if changed is None:
            return pieces
        last = self.steps[-1]
        self.steps[-1] = replace(last, lines=(*last.lines, Line(applied(last.result, given)[0], Rule.PREMISE, used)))
        return changed

    def _given(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...] | None:
        """The pieces with what the file gives put in; None where it cannot be put in factor by factor."""
        given = self.model.assumptions
        whole = applied(add(*map(written, pieces)), given)[0]
        changed = tuple(replace(p, factors=tuple(_rewritten(f, given) for f in p.factors)) for p in pieces)
        if add(*map(written, changed)) == whole:
            return tuple(p for p in changed if written(p) != ZERO)
        if len(pieces) > 1:
            return None
        links = tuple(dict.fromkeys(link for f in pieces[0].factors for link in f.links))
        return (Piece((), (), (Factor(whole, links, Part.ERROR),), (), pieces[0].path),)


def _rewritten(factor: Factor, given: tuple[Assumption, ...]) -> Factor:
    return replace(factor, formula=applied(factor.formula, given)[0])


def _append(lines: list[Line], line: Line) -> None:
    """Add a line that says something new."""
    if canonical(line.formula) != canonical(lines[-1].formula):
        lines.append(line)


def _binders(model: Model, entry: Entry) -> tuple[Binder, ...]:
    """The sums over all entries of a quantity."""
    ranges = model.quantity[entry.name].ranges
    return tuple(Binder(i.letter, r) for i, r in zip(entry.indices, ranges, strict=True) if i.letter is not None)


def _left(binders: tuple[Binder, ...], only: tuple[Collapse, ...]) -> tuple[Binder, ...]:
    """The sums that did not collapse."""
    gone = {event.letter for event in only}
    return tuple(binder for binder in binders if binder.letter not in gone)


def _refreshed(piece: Piece, letters: Letters) -> Piece:
    """The piece with its own sums over letters that nothing else uses."""
    to = {binder.letter: Index(letters.fresh(binder.letter)) for binder in piece.sums}
    renamed = rename_piece(piece, to)
    return replace(renamed, sums=tuple(replace(b, letter=to[b.letter].letter or b.letter) for b in renamed.sums))


def _spread(model: Model, local: LocalStep, entry: Entry) -> Spread:
    consumer = local.consumer
    letters = tuple(index.letter for index in consumer.indices if index.letter is not None)
    return Spread(entry, (consumer,), letters, model.quantity[consumer.name].ranges, local.coupled)


def _terms(pieces: tuple[Piece, ...]) -> tuple[Term, ...]:
    return tuple(_term(laid_out(piece), piece.path) for piece in pieces)


def _term(shape: Shape, path: tuple[Entry, ...]) -> Term:
    """What stands in a sum's own conditions is a factor of its own in a term."""
    where = (Factor(Holds(b.where), (), Part.OTHER) for b in shape.sums if b.where)
    return Term(tuple((b.letter, b.range) for b in shape.sums), (*shape.front, *shape.inside, *where), path)
