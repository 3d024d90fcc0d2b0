"""The same mistake in every term of a sum, made good in all of them: it counts as one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

from generator.formula import Add, Formula, canonical, children, entries
from generator.repair.edits import Change, Edit
from generator.repair.pool import Pool
from generator.repair.sites import Frame, Spot
from generator.repair.tree import at, outline

CLOSE = 1e-9
MOST = 2_000
"""So many ways to make one half of the terms good are tried, for each kind of mistake."""

KINDS = frozenset(
    {
        "missing-factor",
        "extra-factor",
        "wrong-local-derivative",
        "wrong-exponent",
        "wrong-index",
        "wrong-symbol",
        "sign",
        "missing-delta",
    }
)


def uniform(claimed: Formula, frame: Frame, edits: Sequence[Edit]) -> Iterator[tuple[Edit, ...]]:
    """One edit for each term of a sum, all of the same sort, that together make the formula agree."""
    parents = dict.fromkeys(
        edit.path[:depth]
        for edit in edits
        for depth in range(len(edit.path))
        if isinstance(at(claimed, edit.path[:depth]), Add)
    )
    for parent in parents:
        total = at(claimed, parent)
        if frame.pool.order(total) is not None:
            continue
        by_term: list[dict[object, list[Edit]]] = [{} for _ in children(total)]
        for edit in edits:
            if edit.kind in KINDS and edit.path[: len(parent)] == parent and len(edit.path) > len(parent):
                for sort in _sorts(claimed, frame.pool, edit, len(parent) + 1):
                    by_term[edit.path[len(parent)]].setdefault(sort, []).append(edit)
        seen: set[tuple[int, ...]] = set()
        for sort in by_term[0]:
            if all(sort in own for own in by_term):
                for found in _agreeing(frame.spots, [own[sort] for own in by_term]):
                    same = tuple(map(id, found))
                    if same not in seen:
                        seen.add(same)
                        yield found


def _sorts(claimed: Formula, pool: Pool, edit: Edit, depth: int) -> Iterator[object]:
    """What edits share that make the same mistake good, whatever the indices; of names without indices, their part.

    `depth` is the length of the path of the term. The sign of a whole term is no sort of its own.
    """
    if edit.site is None or (edit.kind == "sign" and len(edit.places[0]) == depth):
        return
    if edit.part:
        yield edit.kind, edit.part
        return
    inside = edit.places[0] if edit.kind == "sign" else edit.path
    within = at(claimed, inside[: depth + 1])
    taken = [edit.site.factors[n] for n in edit.taken]
    for describe in (_outline, lambda formula: _role(pool, formula)):
        yield (
            edit.kind,
            frozenset(map(describe, taken)),
            frozenset(map(describe, edit.put)),
            describe(within) if len(inside) > depth else None,
            inside[depth + 1 :],
        )


def _outline(formula: Formula) -> object:
    """The formula without its indices, its own sums by any letters."""
    return canonical(outline(formula))


def _role(pool: Pool, formula: Formula) -> object:
    """What numbered names do in the truth; the outline of what has indices."""
    return _outline(formula) if any(entry.indices for entry in entries(formula)) else pool.part(formula)


def _agreeing(spots: tuple[Spot, ...], choices: list[list[Edit]]) -> Iterator[tuple[Edit, ...]]:
    """The choices of one edit for each term that make the whole agree: halves that meet in the middle."""
    half = len(choices) // 2
    left = list(islice(product(*choices[:half]), MOST))
    right = sorted(islice(product(*choices[half:]), MOST), key=lambda edits: together(edits)[0])
    gains = [together(edits)[0] for edits in right]
    wanted = spots[0].true - spots[0].claimed
    for edits in left:
        own = together(edits)[0]
        room = CLOSE * (abs(wanted) + abs(own) + abs(spots[0].true))
        for number in range(bisect_left(gains, wanted - own - room), len(right)):
            if gains[number] > wanted - own + room:
                break
            if fits(spots, together((*edits, *right[number]))):
                yield (*edits, *right[number])


def fits(spots: Iterable[Spot], change: Change) -> bool:
    """Whether the whole, with this gain, is true at every spot."""
    return all(
        abs(spot.claimed + gain - spot.true) <= CLOSE * (abs(spot.claimed) + abs(gain) + abs(spot.true))
        for spot, gain in zip(spots, change, strict=True)
    )


def together(edits: Iterable[Edit]) -> Change:
    """What the whole gains by edits in different terms."""
    return tuple(sum(gains) for gains in zip(*(edit.change for edit in edits), strict=True))
