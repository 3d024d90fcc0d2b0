"""Over which integers the free letters of formulas run: by the positions of the quantities in which they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.formula import (
    Delta,
    Entry,
    Formula,
    Index,
    Product,
    Range,
    Softmax,
    Sum,
    bound_letter,
    children,
    free_letters,
)
from generator.model import Model

Letters = tuple[tuple[str, Range], ...]


def letters_of(model: Model, formulas: Iterable[Formula]) -> Letters:
    """Each free letter with the range of the first position in which it stands alone, else of any position."""
    found: dict[str, Range] = {}
    shifted: dict[str, Range] = {}
    free: set[str] = set()
    for formula in formulas:
        free |= free_letters(formula) - set(model.sizes)
        for index, range_ in _places(model, formula, frozenset()):
            if index.letter is not None:
                (found if index.offset == 0 else shifted).setdefault(index.letter, _moved(range_, -index.offset))
    return tuple((letter, range_) for letter, range_ in {**shifted, **found}.items() if letter in free)


def _places(model: Model, formula: Formula, bound: frozenset[str]) -> Iterator[tuple[Index, Range]]:
    """Every index that is not bound and the range of the position in which it stands, in reading order."""
    match formula:
        case Entry(name, indices) if name in model.quantity:
            ranges = model.quantity[name].ranges
            yield from ((i, r) for i, r in zip(indices, ranges, strict=True) if i.letter not in bound)
        case Softmax(index, _, range_, _) if index.letter not in bound:
            yield index, range_
        case Sum(letter, range_, body, _) | Product(letter, range_, body, _):
            yield from _by_delta(letter, range_, body, bound)
        case _:
            pass
    own = bound_letter(formula)
    inside = bound if own is None else bound | {own}
    for child in children(formula):
        yield from _places(model, child, inside)


def _by_delta(letter: str, range_: Range, body: Formula, bound: frozenset[str]) -> Iterator[tuple[Index, Range]]:
    """A free letter that is compared with a summed one has its range."""
    match body:
        case Delta(left, right):
            for one, other in ((left, right), (right, left)):
                if one == Index(letter) and other.letter not in bound:
                    yield other, range_
        case _:
            for child in children(body):
                yield from _by_delta(letter, range_, child, bound)


def _moved(range_: Range, by: int) -> Range:
    lower, upper = range_.lower, range_.upper
    return Range(Index(lower.letter, lower.offset + by), Index(upper.letter, upper.offset + by))
