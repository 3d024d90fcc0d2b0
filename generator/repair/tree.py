"""Places in a formula: paths of positions among `children`, outermost first."""

from __future__ import annotations

from dataclasses import replace

from generator.formula import (
    Add,
    Apply,
    Entry,
    Extreme,
    Formula,
    Index,
    Indicator,
    Multiply,
    Power,
    Product,
    Softmax,
    Sum,
    children,
    replace_children,
    substitute,
)

Path = tuple[int, ...]


def at(formula: Formula, path: Path) -> Formula:
    """The part of a formula at a path."""
    for place in path:
        formula = children(formula)[place]
    return formula


def replaced(formula: Formula, path: Path, new: Formula) -> Formula:
    """The formula with the part at a path replaced; nothing else moves, so that other paths still hold."""
    if not path:
        return new
    place, *rest = path
    parts = list(children(formula))
    parts[place] = replaced(parts[place], tuple(rest), new)
    match formula:
        case Add():
            return Add(tuple(parts))
        case Multiply():
            return Multiply(tuple(parts))
        case Power():
            return Power(*parts)
        case Extreme(kind):
            return Extreme(kind, tuple(parts))
        case Indicator(_, relation, _):
            return Indicator(parts[0], relation, parts[1])
        case Apply() | Softmax():
            return replace(formula, argument=parts[0])
        case Sum() | Product():
            return replace(formula, body=parts[0])
        case _:
            raise AssertionError(formula)


def tidy(formula: Formula) -> Formula:
    """The formula with sums and products flattened, zeros and ones dropped, numbers gathered."""
    return replace_children(formula, tidy)


def outline(formula: Formula) -> Formula:
    """The formula without its indices: what two entries of the same quantity share."""
    nowhere = Index("*")

    def change(part: Formula) -> Formula | None:
        return Entry(part.name, (nowhere,) * len(part.indices)) if isinstance(part, Entry) else None

    return substitute(formula, change)
