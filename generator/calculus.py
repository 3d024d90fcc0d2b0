"""Differentiation in index notation: every occurrence of the variable gives one piece of the derivative.

The derivative of a formula in one entry is linear in the deltas that tell which entry stands where. So it is a sum of
pieces, each a product of factors with the deltas and the sums that apply to it; nothing is ever expanded by size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from generator.derivation import Factor, Local, Part
from generator.errors import Unsupported
from generator.formula import (
    MINUS_ONE,
    ONE,
    Add,
    Apply,
    Condition,
    Delta,
    Entry,
    Extreme,
    Formula,
    Index,
    Indicator,
    Letters,
    Multiply,
    Number,
    Power,
    Product,
    Range,
    Softmax,
    Sum,
    add,
    entries,
    freshen,
    multiply,
    negative,
    power,
    rename,
    shift,
    shift_conditions,
    shift_entry,
    shift_range,
)
from generator.functions import derivative_at

Pair = tuple[Index, Index]


@dataclass(frozen=True, slots=True)
class Binder:
    """A sum that applies to a piece."""

    letter: str
    range: Range
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a derivative: the sum over `sums` of the product of `factors` and `deltas`.

    `locals` are the functions differentiated on the way, `path` the entries from
    what is differentiated to the variable.
    """

    sums: tuple[Binder, ...] = ()
    deltas: tuple[Pair, ...] = ()
    factors: tuple[Factor, ...] = ()
    locals: tuple[Local, ...] = ()
    path: tuple[Entry, ...] = ()

    def times(self, *factors: Factor) -> Piece:
        """The piece with more factors behind its own."""
        return replace(self, factors=(*self.factors, *factors))

    def under(self, binder: Binder) -> Piece:
        """The piece inside one more sum."""
        return replace(self, sums=(binder, *self.sums))


def differentiate(formula: Formula, variable: Entry, letters: Letters, value: Entry | None = None) -> list[Piece]:
    """The pieces of d formula / d variable, every other entry held fixed.

    `value` is the entry that `formula` defines: derivatives of functions are written with it where the whole formula
    is the function's value. The bound letters of `formula` must be fresh.
    """
    return _Differentiation(variable, letters).pieces(formula, value)


