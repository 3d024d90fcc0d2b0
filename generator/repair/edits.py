"""Single changes of one product: what is taken out and put in, and by how much the whole changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import prod

from generator.formula import (
    MINUS_ONE,
    ZERO,
    Add,
    Delta,
    Entry,
    Formula,
    Index,
    Multiply,
    Name,
    Number,
    Power,
    Size,
    Sum,
    add,
    children,
    entries,
    multiply,
    negative,
    number,
    power,
    substitute,
)
from generator.model import Model
from generator.repair.sites import Offer, Site, Values
from generator.repair.tree import Path, replaced

Change = tuple[float, ...]
"""How much the value of the whole changes, for each spot."""

EXPONENTS = (-2, -1, 1, 2, 3)
LARGEST = 100
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: `new` for what stands at `path`; the whole gains `change`.

    `places` are the faulty parts, `belongs` is what belongs there. An edit of a product says which factors are `taken`
    and what is `put`, and has the new over the old numbers in `ratios`, where these are not 0.
    """

    kind: str
    path: Path
    change: Change
    places: tuple[Path, ...] = ()
    belongs: tuple[Formula, ...] = ()
    whole: Formula = ZERO
    site: Site | None = None
    ratios: Values = ()
    taken: frozenset[int] = frozenset()
    put: tuple[Formula, ...] = ()
    part: str = ""

    @property
    def new(self) -> Formula:
        """What stands at the path afterwards."""
        return self.whole if self.site is None else composed(self.site, self.taken, self.put)


def composed(site: Site, taken: frozenset[int], put: tuple[Formula, ...]) -> Formula:
    """The product without the factors taken, and with the others in their place, else in the order of the chain."""
    left = [factor for n, factor in enumerate(site.factors) if n not in taken]
    if taken:
        first = sum(n not in taken for n in range(min(taken)))
        return multiply(*left[:first], *put, *left[first:])
    for formula in put:
        left.insert(_position(site, left, formula), formula)
    return multiply(*left)


def _position(site: Site, factors: list[Formula], formula: Formula) -> int:
    """Before the first factor that comes later in the chain; at the end where none does."""
    own = site.frame.pool.order(formula)
    if own is None:
        return len(factors)
    ranks = (site.frame.pool.order(factor) for factor in factors)
    return next((n for n, rank in enumerate(ranks) if rank is not None and rank > own), len(factors))


def edit(
    site: Site, kind: str, taken: Iterable[int], put: Iterable[tuple[Formula, Values]], part: str = ""
) -> Iterator[Edit]:
    """The edit of a product that takes out some factors and puts in others."""
    taken, put = frozenset(taken), tuple(put)
    over = [site.numbers[n] for n in sorted(taken)]
    above = [values for _, values in put]
    ratios: Values = ()
    if any(value == 0 for values in over for spot in values for value in spot):
        change = _gained_at_zero(site, taken, above)
    else:
        ratios = tuple(
            tuple(prod(v[s][n] for v in above) / prod(v[s][n] for v in over) for n in range(len(weights)))
            for s, weights in enumerate(site.weights)
        )
        change = gained(site, ratios)
    formulas = tuple(formula for formula, _ in put)
    places = tuple(site.place(n) for n in sorted(taken))
    yield Edit(kind, site.path, change, places, formulas, ZERO, site, ratios, taken, formulas, part)


def _gained_at_zero(site: Site, taken: frozenset[int], above: list[Values]) -> Change:
    """What the whole gains where a factor that is taken out is 0 somewhere."""
    new = [*(values for n, values in enumerate(site.numbers) if n not in taken), *above]
    return tuple(
        sum(
            one * (prod(values[s][n] for values in new) - prod(values[s][n] for values in site.numbers))
            for n, one in enumerate(outside)
        )
        for s, outside in enumerate(site.outside)
    )


def gained(site: Site, ratios: Values) -> Change:
    """What the whole gains if a product is multiplied by the ratios."""
    return tuple(
        sum(w * (r - 1) for w, r in zip(weights, ratio, strict=True))
        for weights, ratio in zip(site.weights, ratios, strict=True)
    )


def product_edits(site: Site, model: Model) -> Iterator[Edit]:
    """All edits of one product. A sum is edited in its terms, which say more; so is a bracket that is no factor."""
    offers = site.frame.offer()
    if edited_inside(site):
        if isinstance(site.node, Add) and site.frame.pool.order(site.node) is not None:
            yield from _put_in(site, offers)
        return
    yield from _taken_out(site)
    yield from _renamed(site, model)
    yield from _completed(site, offers)
    yield from _put_in(site, offers)
    yield from _deltas(site)


