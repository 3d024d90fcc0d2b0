"""Caveats: what the asker or a reader should know about a model, computed from it; each proved before it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from generator.caveats.floats import division_by_zero, stable_form
from generator.caveats.gates import cancels_for_this_loss, mixed_activations, saturated_not_zero, saturation
from generator.caveats.instead import softmax_instead
from generator.caveats.kinks import dead_relu, relu_kink
from generator.caveats.loss import descent_sign, half_or_not, loss_without_brackets, mean_or_sum
from generator.caveats.needs import (
    no_output_activation,
    output_outside_log_domain,
    sigmoid_with_cross_entropy,
    tanh_with_bce_domain,
    targets_sum_to_one_needed,
)
from generator.caveats.outputs import two_sigmoids_need_not_sum_to_one
from generator.caveats.proof import Unproved
from generator.caveats.record import Caveat, Curve, Plot, Spot
from generator.caveats.setting import Setting
from generator.caveats.weights import shared_parameter
from generator.derivation import Derivation
from generator.errors import Refusal, Unsupported
from generator.example import Example, example
from generator.model import Model

__all__ = ["CAVEATS", "Caveat", "Curve", "Plot", "Spot", "caveats"]

SEED = 0

CAVEATS: Mapping[str, Callable[[Setting], Caveat | None]] = {
    "tanh-with-bce-domain": tanh_with_bce_domain,
    "output-outside-log-domain": output_outside_log_domain,
    "sigmoid-with-cross-entropy": sigmoid_with_cross_entropy,
    "shared-parameter": shared_parameter,
    "targets-sum-to-one": targets_sum_to_one_needed,
    "cancels-for-this-loss": cancels_for_this_loss,
    "division-by-zero": division_by_zero,
    "two-sigmoids-need-not-sum-to-one": two_sigmoids_need_not_sum_to_one,
    "softmax-instead": softmax_instead,
    "no-output-activation": no_output_activation,
    "loss-without-brackets": loss_without_brackets,
    "half-or-not": half_or_not,
    "descent-sign": descent_sign,
    "mixed-activations": mixed_activations,
    "dead-relu": dead_relu,
    "relu-kink": relu_kink,
    "saturated-not-zero": saturated_not_zero,
    "saturation": saturation,
    "stable-form": stable_form,
    "mean-or-sum": mean_or_sum,
}
"""Every caveat by its permanent code, the most important first."""


def caveats(model: Model, derivation: Derivation, worked: Example | None = None) -> tuple[Caveat, ...]:
    """The caveats of a model for what was asked, the most important first; `worked` gives the numbers.

    None where no numbers are found at which the model has values: a caveat without a number is not given.
    """
    try:
        setting = Setting(model, derivation, worked or example(model, derivation, {}, SEED))
    except Refusal:
        return ()
    found = [one for make in CAVEATS.values() if (one := _given(make, setting)) is not None]
    return _named_once(sorted(found, key=lambda one: not _spoils_the_model(one)))


def _given(make: Callable[[Setting], Caveat | None], setting: Setting) -> Caveat | None:
    """The caveat, if there is one and all that it says was proved."""
    try:
        return make(setting)
    except (Unproved, Unsupported, ArithmeticError):
        return None


def _named_once(found: Sequence[Caveat]) -> tuple[Caveat, ...]:
    """The caveats with the names of pre-activations explained in the first one alone that uses them."""
    named = next((one for one in found if dict(one.values).get("names")), None)
    return tuple(one if one is named else one.without("names") for one in found)


def _spoils_the_model(one: Caveat) -> bool:
    """Whether the model itself, not a variant of it, loses its loss somewhere."""
    return one.code == "no-output-activation" and one.value("own") == ""
