"""What a derivation says, held against trees written by hand and against the numbers of the oracle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.derivation import Cancelled, Collapse, Derivation, Part, Premise, Rule, Spread
from generator.derive import derive
from generator.errors import Unsupported
from generator.formula import (
    ONE,
    ZERO,
    Add,
    Apply,
    Definition,
    Delta,
    Derivative,
    Entry,
    Formula,
    Holds,
    Index,
    Name,
    Range,
    Softmax,
    Sum,
    add,
    canonical,
    literal,
    multiply,
    negative,
    number,
    power,
    walk,
)
from generator.model import Assumption, Model, Quantity, Role
from tests.models import Layer, Outline, build, first_question

I, J, K = Index("i"), Index("j"), Index("k")
UNITS = Range(literal(1), Index("n"))
TWO = Range(literal(1), literal(2))


def entry(name: str, *indices: Index) -> Entry:
    return Entry(Name(name), indices)


def one_minus(formula: Formula) -> Formula:
    return add(ONE, negative(formula))


def derived(model: Model, of: Entry, wrt: Entry) -> Derivation:
    return derive(model, Derivative(of, (wrt,)))


def softmax_classifier(*given: Assumption, classes: Range = UNITS) -> Model:
    """Softmax over free logits o, with the cross-entropy L = -sum_j y_j log p_j."""
    quantities = (
        Quantity(Name("o"), (classes,), ("i",), Role.INPUT),
        Quantity(Name("y"), (classes,), ("j",), Role.TARGET),
        Quantity(Name("p"), (classes,), ("j",), Role.OUTPUT),
        Quantity(Name("L"), (), (), Role.LOSS),
    )
    definitions = (
        Definition(Name("p"), ("j",), (classes,), Softmax(J, "l", classes, entry("o", Index("l")))),
        Definition(
            Name("L"), (), (), negative(Sum("j", classes, multiply(entry("y", J), Apply("log", entry("p", J)))))
        ),
    )
    return Model(quantities, definitions, ("n",), given)


def sum_of(letter: str, body: Formula, range_: Range = UNITS) -> Formula:
    return Sum(letter, range_, body)


def test_the_first_question_reads_as_a_person_writes_it() -> None:
    found = derived(first_question().model, entry("E"), entry("V", literal(1), literal(1)))
    error = add(entry("Y", K), negative(entry("Q", K)))
    chain = multiply(error, entry("W", J, K), entry("X", I), entry("Z", J), one_minus(entry("Z", J)))
    assert canonical(found.formula) == canonical(Sum("k", TWO, chain))
    assert [step.key for step in found.steps] == ["dE-dY", "dY-dZ", "dE-dZ", "dZ-dV", "dE-dV", "answer"]


def test_the_sums_of_the_asked_entry_are_written_out_one_term_a_path() -> None:
    found = derived(first_question().model, entry("E"), entry("V", literal(1), literal(1)))
    assert isinstance(found.written, Add)
    for place, term in enumerate(found.written_terms):
        index = literal(place + 1)
        assert term.path == (entry("E"), entry("Y", index), entry("Z", literal(1)), entry("V", literal(1), literal(1)))
        parts = [factor.part for factor in term.factors]
        assert parts == [Part.ERROR, Part.ROUTE, Part.INPUT, Part.GATE, Part.GATE]
        assert multiply(*(factor.formula for factor in term.factors)) == found.written.terms[place]


def test_an_output_error_remembers_the_gate_that_cancelled_it() -> None:
    found = derived(first_question().model, entry("E"), entry("V", I, J))
    error = found.terms[0].factors[0]
    assert [(link.consumer.base, link.producer.base) for link in error.links] == [("E", "Y"), ("Y", "Z")]


def test_a_sum_stays_over_the_outputs_and_collapses_over_the_hidden_units() -> None:
    found = derived(first_question().model, entry("E"), entry("V", I, J))
    steps = {step.key: step for step in found.steps}
    spread = steps["dE-dZ"].lines[0].events[0]
    assert isinstance(spread, Spread)
    assert [carrier.name.base for carrier in spread.carriers] == ["Y"]
    assert not spread.coupled
    collapse = next(line for line in steps["dE-dV"].lines if line.rule is Rule.COLLAPSE).events[0]
    assert isinstance(collapse, Collapse)
    assert (collapse.definition, collapse.kept) == (Name("Z"), entry("Z", J))


def test_what_cancels_between_loss_and_output_is_told() -> None:
    found = derived(first_question().model, entry("E"), entry("W", J, K))
    events = [event for step in found.steps for line in step.lines for event in line.events]
    assert [e.factor for e in events if isinstance(e, Cancelled)] == [entry("Y", K), one_minus(entry("Y", K))]


def test_softmax_under_cross_entropy_keeps_the_sum_of_the_targets() -> None:
    found = derived(softmax_classifier(), entry("L"), entry("o", I))
    total = sum_of("j", entry("y", J))
    assert canonical(found.formula) == canonical(add(multiply(entry("p", I), total), negative(entry("y", I))))


def test_a_given_sum_of_targets_is_used_on_a_line_of_its_own() -> None:
    given = Assumption(sum_of("k", entry("y", K)), "=", (ONE,))
    found = derived(softmax_classifier(given), entry("L"), entry("o", I))
    assert found.formula == add(entry("p", I), negative(entry("y", I)))
    before, last = found.steps[-1].lines[-2:]
    assert (before.rule, last.rule) == (Rule.KEEP, Rule.PREMISE)
    assert isinstance(last.events[0], Premise)


def test_given_targets_are_put_in_at_the_asked_entry() -> None:
    given = tuple(Assumption(entry("y", literal(n)), "=", (value,)) for n, value in ((1, ONE), (2, ZERO)))
    found = derived(softmax_classifier(*given, classes=TWO), entry("L"), entry("o", literal(2)))
    assert found.entry == entry("p", literal(2))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (I, multiply(entry("p", I), one_minus(entry("p", I)))),
        (K, multiply(entry("p", K), add(Delta(K, I), negative(entry("p", I))))),
    ],
)
def test_a_jacobian_knows_its_diagonal(row: Index, expected: Formula) -> None:
    assert derived(softmax_classifier(), entry("p", row), entry("o", I)).entry == expected


def test_a_penalty_that_leaves_out_the_intercept_keeps_the_condition() -> None:
    every = Range(literal(0), Index("n"))
    quantities = (
        Quantity(Name("w"), (every,), ("j",), Role.WEIGHT),
        Quantity(Name("R"), (), (), Role.LOSS),
    )
    penalty = Sum("j", UNITS, power(entry("w", J), 2))
    model = Model(quantities, (Definition(Name("R"), (), (), penalty),), ("n",))
    found = derived(model, entry("R"), entry("w", J))
    assert any(isinstance(part, Holds) for part in walk(found.formula))
    assert derived(model, entry("R"), entry("w", literal(0))).entry == ZERO


def test_a_quantity_that_the_loss_does_not_depend_on_has_derivative_zero() -> None:
    model = first_question().model
    found = derived(model, entry("Z", J), entry("W", J, K))
    assert (found.formula, found.steps[0].lines[0].rule) == (ZERO, Rule.INDEPENDENT)


def test_a_skip_connection_holds_the_other_input_fixed() -> None:
    quantities = tuple(
        Quantity(Name(name), (), (), role)
        for name, role in (("x", Role.INPUT), ("m", Role.HIDDEN), ("y", Role.OUTPUT), ("L", Role.LOSS))
    )
    definitions = (
        Definition(Name("m"), (), (), Apply("tanh", entry("x"))),
        Definition(Name("y"), (), (), add(entry("x"), entry("m"))),
        Definition(Name("L"), (), (), power(entry("y"), 2)),
    )
    found = derived(Model(quantities, definitions), entry("L"), entry("x"))
    direct = next(step for step in found.steps if step.left.of == entry("y") and step.left.wrt == (entry("x"),))
    assert direct.left.held == (Name("m"),)
    slope = one_minus(power(entry("m"), 2))
    through, straight = multiply(number(2), entry("y"), slope), multiply(number(2), entry("y"))
    assert found.formula == add(through, straight)
    assert len(found.terms) == 2
    assert [len(term.path) for term in found.terms] == [4, 3]


def test_sizes_change_neither_the_steps_nor_the_formula() -> None:
    literal_sizes, symbolic = (
        derived(first_question(w, w, w).model, entry("E"), entry("V", I, J)) for w in (1000, "n")
    )
    assert [step.key for step in literal_sizes.steps] == [step.key for step in symbolic.steps]
    assert len(list(walk(literal_sizes.formula))) == len(list(walk(symbolic.formula)))


def test_letters_of_the_question_are_never_captured() -> None:
    """Every layer may use the same letters: the answer's own letters stay free in it."""
    layers = (Layer("tanh"), Layer("sigmoid"))
    model = build(Outline(layers, ("linear", "half"), (2, 2, 2, 2), (False,) * 4, even=True, shared=True)).model
    weight = next(q for q in model.quantities if q.role is Role.WEIGHT)
    found = derived(model, Entry(model.losses[0]), model.whole(weight.name))
    bound = [part.letter for part in walk(found.formula) if isinstance(part, Sum)]
    assert not set(bound) & {index.letter for index in found.general.wrt[0].indices}


