"""Caveats are computed: each appears for its premise alone, says what is true, and vanishes with the premise."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta
import pytest
from hypothesis import given, settings

from generator.caveats import CAVEATS, Caveat, caveats, worlds
from generator.caveats.ieee import ieee
from generator.caveats.proof import Unproved, prove
from generator.caveats.rows import ROWS
from generator.derivation import Derivation, Line
from generator.derive import derive
from generator.example import Example, example
from generator.facts import Fact, Math, Value
from generator.formula import (
    ONE,
    Apply,
    Definition,
    Derivative,
    Entry,
    Formula,
    Index,
    Name,
    Power,
    Sum,
    add,
    divide,
    literal,
    multiply,
    negative,
    number,
    rename,
    substitute,
    walk,
)
from generator.model import Assumption, Model
from tests.models import Layer, Outline, build, first_question, numbered, random_cases, scalar_chain, temperature
from tests.pieces import Case

TEMPLATES = Path(__file__).parent.parent / "templates" / "caveats"
V11 = Entry(Name("V"), (literal(1), literal(1)))
ENTROPY = ("sigmoid", "bce")


@dataclass(frozen=True, slots=True)
class Asked:
    """A model and the entry in which its loss is differentiated."""

    model: Model
    entry: Entry

    @property
    def derivation(self) -> Derivation:
        return derive(self.model, Derivative(Entry(self.model.losses[0]), (self.entry,)))

    def caveats(self) -> tuple[Caveat, ...]:
        return found_for(self)


@cache
def found_for(asked: Asked) -> tuple[Caveat, ...]:
    return caveats(asked.model, asked.derivation)


def seed(outputs: int = 2, entry: Entry = V11) -> Asked:
    return Asked(first_question(outputs=outputs).model, entry)


def net(hidden: str, output: str, loss: str, outputs: int = 2, samples: int = 0) -> Asked:
    """Two inputs, two hidden units, some outputs; asked is the first entry of the first weight."""
    case = build(Outline((Layer(hidden),), (output, loss), (2, 2, outputs), (False,) * 3, samples=samples))
    return first_weight(case)


def first_weight(case: Case) -> Asked:
    name = next(q.name for q in case.model.quantities if q.role.value == "weight")
    return Asked(case.model, case.instance(case.model.whole(name)))


def changed(asked: Asked, change: Callable[[Formula], Formula | None]) -> Asked:
    """The same with parts of the loss replaced."""
    *others, loss = asked.model.definitions
    new = replace(loss, formula=substitute(loss.formula, change))
    return replace(asked, model=replace(asked.model, definitions=(*others, new)))


def turned(asked: Asked) -> Asked:
    """The difference in the squared error written the other way round."""

    def turn(part: Formula) -> Formula | None:
        match part:
            case Power(base, exponent) if exponent == number(2):
                return Power(negated(base), exponent)
            case _:
                return None

    return changed(asked, turn)


def negated(formula: Formula) -> Formula:
    terms = getattr(formula, "terms", ())
    return add(*(negative(term) for term in reversed(terms)))


def known_targets(asked: Asked) -> Asked:
    """The same where the targets sum to 1."""
    total = Sum("k", asked.model.definition[Name("y")].ranges[0], Entry(Name("t"), (Index("k"),)))
    return replace(asked, model=replace(asked.model, assumptions=(Assumption(total, "=", (ONE,)),)))


FIRES: Mapping[str, tuple[Asked, Asked]] = {
    "tanh-with-bce-domain": (net("tanh", "tanh", "bce"), net("tanh", "tanh", "half")),
    "output-outside-log-domain": (net("tanh", "softplus", "bce"), net("tanh", "softplus", "ce")),
    "sigmoid-with-cross-entropy": (net("tanh", "sigmoid", "ce"), net("tanh", *ENTROPY)),
    "shared-parameter": (
        Asked(scalar_chain().model, Entry(Name("b"))),
        net("sigmoid", "sigmoid", "half"),
    ),
    "targets-sum-to-one": (net("tanh", "softmax", "ce", 3), known_targets(net("tanh", "softmax", "ce", 3))),
    "cancels-for-this-loss": (seed(entry=Entry(Name("W"), (literal(1), literal(2)))), seed()),
    "division-by-zero": (seed(entry=Entry(Name("Y"), (literal(1),))), seed()),
    "two-sigmoids-need-not-sum-to-one": (seed(), seed(outputs=1)),
    "softmax-instead": (seed(), net("sigmoid", "sigmoid", "half")),
    "no-output-activation": (net("tanh", "linear", "bce"), net("tanh", "linear", "half")),
    "loss-without-brackets": (seed(), net("tanh", "softmax", "ce")),
    "half-or-not": (net("tanh", "linear", "squared"), net("tanh", *ENTROPY)),
    "descent-sign": (turned(net("tanh", "linear", "half")), net("tanh", "linear", "half")),
    "mixed-activations": (first_weight(numbered()), first_weight(numbered(("relu", "relu", "tanh")))),
    "dead-relu": (net("relu", "linear", "half"), net("leaky_relu", "linear", "half")),
    "relu-kink": (net("relu", "linear", "half"), net("softplus", "linear", "half")),
    "saturated-not-zero": (net("tanh", "sigmoid", "squared"), net("tanh", *ENTROPY)),
    "saturation": (seed(), net("relu", *ENTROPY)),
    "stable-form": (seed(), net("sigmoid", "sigmoid", "half")),
    "mean-or-sum": (first_weight(temperature()), Asked(scalar_chain().model, Entry(Name("w_1")))),
}


def codes(asked: Asked) -> list[str]:
    return [caveat.code for caveat in asked.caveats()]


@pytest.mark.parametrize("code", FIRES)
def test_a_caveat_is_given_where_its_premise_holds_and_not_beside_it(code: str) -> None:
    fires, near_miss = FIRES[code]
    assert code in codes(fires)
    assert code not in codes(near_miss)


def test_every_caveat_has_a_row_a_template_a_model_that_fires_it_and_a_near_miss() -> None:
    assert list(CAVEATS) == list(ROWS)
    assert set(FIRES) == set(CAVEATS)
    assert {path.name.removesuffix(".md.j2") for path in TEMPLATES.glob("*.md.j2")} == set(CAVEATS)
    assert {path.name.removesuffix(".md.j2") for path in (TEMPLATES / "short").glob("*.md.j2")} == set(CAVEATS)


def test_the_first_question_has_its_six_caveats_in_order() -> None:
    assert codes(seed())[:6] == [
        "two-sigmoids-need-not-sum-to-one",
        "softmax-instead",
        "no-output-activation",
        "loss-without-brackets",
        "saturation",
        "stable-form",
    ]


def test_a_loss_that_leaves_its_own_domain_comes_first() -> None:
    assert codes(net("tanh", "linear", "bce"))[0] == "no-output-activation"
    assert codes(net("tanh", "sigmoid", "bce"))[0] != "no-output-activation"


EVERYTHING = tuple(dict.fromkeys(asked for pair in FIRES.values() for asked in pair))


@pytest.mark.parametrize("asked", EVERYTHING, ids=range(len(EVERYTHING)))
def test_the_values_of_a_caveat_are_those_that_its_row_documents(asked: Asked) -> None:
    for caveat in asked.caveats():
        assert dict(caveat.values).keys() == ROWS[caveat.code].values.keys(), caveat.code


class Environment(jinja2.Environment):
    """Jinja in which the values of a fact are its attributes, as on the site."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Fact):
            return dict(obj.values).get(attribute, self.undefined(obj=obj, name=attribute))
        return super().getattr(obj, attribute)