def gate_edits(site: Site, model: Model) -> Iterator[Edit]:
    """What stands for the derivative of an activation, and uses what that uses, exchanged for it."""
    if edited_inside(site):
        return
    offers = site.frame.offer()
    true = {offer.formula for offer in offers if offer.part is not None}
    gates = [(offer, _used(model, (offer.formula,))) for offer in offers if offer.gate]
    singles = [(n,) for n, factor in enumerate(site.factors) if not isinstance(factor, Number) and factor not in true]
    for taken in (*singles, *_gates(site)):
        if not _leaves_something(site, taken):
            continue
        names = _used(model, (site.factors[n] for n in taken))
        compound = not isinstance(site.factors[taken[0]], Entry)
        for offer, used in gates:
            if compound or not names.isdisjoint(used):
                yield from edit(site, "wrong-local-derivative", taken, ((offer.formula, offer.values),))


def _used(model: Model, formulas: Iterable[Formula]) -> frozenset[Name]:
    """The names in formulas, and those in the definitions of these."""
    names = {entry.name for formula in formulas for entry in entries(formula)}
    return frozenset(names).union(*(model.inputs.get(name, ()) for name in names))


def edited_inside(site: Site) -> bool:
    """Whether a change of what the product consists of says more than one of the product."""
    return isinstance(site.node, Add | Sum) or _is_number_times_sum(site)


def _is_number_times_sum(site: Site) -> bool:
    first, *others = sorted(site.factors, key=lambda factor: isinstance(factor, Number | Size | Power))
    return isinstance(first, Sum) and all(isinstance(factor, Number | Size | Power) for factor in others)


def constant_edits(site: Site, model: Model) -> Iterator[Edit]:
    """The sign of a term turned; a number or a size more or less."""
    yield from _turned(site)
    yield from _multiplied(site, model)


def _constant(site: Site, formula: Formula) -> Iterator[tuple[Formula, Values]]:
    values = site.frame.values(formula)
    if values is not None:
        yield formula, values


def _turned(site: Site) -> Iterator[Edit]:
    for one in _constant(site, MINUS_ONE):
        for found in edit(site, "sign", (), (one,)):
            yield replace(found, places=(site.path,), belongs=())


def _multiplied(site: Site, model: Model) -> Iterator[Edit]:
    """The number that is needed here, if it is a simple one; a size more or less."""
    constants: list[Formula] = [power(Size(name), e) for name in model.sizes for e in (1, -1)]
    needed = _needed(site)
    if needed is not None and needed != -1:
        constants.insert(0, number(needed))
    for constant in constants:
        for one in _constant(site, constant):
            for found in edit(site, "constant-factor", (), (one,)):
                yield replace(found, places=(site.path,))


def _needed(site: Site) -> Fraction | None:
    """The simple number by which the term has to be multiplied for the whole to be true."""
    found = set()
    for spot, weights in zip(site.frame.spots, site.weights, strict=True):
        own = sum(weights)
        if own == 0:
            return None
        ratio = 1 + (spot.true - spot.claimed) / own
        near = Fraction(ratio).limit_denominator(LARGEST)
        if abs(float(near) - ratio) > CLOSE * abs(ratio):
            return None
        found.add(near)
    return found.pop() if len(found) == 1 else None


def _put_in(site: Site, offers: list[Offer]) -> Iterator[Edit]:
    """A factor more. Where it completes the derivative of an activation, that is what was wrong."""
    if all(isinstance(factor, Number) for factor in site.factors):
        return
    present = {factor: n for n, factor in enumerate(site.factors)}
    gates = [offer.formula for offer in offers if offer.gate]
    for offer in offers:
        gate = next((g for g in gates if isinstance(g, Multiply) and offer.formula in g.factors), None)
        beside = [] if gate is None else [f for f in gate.factors if f != offer.formula]
        known = beside and all(factor in present for factor in beside)
        for found in edit(
            site, "wrong-local-derivative" if known else "missing-factor", (), ((offer.formula, offer.values),)
        ):
            if known and gate is not None:
                yield replace(found, places=tuple(site.place(present[f]) for f in beside), belongs=(gate,))
            else:
                yield found


def _taken_out(site: Site) -> Iterator[Edit]:
    """A factor less, or two that are together the derivative of an activation."""
    for n, factor in enumerate(site.factors):
        if not isinstance(factor, Number) and _leaves_something(site, {n}):
            yield from edit(site, "extra-factor", {n}, ())
    for pair in _gates(site):
        if _leaves_something(site, pair):
            yield from edit(site, "extra-factor", pair, ())


def _leaves_something(site: Site, taken: Iterable[int]) -> bool:
    left = [f for n, f in enumerate(site.factors) if n not in set(taken)]
    return bool(site.around) or any(not isinstance(factor, Number) for factor in left)


