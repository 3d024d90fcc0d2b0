"""Formulas in index notation: the one tree that is read, derived, judged, evaluated and printed.

Every formula denotes a number once its free letters, its sizes and its entries have values. The nodes are
frozen and hashable; nothing here prints, evaluates or simplifies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a quantity: its letter(s) as LaTeX, and what tells it from others with the same letter.

    `superscript` is a label that belongs to the name (`(2)` of `W^{(2)}`, without the caret's braces).
    `layer` tells apart quantities that share a letter and are told by their index letter alone (Bishop's
    `a_j`, `a_k`); it is never printed. `sample` says that the last index is written as `x^{(s)}`.
    """

    base: str
    superscript: str = ""
    layer: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """An integer: `letter + offset`, or just `offset` where there is no letter.

    As a bound of a range the letter is the name of a size (`n` in `n - 1`) or a letter bound further out.
    """

    letter: str | None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """The integers from `lower` to `upper`, both included."""

    lower: Index
    upper: Index


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition between two integers; `relation` is one of `=`, `!=`, `<`, `<=`, `>`, `>=`."""

    left: Index
    relation: str
    right: Index


@dataclass(frozen=True, slots=True)
class Number:
    """A rational constant."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Size:
    """A size used as a number (the `n` of `1/n`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """An index used as a number (the `t` of `\\gamma^t`)."""

    index: Index


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a quantity; no indices for a number."""

    name: Name
    indices: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class Add:
    """The sum of the terms, in the order in which they are written."""

    terms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Multiply:
    """The product of the factors, in the order in which they are written."""

    factors: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """`base` to the power `exponent`; a fraction a/b is `a * Power(b, -1)`."""

    base: Formula
    exponent: Formula


@dataclass(frozen=True, slots=True)
class Apply:
    """The function `function` (a row of `functions`, or a generic one) at `argument`.

    `order` counts primes: 1 is the derivative of the function at that argument.
    """

    function: str
    argument: Formula
    order: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of `body` over `letter` in `range`, where all of `where` hold."""

    letter: str
    range: Range
    body: Formula
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """The product of `body` over `letter` in `range`, where all of `where` hold."""

    letter: str
    range: Range
    body: Formula
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Softmax:
    """Entry `index` of the softmax of `argument` over `letter` in `range`: e^{a_index} / sum_l e^{a_l}."""

    index: Index
    letter: str
    range: Range
    argument: Formula


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest (`max`) or smallest (`min`) of the arguments."""

    kind: str
    arguments: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """Kronecker's delta: 1 where the two integers are equal, else 0."""

    left: Index
    right: Index


@dataclass(frozen=True, slots=True)
class Holds:
    """Iverson's bracket of conditions between integers: 1 where all hold, else 0."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """1 where `left relation right` holds between two numbers, else 0."""

    left: Formula
    relation: str
    right: Formula


@dataclass(frozen=True, slots=True)
class Derivative:
    """The total derivative of `of` in the entries `wrt` (one a differentiation, outermost last).

    Through all definitions of the model; the definition of each quantity in `wrt` is cut. The quantities in
    `held` are held fixed. In a local derivative (a step of a derivation) `held` holds the other inputs of `of`.
    """

    of: Formula
    wrt: tuple[Entry, ...]
    held: tuple[Name, ...] = ()


Formula = (
    Number
    | Size
    | Letter
    | Entry
    | Add
    | Multiply
    | Power
    | Apply
    | Sum
    | Product
    | Softmax
    | Extreme
    | Delta
    | Holds
    | Indicator
    | Derivative
)


@dataclass(frozen=True, slots=True)
class Definition:
    """`Entry(name, letters) = formula` for every value of the letters, each in its range.

    Shapes: one range a letter. Quantities that a file defines entry by entry have one definition without letters
    for each entry (`Name("O_1")`), so that a name has at most one definition.
    """

    name: Name
    letters: tuple[str, ...]
    ranges: tuple[Range, ...]
    formula: Formula

    @property
    def entry(self) -> Entry:
        """The left side."""
        return Entry(self.name, tuple(Index(letter) for letter in self.letters))


ZERO = Number(Fraction(0))
ONE = Number(Fraction(1))
MINUS_ONE = Number(Fraction(-1))


def number(value: int | Fraction) -> Number:
    """The rational constant `value`."""
    return Number(Fraction(value))


def literal(value: int) -> Index:
    """The integer `value` as an index or bound."""
    return Index(None, value)


def negative(formula: Formula) -> Formula:
    """Minus `formula`, without a second minus before a leading number."""
    match formula:
        case Number(value):
            return Number(-value)
        case Multiply((Number(value), *rest)):
            return multiply(Number(-value), *rest)
        case _:
            return multiply(MINUS_ONE, formula)


def add(*terms: Formula) -> Formula:
    """The sum, flattened, without zeros; order kept."""
    flat: list[Formula] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Add) else (term,))
    if flat and all(isinstance(term, Number) for term in flat):
        return Number(sum((term.value for term in flat if isinstance(term, Number)), start=Fraction(0)))
    kept = tuple(term for term in flat if term != ZERO)
    return kept[0] if len(kept) == 1 else Add(kept) if kept else ZERO


def multiply(*factors: Formula) -> Formula:
    """The product, flattened, its numbers gathered in front; 0 if one factor is 0; order kept."""
    flat: list[Formula] = []
    for factor in factors:
        flat.extend(factor.factors if isinstance(factor, Multiply) else (factor,))
    constant = Fraction(1)
    kept: list[Formula] = []
    for factor in flat:
        if isinstance(factor, Number):
            constant *= factor.value
        else:
            kept.append(factor)
    if constant == 0:
        return ZERO
    if constant != 1 or not kept:
        kept.insert(0, Number(constant))
    return kept[0] if len(kept) == 1 else Multiply(tuple(kept))


def power(base: Formula, exponent: int | Fraction | Formula) -> Formula:
    """`base ** exponent`, with exponents 0 and 1 resolved and powers of numbers computed."""
    if isinstance(exponent, int | Fraction):
        exponent = number(exponent)
    match base, exponent:
        case _, Number(value) if value == 1:
            return base
        case _, Number(value) if value == 0:
            return ONE
        case Number(left), Number(right) if right.denominator == 1 and left != 0:
            return Number(left ** int(right))
        case _:
            return Power(base, exponent)


def divide(numerator: Formula, denominator: Formula) -> Formula:
    """`numerator / denominator`."""
    return multiply(numerator, power(denominator, -1))


def children(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside."""
    match formula:
        case Add(parts) | Multiply(parts) | Extreme(_, parts):
            return parts
        case Power(base, exponent):
            return (base, exponent)
        case Apply(_, argument) | Softmax(_, _, _, argument):
            return (argument,)
        case Sum(_, _, body) | Product(_, _, body):
            return (body,)
        case Indicator(left, _, right):
            return (left, right)
        case Derivative(of, wrt):
            return (of, *wrt)
        case _:
            return ()