@cache
def environment() -> Environment:
    found = Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(inline=lambda value: f"${latex(value)}$", block=lambda value: f"$$\n{latex(value)}\n$$")
    return found


@pytest.mark.parametrize("code", CAVEATS)
@pytest.mark.parametrize("folder", ["", "short/"])
def test_a_template_uses_no_value_that_its_row_does_not_document(code: str, folder: str) -> None:
    source = (TEMPLATES / f"{folder}{code}.md.j2").read_text("utf-8")
    assert jinja2.meta.find_undeclared_variables(environment().parse(source)) <= ROWS[code].values.keys()


@pytest.mark.parametrize("code", CAVEATS)
def test_the_words_use_every_value(code: str) -> None:
    sources = ((TEMPLATES / f"{folder}{code}.md.j2").read_text("utf-8") for folder in ("", "short/"))
    used = {name for text in sources for name in jinja2.meta.find_undeclared_variables(environment().parse(text))}
    assert used == ROWS[code].values.keys()


@pytest.mark.parametrize("asked", EVERYTHING, ids=range(len(EVERYTHING)))
def test_every_caveat_can_be_said(asked: Asked) -> None:
    for caveat in asked.caveats():
        full = environment().get_template(f"{caveat.code}.md.j2").render(dict(caveat.values))
        short = environment().get_template(f"short/{caveat.code}.md.j2").render(dict(caveat.values))
        assert "\n\n**What stays" in full
        assert "**What changes" in full
        assert not re.search(r"None|Math\(|Fact\(|\{\{", full + short)


