"""Asks, claims and assumptions: formulas about a model that is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations

from generator.errors import Refusal, Unsupported
from generator.formula import (
    MINUS_ONE,
    Add,
    Condition,
    Derivative,
    Entry,
    Formula,
    Index,
    Name,
    Range,
    add,
    free_letters,
    negative,
    walk,
)
from generator.latex.claimed import Found
from generator.latex.deltas import samples
from generator.latex.equations import Equation
from generator.latex.lexicon import indexed, is_function_word
from generator.latex.models import Reading
from generator.latex.names import DELTA, bare_name, number_of
from generator.latex.ranges import Position, fill
from generator.latex.scope import Doubt, Scope
from generator.latex.scripts import spell, subscript
from generator.latex.syntax import Expression, Group, Item, Mark, Symbol, Term
from generator.latex.terms import FOLDS
from generator.latex.unroll import Listed, placed, written_out
from generator.model import Assumption, Quantity, Role
from generator.verdict import Condition as Convention

MAX_DOUBTS = 2


@dataclass(frozen=True, slots=True)
class Read:
    """Formulas read together, and the letters over which they range."""

    members: tuple[Formula, ...]
    letters: tuple[tuple[str, Range], ...]
    where: tuple[Condition, ...]
    doubts: tuple[Doubt, ...]
    notes: frozenset[str]


def read_members(
    line: Equation,
    parts: Sequence[Expression],
    reading: Reading,
    wide: frozenset[int] = frozenset(),
    signs: Mapping[str, Formula] | None = None,
) -> Read:
    """The expressions `parts` of a line, in one scope of free letters."""
    found = Found(reading.model, own=reading.file.own)
    listed = _numbered(reading)
    found.listed = {
        Position(name, n): Range(Index(None, min(e[n] for e in numbers)), Index(None, max(e[n] for e in numbers)))
        for name, numbers in listed.entries.items()
        for n in range(len(next(iter(numbers))))
    }
    letters = {letter: f"c:{letter}" for letter in _index_letters(line, reading)}
    for letter, node in letters.items():
        found.letter(node, letter)
    doubts: list[Doubt] = []
    scope = Scope(
        FOLDS,
        replace(reading.file, listed=frozenset(listed.entries)),
        line.text,
        found,
        "c",
        letters=letters,
        aliases=_aliases(line, reading),
        wide=wide,
        signs=signs or {},
        doubts=doubts,
    )
    formulas = [scope.expression(part) for part in parts]
    ranges = found.ranges()
    members = tuple(_settled(fill(formula, ranges), line, scope, listed) for formula in formulas)
    where = tuple(Condition(case.left, case.relation, case.right) for case in line.cases)
    used = frozenset(chain.from_iterable(free_letters(member) for member in members)) & set(letters)
    return Read(
        members, tuple(_spread(line, scope, found, used)), where, tuple(dict.fromkeys(doubts)), frozenset(scope.notes)
    )


def _settled(formula: Formula, line: Equation, scope: Scope, listed: Listed) -> Formula:
    if listed.letters(formula) & free_letters(formula):
        letter = min(listed.letters(formula) & free_letters(formula))
        rule = f"a free index ({letter}) on a quantity that is defined entry by entry"
        raise scope.unsupported(rule, line.left.start, "Write the claim for one entry at a time.")
    value = placed(lambda: written_out(formula, listed), scope.text.place(line.left.start))
    for letter in sorted(free_letters(value)):
        if letter.startswith("@"):
            name = letter.rpartition(":")[2]
            raise scope.refuse(f"nothing says over what {name} runs", line.left.start, rf"\sum_{{{name}=1}}^{{n}}")
    return value


def _numbered(reading: Reading) -> Listed:
    """The quantities of the model that are numbered, each as the entries of one name."""
    entries: dict[Name, set[tuple[int, ...]]] = {}
    for quantity in reading.model.quantities:
        number, name = number_of(quantity.name), bare_name(quantity.name)
        if number is not None and not quantity.ranges and name not in reading.model.quantity:
            entries.setdefault(name, set()).add((number,))
    return Listed({**{name: frozenset(numbers) for name, numbers in entries.items()}, **reading.listed.entries})


def _index_letters(line: Equation, reading: Reading) -> list[str]:
    """The letters that stand as indices anywhere in the line, in reading order."""
    found: dict[str, None] = {}
    for _, written in indexed(reading.file.names, line):
        found |= {index.letter: None for index in written.all if index.letter is not None}
    for spot in line.spots:
        if is_function_word(spot.item) or isinstance(spot.item.head, Group):
            parts = subscript(spot.item.below) if spot.item.below is not None else None
            found |= {p.index.letter: None for p in parts or () if p.index is not None and p.index.letter is not None}
    for case in line.cases:
        found |= {index.letter: None for index in (case.left, case.right) if index.letter is not None}
    return [letter for letter in found if letter not in reading.model.sizes]


def _aliases(line: Equation, reading: Reading) -> dict[tuple[Name, str], str]:
    """Letters that stand for the one layer of a name whose own letter stands in the same line."""
    seen: dict[Name, set[str]] = {}
    for _, written in indexed(reading.file.names, line):
        if written.name in reading.file.layers and len(written.all) == 1 and written.all[0].letter is not None:
            seen.setdefault(written.name, set()).add(written.all[0].letter)
    aliases: dict[tuple[Name, str], str] = {}
    for name, letters in seen.items():
        own = [letter for letter in sorted(letters) if (letter,) in reading.file.layers[name]]
        if len(own) == 1:
            aliases |= {(name, letter): own[0] for letter in letters if letter not in own}
    return aliases


def _spread(line: Equation, scope: Scope, found: Found, used: frozenset[str]) -> Iterable[tuple[str, Range]]:
    stated = {spread.letter: spread for spread in line.spreads if spread.upper is not None}
    for letter, node in scope.letters.items():
        if letter not in used:
            continue
        range_ = found.range_of(node)
        if letter in stated and stated[letter].upper is not None:
            spread = stated[letter]
            range_ = Range(Index(None, spread.lower or 1), spread.upper or Index(None, 1))
        if range_ is None:
            raise scope.refuse(f"nothing says over what {letter} runs", line.left.start)
        yield letter, range_


def readings(line: Equation, parts: Sequence[Expression], reading: Reading) -> tuple[Read, ...]:
    """All ways to read the expressions: the narrow one first."""
    first = read_members(line, parts, reading, frozenset())
    if len(first.doubts) > MAX_DOUBTS:
        doubt = first.doubts[MAX_DOUBTS]
        message = "this formula has too many places with two readings"
        raise Refusal(message, line.text.place(doubt.offset), f"Write {doubt.narrow}  or  {doubt.wide}")
    offsets = [doubt.offset for doubt in first.doubts]
    choices = chain.from_iterable(combinations(offsets, n) for n in range(1, len(offsets) + 1))
    return (first, *(read_members(line, parts, reading, frozenset(choice)) for choice in choices))


def conventions(
    line: Equation, parts: Sequence[Expression], reading: Reading, notes: frozenset[str]
) -> Iterator[tuple[Convention, Read]]:
    """The same formulas under the other conventions for `\\delta` and `dZ`: minus the derivative, or of the sum."""
    if DELTA in notes:
        yield Convention.DELTA_IS_NEGATIVE, read_members(line, parts, reading, signs={DELTA: MINUS_ONE})
    number = samples(reading.model) if notes else None
    if number is not None:
        yield Convention.DELTA_OF_SUM, read_members(line, parts, reading, signs=dict.fromkeys(notes, number))


def read_ask(line: Equation, reading: Reading) -> Read:
    """What is asked. Raises `Refusal` unless it is one expression with one reading."""
    if line.relations or line.cases or line.spreads:
        raise Refusal(
            "one expression is asked for, without a relation",
            line.text.place(line.left.start),
            r"\frac{\partial E}{\partial w}",
        )
    found = readings(line, line.parts, reading)
    for doubt in found[0].doubts:
        message = f"this formula has two readings: {doubt.what}"
        raise Refusal(message, line.text.place(doubt.offset), f"Write {doubt.narrow}  or  {doubt.wide}")
    if any(isinstance(part, Derivative) and len(part.wrt) > 1 for part in walk(found[0].members[0])):
        raise Unsupported("not yet supported: deriving second derivatives", line.text.place(line.left.start))
    return found[0]


def read_given(line: Equation, reading: Reading) -> Assumption:
    """An assumption."""
    if len(line.relations) != 1 or line.relations[0] == "<-" or line.cases or line.spreads:
        raise Refusal("an assumption is one relation", line.text.place(line.left.start), r"\sum_k Q_k = 1")
    if line.relations[0] != "in":
        found = readings(line, line.parts, reading)[0]
        return Assumption(found.members[0], line.relations[0], (found.members[1],))
    group = line.parts[1].terms[0].items[0]
    single = len(line.parts[1].terms) == 1 and len(line.parts[1].terms[0].items) == 1
    if not single or not isinstance(group.head, Group) or group.head.bracket != r"\{":
        raise Unsupported("not yet supported: this set", line.text.place(line.parts[1].start), r"y_i \in \{0, 1\}")
    values = tuple(inner.parts[0] for inner in group.head.content.chains)
    if any(lone_mark(value) for value in values):
        raise Unsupported("not yet supported: a fixed class", line.text.place(line.left.start))
    left = read_members(line, (line.left, *values), reading, frozenset())
    return Assumption(left.members[0], "in", left.members[1:])


def lone_mark(expression: Expression) -> bool:
    """Whether an expression is dots."""
    item = expression.terms[0].items[0]
    return item.head == Mark(r"\dots")


@dataclass(frozen=True, slots=True)
class Update:
    """An update rule: what is changed, by what, and whether the right side still holds the old value."""

    target: Expression
    change: Expression
    whole: bool


def update_of(line: Equation) -> Update | None:
    """The update rule that a claim is: `\\Delta w = ...`, `w \\leftarrow w - ...`; None for another claim."""
    items = line.left.terms[0].items
    if line.relations == ("<-",):
        return Update(line.left, line.parts[1], whole=True)
    change = len(line.left.terms) == 1 and items[0].head == Symbol(r"\Delta") and items[0].bare and len(items) == 2
    if change and line.relations in (("=",), ("<-",)):
        return Update(Expression((1,), (Term(items[1:]),)), line.parts[1], whole=False)
    return None


def with_steps(line: Equation, reading: Reading) -> Reading:
    """The model with the names that an update rule brings in (the length of a step) as constants."""
    known = {quantity.name.base for quantity in reading.model.quantities}
    new: dict[str, None] = {}
    for spot in line.spots:
        item = spot.item
        if (
            not isinstance(item.head, Symbol)
            or not item.bare
            or item.head.name in (*known, r"\Delta", r"\delta", "e", "d")
        ):
            continue
        if not _is_head(item, spot.following, reading):
            new[item.head.name] = None
    extra = tuple(Quantity(Name(name), (), (), Role.CONSTANT) for name in new if name not in reading.file.names.sizes)
    model = replace(reading.model, quantities=(*reading.model.quantities, *extra))
    return replace(reading, model=model, file=replace(reading.file, model=model))


def _is_head(item: Item, following: Item | None, reading: Reading) -> bool:
    head = spell(item)
    return (
        is_function_word(item)
        or head in reading.file.functions
        or head in reading.file.generic
        or (head == r"\sigma" and head in reading.file.applied)
        or (following is not None and isinstance(following.head, Group) and following.head.bracket == "(")
    )


def change_of(read: Read, update: Update) -> tuple[Entry, Formula]:
    """The entry that an update changes, and the change."""
    target, value = read.members
    if not isinstance(target, Entry):
        raise Refusal("an update changes one quantity")
    if not update.whole:
        return target, value
    if isinstance(value, Add) and value.terms.count(target) == 1:
        return target, add(*(term for term in value.terms if term != target))
    return target, add(value, negative(target))