def replace_children(formula: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """The same node with `change` applied to each formula directly inside."""
    match formula:
        case Add(terms):
            return add(*(change(term) for term in terms))
        case Multiply(factors):
            return multiply(*(change(factor) for factor in factors))
        case Extreme(kind, arguments):
            return Extreme(kind, tuple(change(argument) for argument in arguments))
        case Power(base, exponent):
            return power(change(base), change(exponent))
        case Apply(function, argument, order):
            return Apply(function, change(argument), order)
        case Softmax(index, letter, range_, argument):
            return Softmax(index, letter, range_, change(argument))
        case Sum(letter, range_, body, where):
            return Sum(letter, range_, change(body), where)
        case Product(letter, range_, body, where):
            return Product(letter, range_, change(body), where)
        case Indicator(left, relation, right):
            return Indicator(change(left), relation, change(right))
        case Derivative(of, wrt, held):
            changed = tuple(change(entry) for entry in wrt)
            return Derivative(change(of), tuple(e for e in changed if isinstance(e, Entry)), held)
        case _:
            return formula


def walk(formula: Formula) -> Iterator[Formula]:
    """The formula and all formulas inside it, outermost first."""
    yield formula
    for child in children(formula):
        yield from walk(child)


def entries(formula: Formula) -> Iterator[Entry]:
    """All entries inside, in reading order, repeats included."""
    return (part for part in walk(formula) if isinstance(part, Entry))


def bound_letter(formula: Formula) -> str | None:
    """The letter that this node binds in what is inside it."""
    return formula.letter if isinstance(formula, Sum | Product | Softmax) else None


def own_indices(formula: Formula) -> tuple[Index, ...]:
    """The indices written on this node itself (not on what is inside), bounds included."""
    match formula:
        case Entry(_, indices):
            return indices
        case Letter(index):
            return (index,)
        case Delta(left, right):
            return (left, right)
        case Holds(conditions):
            return tuple(i for c in conditions for i in (c.left, c.right))
        case Sum(_, range_, _, where) | Product(_, range_, _, where):
            return (range_.lower, range_.upper, *(i for c in where for i in (c.left, c.right)))
        case Softmax(index, _, range_, _):
            return (index, range_.lower, range_.upper)
        case _:
            return ()


def free_letters(formula: Formula) -> frozenset[str]:
    """The letters that no sum inside binds. Names of sizes in bounds count too: they are never bound."""
    own = frozenset(i.letter for i in own_indices(formula) if i.letter is not None)
    inner = frozenset[str]().union(*(free_letters(child) for child in children(formula)))
    bound = bound_letter(formula)
    if bound is None:
        return own | inner
    if isinstance(formula, Softmax):
        return own | (inner - {bound})
    return (own | inner) - {bound}


@dataclass(slots=True)
class Letters:
    """A source of letters that nothing else uses: `k#1`, `j#2`, ... (printable ones are picked last)."""

    count: int = field(default=0)

    def fresh(self, like: str) -> str:
        """A letter never given before by this source; what stands before `#` is the letter to print if it is free."""
        self.count += 1
        return f"{like.partition('#')[0]}#{self.count}"


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


def substitute(formula: Formula, change: Callable[[Formula], Formula | None]) -> Formula:
    """`formula` with each part for which `change` gives a formula replaced by it, outermost first."""
    changed = change(formula)
    if changed is not None:
        return changed
    return replace_children(formula, lambda child: substitute(child, change))


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