def caveat(asked: Asked, code: str) -> Caveat:
    return next(one for one in asked.caveats() if one.code == code)


def latex(value: Value) -> str:
    assert isinstance(value, Math)
    assert value.latex
    return value.latex


def inner(value: Value, *names: str) -> str:
    """The LaTeX of a value inside facts."""
    for name in names:
        assert isinstance(value, Fact)
        value = value.value(name)
    return latex(value)


FOUND = (
    ("two-sigmoids-need-not-sum-to-one", ("two", "excess"), r"Y_1 + Y_2 - 1 = Y_1 Y_2 [1 - e^{-(a_1 + a_2)}]"),
    ("two-sigmoids-need-not-sum-to-one", ("two", "opposite"), "a_1 + a_2 = 0"),
    ("softmax-instead", ("own", "error"), r"\frac{\partial E}{\partial a_k} = Y_k - Q_k"),
    ("softmax-instead", ("categorical", "error"), r"\frac{\partial E}{\partial a_k} = Y_k \sum_{l=1}^2 Q_l - Q_k"),
    ("softmax-instead", ("kept",), r"\frac{\partial E}{\partial a_k} = Y_k - Q_k"),
    ("softmax-instead", ("two", "given"), r"\frac{\partial E}{\partial a_k} = 2 (Y_k - Q_k)"),
    ("softmax-instead", ("one", "relation"), r"Y_1 = \sigma(a_1 - a_2)"),
    ("softmax-instead", ("one", "error"), r"\frac{\partial E}{\partial a} = Y - Q"),
    ("no-output-activation", ("error",), r"\frac{\partial E}{\partial a_k} = \frac{Y_k - Q_k}{Y_k (1 - Y_k)}"),
    ("no-output-activation", ("domain",), r"0 \lt Y_k \lt 1"),
    (
        "loss-without-brackets",
        ("typed",),
        r"E = -\sum_{k=1}^2 Q_k \log Y_k + (1 - Q_k) \log(1 - Y_k)",
    ),
    (
        "loss-without-brackets",
        ("errors", "read"),
        r"\frac{\partial E}{\partial a_k} = -[Q_k (1 - Y_k) + (1 - Q_k) Y_k]",
    ),
    ("saturation", ("output", "squared"), r"\frac{\partial E}{\partial a_k} = (Y_k - Q_k) Y_k (1 - Y_k)"),
    ("stable-form", ("loss",), r"E = \sum_{k=1}^2 [\log(1 + e^{a_k}) - Q_k a_k]"),
)


@pytest.mark.parametrize(("code", "names", "formula"), FOUND, ids=[f"{row[0]}, {row[1][-1]}" for row in FOUND])
def test_the_worlds_of_the_first_question_have_these_formulas(code: str, names: tuple[str, ...], formula: str) -> None:
    first, *rest = names
    assert inner(caveat(seed(), code).value(first), *rest) == formula


@cache
def worked() -> Example:
    return example(seed().model, seed().derivation, {}, 0)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def outputs(values: Mapping[Entry, float]) -> tuple[list[float], list[float], list[float]]:
    """The first question's network in plain Python: the pre-activations of the outputs, the outputs, the targets."""

    def at(name: str, *indices: int) -> float:
        return values[Entry(Name(name), tuple(map(literal, indices)))]

    hidden = [sigmoid(sum(at("X", i) * at("V", i, j) for i in (1, 2)) + at("b", j)) for j in (1, 2)]
    pres = [sum(hidden[j - 1] * at("W", j, k) for j in (1, 2)) + at("c", k) for k in (1, 2)]
    return pres, [sigmoid(a) for a in pres], [at("Q", k) for k in (1, 2)]


