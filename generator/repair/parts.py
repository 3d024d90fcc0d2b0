"""What a true path has and a product has not, put in at once: all weights, all derivatives of activations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from generator.alike import key
from generator.derivation import Term
from generator.formula import Entry, Formula, Index, rename
from generator.model import Model, Role
from generator.repair.edits import Edit, edit, edited_inside
from generator.repair.sites import Site

MOST_PLACED = 48


def part_edits(site: Site, model: Model) -> Iterator[Edit]:
    """All weights, or all factors of one part, that a true path has and this product has not, put in at once."""
    if edited_inside(site) and site.path:
        return
    there = {key(factor) for factor in (*site.factors, *site.around)}
    seen: set[tuple[str, ...]] = set()
    for path in site.frame.pool.paths:
        for letters in _placed(site, path):
            for part, formulas in _by_part(model, path).items():
                own = (rename(formula, letters) for formula in formulas)
                missing = [formula for formula in own if key(formula) not in there]
                same = tuple(map(key, missing))
                values = [site.frame.values(formula) for formula in missing]
                if missing and same not in seen and None not in values:
                    seen.add(same)
                    put = [
                        (formula, value) for formula, value in zip(missing, values, strict=True) if value is not None
                    ]
                    yield from edit(site, "missing-factor", (), put, part=part)


def _by_part(model: Model, path: Term) -> dict[str, list[Formula]]:
    """The factors of a path by what they do, and all weights among them."""
    found: dict[str, list[Formula]] = {}
    for factor in path.factors:
        found.setdefault(factor.part.value, []).append(factor.formula)
        if isinstance(factor.formula, Entry) and model.quantity[factor.formula.name].role is Role.WEIGHT:
            found.setdefault("weights", []).append(factor.formula)
    return found


def _placed(site: Site, path: Term) -> Iterator[dict[str, Index]]:
    """The summed letters of a path as letters that are known here, each of the same range and no two the same."""
    known = site.frame.visible.letters
    options = [[letter for letter, own in known if own == range_] for _, range_ in path.sums]
    for chosen in islice(product(*options), MOST_PLACED):
        if len(set(chosen)) == len(chosen):
            yield {old: Index(new) for (old, _), new in zip(path.sums, chosen, strict=True)}
