"""The smallest sets of changes after which a formula agrees with the truth at a few points."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

from generator.formula import ZERO, Add, Formula, add, children
from generator.model import Model
from generator.repair.edits import Change, Edit, composed, constant_edits, gained, part_edits, product_edits
from generator.repair.rough import near
from generator.repair.sites import Frame, Site, Spot, Values, sites
from generator.repair.tree import Path, at, replaced, tidy

CLOSE = 1e-9
MOST_COMBINATIONS = 64
MOST_AT_ONE_SITE = 150
MOST_EDITS = 4000
CONSTANT = frozenset({"sign", "constant-factor"})
UNIFORM = frozenset({"missing-factor", "extra-factor", "wrong-local-derivative", "wrong-exponent"})
"""Mistakes that, made alike in every term, count as one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Changes after which a formula agrees with the truth where it was tried; `scaled`: but for a constant factor."""

    steps: tuple[str, ...]
    repaired: Formula
    places: tuple[Path, ...]
    belongs: tuple[Formula, ...]
    scaled: bool = False


class Search:
    """All changes of a wrong formula, and which of them, alone or two together, make it agree."""

    def __init__(self, claimed: Formula, frame: Frame, model: Model) -> None:
        self.claimed = claimed
        self.frame = frame
        self.model = model
        self.sites = tuple(sites(claimed, frame))
        self.wanted = tuple(spot.true - spot.claimed for spot in frame.spots)
        found = (edit for edit in self._edits() if not self._destroys(edit))
        self.edits = tuple(islice(found, MOST_EDITS))

    def one(self) -> Iterator[Hit]:
        """The single changes that make the formula agree."""
        for edit in self.edits:
            if self._fits(edit.change):
                yield self._hit((edit,), replaced(self.claimed, edit.path, edit.new))
        yield from self._uniform()

    def two(self) -> Iterator[Hit]:
        """The pairs of changes that make the formula agree."""
        yield from self._at_one_site()
        yield from self._apart()
        yield from self._scaled()

    def _edits(self) -> Iterator[Edit]:
        for site in self._terms():
            yield from constant_edits(site, self.model)
        for site in self.sites:
            yield from product_edits(site, self.model)
        for site in self._terms():
            yield from part_edits(site)
        yield from self._terms_less()
        yield from self._terms_more()

    def _destroys(self, edit: Edit) -> bool:
        """Whether a change leaves nothing of a term of the whole (but for a term that is left out on purpose)."""
        if edit.kind in {"extra-term", "missing-term"}:
            return False
        return all(
            abs(sum(weights) + gain) <= CLOSE * abs(gain)
            for weights, gain in zip(self._outermost(edit.path), edit.change, strict=True)
        )

    def _outermost(self, path: Path) -> Values:
        """The weights of the term of the whole in which a place is."""
        place = path[:1] if isinstance(self.claimed, Add) else ()
        return next(site.weights for site in self.sites if site.path == place)

    def _terms(self) -> Iterator[Site]:
        """The products that are terms of the whole, or the whole itself."""
        return (site for site in self.sites if not site.path or isinstance(at(self.claimed, site.path[:-1]), Add))

    def _terms_less(self) -> Iterator[Edit]:
        """A term of a sum left out."""
        for site in self._terms():
            if site.path:
                change = tuple(-sum(weights) for weights in site.weights)
                yield Edit("extra-term", site.path, change, (site.path,), whole=ZERO)

    def _terms_more(self) -> Iterator[Edit]:
        """A term of the truth more; of those that are equal the first."""
        seen: list[Change] = []
        for term in self.frame.pool.terms:
            values = self.frame.values(term)
            if values is None:
                continue
            change = tuple(value for (value,) in values)
            if not any(all(near(a, b) for a, b in zip(change, other, strict=True)) for other in seen):
                seen.append(change)
                yield Edit("missing-term", (), change, (), (term,), whole=add(self.claimed, term))

    def _fits(self, change: Change, scale: float = 1.0) -> bool:
        """Whether the whole, with this gain and multiplied by the scale, is true at every spot."""
        return all(
            abs(scale * (spot.claimed + gain) - spot.true) <= CLOSE * (abs(spot.claimed) + abs(gain) + abs(spot.true))
            for spot, gain in zip(self.frame.spots, change, strict=True)
        )

    def _hit(self, edits: tuple[Edit, ...], repaired: Formula, kinds: tuple[str, ...] | None = None) -> Hit:
        places = tuple(place for edit in edits for place in edit.places)
        belongs = tuple(formula for edit in edits for formula in edit.belongs)
        return Hit(kinds or tuple(edit.kind for edit in edits), tidy(repaired), places, belongs)

    def _uniform(self) -> Iterator[Hit]:
        """The same mistake in every term of a sum, made good in all of them."""
        parents = dict.fromkeys(site.path[:-1] for site in self._terms() if site.path)
        for parent in parents:
            total = at(self.claimed, parent)
            by_term: list[dict[tuple[object, ...], list[Edit]]] = [{} for _ in children(total)]
            if self.frame.pool.order(total) is not None:
                continue
            for edit in self.edits:
                if edit.kind in UNIFORM and edit.path[: len(parent)] == parent and len(edit.path) > len(parent):
                    by_term[edit.path[len(parent)]].setdefault(edit.sort, []).append(edit)
            for sort in by_term[0]:
                if all(sort in edits for edits in by_term):
                    yield from self._together([edits[sort] for edits in by_term])

    def _together(self, choices: list[list[Edit]]) -> Iterator[Hit]:
        for number, edits in enumerate(product(*choices)):
            if number == MOST_COMBINATIONS:
                return
            if self._fits(_sum(edits)):
                repaired = self.claimed
                for edit in edits:
                    repaired = replaced(repaired, edit.path, edit.new)
                yield self._hit(edits, repaired, (edits[0].kind,))

    def _at_one_site(self) -> Iterator[Hit]:
        """Two changes of one product."""
        for site in self.sites:
            own = [edit for edit in self.edits if edit.site is site][:MOST_AT_ONE_SITE]
            for number, first in enumerate(own):
                for second in own[number + 1 :]:
                    if first.taken & second.taken or not _left(site, first.taken | second.taken):
                        continue
                    weights = zip(site.weights[0], first.ratios[0], second.ratios[0], strict=True)
                    gain = sum(w * (a * b - 1) for w, a, b in weights)
                    if abs(gain - self.wanted[0]) > CLOSE * (abs(gain) + abs(self.wanted[0])):
                        continue
                    ratios = tuple(
                        tuple(a * b for a, b in zip(x, y, strict=True))
                        for x, y in zip(first.ratios, second.ratios, strict=True)
                    )
                    if self._fits(gained(site, ratios)):
                        new = composed(site, first.taken | second.taken, (*first.put, *second.put))
                        yield self._hit((first, second), replaced(self.claimed, site.path, new))

    def _apart(self) -> Iterator[Hit]:
        """Two changes in different terms of a sum, one of which may be a term more."""
        ordered = sorted(self.edits, key=lambda edit: edit.change[0])
        gains = [edit.change[0] for edit in ordered]
        for first in ordered:
            wanted = self.wanted[0] - first.change[0]
            room = CLOSE * (abs(wanted) + abs(first.change[0]))
            for second in ordered[bisect_left(gains, wanted - room) :]:
                if second.change[0] > wanted + room:
                    break
                if not self._fits(_sum((first, second))):
                    continue
                if second.kind == "missing-term" and first.kind not in {"missing-term", "extra-term"}:
                    repaired = replaced(self.claimed, first.path, first.new)
                    yield self._hit((first, second), add(repaired, *second.belongs))
                elif first.path < second.path and self._separate(first, second):
                    repaired = replaced(replaced(self.claimed, second.path, second.new), first.path, first.new)
                    yield self._hit((first, second), repaired)

    def _separate(self, first: Edit, second: Edit) -> bool:
        """Whether two edits are in different terms, so that their gains add."""
        common: list[int] = []
        for a, b in zip(first.path, second.path, strict=False):
            if a != b:
                return isinstance(at(self.claimed, tuple(common)), Add)
            common.append(a)
        return False

    def _scaled(self) -> Iterator[Hit]:
        """A change after which the formula is off by a factor that is the same everywhere."""
        for edit in self.edits:
            if edit.kind not in CONSTANT and constant(self.frame.spots, edit.change):
                yield replace(self._hit((edit,), replaced(self.claimed, edit.path, edit.new)), scaled=True)


def constant(spots: Iterable[Spot], change: Change) -> bool:
    """Whether the truth is the same multiple of the changed value at every spot."""
    ratios = [
        spot.true / (spot.claimed + gain) for spot, gain in zip(spots, change, strict=True) if spot.claimed + gain
    ]
    return len(ratios) == len(change) and all(near(ratio, ratios[0]) for ratio in ratios)


def _left(site: Site, taken: frozenset[int]) -> bool:
    return bool(site.around) or len(taken) < len(site.factors)


def _sum(edits: Iterable[Edit]) -> Change:
    return tuple(sum(gains) for gains in zip(*(edit.change for edit in edits), strict=True))
