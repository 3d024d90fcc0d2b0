"""What would turn a wrong formula into the truth: found by search, and reported only where it is proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isnan, nan

from generator.alike import key
from generator.derivation import Derivation
from generator.derive import derive
from generator.domain import NoPoint
from generator.errors import Unsupported
from generator.formula import MINUS_ONE, Derivative, Formula, Multiply, free_letters, multiply, walk
from generator.judging.bench import Bench, TooDeep, TooLarge
from generator.judging.compare import Pair, choices, compare, compare_inside, prepared
from generator.judging.cost import cost
from generator.judging.factors import factor
from generator.model import Model
from generator.repair.elsewhere import other_derivatives, other_models
from generator.repair.indices import Reshaped, apart, other_indices, reshaped
from generator.repair.pool import Pool, pool, visible
from generator.repair.rough import Rough, near
from generator.repair.search import CONSTANT, Hit, Search, constant
from generator.repair.sites import Frame, Spot
from generator.verdict import Diagnosis

TINY = 1e-12
SPOTS = 4
TRIED = 24
WORK = 40_000
"""Nodes that the proofs of one diagnosis, and the searches for pairs of changes, may visit in all."""

WIDE = 1_000
WIDTH = 3
"""All open sizes at the points where changes are tried: equal, so that indices of one position fit into another."""


def derivations(model: Model, formula: Formula) -> tuple[Derivation, ...]:
    """The true derivations of the derivatives in a formula, as far as they can be derived."""
    found: list[Derivation] = []
    for part in walk(formula):
        if isinstance(part, Derivative):
            try:
                found.append(derive(model, part))
            except Unsupported:
                continue
    return tuple(found)


def diagnose(bench: Bench, pair: Pair, off: Formula | None) -> tuple[Diagnosis, ...]:
    """The smallest changes of the right side after which the equation holds; all that fit equally well.

    `off` is the constant factor by which it is off, where it is. Empty where nothing was found that could be proved.
    """
    if off is not None:
        kind = "sign" if off == MINUS_ONE else "constant-factor"
        repaired = multiply(off, pair.right)
        return (Diagnosis((kind,), pair.right, repaired, ((),), () if kind == "sign" else (off,)),)
    inside = prepared(bench, pair)
    inside = Pair(inside.left, apart(inside.right), inside.letters, inside.where)
    spots = _spots(bench, pair, inside.right)
    if not spots:
        return ()
    asked = tuple(item for item in inside.letters if item[0] in free_letters(inside.left))
    seen = visible(bench.model, inside.letters, (inside.left, inside.right))
    offered = pool(bench.model, derivations(bench.model, inside.left))
    shapes = tuple(reshaped(bench.model, inside.right, asked, inside.letters, seen))
    if isnan(spots[0].claimed):
        shapes += tuple(other_indices(bench.model, inside.right, seen))
    frame = Frame(spots, tuple((spot.letters,) for spot in spots), seen, offered)
    search = Search(inside.right, frame, bench.model)
    alternatives = (*_proved(bench, pair, _one(search, shapes)), *_elsewhere(bench, pair, offered, frame))
    return alternatives or tuple(_proved(bench, pair, _two(search, shapes)))


def _elsewhere(bench: Bench, pair: Pair, offered: Pool, frame: Frame) -> Iterator[Diagnosis]:
    """What the right side is true of: another derivative (the first that fits), or other models."""
    if not isinstance(pair.left, Derivative) or not offered.truths:
        return
    true = bench.replaced.back(offered.truths[0])
    for other in other_derivatives(bench.model, bench.replaced.formula(pair.left), frame):
        candidate = replace(pair, left=bench.replaced.back(other))
        if compare(bench, candidate).equal:
            yield Diagnosis(("other-quantity",), pair.right, true, (), (candidate.left,))
            break
    for model, changed in other_models(bench.original[0]):
        try:
            elsewhere = Bench(model, bench.original[1], bench.context, bench.given)
        except (TooDeep, TooLarge):
            continue
        if compare(elsewhere, pair).equal:
            yield Diagnosis(("other-model",), pair.right, true, (), (changed.entry, changed.formula))


def _spots(bench: Bench, pair: Pair, right: Formula) -> tuple[Spot, ...]:
    """Points at which the truth is not 0. Where the claim has no value at any, what it claims there is nan."""
    width = WIDTH if all(cost(right, sizes) < WIDE for sizes in bench.sizes) else WIDTH - 1
    needed = (min(sizes[name] for sizes in bench.sizes) for name in bench.model.sizes)
    most = max((width, *needed))
    found: list[Spot] = []
    try:
        nearby = bench.again(given=bench.given, fixed=dict.fromkeys(bench.model.sizes, most))
        inside = prepared(nearby, Pair(pair.left, right, pair.letters, pair.where))
        for forward in nearby.passes():
            rough = Rough(forward)
            for letters in choices(inside, forward):
                claimed, true = rough.value(inside.right, letters), rough.value(inside.left, letters)
                if true is not None and abs(true) > TINY:
                    found.append(Spot(rough, letters, nan if claimed is None else claimed, true))
    except (NoPoint, TooLarge):
        pass
    valued = [spot for spot in found if not isnan(spot.claimed)]
    return tuple((valued or found)[:SPOTS])


def _one(search: Search, shapes: tuple[Reshaped, ...]) -> Iterator[Hit]:
    yield from search.one()
    for shape in shapes:
        moved = _moved(search, shape)
        if moved is not None and all(near(spot.claimed, spot.true) for spot in moved.spots):
            yield Hit((shape.kind,), shape.formula, shape.places, shape.belongs)


def _two(search: Search, shapes: tuple[Reshaped, ...]) -> Iterator[Hit]:
    yield from search.two()
    for number, shape in enumerate(shapes):
        moved = _moved(search, shape)
        if moved is None or number * len(search.edits) > WORK // 4:
            continue
        if constant(moved.spots, (0.0,) * len(moved.spots)):
            yield Hit((shape.kind,), shape.formula, shape.places, shape.belongs, scaled=True)
        for hit in Search(shape.formula, moved, search.model).one():
            yield Hit((shape.kind, *hit.steps), hit.repaired, shape.places, (*shape.belongs, *hit.belongs))


def _moved(search: Search, shape: Reshaped) -> Frame | None:
    """The frame in which a reshaped formula is what is claimed; None where it has no value."""
    frame = search.frame
    values = frame.values(shape.formula)
    if values is None:
        return None
    spots = (replace(spot, claimed=number) for spot, (number,) in zip(frame.spots, values, strict=True))
    return Frame(tuple(spots), frame.scopes, frame.visible, frame.pool)


def _proved(bench: Bench, pair: Pair, hits: Iterator[Hit]) -> Iterator[Diagnosis]:
    """The hits that hold on the whole domain, without those that say the same."""
    inside = prepared(bench, pair)
    seen: set[object] = set()
    left = max(4, min(TRIED, WORK // _most(bench)))
    for hit in hits:
        same = {key(hit.repaired), _meaning(hit)}
        if left == 0 or not seen.isdisjoint(same):
            continue
        left -= 1
        candidate = replace(inside, right=hit.repaired)
        if hit.scaled:
            off = factor(bench, replace(pair, right=bench.replaced.back(hit.repaired)))
            if off is not None:
                seen |= same
                yield _scaled(bench, pair, hit, off)
        elif compare_inside(bench, candidate).equal:
            seen |= same
            belongs = tuple(bench.replaced.back(formula) for formula in hit.belongs)
            yield Diagnosis(hit.steps, pair.right, bench.replaced.back(hit.repaired), hit.places, belongs)


def _scaled(bench: Bench, pair: Pair, hit: Hit, off: Formula) -> Diagnosis:
    """The diagnosis of a hit that holds but for the factor `off`."""
    back = bench.replaced.back
    turned = off == MINUS_ONE
    steps = (*hit.steps, "sign" if turned else "constant-factor")
    places = (*hit.places, ()) if turned else hit.places
    belongs = (*(back(formula) for formula in hit.belongs), *(() if turned else (off,)))
    return Diagnosis(steps, pair.right, multiply(off, back(hit.repaired)), places, belongs)


def _most(bench: Bench) -> int:
    """The number of nodes that the largest of the formulas visits."""
    return max(cost(formula, sizes) for formula in bench.formulas for sizes in bench.sizes)


def _meaning(hit: Hit) -> object:
    """What hits share that say the same, wherever they put it: a sign or number may stand at several places."""
    factors = (f for formula in hit.belongs for f in (formula.factors if isinstance(formula, Multiply) else (formula,)))
    belongs = frozenset() if CONSTANT.issuperset(hit.steps) else frozenset(factors)
    return tuple(sorted(hit.steps)), belongs, hit.places if "extra-term" in hit.steps else ()