@pytest.mark.parametrize(
    "asked",
    [
        Derivative(entry("E"), (entry("V", I, J), entry("V", I, J))),
        Derivative(add(entry("E"), ONE), (entry("V", I, J),)),
        Derivative(entry("E"), (entry("V", I, J),), (Name("Z"),)),
        Derivative(entry("X", I), (entry("V", I, J),)),
    ],
)
def test_what_cannot_be_derived_yet_is_refused(asked: Derivative) -> None:
    with pytest.raises(Unsupported):
        derive(first_question().model, asked)


def test_the_same_question_gives_the_same_derivation() -> None:
    model = first_question().model
    asked = Derivative(entry("E"), (entry("V", literal(1), literal(1)),))
    assert derive(model, asked) == derive(replace(model), asked)


def test_a_second_name_for_a_unit_does_not_keep_factors_from_cancelling() -> None:
    quantities = tuple(
        Quantity(Name(name), (), (), role)
        for name, role in (
            ("x", Role.INPUT),
            ("w", Role.WEIGHT),
            ("O", Role.OUTPUT),
            (r"\hat{y}", Role.OUTPUT),
            ("y", Role.TARGET),
            ("L", Role.LOSS),
        )
    )
    output, target, guess = entry("O"), entry("y"), entry(r"\hat{y}")
    loss = add(multiply(target, Apply("log", guess)), multiply(one_minus(target), Apply("log", one_minus(guess))))
    definitions = (
        Definition(Name("O"), (), (), Apply("sigmoid", multiply(entry("w"), entry("x")))),
        Definition(Name(r"\hat{y}"), (), (), output),
        Definition(Name("L"), (), (), negative(loss)),
    )
    model = Model(quantities, definitions)
    assert derived(model, entry("L"), entry("w")).formula == multiply(add(output, negative(target)), entry("x"))
    assert derived(model, entry("L"), guess).general.wrt == (guess,)
