"""Formulas as LaTeX that a person would write."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from generator.formula import (
    MINUS_ONE,
    Add,
    Apply,
    Condition,
    Delta,
    Derivative,
    Entry,
    Extreme,
    Formula,
    Holds,
    Index,
    Indicator,
    Letter,
    Multiply,
    Name,
    Number,
    Power,
    Product,
    Range,
    Size,
    Softmax,
    Sum,
    above,
    bound_letter,
    free_letters,
    freshen,
    is_negative,
    negative,
    plain_letter,
    rename,
    replace_children,
    shift_conditions,
)
from generator.functions import FUNCTIONS

Path = tuple[int, ...]
Wrap = Callable[[Path, str], str]

SPARE = "ijklmnpqrstuvw"
_LABEL = re.compile(r"\^\{\([^()]*\)\}")
_RELATIONS = {"=": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}


class _Binds(IntEnum):
    """How tightly a form binds; a part that binds looser than its place allows gets brackets."""

    SUM = 0
    PRODUCT = 1
    FACTOR = 2
    POWER = 3


def latex(formula: Formula, wrap: Wrap | None = None, *, held: bool = False, avoid: Collection[str] = ()) -> str:
    """The formula in LaTeX.

    `wrap(path, text)` may wrap the text of the part at `path` (positions among `children`, outermost first); `held`
    prints what a local derivative holds fixed. No sum is over a letter of `avoid`: the letters of the other side of an
    equation. A letter `k#3` is printed as `k`, or as another if that is taken.
    """
    return _Printer(wrap or (lambda _, text: text), held).text(printable(formula, avoid), (), _Binds.SUM)


def printable(formula: Formula, avoid: Collection[str] = ()) -> Formula:
    """The formula with letters that a person would write, none of them hidden by a sum inside."""
    free = free_letters(formula)
    taken = {letter for letter in free if "#" not in letter}
    to: dict[str, Index] = {}
    for letter in sorted(free - taken):
        to[letter] = Index(_picked(letter, taken))
        taken.add(str(to[letter].letter))
    plain = rename(formula, to)
    return _lettered(freshen(plain, above(plain)), frozenset({*taken, *avoid}))


def _lettered(formula: Formula, taken: frozenset[str]) -> Formula:
    old = bound_letter(formula)
    if old is None:
        return replace_children(formula, lambda child: _lettered(child, taken))
    new = _picked(old, taken)
    to = {old: Index(new)}
    inner = taken | {new}
    match formula:
        case Sum(_, range_, body, where):
            return Sum(new, range_, _lettered(rename(body, to), inner), shift_conditions(where, to))
        case Product(_, range_, body, where):
            return Product(new, range_, _lettered(rename(body, to), inner), shift_conditions(where, to))
        case Softmax(index, _, range_, argument):
            return Softmax(index, new, range_, _lettered(rename(argument, to), inner))
    return formula


def entry_name(name: Name) -> str:
    """A name in LaTeX, without indices."""
    return _named(name, "", "")


def _picked(wished: str, taken: Collection[str]) -> str:
    plain = plain_letter(wished)
    return next((letter for letter in (plain, *SPARE) if letter not in taken), plain)


@dataclass(frozen=True, slots=True)
class _Printer:
    wrap: Wrap
    held: bool

    def text(self, formula: Formula, path: Path, place: _Binds, *, last: bool = True) -> str:
        """The formula as it stands in a place that wants at least `place`; `last` says that nothing follows."""
        plain, binds = self.form(formula, path, last=last)
        return self.wrap(path, _bracketed(plain) if binds < place else plain)

    def form(self, formula: Formula, path: Path, *, last: bool) -> tuple[str, _Binds]:
        match formula:
            case Number(value):
                shown = (
                    str(value.numerator) if value.denominator == 1 else _rational(value.numerator, value.denominator)
                )
                return shown, _Binds.SUM if value < 0 else _Binds.POWER if value.denominator == 1 else _Binds.FACTOR
            case Size(name):
                return name, _Binds.POWER
            case Letter(index):
                return _index(index), _Binds.SUM if index.offset and index.letter else _Binds.POWER
            case Entry(name, indices):
                return _entry(name, indices), _Binds.FACTOR if name.superscript or name.sample else _Binds.POWER
            case Add(terms):
                return self.sum(terms, path), _Binds.SUM
            case Multiply(factors):
                return self.product(factors, path, last=last)
            case Power():
                return self.power(formula, path)
            case Apply():
                return self.applied(formula, path, last=last)
            case Sum() | Product():
                return self.long(formula, path), _Binds.FACTOR if last else _Binds.SUM
            case Softmax():
                return self.softmax(formula, path), _Binds.FACTOR
            case Extreme(kind, arguments):
                inside = ", ".join(self.text(a, (*path, n), _Binds.SUM) for n, a in enumerate(arguments))
                return rf"\{kind}({inside})", _Binds.FACTOR
            case Delta(left, right):
                return rf"\delta_{{{_indices((left, right))}}}", _Binds.FACTOR
            case Holds(conditions):
                return _indicator(_conditions(conditions)), _Binds.FACTOR
            case Indicator(left, relation, right):
                sides = (self.text(side, (*path, n), _Binds.SUM) for n, side in enumerate((left, right)))
                return _indicator(f" {_RELATIONS[relation]} ".join(sides)), _Binds.FACTOR
            case Derivative():
                return self.derivative(formula, path), _Binds.FACTOR

    def sum(self, terms: Sequence[Formula], path: Path) -> str:
        shown = ""
        for place, term in enumerate(terms):
            here = (*path, place)
            if is_negative(term):
                shown += (" - " if place else "-") + self.positive(term, here, last=place == len(terms) - 1)
            else:
                body = self.text(term, here, _Binds.PRODUCT, last=True)
                shown += (" + " if place else "") + body
        return shown

    def positive(self, term: Formula, path: Path, *, last: bool) -> str:
        """A negative term without its minus."""
        if isinstance(term, Number):
            return self.wrap(path, self.form(negative(term), path, last=last)[0])
        rest, skipped = _unsigned(term.factors if isinstance(term, Multiply) else (term,))
        return self.wrap(path, self.row(rest, path, skipped, last=last))

    def product(self, factors: Sequence[Formula], path: Path, *, last: bool) -> tuple[str, _Binds]:
        if is_negative(factors[0]):
            rest, skipped = _unsigned(factors)
            return "-" + self.row(rest, path, skipped, last=last), _Binds.SUM
        return self.row(factors, path, 0, last=last), _Binds.PRODUCT

    def row(self, factors: Sequence[Formula], path: Path, skipped: int, *, last: bool) -> str:
        """Factors side by side, with one fraction for each run of denominators and the factor beside it."""
        shown: list[str] = []
        place = 0
        while place < len(factors):
            run = _fraction(factors, place)
            at = [(*path, n + skipped) for n in range(len(factors))]
            if run is None:
                final = last and place == len(factors) - 1
                shown.append(self.text(factors[place], at[place], _Binds.FACTOR, last=final))
                place += 1
                continue
            above, below, place = run
            top = "1" if above is None else self.alone(factors[above], at[above])
            alone = len(below) == 1
            bottom = " ".join(
                self.wrap(at[n], self.denominator(factors[n], at[n], alone=alone, last=n == below[-1])) for n in below
            )
            shown.append(rf"\frac{{{top}}}{{{bottom}}}")
        return _spaced(shown)

    def alone(self, formula: Formula, path: Path) -> str:
        """A factor that has a numerator to itself."""
        return self.text(formula, path, _Binds.SUM)

    def denominator(self, formula: Formula, path: Path, *, alone: bool, last: bool) -> str:
        """What stands below the bar for a factor to a negative power."""
        base, exponent = _below(formula)
        inside = (*path, 0)
        if exponent == 1:
            return self.text(base, inside, _Binds.SUM if alone else _Binds.FACTOR, last=last)
        return self.text(base, inside, _Binds.POWER) + _script("^", str(exponent))

    def power(self, formula: Power, path: Path) -> tuple[str, _Binds]:
        base, exponent = formula.base, formula.exponent
        if _below(formula)[1]:
            return rf"\frac{{1}}{{{self.denominator(formula, path, alone=True, last=True)}}}", _Binds.FACTOR
        if isinstance(exponent, Number) and exponent.value.denominator == 2 and exponent.value.numerator == 1:
            return rf"\sqrt{{{self.text(base, (*path, 0), _Binds.SUM)}}}", _Binds.FACTOR
        raised = self.text(exponent, (*path, 1), _Binds.SUM)
        if isinstance(base, Apply) and base.function not in ("exp", "log", "abs") and not base.order:
            argument = self.text(base.argument, (*path, 0, 0), _Binds.SUM)
            return self.wrap((*path, 0), _function(base) + _script("^", raised) + _round(argument)), _Binds.FACTOR
        return self.text(base, (*path, 0), _Binds.POWER) + _script("^", raised), _Binds.FACTOR

    def applied(self, formula: Apply, path: Path, *, last: bool) -> tuple[str, _Binds]:
        argument = self.text(formula.argument, (*path, 0), _Binds.SUM)
        if formula.function == "exp" and not formula.order:
            return f"e^{{{argument}}}", _Binds.FACTOR
        if formula.function == "abs" and not formula.order:
            return rf"\lvert {argument} \rvert", _Binds.POWER
        if formula.function == "log" and last and isinstance(formula.argument, Entry | Size):
            return rf"\log {argument}", _Binds.FACTOR
        return _function(formula) + _round(argument), _Binds.FACTOR

    def long(self, formula: Sum | Product, path: Path) -> str:
        sign = r"\sum" if isinstance(formula, Sum) else r"\prod"
        limits = _limits(formula.letter, formula.range, formula.where)
        return f"{sign}{limits} {self.text(formula.body, (*path, 0), _Binds.PRODUCT)}"

    def softmax(self, formula: Softmax, path: Path) -> str:
        above = rename(formula.argument, {formula.letter: formula.index})
        top = _Printer(lambda _, text: text, self.held).text(above, (), _Binds.SUM)
        below = self.text(formula.argument, (*path, 0), _Binds.SUM)
        limits = _limits(formula.letter, formula.range, ())
        return rf"\frac{{e^{{{top}}}}}{{\sum{limits} e^{{{below}}}}}"

    def derivative(self, formula: Derivative, path: Path) -> str:
        order = "" if len(formula.wrt) == 1 else f"^{len(formula.wrt)}"
        entries = reversed([*enumerate(formula.wrt, start=1)])
        below = " ".join(rf"\partial {self.text(entry, (*path, n), _Binds.SUM)}" for n, entry in entries)
        inside = self.text(formula.of, (*path, 0), _Binds.SUM)
        if isinstance(formula.of, Entry):
            shown = rf"\frac{{\partial{order} {inside}}}{{{below}}}"
        else:
            shown = rf"\frac{{\partial{order}}}{{{below}}}{_bracketed(inside)}"
        if not (self.held and formula.held):
            return shown
        return rf"\left.{shown}\right|_{{{', '.join(entry_name(name) for name in formula.held)}}}"


def _unsigned(factors: Sequence[Formula]) -> tuple[Sequence[Formula], int]:
    """The factors without the minus in front, and how many of them went."""
    return (factors[1:], 1) if factors[0] == MINUS_ONE else ((negative(factors[0]), *factors[1:]), 0)


def _below(formula: Formula) -> tuple[Formula, int]:
    """The base and exponent of what stands below a bar; exponent 0 for what does not."""
    match formula:
        case Power(base, Number(value)) if value < 0 and value.denominator == 1:
            return base, -int(value)
        case _:
            return formula, 0


def _fraction(factors: Sequence[Formula], place: int) -> tuple[int | None, tuple[int, ...], int] | None:
    """A fraction that begins at `place`: the factor above the bar, those below, and where it ends."""
    start = place
    above: int | None = None
    if not _below(factors[place])[1]:
        if place + 1 == len(factors) or not _below(factors[place + 1])[1] or not _stands_above(factors[place]):
            return None
        above, start = place, place + 1
    end = start
    while end < len(factors) and _below(factors[end])[1]:
        end += 1
    below = tuple(range(start, end))
    if above is None and end < len(factors) and _stands_above(factors[end]):
        followed = end + 1 < len(factors) and _below(factors[end + 1])[1]
        if not followed:
            above, end = end, end + 1
    return above, below, end


def _stands_above(formula: Formula) -> bool:
    return not isinstance(formula, Sum | Product | Derivative)


def _indicator(condition: str) -> str:
    return rf"\mathbf{{1}}_{{\{{{condition}\}}}}"


def _rational(numerator: int, denominator: int) -> str:
    sign = "-" if numerator < 0 else ""
    return rf"{sign}\frac{{{abs(numerator)}}}{{{denominator}}}"


def _spaced(parts: Sequence[str]) -> str:
    shown = parts[0] if parts else "1"
    for part in parts[1:]:
        shown += (r" \cdot " if part[0].isdigit() else " ") + part
    return shown


def _bracketed(text: str) -> str:
    tall = r"\frac" in text or r"\sum" in text or r"\prod" in text
    left, right = ("[", "]") if "(" in _LABEL.sub("", text) else ("(", ")")
    return rf"\left{left} {text} \right{right}" if tall else f"{left}{text}{right}"


def _round(text: str) -> str:
    tall = r"\frac" in text or r"\sum" in text or r"\prod" in text
    return rf"\left( {text} \right)" if tall else f"({text})"


def _function(formula: Apply) -> str:
    row = FUNCTIONS.get(formula.function)
    return (row.latex if row else formula.function) + "'" * formula.order


def _named(name: Name, below: str, above: str) -> str:
    labels = [text for text in (name.superscript, above) if text]
    base = f"{{{name.base}}}" if labels and "'" in name.base else name.base
    if below and "_" in base:
        base = f"({base})"
    return base + _script("_", below) + _script("^", "".join(labels))


def _script(sign: str, text: str) -> str:
    """A sub- or superscript, its braces left out where one character needs none."""
    return "" if not text else f"{sign}{text}" if len(text) == 1 else f"{sign}{{{text}}}"


def _entry(name: Name, indices: Sequence[Index]) -> str:
    if name.sample and indices:
        return _named(name, _indices(indices[:-1]), f"({_index(indices[-1])})")
    return _named(name, _indices(indices), "")


def _indices(indices: Sequence[Index]) -> str:
    shown = [_index(index) for index in indices]
    short = all(len(text) == 1 or (text.startswith("\\") and text[1:].isalpha()) for text in shown)
    if not short:
        return ",".join(shown)
    return "".join(text + " " if text.startswith("\\") else text for text in shown).rstrip()


def _index(index: Index) -> str:
    if index.letter is None:
        return str(index.offset)
    return index.letter + (f"{index.offset:+d}" if index.offset else "")


def _conditions(conditions: Sequence[Condition]) -> str:
    return ",\\ ".join(f"{_index(c.left)} {_RELATIONS[c.relation]} {_index(c.right)}" for c in conditions)


def _limits(letter: str, range_: Range, where: Sequence[Condition]) -> str:
    extra = f",\\ {_conditions(where)}" if where else ""
    return f"_{{{letter}={_index(range_.lower)}{extra}}}" + _script("^", _index(range_.upper))
