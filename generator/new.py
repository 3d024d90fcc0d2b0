"""A question file to begin with: a layered network in index notation and its first gradient."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.functions import FUNCTIONS

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LETTERS = "ijklmpqrsu"


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of outputs `y_k` and targets `t_k`: what is summed over the outputs, and the output activation's LaTeX.

    `output` takes the letter and the pre-activation's LaTeX by the names `letter` and `sum`.
    """

    title: str
    formula: str
    output: str


LOSSES = {
    "bce": Loss(
        "binary cross-entropy",
        r"-\sum_{{{k}=1}}^{{{n}}} \left[ t_{k} \log y_{k} + (1 - t_{k}) \log(1 - y_{k}) \right]",
        r"\sigma\left({sum}\right)",
    ),
    "ce": Loss(
        "cross-entropy",
        r"-\sum_{{{k}=1}}^{{{n}}} t_{k} \log y_{k}",
        r"\operatorname{{softmax}}_{letter}(z)",
    ),
    "mse": Loss("squared error", r"\frac{{1}}{{2}} \sum_{{{k}=1}}^{{{n}}} (y_{k} - t_{k})^2", "{sum}"),
}
ACTIVATIONS = tuple(key for key, function in FUNCTIONS.items() if function.activation)


class NotNew(ValueError):
    """What was asked for is no slug, or no network."""


def question(slug: str, layers: tuple[int, ...], activation: str, loss: str) -> str:
    """The text of the question file; raises `NotNew` where the slug or the layers will not do."""
    if not _SLUG.fullmatch(slug):
        message = f"{slug!r} is no slug: lower-case letters, digits and single hyphens, as in `two-sigmoids-with-bce`"
        raise NotNew(message)
    if not 2 <= len(layers) <= len(_LETTERS) or min(layers) < 1:
        message = f"layers are two to {len(_LETTERS)} sizes from input to output, as in `3-2-2`"
        raise NotNew(message)
    model = "\n".join(f"  {line}" for line in _model(layers, activation, loss))
    weight = f"W^{{(1)}}_{{{_LETTERS[0]}{_LETTERS[1]}}}"
    title = FUNCTIONS[activation].title.partition(" (")[0]
    return (
        f"---\ntitle: What is the gradient of {LOSSES[loss].title} for a first-layer weight?\n"
        f"tags: [{title}, {LOSSES[loss].title}]\nmodel: |\n{model}\n"
        f"ask: \\frac{{\\partial E}}{{\\partial {weight}}}\n---\n"
        "The question in your own words. Add what someone claims under `claims:`, one formula an item.\n"
    )


def _model(layers: tuple[int, ...], activation: str, loss: str) -> list[str]:
    """One line a layer, from the input `x` to the output `y`, then the loss."""
    lines = []
    last = len(layers) - 1
    for number in range(1, last + 1):
        below, above = _LETTERS[number - 1], _LETTERS[number]
        source = "x" if number == 1 else f"h^{{({number - 1})}}"
        total = (
            rf"\sum_{{{below}=1}}^{{{layers[number - 1]}}} {source}_{below} W^{{({number})}}_{{{below}{above}}} "
            rf"+ b^{{({number})}}_{above}"
        )
        if number < last:
            spelled = FUNCTIONS[activation].latex
            lines.append(rf"h^{{({number})}}_{above} = {spelled}\left({total}\right)")
        elif loss == "ce":
            lines.append(f"z_{above} = {total}")
            lines.append(f"y_{above} = " + LOSSES[loss].output.format(letter=above))
        else:
            lines.append(f"y_{above} = " + LOSSES[loss].output.format(sum=total))
    lines.append("E = " + LOSSES[loss].formula.format(k=_LETTERS[last], n=layers[-1]))
    return lines
