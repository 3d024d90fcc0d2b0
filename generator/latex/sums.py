"""Sums and products over index letters: their bounds, their conditions, their letters."""

from __future__ import annotations

from dataclasses import dataclass, replace

from generator.formula import Condition, Formula, Index, Product, Range, Sum
from generator.latex.ranges import pending
from generator.latex.scope import MAX_SUMS, Scope
from generator.latex.scripts import shifted
from generator.latex.syntax import Chain, Expression, Item, Mark, Symbol, single

_RELATIONS = ("!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Binder:
    """One letter that a sum runs over; without bounds it takes the range from where it stands."""

    letter: str
    bounds: Range | None
    where: tuple[Condition, ...]
    offset: int


def total(items: tuple[Item, ...], place: int, scope: Scope) -> Formula:
    """The sum or product at `place`; it holds all that follows in the row."""
    sign = items[place]
    if place + 1 == len(items):
        raise scope.refuse("what is summed is missing", sign.start, r"for example: \sum_{i=1}^{n} x_i w_i")
    kind = Sum if sign.head == Mark(r"\sum") else Product
    found = binders(sign, scope)
    inner = replace(scope, sums=scope.sums + len(found))
    if inner.sums > MAX_SUMS:
        raise scope.refuse(f"sums are nested deeper than {MAX_SUMS}", sign.start, "Give its parts names in `model`.")
    for binder in found:
        inner = inner.binding(binder.letter, binder.offset)
        _state(binder, inner)
    _check(found, inner)
    body = inner.product(items[place + 1 :])
    for binder in reversed(found):
        body = kind(binder.letter, _range(binder, inner), body, binder.where)
    return body


def _range(binder: Binder, scope: Scope) -> Range:
    """The bounds as written; where none are, or a size that a model does not have, what the letter stands for."""
    bounds, model = binder.bounds, scope.file.model
    if bounds is None:
        return pending(scope.letters[binder.letter])
    unknown = bounds.upper.letter not in scope.letters and bounds.upper.letter is not None
    return (
        pending(scope.letters[binder.letter])
        if unknown and model and bounds.upper.letter not in model.sizes
        else bounds
    )


def _state(binder: Binder, scope: Scope) -> None:
    if binder.bounds is None:
        return
    lower, upper = binder.bounds.lower, binder.bounds.upper
    known = None if upper.letter in scope.letters else upper
    least = lower.offset if lower.letter is None else None
    scope.ranges.state(scope.letters[binder.letter], least, known, scope.text.place(binder.offset))


def _check(found: list[Binder], scope: Scope) -> None:
    """Every letter of a condition or bound must be in scope or name a size."""
    for binder in found:
        indices = [index for condition in binder.where for index in (condition.left, condition.right)]
        for index in indices:
            if index.letter is not None and index.letter not in scope.letters:
                raise scope.refuse(f"the index {index.letter} stands nowhere else", binder.offset)
        bounds = () if binder.bounds is None else (binder.bounds.lower, binder.bounds.upper)
        for index in bounds:
            letter = index.letter
            known = letter in scope.letters or letter in scope.file.names.sizes
            if letter is not None and not known and (scope.file.model is None or letter in scope.file.names.letters):
                raise scope.refuse(
                    f"{letter} is used as an index elsewhere, so it cannot be a size here", binder.offset
                )


def binders(sign: Item, scope: Scope) -> list[Binder]:
    """The letters that stand below a sum sign, with their bounds and conditions."""
    if sign.below is None:
        hint = r"Name the letter: \sum_{s} or \sum_{s=1}^{N}, and put it on what is summed: x^{(s)}."
        raise scope.refuse("a sum without a letter does not say what it runs over", sign.start, hint)
    upper = None
    if sign.above is not None:
        expression = single(sign.above)
        upper = shifted(expression) if expression is not None else None
        if upper is None:
            raise scope.refuse("an upper bound is a number or a size", sign.start, r"\sum_{i=1}^{n-1}")
    found: list[Binder] = []
    for chain in sign.below.chains:
        _one(chain, None if upper is None else _fixed(upper, scope), found, scope, sign)
    if upper is not None and not any(binder.bounds for binder in found):
        raise scope.refuse("a sum with an upper bound needs a lower one", sign.start, r"\sum_{i=1}^{n}")
    return found


def _one(chain: Chain, upper: Index | None, found: list[Binder], scope: Scope, sign: Item) -> None:
    if not chain.relations:
        found.extend(Binder(letter, None, (), at) for letter, at in _letters(chain.parts[0], scope))
        return
    left = shifted(chain.parts[0])
    right = shifted(chain.parts[1]) if len(chain.parts) == 2 else None
    if (
        left is None
        or right is None
        or left.letter is None
        or left.offset
        or chain.relations[0] not in ("=", *_RELATIONS)
    ):
        rule = "what stands below this sum"
        raise scope.unsupported(rule, chain.start, r"for example: \sum_{i=1}^{n}, \sum_{l \ne k}, \sum_{i,j}")
    if chain.relations[0] != "=":
        condition = Condition(left, chain.relations[0], right)
        same = [n for n, binder in enumerate(found) if binder.letter in (left.letter, right.letter)]
        if same:
            found[same[-1]] = replace(found[same[-1]], where=(*found[same[-1]].where, condition))
        else:
            found.append(Binder(left.letter, None, (condition,), chain.start))
        return
    if upper is None:
        raise scope.refuse("a sum with a lower bound needs an upper one", sign.start, r"\sum_{i=1}^{n}")
    bounds = Range(_fixed(right, scope), upper)
    open_ = [replace(binder, bounds=bounds) if binder.bounds is None else binder for binder in found]
    found[:] = [*open_, Binder(left.letter, bounds, (), chain.start)]


def _fixed(bound: Index, scope: Scope) -> Index:
    """A bound with its size replaced by what the file fixes."""
    size = scope.file.fixed.get(bound.letter or "")
    return bound if size is None or bound.letter in scope.letters else Index(size.letter, size.offset + bound.offset)


def _letters(expression: Expression, scope: Scope) -> list[tuple[str, int]]:
    """`i`, `ij`: the letters and where they stand."""
    found: list[tuple[str, int]] = []
    items = expression.terms[0].items if len(expression.terms) == 1 else ()
    for item in items:
        if not isinstance(item.head, Symbol) or item.below is not None or item.above is not None:
            break
        if item.head.name.startswith(r"\mathrm"):
            break
        found.append((item.head.name + "'" * item.primes, item.start))
    if len(found) != len(items) or not items:
        raise scope.refuse(
            "index letters were expected below the sum", expression.start, r"\sum_{i=1}^{n} or \sum_{i,j}"
        )
    return found
