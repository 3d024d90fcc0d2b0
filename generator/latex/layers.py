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
    letters = [scope.aliases.get((name, index.letter or ""), index.letter) for index in indices]
    fits = {
        layer
        for own, layer in layers.items()
        if len(own) == len(letters)
        and all(letter is None or letter.rstrip("'") == one for one, letter in zip(own, letters, strict=True))
    }
    if len(fits) != 1:
        shown = " and ".join(f"{name.base}_{{{''.join(own)}}}" for own in layers)
        message = f"{shown} are different quantities, and the indices of {spell(item)} do not say which is meant"
        hint = "Use the letters of the one that is meant, or give the layers names of their own."
        raise scope.refuse(message, item.start, hint)
    return replace(name, layer=fits.pop())
