"""The letters of formulas: renaming them without capture, making them fresh, deciding what they leave open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.formula.nodes import (
    ONE,
    ZERO,
    Condition,
    Delta,
    Entry,
    Formula,
    Holds,
    Index,
    Letter,
    Product,
    Range,
    Softmax,
    Sum,
    number,
)
from generator.formula.tree import (
    bound_letter,
    free_letters,
    own_indices,
    replace_children,
    walk,
)


@dataclass(slots=True)
class Letters:
    """A source of letters that nothing else uses: `k#1`, `j#2`, ... (printable ones are picked last)."""

    count: int = field(default=0)

    def fresh(self, like: str) -> str:
        """A letter never given before by this source; what stands before `#` is the letter to print if it is free."""
        self.count += 1
        return f"{plain_letter(like)}#{self.count}"


def above(formula: Formula) -> Letters:
    """A source of letters none of which stands in `formula`, bound or free."""
    used = {index.letter for part in walk(formula) for index in own_indices(part)}
    used |= {bound_letter(part) for part in walk(formula)}
    numbers = (letter.partition("#")[2] for letter in used if letter is not None)
    return Letters(max((int(number) for number in numbers if number.isdigit()), default=0))


def plain_letter(letter: str) -> str:
    """The letter as it would be printed if nothing else is: `k` of `k#3`."""
    return letter.partition("#")[0]


def shift(index: Index, letters: Mapping[str, Index]) -> Index:
    """`index` with its letter replaced as `letters` says."""
    if index.letter is None or index.letter not in letters:
        return index
    target = letters[index.letter]
    return Index(target.letter, target.offset + index.offset)


def shift_range(range_: Range, letters: Mapping[str, Index]) -> Range:
    """`range_` with the letters of its bounds replaced."""
    return Range(shift(range_.lower, letters), shift(range_.upper, letters))


def shift_conditions(where: tuple[Condition, ...], letters: Mapping[str, Index]) -> tuple[Condition, ...]:
    """The conditions with their letters replaced."""
    return tuple(Condition(shift(c.left, letters), c.relation, shift(c.right, letters)) for c in where)


def shift_entry(entry: Entry, letters: Mapping[str, Index]) -> Entry:
    """`entry` with its letters replaced."""
    return Entry(entry.name, tuple(shift(index, letters) for index in entry.indices))


def rename(formula: Formula, letters: Mapping[str, Index]) -> Formula:
    """`formula` with its free letters replaced. The caller keeps bound letters apart (`freshen`).

    A replacement that a sum inside would capture raises `ValueError`: a captured index is a wrong formula.
    """
    bound = bound_letter(formula)
    inner = letters if bound is None else {k: v for k, v in letters.items() if k != bound}
    if bound is not None and any(v.letter == bound for k, v in inner.items() if k in free_letters(formula)):
        raise ValueError(f"index {bound} would be captured")
    match formula:
        case Entry():
            return shift_entry(formula, letters)
        case Letter(index):
            return Letter(shift(index, letters))
        case Delta(left, right):
            return Delta(shift(left, letters), shift(right, letters))
        case Holds(where):
            return Holds(shift_conditions(where, letters))
        case Sum(letter, range_, body, where):
            spread = shift_range(range_, letters)
            return Sum(letter, spread, rename(body, inner), shift_conditions(where, inner))
        case Product(letter, range_, body, where):
            spread = shift_range(range_, letters)
            return Product(letter, spread, rename(body, inner), shift_conditions(where, inner))
        case Softmax(index, letter, range_, argument):
            return Softmax(shift(index, letters), letter, shift_range(range_, letters), rename(argument, inner))
        case _:
            return replace_children(formula, lambda child: rename(child, inner))


def freshen(formula: Formula, letters: Letters) -> Formula:
    """`formula` with every bound letter replaced by a fresh one, so that nothing can be captured."""
    letter = bound_letter(formula)
    if letter is None:
        return replace_children(formula, lambda child: freshen(child, letters))
    new = letters.fresh(letter)
    to = {letter: Index(new)}
    match formula:
        case Sum(_, range_, body, where):
            return Sum(new, range_, freshen(rename(body, to), letters), shift_conditions(where, to))
        case Product(_, range_, body, where):
            return Product(new, range_, freshen(rename(body, to), letters), shift_conditions(where, to))
        case Softmax(index, _, range_, argument):
            return Softmax(index, new, range_, freshen(rename(argument, to), letters))
        case _:
            raise AssertionError(formula)


def integers(range_: Range) -> range:
    """The integers of a range whose bounds are numbers; none where a bound is a size."""
    if range_.lower.letter is not None or range_.upper.letter is not None:
        return range(0)
    return range(range_.lower.offset, range_.upper.offset + 1)


def holds(condition: Condition) -> bool | None:
    """Whether a condition between two integers holds; None where their letters leave it open."""
    if condition.left.letter != condition.right.letter:
        return None
    left, right = condition.left.offset, condition.right.offset
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[condition.relation]


def decided(formula: Formula) -> Formula:
    """`formula` with the deltas and brackets whose truth is known replaced by 0 or 1."""
    match formula:
        case Delta(left, right):
            known = holds(Condition(left, "=", right))
            return formula if known is None else number(int(known))
        case Holds(conditions):
            truths = [holds(condition) for condition in conditions]
            if False in truths:
                return ZERO
            unsure = tuple(c for c, truth in zip(conditions, truths, strict=True) if truth is None)
            return Holds(unsure) if unsure else ONE
        case _:
            return replace_children(formula, decided)


def canonical(formula: Formula) -> Formula:
    """`formula` with its bound letters numbered by depth, so that formulas that differ in them only are equal."""
    return _canonical(formula, 0)


def _canonical(formula: Formula, depth: int) -> Formula:
    letter = bound_letter(formula)
    if letter is None:
        return replace_children(formula, lambda child: _canonical(child, depth))
    to = {letter: Index(f"@{depth}")}
    match formula:
        case Sum(_, range_, body, where):
            return Sum(f"@{depth}", range_, _canonical(rename(body, to), depth + 1), shift_conditions(where, to))
        case Product(_, range_, body, where):
            return Product(f"@{depth}", range_, _canonical(rename(body, to), depth + 1), shift_conditions(where, to))
        case Softmax(index, _, range_, argument):
            return Softmax(index, f"@{depth}", range_, _canonical(rename(argument, to), depth + 1))
        case _:
            raise AssertionError(formula)
