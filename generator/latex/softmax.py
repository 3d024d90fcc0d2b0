"""Softmax, as the function and written out."""

from __future__ import annotations

from generator.formula import Apply, Formula, Index, Range, Softmax, Sum, free_letters, own_indices, rename, walk


def recognised(above: Formula, below: Formula) -> Softmax | None:
    """The softmax that the quotient `above / below` is: `e^{a_k} / \\sum_l e^{a_l}`; None if it is none."""
    match above, below:
        case Apply("exp", argument, 0), Sum(letter, range_, Apply("exp", inside, 0), ()):
            return _matched(argument, letter, range_, inside)
        case _:
            return None


def _matched(argument: Formula, letter: str, range_: Range, inside: Formula) -> Softmax | None:
    if letter not in free_letters(inside):
        return None
    candidates = dict.fromkeys(index for part in walk(argument) for index in own_indices(part))
    for index in candidates:
        if _at(inside, letter, index) == argument:
            return Softmax(index, letter, range_, inside)
    return None


def _at(formula: Formula, letter: str, index: Index) -> Formula | None:
    try:
        return rename(formula, {letter: index})
    except ValueError:
        return None
