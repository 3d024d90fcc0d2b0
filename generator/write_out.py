"""A gradient at the asked indices, and with its sums written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from generator.calculus import Piece, rename_piece
from generator.derivation import Factor, Part
from generator.formula import ONE, ZERO, Holds, Index, decided, integers, literal
from generator.terms import settle

MOST_TERMS = 6


def at_indices(pieces: Iterable[Piece], instance: Mapping[str, Index]) -> tuple[Piece, ...]:
    """The pieces with the general letters replaced by the asked indices; what is 0 there is left out."""
    renamed = (rename_piece(piece, dict(instance)) for piece in pieces)
    return tuple(left for piece in renamed if (left := _decided(piece)) is not None)


def write_out(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces with every sum whose bounds are numbers written out, unless that makes too many terms."""
    current = tuple(pieces)
    while True:
        longer = tuple(new for piece in current for new in _expanded(piece))
        if len(longer) > MOST_TERMS or longer == current:
            return current
        current = longer


def _expanded(piece: Piece) -> list[Piece]:
    """The piece for each value of its first sum with known bounds."""
    for binder in piece.sums:
        values = integers(binder.range)
        if values and len(values) <= MOST_TERMS:
            rest = replace(piece, sums=tuple(b for b in piece.sums if b is not binder))
            where = (Factor(Holds(binder.where), (), Part.OTHER),) if binder.where else ()
            rest = replace(rest, factors=(*rest.factors, *where))
            found = (_decided(rename_piece(rest, {binder.letter: literal(value)})) for value in values)
            return [new for new in found if new is not None]
    return [piece]


def _decided(piece: Piece) -> Piece | None:
    """The piece with deltas and brackets whose truth is known resolved; None if it is 0."""
    settled = settle(piece)
    if settled is None:
        return None
    factors = tuple(replace(factor, formula=decided(factor.formula)) for factor in settled.factors)
    if any(factor.formula == ZERO for factor in factors):
        return None
    return replace(settled, factors=tuple(factor for factor in factors if factor.formula != ONE))
