"""The caveats by their permanent codes: what makes each appear, what it settles, and the values of its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One caveat: `when` a model has it, what it `settles`; `values` tells what each value of the record is."""

    code: str
    title: str
    when: str
    settles: str
    values: Mapping[str, str]


NAMES = "the definitions of the pre-activations, where the file does not name them; else empty"
ASKED = "the derivative that was asked for, at the indices of the example"
DOMAIN = {
    "names": NAMES,
    "domain": "where the loss is real",
    "moved": "the entry of the example that was changed; empty where none was",
    "outside": "an output outside of the domain, and its number",
    "log": "the logarithm that is not real there",
}

_ROWS = (
    Row(
        "tanh-with-bce-domain",
        "The loss is not real for negative outputs of tanh",
        "The outputs are hyperbolic tangents, and the loss takes their logarithms.",
        "Where the loss is real, numbers at which it is not, the gradient that is left, and the logistic function that "
        "tanh becomes when its values are moved to lie between 0 and 1.",
        {
            **DOMAIN,
            "error": "the derivative of the loss in the pre-activation, where it exists",
            "shifted": "tanh moved to lie between 0 and 1, as a logistic function",
        },
    ),
    Row(
        "output-outside-log-domain",
        "The loss is not real for some outputs",
        "The loss takes logarithms of outputs whose activation has values outside of the logarithm's domain.",
        "Where the loss is real, and numbers at which it is not.",
        {**DOMAIN, "function": "the activation's name", "values": "the values that it takes"},
    ),
    Row(
        "sigmoid-with-cross-entropy",
        "Nothing lowers an output",
        "The outputs are logistic, and the loss is the sum of target times logarithm without the other half.",
        "The gradient has one sign whatever the outputs are, so the loss falls to 0 by raising all of them; the two "
        "losses that do better.",
        {
            "names": NAMES,
            "error": "the derivative of the loss in a pre-activation",
            "repaired": "the same for binary cross-entropy",
            "pre": "a pre-activation, and the large number at which all are put",
            "loss": "the loss there; empty where the loss is no single number",
        },
    ),
    Row(
        "shared-parameter",
        "One letter is one parameter",
        "A weight or bias stands in several definitions on the way to what is differentiated.",
        "The share of the gradient that comes through each of them, with numbers; their sum is the gradient.",
        {
            "parameter": "the parameter",
            "count": "in how many definitions it stands",
            "shares": "for each definition: what it defines, the share as a formula, and its number in the example",
            "total": "the derivative in the parameter, without formulas, and its number",
        },
    ),
    Row(
        "targets-sum-to-one",
        "The sum of the targets stays in the gradient",
        "Softmax outputs under cross-entropy, and the file does not say that the targets sum to 1.",
        "The gradient before and after that assumption, and numbers for targets that do not sum to 1.",
        {
            "names": NAMES,
            "condition": "that the targets sum to 1",
            "general": "the derivative in a pre-activation, for any targets",
            "short": "the same where the targets sum to 1",
            "sum": "the sum of the targets",
            "at": "the derivative in the first pre-activation, all targets being 1",
            "kept": "its number by the general formula",
            "shortened": "the number that the short formula gives",
            "slope": "its number without formulas",
        },
    ),
    Row(
        "cancels-for-this-loss",
        "The factor cancels for this loss only",
        "The asked derivative goes through logistic outputs under binary cross-entropy, and through no other unit that "
        "saturates.",
        "The error with this loss and with half the squared error, and numbers for an output that is badly wrong.",
        {
            "names": NAMES,
            "output": "the factor that cancels, the error with either loss, and numbers for a wrong output",
        },
    ),
    Row(
        "division-by-zero",
        "A factor divides by 0 where the product is harmless",
        "The derivative in an output or its pre-activation was asked for, the outputs being logistic under binary "
        "cross-entropy, or softmax under cross-entropy.",
        "Both factors and their product in 64-bit numbers for large pre-activations, beside the form in which they are "
        "multiplied by hand.",
        {
            "names": NAMES,
            "outer": "the derivative of the loss in the output",
            "inner": "the derivative of the output in its own pre-activation",
            "coupled": "1 for softmax; else empty",
            "fused": "their product, simplified",
            "pre": "the pre-activation",
            "target": "the target",
            "rows": "for some pre-activations: the output, both factors, their product, the fused form, in 64 bits",
        },
    ),
    Row(
        "two-sigmoids-need-not-sum-to-one",
        "Logistic outputs need not sum to 1",
        "Several outputs of one sample are logistic, and the loss takes their logarithms.",
        "When two such outputs sum to 1, what each output means, and that the loss and its gradient hold all the same.",
        {
            "names": NAMES,
            "two": "for two outputs: by how much their sum exceeds 1, and when it does not; else empty",
            "many": "for more than two outputs: their sum; else empty",
            "likelihood": "e to minus the loss as a product of one factor an output, where it is one; else empty",
            "outputs": "the outputs of the example",
            "sum": "their sum",
            "asked": ASKED,
            "formula": "its number by the formula",
            "difference": "its number by differences of the forward pass",
        },
    ),
    Row(
        "softmax-instead",
        "Softmax, or one output, instead",
        "Several outputs of one sample are logistic under the summed binary cross-entropy.",
        "The gradient derived anew for softmax with categorical cross-entropy, for softmax under the same loss, and "
        "(for two outputs) for a single logistic one, each with the number of the example.",
        {
            "names": NAMES,
            "condition": "that the targets sum to 1",
            "own": "the model as it is: outputs, loss, error at the pre-activation, number of the asked derivative",
            "categorical": "the same for softmax with categorical cross-entropy",
            "kept": "its error where the targets sum to 1",
            "summed": "the same for softmax under the loss of the model",
            "two": "its error for two outputs: in general, and where the targets sum to 1; else empty",
            "one": "for two outputs: softmax as a logistic function of the difference, the network with one output "
            "that is the same, its error and number; else empty",
            "steps": "the derivation for softmax with categorical cross-entropy",
            "same": "the asked derivative there, where it has the same letters as here; else empty",
            "asked": ASKED,
        },
    ),
    Row(
        "no-output-activation",
        "What the output activation is for",
        "The loss takes logarithms of outputs that are logistic, or of outputs without an activation.",
        "Where the loss is real, numbers at which it is not without an activation, and the gradient then.",
        {
            **DOMAIN,
            "own": "the error at the pre-activation with the activation of the model; empty where it has none",
            "error": "the derivative in the pre-activation without an activation",
        },
    ),
    Row(
        "loss-without-brackets",
        "The brackets of the loss",
        "The loss is minus a bracket of several terms, or minus a sum of such brackets.",
        "What the loss says when it is typed without the bracket, and how the gradient changes.",
        {
            "names": NAMES,
            "typed": "the loss without the bracket",
            "outside": "the letters whose sum ends before the second term; empty without a sum",
            "read": "the loss with the sum over all terms and the minus before the first alone; empty without a sum",
            "moved": "the target of the example that was changed, to tell the two apart; empty where none was",
            "errors": "the error at the pre-activation as meant and as read, the target for which they are equal, and "
            "that for which they are opposite; empty but for logistic outputs under binary cross-entropy",
            "asked": ASKED,
            "own": "its number as meant",
            "slope": "its number as read",
        },
    ),
    Row(
        "half-or-not",
        "One half of the squared error, or the whole",
        "The loss is a squared error with 1/2 or with 1 in front.",
        "The gradient with and without the half.",
        {
            "half": "1 where the loss has the half; else empty",
            "names": NAMES,
            "power": "the square",
            "error": "the derivative in a pre-activation of the outputs",
            "loss": "the loss with the half put in or taken out",
            "changed": "the derivative then",
            "asked": ASKED,
            "own": "its number",
            "slope": "its number with the other loss",
        },
    ),
    Row(
        "descent-sign",
        "Two minus signs: of the difference, and of the step",
        "The squared error is written as target minus output.",
        "The sign of the gradient, and a step along minus the gradient, with the loss before and after.",
        {
            "names": NAMES,
            "written": "the difference as the loss writes it",
            "turned": "the difference as the gradient has it",
            "error": "the derivative in a pre-activation of the outputs",
            "asked": ASKED,
            "entry": "the entry that a step changes",
            "gradient": "the number of the asked derivative",
            "length": "the length of the step, as a multiple of the gradient",
            "before": "the loss in the example",
            "down": "the loss after a step along minus the gradient",
            "up": "the loss after a step along plus the gradient",
        },
    ),
    Row(
        "mixed-activations",
        "Each unit has the derivative of its own activation",
        "Units of one layer have different activations.",
        "The derivative of each, with its number.",
        {
            "units": "for each unit of the layer: the unit, its activation, the derivative, its number, and whether "
            "the asked derivative goes through it",
            "asked": ASKED,
        },
    ),
    Row(
        "dead-relu",
        "A rectified unit that is off passes no gradient",
        "The asked derivative goes through rectified linear units.",
        "Numbers at which the gradient is exactly 0 because units are off.",
        {
            "moved": "the entry of the example that was changed; empty where none was",
            "off": "the units that are off, with their pre-activations",
            "before": "the number of the asked derivative in the example",
            "slope": "the asked derivative and its number then: 0",
        },
    ),
    Row(
        "relu-kink",
        "No derivative at the kink",
        "The asked derivative goes through units with a kink at 0.",
        "The two slopes at 0, what software takes there, and how far the example is from it.",
        {
            "units": "for each kind of unit: the unit, its activation, the slopes on both sides, the derivative, and "
            "whether software takes 0 at the kink",
            "nearest": "the unit of the example whose pre-activation is nearest to 0",
            "distance": "that pre-activation",
        },
    ),
    Row(
        "saturated-not-zero",
        "Small, not zero",
        "Logistic outputs under squared error, whose gradient keeps the derivative of the logistic function.",
        "That derivative in 64-bit numbers and exactly, for growing pre-activations.",
        {
            "names": NAMES,
            "error": "the derivative in a pre-activation of the outputs",
            "gate": "the derivative of the logistic function, by its value",
            "pre": "the pre-activation",
            "output": "the output",
            "rows": "for some pre-activations: the output and the derivative in 64 bits, and the exact derivative",
        },
    ),
    Row(
        "saturation",
        "Factors that are nearly 0 where units saturate",
        "The asked derivative keeps derivatives of logistic functions or hyperbolic tangents as factors.",
        "How large these factors can be, with the proof; their product over layers; what the loss does to the last.",
        {
            "bounds": "for each activation: its name, a unit, the derivative, its bound with the proof, where it is "
            "reached, and the derivative at some values",
            "gates": "for each unit on the way: the unit, its factor, the number of that in the example",
            "product": "the largest product that the factors of one path can have; empty for one factor or the bound 1",
            "count": "how many factors that are",
            "output": "for logistic outputs: whether the gradient keeps their factor, with binary cross-entropy "
            "and with squared error, and numbers for an output that is badly wrong; else empty",
        },
    ),
    Row(
        "stable-form",
        "Computing the loss without overflow",
        "Logistic outputs under binary cross-entropy, or softmax outputs under cross-entropy.",
        "The same loss from the pre-activations, proved equal, its gradient, and both forms in 64-bit numbers.",
        {
            "names": NAMES,
            "binary": "for logistic outputs: the loss of one output from its pre-activation, and a form that never "
            "overflows; else empty",
            "classes": "for softmax: the logarithm of an output, the sum of exponentials shifted, and the best "
            "shift; else empty",
            "loss": "the whole loss from the pre-activations",
            "steps": "the derivation of its gradient, where that is short",
            "error": "the gradient, equal to that of the model",
            "pre": "the pre-activation",
            "target": "the target",
            "rows": "for some pre-activations and targets: the loss from the outputs and from the pre-activations in "
            "64 bits, and exactly",
        },
    ),
    Row(
        "mean-or-sum",
        "Sum or mean",
        "The loss adds up terms of several outputs or samples, or divides such a sum by their number.",
        "The factor between the two gradients, and the numbers of both.",
        {
            "mean": "where the loss divides: the factor that stays, and the number of terms; else empty",
            "sum": "where it does not: the factor that a mean would bring, and the number of terms; else empty",
            "asked": ASKED,
            "own": "its number",
            "slope": "its number with the other convention",
        },
    ),
)

ROWS: Mapping[str, Row] = {row.code: row for row in _ROWS}
