"""One letter for several layers (`a_j` hidden, `a_k` output): which quantity an occurrence is."""

from __future__ import annotations

from dataclasses import replace

from generator.formula import Index, Name
from generator.latex.scope import Scope
from generator.latex.scripts import spell
from generator.latex.syntax import Item


def layered(item: Item, name: Name, indices: tuple[Index, ...], scope: Scope) -> Name:
    """The quantity that `name` with these indices is. Raises `Refusal` where its letters do not settle it."""
    layers = scope.file.layers.get(name)
    if layers is None:
        return name
    fits = [layer for layer in layers if _fits(layer, indices)]
    if len(fits) != 1:
        letters = " and ".join(f"{name.base}_{{{''.join(layer)}}}" for layer in layers)
        message = f"{letters} are different quantities, and the indices of {spell(item)} do not say which is meant"
        raise scope.refuse(
            message, item.start, "Use the letters of the one that is meant, or give the layers names of their own."
        )
    return replace(name, layer=",".join(fits[0]))


def _fits(layer: tuple[str, ...], indices: tuple[Index, ...]) -> bool:
    return len(layer) == len(indices) and all(
        index.letter is None or index.letter.rstrip("'") == letter for letter, index in zip(layer, indices, strict=True)
    )
