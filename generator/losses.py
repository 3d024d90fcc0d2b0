"""The losses that are recognised in a definition: one row each, and what stands for prediction and target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from generator.alike import alike
from generator.formula import (
    MINUS_ONE,
    ONE,
    Add,
    Apply,
    Definition,
    Entry,
    Formula,
    Multiply,
    Name,
    Number,
    Power,
    Range,
    Size,
    Sum,
    add,
    entries,
    multiply,
    negative,
    power,
    substitute,
)
from generator.model import Model, Role

PREDICTION = Entry(Name("y"))
TARGET = Entry(Name("t"))


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of one prediction `y` and its target `t`, without the sign and number in front."""

    key: str
    title: str
    formula: Formula
    sign: int
    domain: str


def _log(argument: Formula) -> Formula:
    return Apply("log", argument)


_ROWS = (
    Loss(
        "binary-cross-entropy",
        "binary cross-entropy",
        add(
            multiply(TARGET, _log(PREDICTION)),
            multiply(add(ONE, negative(TARGET)), _log(add(ONE, negative(PREDICTION)))),
        ),
        -1,
        "(0, 1)",
    ),
    Loss("cross-entropy", "cross-entropy", multiply(TARGET, _log(PREDICTION)), -1, r"(0, \infty)"),
    Loss("squared-error", "squared error", power(add(PREDICTION, negative(TARGET)), 2), 1, r"\mathbb{R}"),
)

LOSSES: Mapping[str, Loss] = {row.key: row for row in _ROWS}


@dataclass(frozen=True, slots=True)
class LossForm:
    """A loss as a file writes it: `scale` times the sums over `sums` of `loss` at each pair (prediction, target)."""

    loss: Loss
    scale: Formula
    sums: tuple[tuple[str, Range], ...]
    pairs: tuple[tuple[Entry, Entry], ...]

    @property
    def number(self) -> Fraction:
        """The number in front, sizes left out."""
        factors = self.scale.factors if isinstance(self.scale, Multiply) else (self.scale,)
        value = Fraction(1)
        for factor in factors:
            value *= factor.value if isinstance(factor, Number) else 1
        return value

    @property
    def divided_by(self) -> tuple[str, ...]:
        """The sizes by which the loss is divided."""
        factors = self.scale.factors if isinstance(self.scale, Multiply) else (self.scale,)
        return tuple(f.base.name for f in factors if isinstance(f, Power) and isinstance(f.base, Size))


def recognise(model: Model, definition: Definition) -> LossForm | None:
    """The loss that `definition` is, if it is one of the rows; else None."""
    return _form(model, definition.formula, ONE, ())


def _form(model: Model, formula: Formula, scale: Formula, sums: tuple[tuple[str, Range], ...]) -> LossForm | None:
    match formula:
        case Sum(letter, range_, body, ()):
            return _form(model, body, scale, (*sums, (letter, range_)))
        case Multiply(factors):
            constants = [f for f in factors if _is_constant(f)]
            rest = multiply(*(f for f in factors if not _is_constant(f)))
            if constants and not isinstance(rest, Multiply):
                return _form(model, rest, multiply(scale, *constants), sums)
    return _pair(model, formula, scale, sums) or _several(model, formula, scale, sums)


def _pair(model: Model, formula: Formula, scale: Formula, sums: tuple[tuple[str, Range], ...]) -> LossForm | None:
    found = list(dict.fromkeys(entries(formula)))
    targets = [e for e in found if model.quantity[e.name].role is Role.TARGET]
    others = [e for e in found if e not in targets]
    if len(targets) != 1 or len(others) != 1:
        return None
    to: dict[Formula, Formula] = {PREDICTION: others[0], TARGET: targets[0]}
    for row in _ROWS:
        wanted = substitute(row.formula, to.get)
        for turn in (ONE, MINUS_ONE):
            if alike(formula, _times(turn, wanted)) or (row.key == "squared-error" and _same_square(formula, wanted)):
                return LossForm(row, multiply(scale, turn), sums, ((others[0], targets[0]),))
    return None


def _several(model: Model, formula: Formula, scale: Formula, sums: tuple[tuple[str, Range], ...]) -> LossForm | None:
    """A loss whose sum over outputs is written out term by term."""
    if not isinstance(formula, Add):
        return None
    forms = [_form(model, term, scale, sums) for term in formula.terms]
    first = forms[0]
    if first is None:
        return None
    same = [f for f in forms if f is not None and (f.loss, f.scale, f.sums) == (first.loss, first.scale, first.sums)]
    if len(same) != len(forms):
        return None
    return LossForm(first.loss, first.scale, first.sums, tuple(pair for form in same for pair in form.pairs))


def _times(turn: Formula, formula: Formula) -> Formula:
    if turn == ONE or not isinstance(formula, Add):
        return multiply(turn, formula)
    return add(*(multiply(turn, term) for term in formula.terms))


def _same_square(left: Formula, right: Formula) -> bool:
    match left, right:
        case Power(Add() as a, Number(two)), Power(Add() as b, _) if two == 2:
            return alike(a, b) or alike(a, _times(MINUS_ONE, b))
        case _:
            return False


def _is_constant(formula: Formula) -> bool:
    match formula:
        case Number() | Size() | Power(Size(), Number()):
            return True
        case _:
            return False