def entropy(outputs_: list[float], targets: list[float]) -> float:
    pairs = zip(targets, outputs_, strict=True)
    return -sum(q * math.log(y) + (1 - q) * math.log(1 - y) for q, y in pairs)


def softened(pres: list[float]) -> list[float]:
    total = sum(map(math.exp, pres))
    return [math.exp(a) / total for a in pres]


LOSSES: Mapping[tuple[str, ...], Callable[[list[float], list[float], list[float]], float]] = {
    ("softmax-instead", "own", "slope"): lambda _, y, q: entropy(y, q),
    ("softmax-instead", "summed", "slope"): lambda a, _, q: entropy(softened(a), q),
    ("softmax-instead", "categorical", "slope"): lambda a, _, q: (
        -sum(t * math.log(p) for t, p in zip(q, softened(a), strict=True))
    ),
    ("softmax-instead", "one", "slope"): lambda a, _, q: entropy([sigmoid(a[0] - a[1])], q[:1]),
    ("loss-without-brackets", "slope"): lambda _, y, q: sum(
        -t * math.log(p) + (1 - t) * math.log(1 - p) for t, p in zip(q, y, strict=True)
    ),
    ("mean-or-sum", "slope"): lambda _, y, q: entropy(y, q) / 2,
}


@pytest.mark.parametrize("names", LOSSES, ids=" ".join)
def test_the_gradients_of_the_worlds_are_those_of_plain_python(names: tuple[str, ...]) -> None:
    code, first, *rest = names
    shown = inner(caveat(seed(), code).value(first), *rest)

    def loss(step: float) -> float:
        values = {**worked().values, V11: worked().values[V11] + step}
        return LOSSES[names](*outputs(values))

    assert float(shown) == pytest.approx((loss(1e-5) - loss(-1e-5)) / 2e-5, rel=1e-4)


def test_the_sum_of_the_outputs_in_the_example_is_the_one_that_is_shown() -> None:
    _, found, _ = outputs(worked().values)
    shown = latex(caveat(seed(), "two-sigmoids-need-not-sum-to-one").value("sum"))
    assert float(shown.partition(" = ")[2]) == pytest.approx(sum(found), rel=1e-4)


def test_on_every_curve_of_the_plot_the_outputs_have_the_sum_that_it_says() -> None:
    plot = caveat(seed(), "two-sigmoids-need-not-sum-to-one").plot
    assert plot is not None
    for curve in plot.curves:
        assert all(sigmoid(x) + sigmoid(y) == pytest.approx(float(curve.label)) for x, y in curve.points)
    (main,) = (curve for curve in plot.curves if curve.main)
    assert all(x + y == pytest.approx(0, abs=1e-9) for x, y in main.points)
    (pres, _, _), (spot,) = outputs(worked().values), plot.spots
    assert (spot.x, spot.y) == pytest.approx(tuple(pres))


def test_more_than_two_logistic_outputs_have_no_plot_and_no_line_of_sums() -> None:
    found = caveat(net("tanh", *ENTROPY, outputs=3), "two-sigmoids-need-not-sum-to-one")
    assert found.plot is None
    assert found.value("two") == ""
    assert latex(found.value("many")) == r"\sum_{k=1}^3 y_k"


def test_64_bit_numbers_overflow_in_the_plain_form_and_not_in_the_stable_one() -> None:
    rows = caveat(seed(), "stable-form").value("rows")
    assert isinstance(rows, tuple)
    shown = [tuple(inner(row, name) for name in ("direct", "stable", "exact")) for row in rows]
    assert shown == [
        (r"\text{nan}", r"4.2484 \times 10^{-18}", r"4.2484 \times 10^{-18}"),
        (r"\infty", "40", "40"),
        (r"\infty", "800", "800"),
    ]


X, T = Entry(Name("x")), Entry(Name("t"))
FLOATS = (
    (Apply("exp", X), 800.0, math.inf),
    (Apply("log", X), 0.0, -math.inf),
    (Apply("log", X), -1.0, math.nan),
    (multiply(X, Apply("log", number(0))), 0.0, math.nan),
    (divide(ONE, X), -0.0, -math.inf),
    (divide(X, X), 0.0, math.nan),
    (Apply("sigmoid", X), -800.0, 0.0),
    (Apply("sigmoid", X), 40.0, 1.0),
    (add(X, negative(X)), math.inf, math.nan),
)


