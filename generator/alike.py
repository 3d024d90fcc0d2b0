"""Whether two formulas are written alike: the same factors and terms in any order, under any bound letters.

Weaker than equality (nothing is expanded or evaluated), and therefore safe to point at: parts that are alike are equal.
"""

from __future__ import annotations

from generator.formula import (
    Add,
    Entry,
    Formula,
    Multiply,
    Name,
    Number,
    Power,
    canonical,
    children,
    multiply,
    number,
    power,
    replace_children,
)

_ANY = Entry(Name("@"))


def key(formula: Formula) -> str:
    """A text that two formulas share exactly if they are alike."""
    return _key(canonical(_flat(formula)))


def alike(left: Formula, right: Formula) -> bool:
    """Whether the two are the same but for the order of factors and terms and the names of bound letters."""
    return key(left) == key(right)


def opposite(left: Formula, right: Formula) -> bool:
    """Whether a sum on the left is alike to minus the right, term by term."""
    return isinstance(left, Add) and key(left) == key(_flat(multiply(number(-1), right)))


def _flat(formula: Formula) -> Formula:
    """A sum with its signs inside, a power of a product as a product of powers."""
    match formula:
        case Multiply((Number(value), Add(terms))):
            return Add(tuple(multiply(Number(value), term) for term in terms))
        case Power(Multiply(factors), Number() as exponent):
            return multiply(*(power(factor, exponent.value) for factor in factors))
        case _:
            return formula


def _key(formula: Formula) -> str:
    inner = [_key(_flat(child)) for child in children(formula)]
    if isinstance(formula, Add | Multiply):
        return f"{type(formula).__name__}({', '.join(sorted(inner))})"
    head = replace_children(formula, lambda _: _ANY) if inner else formula
    return f"{head!r}({', '.join(inner)})"
