"""A claim in the names of the model: what a definition stands for, written out in a claim, is printed by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from generator.alike import key
from generator.formula import Apply, Entry, Formula, children, replace_children
from generator.model import Model
from generator.page.shown import Path
from generator.verdict import Diagnosis, Judgement, Link


def folded(judgement: Judgement, model: Model) -> tuple[Judgement, tuple[Entry, ...]]:
    """The judgement with activations that the claim writes out replaced by their names, and these names.

    As it is, where a fault lies inside of what would be replaced.
    """
    names = _names(model)
    used: dict[Entry, None] = {}

    def change(formula: Formula) -> Formula:
        inner = replace_children(formula, change)
        name = names.get(key(inner))
        if name is None:
            return inner
        used[name] = None
        return name

    if not names or not judgement.members:
        return judgement, ()
    found = replace(
        judgement,
        members=tuple(map(change, judgement.members)),
        links=tuple(Link(change(one.left), change(one.right), one.verdict) for one in judgement.links),
        diagnosis=tuple(_repaired(one, change) for one in judgement.diagnosis),
    )
    pairs = zip(judgement.diagnosis, found.diagnosis, strict=True)
    if not used or not all(_stays(old, new) for old, new in pairs):
        return judgement, ()
    return found, tuple(d.entry for d in model.definitions if d.entry in used)


def _repaired(one: Diagnosis, change: Callable[[Formula], Formula]) -> Diagnosis:
    belongs = tuple(map(change, one.belongs))
    return replace(one, claimed=change(one.claimed), repaired=change(one.repaired), belongs=belongs)


def _stays(old: Diagnosis, new: Diagnosis) -> bool:
    """Whether the faulty places of a claim are still there, as they were."""
    return all(_at(new.claimed, place) == _at(old.claimed, place) for place in old.places if place)


def _at(formula: Formula, path: Path) -> Formula | None:
    for place in path:
        inner = children(formula)
        if place >= len(inner):
            return None
        formula = inner[place]
    return formula


def _names(model: Model) -> Mapping[str, Entry]:
    """The quantities without indices that apply a function, by what they stand for."""
    return {key(d.formula): d.entry for d in model.definitions if not d.letters and isinstance(d.formula, Apply)}