@pytest.mark.parametrize(("formula", "at", "value"), FLOATS)
def test_floating_point_follows_the_standard_where_python_raises(formula: Formula, at: float, value: float) -> None:
    assert ieee(formula, {X: at}) == pytest.approx(value, nan_ok=True)


def test_a_false_equation_is_not_proved() -> None:
    model = seed().model
    y = [Entry(Name("Y"), (literal(k),)) for k in (1, 2)]
    with pytest.raises(Unproved):
        prove(model, (add(*y), ONE))
    prove(model, (add(*y), add(*reversed(y))))


def test_a_wrong_derivative_of_a_world_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(model: Model, asked: Derivative) -> Derivation:
        derivation = derive(model, asked)
        last = derivation.steps[-1]
        line = Line(negative(last.result), last.lines[-1].rule)
        return replace(derivation, steps=(*derivation.steps[:-1], replace(last, lines=(*last.lines, line))))

    before = {one.code for one in caveats(seed().model, seed().derivation)}
    monkeypatch.setattr(worlds, "derive", wrong)
    after = {one.code for one in caveats(seed().model, seed().derivation)}
    assert before - after == {"softmax-instead", "no-output-activation", "saturation", "stable-form"}


def renamed(model: Model) -> Model:
    """The model with a prime on every name and other letters for the indices that are bound nowhere."""

    def name(old: Name) -> Name:
        return replace(old, base=f"{old.base}'")

    def change(part: Formula) -> Formula | None:
        return Entry(name(part.name), part.indices) if isinstance(part, Entry) else None

    return replace(
        model,
        quantities=tuple(replace(q, name=name(q.name)) for q in model.quantities),
        definitions=tuple(
            replace(d, name=name(d.name), formula=substitute(d.formula, change)) for d in model.definitions
        ),
    )


def numbers(value: Value) -> Iterator[str]:
    match value:
        case Math(text):
            yield from re.findall(r"(?<![_\d.])-?\d+\.\d+", text)
        case Fact(_, values):
            for _, one in values:
                yield from numbers(one)
        case tuple():
            for one in value:
                yield from numbers(one)
        case _:
            pass


def test_other_names_change_letters_only() -> None:
    other = Asked(renamed(seed().model), Entry(Name("V'"), V11.indices))
    assert codes(other) == codes(seed())
    for one, two in zip(seed().caveats(), other.caveats(), strict=True):
        assert [list(numbers(v)) for _, v in one.values] == [list(numbers(v)) for _, v in two.values]


def test_the_same_model_has_the_same_caveats() -> None:
    again = caveats(seed().model, seed().derivation)
    assert again == seed().caveats()


def test_the_pre_activation_is_named_once_and_only_where_the_file_does_not_name_it() -> None:
    named = [one.code for one in seed().caveats() if dict(one.values).get("names")]
    assert named == ["two-sigmoids-need-not-sum-to-one"]
    assert not any(dict(one.values).get("names") for one in net("tanh", "softmax", "ce").caveats())


@given(random_cases())
@settings(max_examples=10)
def test_the_caveats_of_any_model_can_be_computed_and_said(case: Case) -> None:
    asked = Asked(case.model, case.instance(case.asks[0]))
    for one in asked.caveats():
        assert dict(one.values).keys() == ROWS[one.code].values.keys()
        for folder in ("", "short/"):
            assert environment().get_template(f"{folder}{one.code}.md.j2").render(dict(one.values)).strip()


def test_of_an_output_itself_no_factor_is_said_to_cancel() -> None:
    model, output = seed().model, Entry(Name("Y"), (literal(1),))
    found = caveats(model, derive(model, Derivative(output, (V11,))))
    assert not {"cancels-for-this-loss", "softmax-instead", "loss-without-brackets"} & {one.code for one in found}
    (saturation,) = (one for one in found if one.code == "saturation")
    gates = saturation.value("gates")
    assert isinstance(gates, tuple)
    assert [inner(gate, "gate") for gate in gates] == ["Y_k (1 - Y_k)", "Z_j (1 - Z_j)"]


