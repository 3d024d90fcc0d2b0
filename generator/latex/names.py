"""The names of a file: what each symbol with its scripts stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from generator.errors import Refusal, Unsupported
from generator.formula import Index, Name
from generator.latex.scripts import Part, braced, bracketed, layer_label, shifted, spell, spelled, subscript
from generator.latex.syntax import Group, Item, Line, Mark, Symbol, lone, single
from generator.question import Text

DELTA = r"\delta"


@dataclass(frozen=True, slots=True)
class Written:
    """A symbol taken apart: its name, its indices, a sample index, and what is left of its superscript (a power)."""

    name: Name
    indices: tuple[Index, ...]
    sample: Index | None
    power: Line | None

    @property
    def all(self) -> tuple[Index, ...]:
        """All indices, the sample last."""
        return self.indices if self.sample is None else (*self.indices, self.sample)


@dataclass(frozen=True, slots=True)
class Names:
    """What the lines of a model say about its symbols, before any of them is read as a formula.

    `letters` are index letters; `bound` those over which a sum runs; `layered` the bases that carry a bare layer
    label (`a^1`), and `layers` the letters in such labels; `arity` the number of positions of each indexed name;
    `sampled` those with a sample index; `declared` the names that keys of the file declare, by their spelling;
    `symbols` all letters that stand for quantities; `sizes` the names of sizes.
    """

    letters: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    layered: frozenset[str] = frozenset()
    layers: frozenset[str] = frozenset()
    arity: Mapping[Name, int] = field(default_factory=dict)
    declared: Mapping[str, Name] = field(default_factory=dict)
    sampled: frozenset[Name] = frozenset()
    symbols: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()

    def take_apart(self, item: Item, text: Text) -> Written:
        """The symbol `item` taken apart. Raises `Refusal` for scripts that no name has."""
        for tried, left in ((item, None), (replace(item, above=None), item.above)) if self.declared else ():
            name = self.declared.get(spell(tried))
            if name is not None:
                return Written(name, (), None, left)
        base, superscript = self._base(item, text)
        label, sample, power = self._above(item, text, base)
        name = Name(base, superscript + label, sample=sample is not None)
        whole = self.declared.get(spell(replace(item, below=None))) if power is not None and item.below else None
        if whole is not None:
            name, power = whole, None
        parts = () if item.below is None else subscript(item.below)
        if parts is None:
            raise Refusal(
                "no subscript has this form", text.place(item.start), r"for example: x_{jk}, V_{12,3}, h_{t-1}"
            )
        if not parts or item.below is None:
            return Written(name, (), sample, power)
        is_delta = base == DELTA and len(parts) == 2
        if name not in self.arity and not is_delta and self.is_label(parts):
            return Written(_labelled(name, spelled(item.below)), (), sample, power)
        words = [part.label for part in parts if part.index is None]
        indices = tuple(part.index for part in parts if part.index is not None)
        if words:
            name = _labelled(name, ",".join(words))
        if not indices:
            return Written(name, (), sample, power)
        if name not in self.arity and all(index.letter is None for index in indices):
            digits = ",".join(part.label for part in parts) if len(item.below.chains) > 1 else spelled(item.below)
            return Written(_labelled(name, digits), (), sample, power)
        return Written(name, self._fitting(item, name, indices, text), sample, power)

    def _base(self, item: Item, text: Text) -> tuple[str, str]:
        """The letters of a name, its primes, and the label of `(W^{[2]})_{jk}` or `{y'}^{(2)}`."""
        if isinstance(item.head, Symbol):
            return item.head.name + "'" * item.primes, ""
        inner = lone(item.head.content) if isinstance(item.head, Group) else None
        if inner is None:
            raise Refusal("a name was expected here", text.place(item.start))
        written = self.take_apart(inner, text)
        if written.all or written.power is not None or item.primes:
            raise Refusal(
                "only a name with labels may stand in brackets with indices", text.place(item.start), "(W_2)_{jk}"
            )
        return written.name.base, written.name.superscript

    def _fitting(self, item: Item, name: Name, indices: tuple[Index, ...], text: Text) -> tuple[Index, ...]:
        """The indices; digits without commas are one number where the name has one position."""
        arity = self.arity.get(name)
        if arity is None or len(indices) == arity:
            return indices
        if arity == 1 and item.below is not None and len(item.below.chains) == 1 and not any(i.letter for i in indices):
            return (Index(None, int("".join(str(index.offset) for index in indices))),)
        message = f"{spell(item)} has {len(indices)} indices where this name has {arity}"
        raise Refusal(message, text.place(item.start), "Separate numbers of several digits by commas: V_{12,3}")

    def is_label(self, parts: tuple[Part, ...]) -> bool:
        """Whether a subscript without words is a label as a whole: `net_{h1}`, `E_{total}`, `h_\\theta`."""
        indices = [part.index for part in parts if part.index is not None]
        letters = [index.letter for index in indices if index.letter is not None]
        if not letters or len(indices) != len(parts) or any(index.letter and index.offset for index in indices):
            return False
        if any(letter in self.letters for letter in letters):
            return False
        return len(parts) > 1 or letters[0] in self.symbols

    def _above(self, item: Item, text: Text, base: str) -> tuple[str, Index | None, Line | None]:
        """A superscript as label, sample index and power."""
        above = item.above
        if above is None:
            return "", None, None
        word = lone(above)
        if word is not None and isinstance(word.head, Symbol) and word.head.name.startswith(r"\mathrm") and word.bare:
            return word.head.name, None, None
        groups = row(above)
        if groups and bracketed(groups[0]) is not None:
            return self._brackets(groups, base, text)
        if self.is_transposed(above):
            raise Unsupported("not yet supported: matrix notation (transposition)", text.place(item.start))
        label = layer_label(above)
        if label is None:
            return "", None, above
        expression = single(above)
        index = shifted(expression) if expression is not None else None
        if base in self.layered or (index is not None and index.letter in self.layers):
            return label, None, None
        return "", None, above

    def _brackets(self, groups: tuple[Item, ...], base: str, text: Text) -> tuple[str, Index | None, Line | None]:
        label = ""
        sample: Index | None = None
        for group in groups:
            found = bracketed(group)
            if found is None:
                if is_transposition(group):
                    raise Unsupported("not yet supported: matrix notation (transposition)", text.place(group.start))
                message = "a power of a labelled name needs brackets"
                raise Refusal(message, text.place(group.start), f"({base}^{{{label}}})^2")
            shown, index = found
            if index is None or not (index.letter in self.bound or Name(base, label, sample=True) in self.sampled):
                label += shown
            elif sample is None:
                sample = index
            else:
                raise Refusal("a name has one sample index", text.place(group.start))
        return label, sample, None

    def is_transposed(self, above: Line) -> bool:
        """Whether a superscript is `T` or `\\top`, where T is nothing else."""
        item = lone(above)
        if item is None or not is_transposition(item):
            return False
        others = self.sizes | self.letters | self.symbols | set(self.declared)
        return item.head == Mark(r"\top") or "T" not in others


def is_transposition(item: Item) -> bool:
    """Whether an item of a superscript is `T` or `\\top`."""
    return item.bare and item.head in (Symbol("T"), Mark(r"\top"))


def row(line: Line) -> tuple[Item, ...]:
    """The items of a line that is one term without a sign; none for another line."""
    expression = single(line)
    if expression is None or len(expression.terms) > 1 or expression.signs[0] < 0:
        return ()
    return expression.terms[0].items


def _labelled(name: Name, label: str) -> Name:
    """The name with a subscript that belongs to it."""
    base = f"({name.base})" if "_" in name.base else name.base
    return replace(name, base=f"{base}_{braced(label)}")


def bare_name(name: Name) -> Name:
    """The name of which `name` is a numbered one (`w_6` is one of `w`); itself if it has no number."""
    base, _, label = name.base.partition("_")
    return replace(name, base=base) if label.strip("{}").isdigit() else name


def number_of(name: Name) -> int | None:
    """The number of a numbered name (6 for `w_6`)."""
    label = name.base.partition("_")[2].strip("{}")
    return int(label) if label.isdigit() else None
