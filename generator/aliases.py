"""Second names: `\\hat y = O_3` says no more than that both are one quantity."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from generator.formula import Definition, Entry, Formula, Name, rename, substitute
from generator.model import Model


def without_aliases(model: Model, keep: Collection[Name]) -> Model:
    """The model with each quantity that is defined as another one's entry replaced by that one, save `keep`."""
    known: dict[Name, Definition] = {}
    definitions: list[Definition] = []
    for definition in model.definitions:
        plain = replace(definition, formula=_resolved(definition.formula, known))
        if isinstance(plain.formula, Entry) and plain.name not in keep:
            known[plain.name] = plain
        else:
            definitions.append(plain)
    return replace(model, definitions=tuple(definitions)) if known else model


def _resolved(formula: Formula, known: dict[Name, Definition]) -> Formula:
    def change(part: Formula) -> Formula | None:
        if not isinstance(part, Entry) or part.name not in known:
            return None
        definition = known[part.name]
        return rename(definition.formula, dict(zip(definition.letters, part.indices, strict=True)))

    return substitute(formula, change)