def test_another_letter_in_the_loss_changes_no_caveat() -> None:
    *below, loss = seed().model.definitions
    total = next(part for part in walk(loss.formula) if isinstance(part, Sum))
    other = Sum("q", total.range, rename(total.body, {"k": Index("q")}))
    formula = substitute(loss.formula, lambda part: other if part == total else None)
    changed_ = Asked(replace(seed().model, definitions=(*below, replace(loss, formula=formula))), V11)
    assert codes(changed_) == codes(seed())


def test_a_second_name_for_an_output_changes_no_caveat() -> None:
    model = first_question().model
    output = next(q for q in model.quantities if q.name == Name("Y"))
    other = replace(output, name=Name("P"))
    alias = Definition(other.name, other.letters, other.ranges, model.whole(output.name))
    *below, loss = model.definitions

    def renamed_output(part: Formula) -> Formula | None:
        return Entry(other.name, part.indices) if isinstance(part, Entry) and part.name == output.name else None

    last = replace(loss, formula=substitute(loss.formula, renamed_output))
    longer = replace(model, quantities=(*model.quantities, other), definitions=(*below, alias, last))
    assert codes(Asked(longer, V11)) == codes(seed())
    for one, two in zip(seed().caveats(), Asked(longer, V11).caveats(), strict=True):
        assert [list(numbers(v)) for _, v in one.values] == [list(numbers(v)) for _, v in two.values]


def test_the_reading_without_brackets_is_told_apart_by_a_target_if_the_example_does_not() -> None:
    case = build(Outline((), ENTROPY, (2, 1), (False,) * 2))
    for model, entry in ((case.model, weight) for weight in (case.instance(case.asks[0]), first_weight(case).entry)):
        found = caveat(Asked(model, entry), "loss-without-brackets")
        assert found.value("own") != found.value("slope")


def test_the_shares_of_a_shared_parameter_sum_to_its_gradient() -> None:
    found = caveat(Asked(scalar_chain().model, Entry(Name("b"))), "shared-parameter")
    shares = found.value("shares")
    assert isinstance(shares, tuple)
    total = sum(float(inner(share, "number")) for share in shares)
    assert float(latex(found.value("total")).partition(" = ")[2]) == pytest.approx(total, abs=1e-5)
    assert len(shares) == 2


def test_a_step_along_minus_the_gradient_lowers_the_loss_and_along_plus_raises_it() -> None:
    found = caveat(turned(net("tanh", "linear", "half")), "descent-sign")
    before = float(latex(found.value("before")).partition(" = ")[2])
    assert float(latex(found.value("down"))) < before < float(latex(found.value("up")))
    assert latex(found.value("written")) == "t_k - y_k"
    assert latex(found.value("error")).endswith("= y_k - t_k")


def test_targets_that_do_not_sum_to_1_need_the_long_form() -> None:
    found = caveat(net("tanh", "softmax", "ce", 3), "targets-sum-to-one")
    assert found.value("kept") == found.value("slope") != found.value("shortened")


def test_where_a_rectified_unit_is_off_the_gradient_is_0() -> None:
    found = caveat(net("relu", "linear", "half"), "dead-relu")
    assert latex(found.value("slope")).endswith("= 0")
    off = found.value("off")
    assert isinstance(off, tuple)
    assert all(float(inner(unit, "pre")) < 0 for unit in off)


def test_an_entry_that_could_be_of_another_quantity_tells_its_letter() -> None:
    layers = {Name("h"): Name("u", layer="j"), Name("y"): Name("u", layer="k")}

    def renamed_units(part: Formula) -> Formula | None:
        known = isinstance(part, Entry) and part.name in layers
        return Entry(layers[part.name], part.indices) if isinstance(part, Entry) and known else None

    asked = net("relu", "sigmoid", "bce")
    model = asked.model
    bishop = replace(
        model,
        quantities=tuple(replace(q, name=layers.get(q.name, q.name)) for q in model.quantities),
        definitions=tuple(
            replace(d, name=layers.get(d.name, d.name), formula=substitute(d.formula, renamed_units))
            for d in model.definitions
        ),
    )
    found = caveat(replace(asked, model=bishop), "two-sigmoids-need-not-sum-to-one")
    assert latex(found.value("sum")).startswith("u_{k=1} + u_{k=2} = ")
    assert latex(caveat(replace(asked, model=bishop), "relu-kink").value("nearest")).startswith("u_{j=")
