"""What a model is made of is recognised in its equations, however they are written."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from generator.formula import (
    ONE,
    ZERO,
    Add,
    Apply,
    Entry,
    Extreme,
    Formula,
    Index,
    Indicator,
    Multiply,
    Name,
    Softmax,
    Sum,
    add,
    divide,
    multiply,
    negative,
    number,
    power,
    rename,
    walk,
)
from generator.model import Model, Quantity, Role
from generator.recognise import BCE, CE, LINEAR, SOFTMAX, SQUARED, activation, fresh_name, head, is_linear, units
from tests.models import NAMED, Layer, Outline, build, first_question, numbered, scalar_chain, temperature
from tests.pieces import Case

A, B = Entry(Name("a")), Entry(Name("b"))
Z = add(multiply(A, B), ONE)


def exp(formula: Formula) -> Formula:
    return Apply("exp", formula)


WRITTEN: tuple[tuple[str, Formula, str, Formula], ...] = (
    ("a row of the functions", Apply("tanh", Z), "tanh", Z),
    ("the logistic function written out", divide(ONE, add(ONE, exp(negative(Z)))), "sigmoid", Z),
    ("its terms in the other order", divide(ONE, add(exp(negative(Z)), ONE)), "sigmoid", Z),
    ("the logistic function with e^z above and below", divide(exp(A), add(ONE, exp(A))), "sigmoid", A),
    ("of a negative argument", divide(ONE, add(ONE, exp(A))), "sigmoid", negative(A)),
    ("tanh written out", divide(add(exp(A), negative(exp(negative(A)))), add(exp(A), exp(negative(A)))), "tanh", A),
    ("the larger of 0 and z", Extreme("max", (ZERO, Z)), "relu", Z),
    ("the larger of z and 0", Extreme("max", (Z, ZERO)), "relu", Z),
    ("z where z is positive", multiply(A, Indicator(A, ">", ZERO)), "relu", A),
    ("softplus written out", Apply("log", add(ONE, exp(Z))), "softplus", Z),
    ("swish written out", multiply(A, Apply("sigmoid", A)), "silu", A),
    ("a function that the file leaves open", Apply("f", Z), "f", Z),
    ("nothing but sums and products", Z, LINEAR, Z),
)


@pytest.mark.parametrize(("formula", "key", "argument"), [row[1:] for row in WRITTEN], ids=[row[0] for row in WRITTEN])
def test_an_activation_is_recognised_with_its_argument(formula: Formula, key: str, argument: Formula) -> None:
    assert activation(formula) == (key, argument)


OTHER = {
    "a residual connection": add(A, Apply("tanh", B)),
    "a product of two units": multiply(Apply("tanh", A), Apply("sigmoid", B)),
    "the smaller of 0 and z": Extreme("min", (ZERO, A)),
    "1/(2 + e^{-z})": divide(ONE, add(number(2), exp(negative(A)))),
    "z where b is positive": multiply(A, Indicator(B, ">", ZERO)),
    "a square": power(A, 2),
    "a logarithm": Apply("log", A),
}


@pytest.mark.parametrize("formula", OTHER.values(), ids=OTHER)
def test_what_is_no_activation_is_not_taken_for_one(formula: Formula) -> None:
    assert activation(formula) is None


def test_softmax_has_the_pre_activation_of_its_own_index_as_argument() -> None:
    model = temperature().model
    (output,) = units(model)
    assert (output.activation, output.argument) == (SOFTMAX, Entry(Name("z"), (Index("s"), Index("k"))))
    assert output.letter == "k"


HEADS = (
    (first_question(), BCE, "sigmoid", 2),
    (first_question(outputs=1), BCE, "sigmoid", 1),
    (first_question(hidden=3, outputs="m"), BCE, "sigmoid", None),
    (scalar_chain(), SQUARED, "sigmoid", 1),
    (numbered(), SQUARED, "tanh", 2),
    (temperature(), CE, SOFTMAX, None),
    (build(Outline((Layer("relu"),), ("linear", "half"), (2, 2, 3), (False,) * 3)), SQUARED, LINEAR, 3),
    (build(Outline((Layer("relu"),), ("softmax", "bce"), (2, 2, 3), (False,) * 3, samples=2)), BCE, SOFTMAX, 3),
)


@pytest.mark.parametrize(("case", "loss", "output", "count"), HEADS, ids=[f"{h[0].title}, {h[1]}" for h in HEADS])
def test_the_output_layer_and_its_loss_are_recognised(case: Case, loss: str, output: str, count: int | None) -> None:
    found = head(case.model)
    assert found is not None
    assert (found.loss, found.activation, found.count) == (loss, output, count)


def test_a_penalty_beside_the_loss_is_kept_apart() -> None:
    model = first_question().model
    definition = model.definitions[-1]
    penalty = multiply(Entry(Name(r"\lambda")), power(Entry(Name("W"), (Index(None, 1), Index(None, 1))), 2))
    quantity = Quantity(Name(r"\lambda"), (), (), Role.CONSTANT)
    changed = replace(definition, formula=add(definition.formula, penalty))
    found = head(Model((*model.quantities, quantity), (*model.definitions[:-1], changed), model.sizes))
    assert found is not None
    assert (found.loss, found.rest) == (BCE, penalty)


def test_a_second_term_with_targets_is_no_penalty() -> None:
    model = first_question().model
    definition = model.definitions[-1]
    more = power(Entry(Name("Q"), (Index(None, 1),)), 2)
    changed = replace(definition, formula=add(definition.formula, more))
    assert head(replace(model, definitions=(*model.definitions[:-1], changed))) is None


def test_the_order_of_terms_and_factors_and_the_letter_of_a_loss_do_not_matter() -> None:
    model = first_question().model
    definition = model.definitions[-1]
    total = next(part for part in walk(definition.formula) if isinstance(part, Sum))
    assert isinstance(total.body, Add)
    terms = [multiply(*reversed(term.factors)) for term in total.body.terms if isinstance(term, Multiply)]
    body = rename(add(*reversed(terms)), {"k": Index("l")})
    changed = replace(definition, formula=multiply(Sum("l", total.range, body), number(-1)))
    found = head(replace(model, definitions=(*model.definitions[:-1], changed)))
    assert found is not None
    assert found.loss == BCE


def test_a_letter_over_samples_is_no_letter_over_outputs() -> None:
    case = build(Outline((), ("sigmoid", "bce"), (2, 1), (False, False), samples=3))
    found = head(case.model)
    assert found is not None
    assert found.count == 1


@pytest.mark.parametrize("case", NAMED, ids=lambda case: case.title)
def test_a_fresh_name_stands_nowhere_in_the_model(case: Case) -> None:
    model = case.model
    base = fresh_name(model).base
    assert base not in {q.name.base.partition("_")[0] for q in model.quantities}
    assert base not in {letter for q in model.quantities for letter in q.letters} | set(model.sizes)


def test_softmax_of_something_else_than_its_own_index_is_not_taken_for_an_output() -> None:
    model = temperature().model
    p = model.definition[Name("p")]
    assert isinstance(p.formula, Softmax)
    shifted = replace(p, formula=replace(p.formula, index=Index("k", 1)))
    assert units(replace(model, definitions=tuple(shifted if d is p else d for d in model.definitions))) == ()


def test_a_power_of_a_size_is_linear_and_a_power_of_an_entry_is_not() -> None:
    assert is_linear(multiply(number(Fraction(1, 2)), A))
    assert not is_linear(power(A, 2))
