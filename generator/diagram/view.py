"""Where one looks at a model from: which indices are drawn, so that all that was asked about is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.derivation import Derivation, Term
from generator.diagram.network import unit_names
from generator.diagram.unroll import Window, small
from generator.formula import Derivative, Entry, Index, Range, Softmax, Sum, shift, walk
from generator.model import Model, Role


@dataclass(frozen=True, slots=True)
class View:
    """The drawn indices, and at which index each asked letter is drawn."""

    window: Window
    instance: Mapping[str, Index]


def view(model: Model, derivation: Derivation | None, terms: tuple[Term, ...]) -> View:
    """The view in which the asked entry and everything on the paths of the terms are drawn."""
    asked = () if derivation is None else tuple(_asked(derivation.asked))
    instance = _instance(model, asked)
    wanted = dict.fromkeys((*_told_by_letter(model), *_indices(model, instance, asked, terms)))
    spans = dict.fromkeys(span for span, _ in wanted)
    chosen = {span: tuple(index for other, index in wanted if other == span) for span in spans}
    return View(Window(model.sizes, chosen, _samples(model)), instance)


def _indices(
    model: Model, instance: Mapping[str, Index], asked: tuple[Entry, ...], terms: tuple[Term, ...]
) -> Iterator[tuple[Range, Index]]:
    """The indices of the asked entries and of those on paths, with their ranges; summed letters have none."""
    for entry in (*asked, *(entry for term in terms for entry in term.path)):
        for index, span in zip(entry.indices, model.quantity[entry.name].ranges, strict=True):
            drawn = shift(index, dict(instance))
            if index.letter is None or index.letter in instance:
                yield span, drawn


def _told_by_letter(model: Model) -> Iterator[tuple[Range, Index]]:
    """The usual letters of quantities that share their name, and are known by their letter alone."""
    for quantity in model.quantities:
        if quantity.name.layer:
            places = zip(quantity.ranges, quantity.letters, strict=True)
            yield from ((span, Index(letter)) for span, letter in places if not small(span))


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
