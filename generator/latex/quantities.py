"""Names as written, read as entries of quantities, sizes and indices."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from generator.errors import Refusal
from generator.formula import Delta, Entry, Formula, Index, Letter, Name, Number, Size
from generator.latex.deltas import error_term
from generator.latex.equations import close_to
from generator.latex.layers import layered
from generator.latex.names import DELTA, Written, bare_name, number_of
from generator.latex.ranges import Position
from generator.latex.scope import Scope
from generator.latex.scripts import spell
from generator.latex.syntax import Item, Line, Symbol

PI = Name(r"\pi")
"""The number, where the file does not define it."""


def quantity(item: Item, scope: Scope) -> tuple[Formula, Line | None]:
    """The entry, size or index that a symbol with its scripts is, and its superscript where that is a power."""
    bare = spell(replace(item, above=None))
    if bare in scope.parameters:
        return scope.parameters[bare], item.above
    if bare in scope.file.own:
        return Size(bare), item.above
    written = scope.file.names.take_apart(item, scope.text)
    if (item.below is None and not written.all) or bare in scope.file.names.sizes:
        plain = _plain(bare, item, scope)
        if plain is not None:
            return plain, item.above
    if item.head == Symbol(DELTA) and DELTA not in scope.file.defined and not _is_known(written, scope):
        delta = _delta(item, written, scope)
        if delta is not None:
            return delta, written.power
    return entry(item, written, scope), written.power


def entry(item: Item, written: Written, scope: Scope) -> Entry:
    """The entry of a quantity, its indices noted where they stand."""
    arity = scope.file.names.arity.get(written.name, 0)
    indices = written.indices
    if scope.whole is not None and len(indices) == arity - 1:
        indices = (*indices, scope.whole)
    if len(indices) != arity and written.name in scope.file.names.arity:
        raise _bare_array(item, arity, scope)
    if written.sample is not None:
        indices = (*indices, written.sample)
    name = layered(item, written.name, indices, scope)
    if scope.file.model is not None and name not in scope.file.model.quantity and name not in {PI, *scope.file.listed}:
        raise _unknown(item, written.name, scope)
    if scope.file.model is None and name.base.rstrip("0123456789_{}").endswith("'") and not _is_defined(name, scope):
        message = f"{spell(item)} is not defined: a prime belongs to a function, or to a name that the model defines"
        raise scope.refuse(message, item.start, 'Use another letter, or declare it: roles: {"y\'": target}')
    for number, index in enumerate(indices):
        _stand(item, Position(name, number), index, scope)
    return Entry(name, indices)


def _plain(name: str, item: Item, scope: Scope) -> Formula | None:
    """A symbol without indices that is an index in scope, or a size."""
    if name in scope.letters and not (scope.file.model is not None and Name(name) in scope.file.model.quantity):
        if name in scope.file.defined:
            raise scope.refuse(f"{name} is an index here and a quantity elsewhere", item.start, "Use another letter.")
        return Letter(Index(name))
    if name in scope.file.names.sizes and name not in scope.file.defined:
        fixed = scope.file.fixed.get(name, Index(name))
        return Number(Fraction(fixed.offset)) if fixed.letter is None else Size(fixed.letter)
    if name in scope.file.names.letters and name not in {*scope.file.defined, *scope.file.names.declared}:
        message = f"{name} is an index letter, and nothing here says over what it runs"
        raise scope.refuse(
            message, item.start, f"Indices stand in braces, x_{{i{name}}}; a number of this name needs another letter."
        )
    return None


def _is_defined(name: Name, scope: Scope) -> bool:
    base = name.base.partition("_")[0]
    return base in scope.file.defined or any(base == declared.base for declared in scope.file.names.declared.values())


def _is_known(written: Written, scope: Scope) -> bool:
    return scope.file.model is not None and written.name in scope.file.model.quantity


def _delta(item: Item, written: Written, scope: Scope) -> Formula | None:
    """Kronecker's delta, or the error term of a layer; None for a quantity of that name."""
    numbers = number_of(written.name)
    if numbers is not None:
        indices = tuple(Index(None, int(digit)) for digit in str(numbers))
        written = replace(written, name=bare_name(written.name), indices=indices)
    if len(written.indices) == 2 and written.sample is None and not written.name.superscript:
        for index in written.indices:
            _in_scope(item, index, scope)
        nodes = [scope.letters[i.letter] for i in written.indices if i.letter is not None and not i.offset]
        if len(nodes) == 2:
            scope.ranges.same(nodes[0], nodes[1])
        return Delta(*written.indices)
    if scope.file.model is not None:
        return error_term(item, written, scope)
    if written.all or written.name.superscript:
        raise scope.unsupported(
            "error terms in the lines of a model", item.start, r"Write \frac{\partial E}{\partial z_k}."
        )
    return None


def _stand(item: Item, position: Position, index: Index, scope: Scope) -> None:
    _in_scope(item, index, scope)
    place = scope.text.place(item.start)
    if index.letter is None:
        scope.ranges.literal(index.offset, position, place)
    else:
        scope.ranges.stand(scope.letters[index.letter], index.offset, position, place)


def _in_scope(item: Item, index: Index, scope: Scope) -> None:
    if index.letter is None or index.letter in scope.letters:
        return
    message = f"the index {index.letter} stands on the right only: no sum runs over it, and it is not on the left"
    if index.letter in scope.file.names.sizes:
        message = f"{index.letter} is a size; an index needs another letter"
    hint = r"Sum over it, \sum_{" + index.letter + r"}, or, where it is a label, write \text{" + index.letter + "}."
    raise scope.refuse(message, item.start, hint)


def _bare_array(item: Item, arity: int, scope: Scope) -> Refusal:
    name = spell(replace(item, above=None, below=None))
    indices = "indices" if arity > 1 else "index"
    rule = f"matrix notation; {name} has {arity} {indices} elsewhere"
    return scope.unsupported(rule, item.start, f"for example: {name}_{{{'ijkl'[:arity]}}}")


def _unknown(item: Item, name: Name, scope: Scope) -> Refusal:
    model = scope.file.model
    known = sorted({q.name.base for q in model.quantities}) if model is not None else []
    return scope.refuse(
        f"{spell(replace(item, above=None))} is no quantity of the model", item.start, close_to(name.base, known)
    )
