"""Where one looks at a model from: which indices are drawn, so that all that was asked about is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.derivation import Derivation
from generator.diagram.network import unit_names
from generator.diagram.unroll import Window, small
from generator.formula import Derivative, Entry, Index, Range, Softmax, Sum, walk
from generator.model import Model, Role


@dataclass(frozen=True, slots=True)
class View:
    """The drawn indices, and at which index each asked letter is drawn."""

    window: Window
    instance: Mapping[str, Index]


def view(model: Model, derivation: Derivation | None) -> View:
    """The view in which the asked entry and everything on its paths are drawn."""
    asked = () if derivation is None else tuple(_asked(derivation.asked))
    instance = _instance(model, asked)
    on_paths = () if derivation is None else tuple(e for term in derivation.written_terms for e in term.path)
    wanted: dict[Range, list[Index]] = {}
    for entry in (*asked, *on_paths):
        for index, span in zip(entry.indices, model.quantity[entry.name].ranges, strict=True):
            drawn = instance.get(index.letter, None) if index.letter is not None else index
            if drawn is not None and drawn not in wanted.setdefault(span, []):
                wanted[span].append(Index(drawn.letter, drawn.offset + (index.offset if index.letter else 0)))
    chosen = {span: tuple(dict.fromkeys(indices)) for span, indices in wanted.items()}
    return View(Window(model.sizes, chosen, _samples(model)), instance)


def _asked(derivative: Derivative) -> Iterator[Entry]:
    return (part for part in (derivative.of, *derivative.wrt) if isinstance(part, Entry))


def _instance(model: Model, asked: tuple[Entry, ...]) -> dict[str, Index]:
    """An asked letter is drawn as itself in a long range; in a short one as an entry that the other one is not."""
    found: dict[str, Index] = {}
    for entry in reversed(asked):
        taken = [other.offset for other in found.values() if other.letter is None]
        for index, span in zip(entry.indices, model.quantity[entry.name].ranges, strict=True):
            letter = index.letter
            if letter is not None and letter not in model.sizes and letter not in found:
                values = range(span.lower.offset, span.upper.offset + 1) if small(span) else ()
                free = next((n for n in values if n not in taken), span.lower.offset)
                found[letter] = Index(None, free) if small(span) else Index(letter)
    return found


def _samples(model: Model) -> dict[Range, Index]:
    """Ranges of samples: they stand beside another range of a unit; no weight has them, and only a loss sums over them.

    One sample is drawn, at the usual letter.
    """
    busy = {span for q in model.quantities if q.role in (Role.WEIGHT, Role.BIAS) for span in q.ranges}
    for definition in model.definitions:
        if model.quantity[definition.name].role is not Role.LOSS:
            parts = walk(definition.formula)
            busy.update(part.range for part in parts if isinstance(part, Sum | Softmax))
    units = unit_names(model)
    pairs = (q for q in model.quantities if q.name in units and len(q.ranges) > 1)
    return {
        span: Index(letter) for q in pairs for span, letter in zip(q.ranges, q.letters, strict=True) if span not in busy
    }
