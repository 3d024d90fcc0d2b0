"""Derivatives as written: fractions of partial or straight d, the same with a slash, operators, `dW`."""

from __future__ import annotations

from dataclasses import replace

from generator.formula import Derivative, Entry, Formula
from generator.latex.deltas import by_convention, the_loss
from generator.latex.scope import Scope
from generator.latex.syntax import Fraction, Group, Item, Line, Mark, Number, Symbol, lone, single

PARTIAL = r"\partial"


def is_differential(item: Item, scope: Scope) -> bool:
    """Whether an item is a partial or straight d."""
    return item.head == Mark(PARTIAL) or (item.head == Symbol("d") and item.below is None and not _is_name("d", scope))


def _is_name(name: str, scope: Scope) -> bool:
    file = scope.file
    known = file.model is not None and any(q.name.base == name for q in file.model.quantities)
    return known or name in file.defined or name in file.functions or name in file.names.declared


def is_fraction(item: Item, scope: Scope) -> bool:
    """Whether a fraction is a derivative."""
    if not isinstance(item.head, Fraction):
        return False
    terms = [_row(line) for line in (item.head.above, item.head.below)]
    return all(row and is_differential(row[0], scope) and (len(row) > 1 or row is terms[0]) for row in terms) and (
        terms[0][0].head == terms[1][0].head
    )


def _row(line: Line) -> tuple[Item, ...]:
    expression = single(line)
    return (
        () if expression is None or len(expression.terms) > 1 or expression.signs[0] < 0 else expression.terms[0].items
    )


def fraction(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    """The derivative that the fraction at `place` writes, and where it ends."""
    item = items[place]
    if not isinstance(item.head, Fraction):
        raise TypeError(item)
    above, below = _row(item.head.above), _row(item.head.below)
    wrt = _variables(above[0], below, scope)
    if len(above) > 1:
        return _derivative(above[1:], wrt, item, scope), place + 1
    following = items[place + 1 :]
    if not following or item.above is not None:
        raise scope.refuse("what is differentiated is missing", item.end - 1, r"\frac{\partial E}{\partial w}")
    if isinstance(following[0].head, Group) and following[0].bare:
        return _derivative(following[:1], wrt, item, scope), place + 2
    return _derivative(following, wrt, item, scope), len(items)


def slashed(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int] | None:
    """`\\partial E / \\partial w` at `place`; None where no such thing begins there."""
    end = place + 1
    while end < len(items) and items[end].head != Mark("/"):
        end += 1
    if end >= len(items) - 2 or not is_differential(items[end + 1], scope) or end == place + 1:
        return None
    wrt = _variables(items[place], items[end + 1 : end + 3], scope)
    return _derivative(items[place + 1 : end], wrt, items[place], scope), end + 3


def gradient(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    """`\\nabla_w E` at `place`, where `w` is one number."""
    item = items[place]
    variable = lone(item.below) if item.below is not None else None
    if variable is None or item.above is not None or place + 1 == len(items):
        raise scope.unsupported(r"matrix notation (\nabla)", item.start, r"\frac{\partial E}{\partial w_{ij}}")
    wrt = _variable(variable, scope)
    value, end = scope.factor(items, place + 1)
    if scope.file.model is None:
        raise scope.unsupported("derivatives in the lines of a model", item.start)
    return Derivative(value, (wrt,)), end


def of_loss(items: tuple[Item, ...], place: int, scope: Scope) -> tuple[Formula, int]:
    """`dZ`, `d\\hat y`: the derivative of the loss in that quantity."""
    item, following = items[place], items[place + 1 : place + 2]
    if not following or not isinstance(following[0].head, Symbol):
        raise scope.refuse("a quantity was expected after d", item.start, r"\frac{dE}{dw}")
    return by_convention("d", Derivative(the_loss(item, scope), (_variable(following[0], scope),)), scope), place + 2


def _variables(sign: Item, below: tuple[Item, ...], scope: Scope) -> tuple[Entry, ...]:
    """What is differentiated in, the outermost last: `\\partial w_{ij}`, `\\partial w \\partial v`, `\\partial w^2`."""
    order = _order(sign.above, sign, scope)
    found: list[Entry] = []
    rest = below
    while rest:
        if not is_differential(rest[0], scope) or len(rest) < 2 or rest[0].head != sign.head:
            message = "one quantity was expected below the bar"
            raise scope.refuse(message, rest[0].start, r"\frac{\partial E}{\partial w_{ij}}")
        variable, power = _powered(rest[1], scope)
        found.extend([_variable(variable, scope)] * _order(power, rest[1], scope))
        rest = rest[2:]
    if len(found) != order:
        message = f"a derivative of order {order} above the bar and {len(found)} below it"
        raise scope.refuse(message, sign.start, r"\frac{\partial^2 E}{\partial w \partial v}")
    return tuple(reversed(found))


def _order(above: Line | None, item: Item, scope: Scope) -> int:
    written = lone(above) if above is not None else None
    if above is None:
        return 1
    if written is None or written.head != Number("2"):
        raise scope.unsupported("derivatives of other orders than 1 and 2", item.start)
    return 2


def _powered(item: Item, scope: Scope) -> tuple[Item, Line | None]:
    """The variable without its superscript where that is a power."""
    if item.above is None or not isinstance(item.head, Symbol):
        return item, None
    power = scope.file.names.take_apart(item, scope.text).power
    return (item, None) if power is None else (replace(item, above=None), power)


def _variable(item: Item, scope: Scope) -> Entry:
    found, end = scope.factor((item,), 0)
    if not isinstance(found, Entry) or end != 1:
        raise scope.refuse("a derivative is taken in a quantity", item.start, r"\frac{\partial E}{\partial w_{ij}}")
    return found


def _derivative(of: tuple[Item, ...], wrt: tuple[Entry, ...], item: Item, scope: Scope) -> Formula:
    if scope.file.model is None:
        raise scope.unsupported("derivatives in the lines of a model", item.start)
    return Derivative(scope.product(of), wrt)
