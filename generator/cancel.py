"""Cancelling between the links of a chain: what stands above and below the fraction bar goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generator.derivation import Cancelled, Factor, Link, Part
from generator.formula import Add, Formula, Number, Power, power
from generator.rational import cancel_common


def cancel(factors: Sequence[Factor]) -> tuple[tuple[Factor, ...], tuple[Cancelled, ...]]:
    """The factors after cancelling, and what was cancelled.

    A factor that is left of a link whose denominator went remembers the link that cancelled it.
    """
    current = list(factors)
    events: list[Cancelled] = []
    while (found := _same(current) or _shared(current)) is not None:
        above, below, left, gone = found
        links = tuple(dict.fromkeys((*current[above].links, *current[below].links)))
        events.append(Cancelled(gone, links))
        lower = current[below].links
        kept = [f for i, f in enumerate(current) if i not in (above, below)]
        place = min(above, below)
        rest = [Factor(f, links, Part.NUMBER if isinstance(f, Number) else current[above].part) for f in left]
        kept[place:place] = rest
        current = [_remember(f, lower, links) for f in kept]
    return tuple(current), tuple(events)


_Found = tuple[int, int, tuple[Formula, ...], Formula]


def _same(factors: Sequence[Factor]) -> _Found | None:
    """A factor and the same one as a denominator."""
    for below, lower in enumerate(factors):
        if not (base := _denominator(lower.formula)):
            continue
        for above, upper in enumerate(factors):
            if _base(upper.formula) == base[0] and (up := _exponent(upper.formula)) is not None and up > 0:
                left = power(base[0], up - base[1])
                return above, below, () if left == power(base[0], 0) else (left,), base[0]
    return None


def _shared(factors: Sequence[Factor]) -> _Found | None:
    """A sum above and a denominator that share a polynomial factor: 1 - y^2 over 1 - y."""
    for below, lower in enumerate(factors):
        if not (base := _denominator(lower.formula)):
            continue
        for above, upper in enumerate(factors):
            if not isinstance(upper.formula, Add):
                continue
            left = cancel_common(upper.formula, power(base[0], base[1]))
            if left is not None:
                return above, below, tuple(f for f in left if f != power(base[0], 0)), base[0]
    return None


def _base(formula: Formula) -> Formula:
    return formula.base if isinstance(formula, Power) and _exponent(formula) is not None else formula


def _exponent(formula: Formula) -> int | None:
    match formula:
        case Power(_, Number(value)):
            return int(value) if value.denominator == 1 else None
        case Number():
            return None
        case _:
            return 1


def _denominator(formula: Formula) -> tuple[Formula, int] | None:
    exponent = _exponent(formula)
    return (_base(formula), -exponent) if exponent is not None and exponent < 0 else None


def _remember(factor: Factor, lower: tuple[Link, ...], links: tuple[Link, ...]) -> Factor:
    if factor.part in (Part.ERROR, Part.GATE) and lower and set(lower) & set(factor.links):
        return replace(factor, links=tuple(dict.fromkeys((*factor.links, *links))))
    return factor