def _gates(site: Site) -> Iterator[tuple[int, int]]:
    """Pairs of factors `y` and `1 - y`, or `1 - y` and `1 + y`."""
    for a, b in combinations(range(len(site.factors)), 2):
        first, second = site.factors[a], site.factors[b]
        if _rest(first) == second or _rest(second) == first or (_rest(first) and _rest(first) == _rest(second, 1)):
            yield a, b


def _rest(formula: Formula, sign: int = -1) -> Formula | None:
    """The `y` of `1 - y` (or of `1 + y`)."""
    match formula:
        case Add((Number(one), term)) if one == 1:
            return multiply(number(sign), term)
        case _:
            return None


def _completed(site: Site, offers: list[Offer]) -> Iterator[Edit]:
    """A bracket of which only one term is there."""
    present = {factor: n for n, factor in enumerate(site.factors)}
    for offer in offers:
        terms = offer.formula.terms if isinstance(offer.formula, Add) else ()
        for term in terms:
            parts = term.factors if isinstance(term, Multiply) else (term,)
            own = [part for part in parts if not isinstance(part, Number)]
            if not own or not all(part in present for part in own):
                continue
            inverse = power(multiply(*(part for part in parts if isinstance(part, Number))), -1)
            for constant in _constant(site, inverse):
                put = ((offer.formula, offer.values), constant)
                for found in edit(site, "missing-term", (present[part] for part in own), put):
                    yield replace(found, belongs=(add(*(other for other in terms if other != term)),))


def _renamed(site: Site, model: Model) -> Iterator[Edit]:
    """Inside of a factor: a sign turned, an entry with another index, or of another quantity."""
    for n, factor in enumerate(site.factors):
        if isinstance(factor, Add | Sum | Number) or (not site.path and len(site.factors) == 1):
            continue
        for path, changed in _signs(factor, ()):
            for one in _constant(site, changed):
                for found in edit(site, "sign", {n}, (one,)):
                    yield replace(found, places=((*site.place(n), *path),), belongs=())
        for old in dict.fromkeys(entries(factor)):
            for kind, new in (*_indices(site, old, model), *_names(old, model)):
                to: dict[Formula, Formula] = {old: new}
                changed = substitute(factor, to.get)
                for one in _constant(site, changed):
                    yield from edit(site, kind, {n}, (one,))


def _signs(factor: Formula, path: Path) -> Iterator[tuple[Path, Formula]]:
    """A factor with the sign of one term of a bracket inside of it turned."""
    for place, child in enumerate(children(factor)):
        if isinstance(child, Add):
            for n, term in enumerate(child.terms):
                yield (*path, place, n), replaced(factor, (place, n), negative(term))
        else:
            for deeper, changed in _signs(child, ()):
                yield (*path, place, *deeper), replaced(factor, (place,), changed)


def _indices(site: Site, old: Entry, model: Model) -> Iterator[tuple[str, Entry]]:
    ranges = model.quantity[old.name].ranges
    for place, (index, range_) in enumerate(zip(old.indices, ranges, strict=True)):
        for other in site.frame.visible.options(range_):
            if other != index:
                yield "wrong-index", Entry(old.name, (*old.indices[:place], other, *old.indices[place + 1 :]))
    if len(old.indices) == 2 and old.indices[0] != old.indices[1]:
        yield "wrong-index", Entry(old.name, old.indices[::-1])


def _names(old: Entry, model: Model) -> Iterator[tuple[str, Entry]]:
    ranges = model.quantity[old.name].ranges
    for quantity in model.quantities:
        if quantity.ranges == ranges and quantity.name != old.name:
            yield "wrong-symbol", Entry(quantity.name, old.indices)


def power_edits(site: Site) -> Iterator[Edit]:
    """A factor with another exponent."""
    if edited_inside(site):
        return
    for n, factor in enumerate(site.factors):
        match factor:
            case Number() | Add() | Sum():
                continue
            case Power(base, Number(now)):
                pass
            case _:
                base, now = factor, Fraction(1)
        if base == factor and any(other == base for other in site.factors if other is not factor):
            continue
        for exponent in EXPONENTS:
            if exponent != now and (base != factor or exponent in {2, -1}):
                for one in _constant(site, power(base, exponent)):
                    yield from edit(site, "wrong-exponent", {n}, (one,))


def _deltas(site: Site) -> Iterator[Edit]:
    """A Kronecker delta of two letters with one range."""
    for (one, range_), (other, its) in combinations(site.frame.visible.letters, 2):
        if range_ == its:
            for delta in _constant(site, Delta(Index(one), Index(other))):
                yield from edit(site, "missing-delta", (), (delta,))
