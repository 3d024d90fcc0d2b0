"""What would turn a wrong formula into the truth: found by search, and reported only where it is proved."""

from __future__ import annotations

from collections.abc import Iterator

from generator.alike import key
from generator.derivation import Derivation
from generator.derive import derive
from generator.domain import NoPoint
from generator.errors import Unsupported
from generator.formula import Derivative, Formula, Multiply, free_letters, walk
from generator.judging.bench import Bench
from generator.judging.compare import Pair, compare, negligible, prepared, spots
from generator.model import Model
from generator.oracle import OutOfRange
from generator.repair.indices import Reshaped, apart, reshaped
from generator.repair.pool import pool, visible
from generator.repair.rough import Rough
from generator.repair.search import Hit, Search
from generator.repair.sites import Frame, Spot
from generator.verdict import Diagnosis

SPOTS = 4
TRIED = 24
SHOWN = 4


def diagnose(bench: Bench, pair: Pair) -> tuple[Diagnosis, ...]:
    """The smallest changes of the right side after which the equation holds; all that fit equally well.

    Empty where nothing was found that could be proved.
    """
    model = bench.model
    inside = prepared(bench, pair)
    inside = Pair(inside.left, apart(inside.right), inside.letters, inside.where)
    found = _spots(bench, inside)
    if not found:
        return ()
    asked = tuple(item for item in inside.letters if item[0] in free_letters(inside.left))
    seen = visible(model, inside.letters, (inside.left, inside.right))
    offered = pool(model, _derivations(model, inside.left))
    shapes = tuple(reshaped(inside.right, asked, inside.letters, seen))
    frame = Frame(found, tuple((spot.letters,) for spot in found), seen, offered)
    search = Search(inside.right, frame, model)
    for hits in (_one(search, shapes), _two(search, shapes)):
        proved = tuple(_proved(bench, pair, hits))
        if proved:
            return proved
    return ()


def _spots(bench: Bench, pair: Pair) -> tuple[Spot, ...]:
    """Points at which the truth is not 0, at equal sizes, so that indices of one position fit into another."""
    most = max((sizes[name] for sizes in bench.sizes for name in sizes), default=2)
    nearby = bench.again(given=bench.given, fixed=dict.fromkeys(bench.model.sizes, most))
    found: list[Spot] = []
    try:
        for forward in nearby.passes():
            rough = Rough(forward)
            for spot in spots(prepared(nearby, pair), forward):
                if spot is not None and not negligible(spot) and len(found) < SPOTS:
                    found.append(Spot(rough, spot.letters, float(spot.right), float(spot.left)))
    except (NoPoint, OutOfRange):
        pass
    return tuple(found)


def _derivations(model: Model, left: Formula) -> Iterator[Derivation]:
    """The true derivations of the derivatives on the left."""
    for part in walk(left):
        if isinstance(part, Derivative):
            try:
                yield derive(model, part)
            except Unsupported:
                continue


def _one(search: Search, shapes: tuple[Reshaped, ...]) -> Iterator[Hit]:
    yield from search.one()
    for shape in shapes:
        if _agrees(search, shape.formula):
            yield Hit((shape.kind,), shape.formula, shape.places, shape.belongs)


def _two(search: Search, shapes: tuple[Reshaped, ...]) -> Iterator[Hit]:
    yield from search.two()
    for shape in shapes:
        values = search.frame.values(shape.formula)
        if values is None:
            continue
        claimed = tuple(
            Spot(spot.rough, spot.letters, number, spot.true)
            for spot, (number,) in zip(search.frame.spots, values, strict=True)
        )
        frame = Frame(claimed, search.frame.scopes, search.frame.visible, search.frame.pool)
        for hit in Search(shape.formula, frame, search.model).one():
            yield Hit((shape.kind, *hit.steps), hit.repaired, shape.places, (*shape.belongs, *hit.belongs))


def _agrees(search: Search, formula: Formula) -> bool:
    values = search.frame.values(formula)
    return values is not None and all(
        abs(number - spot.true) <= 1e-9 * (abs(number) + abs(spot.true))
        for spot, (number,) in zip(search.frame.spots, values, strict=True)
    )


def _proved(bench: Bench, pair: Pair, hits: Iterator[Hit]) -> Iterator[Diagnosis]:
    """The hits that hold on the whole domain, without those that say the same."""
    seen: set[object] = set()
    tried = 0
    for hit in hits:
        repaired = bench.replaced.back(hit.repaired)
        same = {key(repaired), _meaning(hit)}
        if tried == TRIED or not seen.isdisjoint(same):
            continue
        tried += 1
        if compare(bench, Pair(pair.left, repaired, pair.letters, pair.where)).equal:
            seen |= same
            belongs = tuple(bench.replaced.back(formula) for formula in hit.belongs)
            yield Diagnosis(hit.steps, pair.right, repaired, hit.places, belongs)


def _meaning(hit: Hit) -> object:
    """What hits share that say the same, wherever they put it: a sign or number may stand at several places."""
    plain = {"sign", "constant-factor"}
    factors = (f for formula in hit.belongs for f in (formula.factors if isinstance(formula, Multiply) else (formula,)))
    belongs = frozenset() if plain.issuperset(hit.steps) else frozenset(factors)
    return tuple(sorted(hit.steps)), belongs
