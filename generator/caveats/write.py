"""Formulas and numbers of a caveat as a reader sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from generator.derivation import Derivation, Step
from generator.facts import Math
from generator.formula import Entry, Formula, Name, free_letters, substitute
from generator.latex.printer import latex
from generator.model import Model
from generator.writer import Writer, writer


@dataclass(frozen=True, slots=True)
class Pen:
    """Prints formulas of one model.

    `doubled` are the names that share their letter with another quantity (`y_i`, `y_j`): an entry of one with a number
    for an index is printed as `y_{j=1}`.
    """

    model: Model
    writer: Writer
    doubled: frozenset[Name]

    def latex(self, formula: Formula, beside: Iterable[str] = ()) -> str:
        """A formula in LaTeX; `beside` are the free letters of the other side of an equation."""
        return self.writer.quiet(latex(self.writer.lettered(substitute(formula, self._clear), beside)))

    def math(self, formula: Formula) -> Math:
        """A formula."""
        return text(self.latex(formula))

    def equation(self, *formulas: Formula) -> Math:
        """Formulas that are equal, in a row."""
        letters = frozenset[str]().union(*map(free_letters, formulas))
        return text(" = ".join(self.latex(formula, letters) for formula in formulas))

    def equations(self, pairs: Iterable[tuple[Formula, Formula]]) -> Math:
        """Equations in a row."""
        return text(r",\; ".join(self.equation(left, right).latex for left, right in pairs))

    def equals(self, formula: Formula, value: float) -> Math:
        """A formula and its number."""
        return text(f"{self.latex(formula)} = {number(value)}")

    def listed(self, pairs: Iterable[tuple[Formula, float]]) -> Math:
        """Formulas and their numbers in a row."""
        return text(r",\; ".join(self.equals(formula, value).latex for formula, value in pairs))

    def typed(self, left: Formula, terms: Iterable[Formula]) -> Math:
        """An equation whose right side is what one types term after term, with no bracket around anything."""
        whole = ""
        for term in map(self.latex, terms):
            whole += f" - {term[1:].lstrip()}" if whole and term.startswith("-") else f" + {term}" if whole else term
        return text(f"{self.latex(left)} = {whole}")

    def steps(self, derivation: Derivation) -> tuple[Math, ...]:
        """Each step of a derivation as lines under one another, equal signs aligned."""
        return tuple(self._aligned(step) for step in derivation.steps)

    def _aligned(self, step: Step) -> Math:
        lines = [self.latex(line.formula, free_letters(step.left)) for line in step.lines]
        if len(lines) == 1:
            return text(f"{self.latex(step.left)} = {lines[0]}")
        rest = " ".join(rf"\\ &= {line}" for line in lines[1:])
        return text(rf"\begin{{aligned}} {self.latex(step.left)} &= {lines[0]} {rest} \end{{aligned}}")

    def _clear(self, part: Formula) -> Formula | None:
        """An entry that could be another quantity's, with the letter that tells."""
        if not isinstance(part, Entry) or part.name not in self.doubled or all(i.letter for i in part.indices):
            return None
        usual = zip(self.model.quantity[part.name].letters, part.indices, strict=True)
        places = ", ".join(f"{letter}={i.offset}" if i.letter is None else i.letter for letter, i in usual)
        return Entry(Name(f"{part.name.base}_{{{places}}}"))


def pen(model: Model) -> Pen:
    """The pen of a model."""
    shared = Counter((quantity.name.base, quantity.name.superscript) for quantity in model.quantities)
    doubled = (q.name for q in model.quantities if shared[q.name.base, q.name.superscript] > 1)
    return Pen(model, writer(model), frozenset(doubled))


def text(latex_text: str) -> Math:
    """LaTeX without marks."""
    return Math(latex_text, latex_text)


def number(value: float) -> str:
    r"""A number in LaTeX: five significant digits, `4.2 \times 10^{-18}` where it is very small or large."""
    if value != value:  # noqa: PLR0124 - the test for a value that is not a number
        return r"\text{nan}"
    if abs(value) == float("inf"):
        return r"\infty" if value > 0 else r"-\infty"
    digits, mark, exponent = f"{value + 0.0:.5g}".partition("e")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if mark else digits


def numeric(value: float) -> Math:
    """A number."""
    return text(number(value))


def fraction(value: Fraction) -> Math:
    """A rational number."""
    return text(str(value) if value.denominator == 1 else rf"\frac{{{value.numerator}}}{{{value.denominator}}}")
