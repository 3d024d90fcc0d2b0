"""What the keys `sizes`, `values`, `roles` and `shapes` say about the names of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.errors import Refusal, Unsupported
from generator.formula import Entry, Index, Name, Range, integers, literal
from generator.latex.equations import Equation, close_to
from generator.latex.lexicon import gather
from generator.latex.models import Keys, Reading
from generator.latex.names import Names
from generator.latex.parse import parse
from generator.latex.scripts import shifted, spell, subscript
from generator.latex.syntax import Item, Symbol, lone, single
from generator.latex.words import Words, worded
from generator.model import Role
from generator.question import Question, Text, Value

FREE_ROLES = ("input", "target", "weight", "bias", "constant")


def read_keys(question: Question, lines: Sequence[Equation], words: Words) -> Keys:
    """The names that keys declare, the sizes they fix and the roles they state."""
    if question.shapes:
        raise Unsupported("not yet supported: matrix notation (`shapes`)", question.shapes[0][0].place(), "V_{ij}, X_i")
    if not (question.values or question.roles or question.sizes):
        return Keys({}, {}, {})
    names = gather(lines, {}, ())
    declared: dict[str, Name] = {}
    for text, _ in (*question.values, *question.roles):
        item = key_item(text, words)
        if not is_entry(item, names):
            declared[spell(item)] = declared_name(item)
    sizes = {spell(key_item(key, words)): (_size(value), _no_size(key, names)) for key, value in question.sizes}
    roles: dict[Name, Role] = {}
    whole = replace(names, declared=declared)
    for text, role in question.roles:
        if role.text not in FREE_ROLES:
            raise Refusal(
                f"there is no role {role.text}",
                role.place(),
                close_to(role.text, FREE_ROLES) or f"One of: {', '.join(FREE_ROLES)}",
            )
        roles[whole.take_apart(key_item(text, words), text).name] = Role(role.text)
    return Keys(declared, sizes, roles)


def key_item(text: Text, words: Words) -> Item:
    """The symbol that a key is. Raises `Refusal` for any other formula."""
    item = lone(worded(text, parse(text), words))
    if item is None or not isinstance(item.head, Symbol):
        raise Refusal("a name was expected as key", text.place(), r"for example: W_{11}: 0.5")
    return item


def is_entry(item: Item, names: Names) -> bool:
    """Whether a key is an entry or all entries of an indexed name of the model, and declares no name of its own."""
    if item.below is None:
        return False
    parts = subscript(item.below)
    if parts is None:
        return False
    letters = {part.index.letter for part in parts if part.index is not None and part.index.letter is not None}
    return letters <= names.bound and all(part.index is not None for part in parts)


def declared_name(item: Item) -> Name:
    """The name that a key declares, its scripts included."""
    plain = spell(replace(item, above=None))
    if item.above is None:
        return Name(plain)
    label = spell(replace(item, below=None)).partition("^")[2]
    return Name(plain, label[1:-1] if label.startswith("{") else label)


def _size(value: Text) -> Index:
    expression = single(parse(value))
    index = shifted(expression) if expression is not None else None
    if index is None or (index.letter is None and not 1 <= index.offset <= 10**9):
        raise Refusal("a size is a number or a name", value.place(), "sizes: {n: 3}")
    return index


def _no_size(key: Text, names: Names) -> Refusal:
    known = sorted(names.sizes | names.letters)
    return Refusal(f"the model has no size and no index {key.text}", key.place(), close_to(key.text, known))


def read_values(
    values: Sequence[tuple[Text, Value]], words: Words, reading: Reading
) -> tuple[tuple[Entry, Fraction], ...]:
    """The numbers of the worked example, one for each entry that the file gives."""
    found: list[tuple[Entry, Fraction]] = []
    for text, value in values:
        written = reading.file.names.take_apart(key_item(text, words), text)
        quantity = reading.model.quantity.get(written.name)
        if quantity is None:
            known = [q.name.base for q in reading.model.quantities]
            raise Refusal(f"{text.text} is no quantity of the model", text.place(), close_to(text.text, known))
        entry = Entry(written.name, written.all)
        found.extend(_entries(entry, value, quantity.ranges, text))
    return tuple(found)


def _entries(entry: Entry, value: Value, ranges: Sequence[Range], text: Text) -> Iterator[tuple[Entry, Fraction]]:
    if isinstance(value, Fraction):
        if len(entry.indices) != len(ranges) or any(index.letter is not None for index in entry.indices):
            raise Refusal(f"{text.text} needs one number for each of its entries", text.place(), "x: [0.5, -1]")
        yield entry, value
        return
    if len(entry.indices) >= len(ranges):
        raise Refusal(f"{text.text} is one number", text.place(), f"{text.text}: 0.5")
    range_ = ranges[len(entry.indices)]
    numbers = integers(range_) or range(range_.lower.offset, range_.lower.offset + len(value))
    if len(numbers) != len(value):
        message = f"{text.text} has {len(value)} entries in a row where {len(numbers)} were expected"
        raise Refusal(message, text.place(), "V: [[0.1, 0.2], [0.3, 0.4]]")
    if len({len(part) if isinstance(part, tuple) else 0 for part in value}) != 1:
        raise Refusal(f"the rows of {text.text} have different lengths", text.place(), "V: [[0.1, 0.2], [0.3, 0.4]]")
    for number, part in zip(numbers, value, strict=True):
        yield from _entries(Entry(entry.name, (*entry.indices, literal(number))), part, ranges, text)
