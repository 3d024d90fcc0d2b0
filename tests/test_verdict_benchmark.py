"""A small part of the benchmark of verdicts, and that its own claims are what they are said to be."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest

from benchmarks.verdicts.cases import Case, doubled, mistaken, rewritten_cases
from benchmarks.verdicts.draft import Family
from benchmarks.verdicts.families import FAMILIES
from benchmarks.verdicts.floats import Truth, known, points, under
from benchmarks.verdicts.grade import Outcome, graded
from benchmarks.verdicts.mistakes import MISTAKES
from benchmarks.verdicts.rewritings import REWRITINGS
from benchmarks.verdicts.tally import NEVER, page, summary
from benchmarks.verdicts.worked import FORMS, rendered, workings
from generator.formula import ONE, Number, Size, add, multiply, negative, power
from generator.verdict import Condition

FAMILY = {family.key: family for family in FAMILIES}
EVERY = 131
"""One of so many claims of each kind is judged here; the benchmark judges all."""

SMALL = [family for family in FAMILIES if len(family.model.definitions) < 4]


def truth(case: Case) -> Truth:
    return known(case.family, case.asked, case.scope, points(case.family))


def outcome(case: Case) -> Outcome:
    found = graded(case, truth(case))
    assert found is not None
    return found


@pytest.mark.parametrize("number", range(len(SMALL)), ids=lambda number: SMALL[number].key)
def test_nothing_that_never_may_happens_to_a_claim(number: int) -> None:
    for cases in (mistaken, rewritten_cases):
        for case in islice(cases(SMALL[number]), number % EVERY, None, EVERY):
            found = graded(case, truth(case))
            assert found is None or not set(found.faults) & set(NEVER), found


def test_at_least_forty_families_twenty_five_mistakes_and_as_many_rewritings() -> None:
    assert len(FAMILY) == len(FAMILIES) >= 40
    assert len({mistake.key for mistake in MISTAKES}) == len(MISTAKES) >= 25
    assert len({rewriting.key for rewriting in REWRITINGS}) == len(REWRITINGS) >= 25


@pytest.mark.parametrize("family", SMALL, ids=lambda family: family.key)
def test_the_truths_from_which_claims_are_made_agree_with_automatic_differentiation(family: Family) -> None:
    for worked in workings(family):
        expected = known(family, worked.asked, worked.scope, points(family))
        for form in FORMS.values():
            assert expected.equals(rendered(worked.terms, form)), (worked.asked, worked.way)


def regression() -> Case:
    """The derivative of linear regression in a weight, as it is."""
    return next(rewritten_cases(FAMILY["linear regression over samples"]))


def test_the_truth_is_told_from_what_is_nearly_the_truth() -> None:
    case = regression()
    true = case.claim.members[-1]
    assert truth(case).equals(true)
    assert not truth(case).equals(negative(true))
    assert not truth(case).equals(multiply(Number(ONE.value * 1_000_001 / 1_000_000), true))
    assert not truth(case).equals(multiply(Size("N"), true))


def test_a_factor_is_found_only_where_it_is_the_same_at_all_points() -> None:
    case = regression()
    true = case.claim.members[-1]
    assert truth(case).ratio(negative(true)) == pytest.approx(-1)
    assert truth(case).ratio(multiply(Size("N"), true)) is None
    assert truth(case).ratio(add(true, power(true, 2))) is None


def test_a_condition_is_imposed_on_the_points() -> None:
    family = FAMILY["softmax, open targets"]
    case = next(c for c in mistaken(family) if c.name == "softmax entry by entry")
    for one in under(Condition.TARGETS_SUM_TO_ONE, truth(case)):
        for row in one.rows:
            targets = [value for entry, value in row.point.values.items() if entry.name.base == "t"]
            assert sum(targets) == pytest.approx(1)


def test_a_lost_factor_is_a_mistake_that_must_be_named() -> None:
    case = next(c for c in mistaken(FAMILY["linear regression over samples"]) if c.name == "the input left out")
    found = outcome(case)
    assert (found.verdict, found.kind, found.named, found.faults) == ("wrong", "mistake", True, ())


def test_two_mistakes_in_one_formula_are_none_of_the_single_ones() -> None:
    for case in islice(doubled(FAMILY["a bilinear score"]), 4):
        assert outcome(case).kind == "double"


def test_a_right_claim_that_is_not_right_stops_the_run() -> None:
    case = regression()
    rows = tuple(replace(row, true=row.true + 1) for row in truth(case).rows)
    with pytest.raises(AssertionError, match="not right"):
        graded(case, replace(truth(case), rows=rows))


def test_the_page_tells_what_was_tried_and_how_to_repeat_it() -> None:
    case = regression()
    found = [outcome(case)]
    text = page(found, 1, 5)
    assert "run.py --sample 1 --seed 5" in text
    assert case.family.key in text
    assert summary(found)[1]
    assert not summary([replace(found[0], faults=("wrong called right",))])[1]
