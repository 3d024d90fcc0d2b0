"""The smallest sets of changes after which a formula agrees with the truth at a few points."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from generator.formula import ZERO, Add, Formula, add
from generator.model import Model
from generator.repair.edits import (
    Change,
    Edit,
    composed,
    constant_edits,
    gained,
    gate_edits,
    power_edits,
    product_edits,
)
from generator.repair.parts import part_edits
from generator.repair.rough import near
from generator.repair.sites import Frame, Site, Spot, Values, sites
from generator.repair.tree import Path, at, replaced, tidy
from generator.repair.uniform import fits, together, uniform

CLOSE = 1e-9
MOST_AT_ONE_SITE = 150
MOST_EDITS = 4000
CONSTANT = frozenset({"sign", "constant-factor"})


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
        """The single changes that make the formula agree; those that exchange most come last."""
        fitting = [edit for edit in self.edits if self._fits(edit.change)]
        for edit in sorted(fitting, key=lambda edit: edit.kind == "wrong-local-derivative" and bool(edit.taken)):
            yield self._hit((edit,), replaced(self.claimed, edit.path, edit.new))
        for edits in uniform(self.claimed, self.frame, self.edits):
            repaired = self.claimed
            for edit in edits:
                repaired = replaced(repaired, edit.path, edit.new)
            yield self._hit(edits, repaired, (edits[0].kind,))

    def two(self) -> Iterator[Hit]:
        """The pairs of changes that make the formula agree."""
        yield from self._at_one_site()
        yield from self._apart()
        yield from self._scaled()

    def _edits(self) -> Iterator[Edit]:
        """All changes; of those that make the same of a formula the first is told, the most telling kind."""
        for site in self._terms():
            yield from constant_edits(site, self.model)
        for site in self.sites:
            yield from product_edits(site, self.model)
        for site in self.sites:
            yield from gate_edits(site, self.model)
        for site in self.sites:
            yield from power_edits(site)
        for site in self.sites:
            yield from part_edits(site, self.model)
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
        """A term of the truth more, where there is something; of those that are equal the first."""
        if not self._survives((0.0,) * len(self.frame.spots)):
            return
        seen: list[Change] = []
        for term in self.frame.pool.terms:
            values = self.frame.values(term)
            if values is None:
                continue
            change = tuple(value for (value,) in values)
            if not any(all(near(a, b) for a, b in zip(change, other, strict=True)) for other in seen):
                seen.append(change)
                yield Edit("missing-term", (), change, (), (term,), whole=add(self.claimed, term))

    def _survives(self, change: Change) -> bool:
        """Whether the whole, with this gain, is still something."""
        pairs = zip(self.frame.spots, change, strict=True)
        return any(abs(spot.claimed + gain) > CLOSE * (abs(spot.claimed) + abs(gain)) for spot, gain in pairs)

    def _fits(self, change: Change) -> bool:
        return fits(self.frame.spots, change)

    def _hit(self, edits: tuple[Edit, ...], repaired: Formula, kinds: tuple[str, ...] | None = None) -> Hit:
        places = tuple(place for edit in edits for place in edit.places)
        belongs = tuple(formula for edit in edits for formula in edit.belongs)
        return Hit(kinds or tuple(edit.kind for edit in edits), tidy(repaired), places, belongs)

    def _at_one_site(self) -> Iterator[Hit]:
        """Two changes of one product."""
        for site in self.sites:
            own = [edit for edit in self.edits if edit.site is site and edit.ratios][:MOST_AT_ONE_SITE]
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
                if not self._fits(together((first, second))):
                    continue
                if second.kind == "missing-term":
                    if first.kind in {"missing-term", "extra-term"} or not self._survives(first.change):
                        continue
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
