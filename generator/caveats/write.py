"""Formulas and numbers of a caveat as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from generator.derivation import Derivation, Step
from generator.facts import Math
from generator.formula import Formula, free_letters
from generator.latex.printer import latex


def text(latex_text: str) -> Math:
    """LaTeX without marks."""
    return Math(latex_text, latex_text)


def math(formula: Formula) -> Math:
    """A formula."""
    return text(latex(formula))


def equation(*formulas: Formula) -> Math:
    """Formulas that are equal, in a row."""
    letters = frozenset[str]().union(*map(free_letters, formulas))
    return text(" = ".join(latex(formula, avoid=letters) for formula in formulas))


def typed(left: Formula, terms: Iterable[Formula]) -> Math:
    """An equation whose right side is what one types term after term, with no bracket around anything."""
    whole = ""
    for term in map(latex, terms):
        whole += f" - {term[1:].lstrip()}" if whole and term.startswith("-") else f" + {term}" if whole else term
    return text(f"{latex(left)} = {whole}")


def equations(pairs: Iterable[tuple[Formula, Formula]]) -> Math:
    """Equations in a row."""
    return text(r",\; ".join(equation(left, right).latex for left, right in pairs))


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


def equals(formula: Formula, value: float) -> Math:
    """A formula and its number."""
    return text(f"{latex(formula)} = {number(value)}")


def listed(pairs: Iterable[tuple[Formula, float]]) -> Math:
    """Formulas and their numbers in a row."""
    return text(r",\; ".join(equals(formula, value).latex for formula, value in pairs))


def fraction(value: Fraction) -> Math:
    """A rational number."""
    return text(str(value) if value.denominator == 1 else rf"\frac{{{value.numerator}}}{{{value.denominator}}}")


def steps(derivation: Derivation) -> tuple[Math, ...]:
    """Each step of a derivation as lines under one another, equal signs aligned."""
    return tuple(aligned(step) for step in derivation.steps)


def aligned(step: Step) -> Math:
    """What a step derives, and its lines."""
    lines = [latex(line.formula, avoid=free_letters(step.left)) for line in step.lines]
    first = f"{latex(step.left)} &= {lines[0]}"
    if len(lines) == 1:
        return text(first.replace("&", ""))
    return text(rf"\begin{{aligned}} {first} " + " ".join(rf"\\ &= {line}" for line in lines[1:]) + r" \end{aligned}")