@dataclass(frozen=True, slots=True)
class _Differentiation:
    variable: Entry
    letters: Letters

    def pieces(self, formula: Formula, value: Entry | None = None) -> list[Piece]:
        if not self._inside(formula):
            return []
        match formula:
            case Entry(_, indices):
                return [Piece(deltas=tuple(zip(indices, self.variable.indices, strict=True)))]
            case Add(terms):
                return [piece for term in terms for piece in self.pieces(term)]
            case Multiply(factors):
                return self._product(factors)
            case Power(base, exponent):
                return self._power(base, exponent)
            case Apply(function, argument, order):
                return self._function(function, argument, order, value)
            case Sum(letter, range_, body, where):
                return [piece.under(Binder(letter, range_, where)) for piece in self.pieces(body)]
            case Softmax():
                return self._softmax(formula, value)
            case Product():
                return self._long_product(formula)
            case Extreme(kind, arguments):
                return self._extreme(kind, arguments)
            case Indicator():
                return []
            case _:
                raise Unsupported("a derivative inside a definition is not yet supported")

    def _inside(self, formula: Formula) -> bool:
        return any(entry.name == self.variable.name for entry in entries(formula))

    def _product(self, factors: tuple[Formula, ...]) -> list[Piece]:
        found: list[Piece] = []
        for place, factor in enumerate(factors):
            before, behind = beside(factors[:place]), beside(factors[place + 1 :])
            inner = self.pieces(factor)
            found.extend(replace(piece, factors=(*before, *piece.factors, *behind)) for piece in inner)
        return found

    def _power(self, base: Formula, exponent: Formula) -> list[Piece]:
        inner = multiply(exponent, power(base, add(exponent, MINUS_ONE)))
        if isinstance(exponent, Number):
            inner = multiply(exponent, power(base, exponent.value - 1))
        below = [piece.times(*gate(inner)) for piece in self.pieces(base)]
        above = multiply(Apply("log", base), Power(base, exponent))
        return below + [piece.times(*gate(above)) for piece in self.pieces(exponent)]

    def _function(self, function: str, argument: Formula, order: int, value: Entry | None) -> list[Piece]:
        if order:
            raise Unsupported(f"the derivative of {function}' is not yet supported")
        slope = freshen(derivative_at(function, argument, value), self.letters)
        event = Local(function, argument, slope)
        return [replace(piece.times(*gate(slope)), locals=(*piece.locals, event)) for piece in self.pieces(argument)]

    def _softmax(self, formula: Softmax, value: Entry | None) -> list[Piece]:
        """The softmax rule, d s_k = s_k (d a_k - sum_l s_l d a_l): every entry of the argument moves every output."""
        letter = formula.letter

        def output(index: Index) -> Formula:
            if value is not None and formula.index.letter is not None and formula.index.offset == 0:
                return rename(value, {formula.index.letter: index})
            return freshen(replace(formula, index=index), self.letters)

        own = output(formula.index)
        other = self.letters.fresh(letter)
        binder = Binder(other, formula.range)
        difference = add(Delta(formula.index, Index(other)), negative(output(Index(other))))
        event = Local("softmax", rename(formula.argument, {letter: Index(other)}), multiply(own, difference))
        found: list[Piece] = []
        for inner in self.pieces(formula.argument):
            piece = replace(inner, locals=(event, *inner.locals))
            spread = rename_piece(piece, {letter: Index(other)}).under(binder)
            found.append(rename_piece(piece, {letter: formula.index}).times(Factor(own, (), Part.GATE)))
            gates = (Factor(f, (), Part.GATE) for f in (own, output(Index(other))))
            found.append(spread.times(Factor(MINUS_ONE, (), Part.NUMBER), *gates))
        return found

    def _long_product(self, formula: Product) -> list[Piece]:
        other = self.letters.fresh(formula.letter)
        to = {formula.letter: Index(other)}
        where = (*shift_conditions(formula.where, to), Condition(Index(other), "!=", Index(formula.letter)))
        others = Product(other, formula.range, rename(freshen(formula.body, self.letters), to), where)
        binder = Binder(formula.letter, formula.range, formula.where)
        return [piece.times(Factor(others, (), Part.OTHER)).under(binder) for piece in self.pieces(formula.body)]

    def _extreme(self, kind: str, arguments: tuple[Formula, ...]) -> list[Piece]:
        relation = ">" if kind == "max" else "<"
        found: list[Piece] = []
        for place, argument in enumerate(arguments):
            others = (*arguments[:place], *arguments[place + 1 :])
            chosen = [Factor(Indicator(argument, relation, other), (), Part.GATE) for other in others]
            found.extend(piece.times(*chosen) for piece in self.pieces(argument))
        return found


def beside(factors: tuple[Formula, ...]) -> tuple[Factor, ...]:
    """What stands beside the differentiated factor of a product, numbers told apart."""
    return tuple(Factor(f, (), Part.NUMBER if isinstance(f, Number) else Part.ROUTE) for f in factors)


def gate(formula: Formula) -> tuple[Factor, ...]:
    """The factors of a function's derivative, numbers told apart."""
    factors = formula.factors if isinstance(formula, Multiply) else (formula,)
    return tuple(Factor(f, (), Part.NUMBER if isinstance(f, Number) else Part.GATE) for f in factors if f != ONE)


def rename_piece(piece: Piece, letters: dict[str, Index]) -> Piece:
    """The piece with free letters replaced."""
    return Piece(
        tuple(Binder(b.letter, shift_range(b.range, letters), shift_conditions(b.where, letters)) for b in piece.sums),
        tuple((shift(left, letters), shift(right, letters)) for left, right in piece.deltas),
        tuple(Factor(rename(f.formula, letters), f.links, f.part) for f in piece.factors),
        tuple(Local(e.function, rename(e.argument, letters), rename(e.derivative, letters)) for e in piece.locals),
        tuple(shift_entry(entry, letters) for entry in piece.path),
    )
