"""What makes a page worth reading, as far as a machine can tell; and the facts behind its sentences, evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from generator.autodiff import differentiate, forward
from generator.derivation import Cancelled, Collapse, Derivation, Premise, Rule, Spread
from generator.derive import derive
from generator.example import Example, example
from generator.facts import Fact, Math
from generator.formula import Derivative, Entry, Formula, Index, Name, Number, entries
from generator.kinds import FACTS, RULES
from generator.latex.reader import read_problem
from generator.model import Model
from generator.page.align import align
from generator.page.forms import error_terms, expanded
from generator.page.meaning import meaning
from generator.page.neighbour import following
from generator.page.paths import shown_terms
from generator.page.record import Page, StepView
from generator.page.shown import writer
from generator.page.steps import numbered
from generator.places import templates
from generator.problem import Problem
from generator.routes import Derived, constants
from generator.site.question import rendered
from generator.site.record import made, record
from generator.site.templates import sources
from generator.source import read_question
from tests.models import NAMED, first_question
from tests.pieces import Case

ROOT = Path(__file__).parent.parent
QUESTIONS = sorted((ROOT / "docs" / "q").glob("*.md"))
SLUGS = [path.stem for path in QUESTIONS]
VERDICTS = ("Yes", "No", "Right entries", "Could not be settled")


@cache
def page(slug: str) -> Page:
    text = (ROOT / "docs" / "q" / f"{slug}.md").read_text("utf-8")
    return record(f"q/{slug}.md", text, "https://site.example/", figures=False)


@cache
def problem(slug: str) -> Problem:
    text = (ROOT / "docs" / "q" / f"{slug}.md").read_text("utf-8")
    return read_problem(read_question(text, f"q/{slug}.md"))


@cache
def derivations(slug: str) -> tuple[Derivation, ...]:
    found = problem(slug)
    return tuple(derive(found.model, ask.formula) for ask in found.asks if isinstance(ask.formula, Derivative))


@cache
def markdown(slug: str) -> str:
    return rendered(sources(templates()), page(slug))


def words(html: str) -> list[str]:
    """The words of prose outside of folds, tables and formulas."""
    open_ = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    text = re.sub(r"<(math|svg|pre|table)\b.*?</\1>|<!--.*?-->", " ", open_, flags=re.DOTALL)
    return re.findall(r"[A-Za-z][\w'-]*", re.sub(r"<[^>]+>|\{ #[\w-]+ \}", " ", text))


def facts(value: object) -> Iterator[Fact]:
    """Every fact in a record, those within others included."""
    match value:
        case Fact(_, values):
            yield value
            for _, inner in values:
                yield from facts(inner)
        case tuple():
            for inner in value:
                yield from facts(inner)
        case _ if hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                yield from facts(getattr(value, name))


def formulas(value: object) -> Iterator[Math]:
    match value:
        case Math():
            yield value
        case tuple():
            for inner in value:
                yield from formulas(inner)
        case _ if hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                yield from formulas(getattr(value, name))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_verdict_stands_in_the_first_words(slug: str) -> None:
    body = markdown(slug).split("---\n", 2)[2]
    after_title = re.sub(r"^.*?</h1>", "", body, flags=re.DOTALL)
    text = " ".join(words(after_title)[:40])
    assert any(verdict in text for verdict in VERDICTS)
    assert text.startswith(VERDICTS)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_verdict_is_said_in_forty_words(slug: str) -> None:
    (headline,) = re.findall(r'<p class="verdict-headline.*?</p>', markdown(slug), re.DOTALL)
    assert len(words(headline)) <= 40


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_can_be_read_in_three_minutes(slug: str) -> None:
    budget = 680 + 40 * (len(page(slug).claims) - 1)
    assert len(words(markdown(slug).split("---\n", 2)[2])) <= budget


@pytest.mark.parametrize("slug", SLUGS)
def test_no_section_is_empty_of_news(slug: str) -> None:
    for section in re.split(r"^## ", markdown(slug), flags=re.MULTILINE)[1:]:
        assert len(words(section)) + section.count("<math") > 6, section[:40]


LETTERS = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
# Letters of the page's own sentences: u for the logarithm, x for functions, delta for Kronecker and error terms.
DECLARED = {*"uxe", r"\delta", r"\partial", r"\Delta"}
LAYOUT = set(
    r"\frac \sum \prod \left \right \quad \qquad \cdot \leftarrow \dots \in \ne \le \ge \lt \gt \log \exp \tanh \mathbf"
    r" \sigma \operatorname \sqrt \max \min \sin \cos \lvert \rvert \displaystyle \text \infty".split()
)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_letters_of_the_page_are_those_of_the_file_and_of_its_sums(slug: str) -> None:
    front = (ROOT / "docs" / "q" / f"{slug}.md").read_text("utf-8").split("---")[1]
    file = set(LETTERS.findall(front))
    shown = page(slug)
    without_caveats = (shown.claims, shown.answers, shown.symbols, shown.equations, shown.steps, shown.following)
    for formula in formulas(without_caveats):
        latex = re.sub(r"\\(?:operatorname|mathrm|text)\{[^}]*\}", "", formula.latex)
        bound = set(re.findall(r"\\(?:sum|prod)_\{?(\w)", latex))
        kronecker = {letter for pair in re.findall(r"\\delta_\{(\w)(\w)\}", latex) for letter in pair}
        new = set(LETTERS.findall(latex)) - file - bound - kronecker - DECLARED - LAYOUT
        assert new <= SPARE, (formula.latex, new)


SPARE = set("ijklmnpqrstuvwhg")


@pytest.mark.parametrize("slug", SLUGS)
def test_letters_are_listed_in_the_order_in_which_they_are_read(slug: str) -> None:
    rows = [one.latex for symbol in page(slug).symbols for one in symbol.letters]
    model = problem(slug).model
    used = {name for names in model.inputs.values() for name in names} | model.definition.keys()
    place = {name: rows.index(writer(model).math(model.whole(name)).latex) for name in used}
    assert len(place) == len(rows)
    for definition in model.definitions:
        assert all(place[name] < place[definition.name] for name in model.inputs[definition.name])


@pytest.mark.parametrize("slug", SLUGS)
def test_no_formula_is_empty(slug: str) -> None:
    formulas_ = re.findall(r"<math\b[^>]*>(.*?)</math>", markdown(slug), re.DOTALL)
    assert len(formulas_) > 40
    assert all(re.search(r"<m(i|o|n|text)>", formula) for formula in formulas_)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_line_of_a_derivation_has_its_rule_and_no_line_repeats_the_one_before(slug: str) -> None:
    for step in page(slug).steps:
        assert step.lines
        for line in step.lines:
            assert line.reason.kind in RULES
        for before, after in pairwise(step.lines):
            assert before.math.latex.rpartition("= ")[2] != after.math.latex.rpartition("= ")[2]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_line_does_one_thing(slug: str) -> None:
    for derivation in derivations(slug):
        for step in derivation.steps:
            for line in step.lines:
                kinds = {type(event) for event in line.events} & {Collapse, Cancelled, Spread}
                assert len(kinds) <= 1, (step.key, line.rule)


SENTENCES = {
    Collapse: ("event-only-term", "event-only-carrier", "event-only-carriers"),
    Cancelled: ("event-cancelled",),
    Premise: ("event-premise",),
    Spread: ("event-every", "event-coupled", "event-ways", "event-one-way", "event-may-act"),
}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sum_that_goes_or_stays_every_cancelling_and_every_premise_has_its_sentence(slug: str) -> None:
    views = page(slug).steps
    steps = [step for step, _ in numbered(derivations(slug))]
    assert len(views) == len(steps)
    for view, step in zip(views, steps, strict=True):
        for shown, line in zip(view.lines, step.lines, strict=True):
            said = {fact.kind.removesuffix("-again") for fact in shown.events}
            for event in line.events:
                if type(event) in SENTENCES:
                    assert said & set(SENTENCES[type(event)]), (step.key, line.rule, event)


@pytest.mark.parametrize("slug", SLUGS)
def test_kroneckers_delta_is_explained_where_it_is_met_first(slug: str) -> None:
    lines = [line for step in page(slug).steps for line in step.lines]
    first = next((line for line in lines if re.search(r"\\delta_\{\w\w\}", line.math.latex)), None)
    told = [line for line in lines if any(fact.kind == "event-delta" for fact in line.events)]
    assert told == ([] if first is None else [first])


@pytest.mark.parametrize("slug", SLUGS)
def test_the_exercise_has_an_answer_and_the_answer_is_derived(slug: str) -> None:
    following_ = page(slug).following
    assert following_ is not None
    assert "=" in following_.answer.latex
    assert following_.answer.latex.startswith(dict(following_.question.values)["asked"].latex)  # type: ignore[union-attr]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_reference_leads_to_a_place_of_the_page(slug: str) -> None:
    text = markdown(slug)
    anchors = set(re.findall(r' id="([^"]+)"', text)) | set(re.findall(r"\{ #([\w-]+) \}", text))
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert links
    assert links <= anchors
    assert len(re.findall(r' id="([^"]+)"', text)) == len(set(re.findall(r' id="([^"]+)"', text)))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_fact_is_of_a_known_kind(slug: str) -> None:
    kinds = {fact.kind for fact in facts(page(slug))}
    assert len(kinds) > 20
    assert kinds - FACTS.keys() - RULES.keys() <= {"two", "one"} | {
        fact.kind for view in page(slug).caveats for fact in facts(view.caveat.values)
    }


def test_deleting_title_tags_and_prose_changes_no_finding() -> None:
    text = (ROOT / "docs" / "q" / "seed.md").read_text("utf-8")
    question = read_question(text, "q/seed.md")
    bare = type(question)(question.slug, question.file, "T", question.model, question.asks, question.claims)
    shown = made(bare, read_problem(bare), "https://site.example/", figures=False)
    full = page("seed")
    for name in ("claims", "answers", "symbols", "equations", "steps", "check", "caveats", "following"):
        assert getattr(shown, name) == getattr(full, name), name


CASES = [*NAMED]


@cache
def worked(case: Case, entry: Entry) -> tuple[Derivation, Example]:
    derivation = derive(case.model, case.asked(entry))
    return derivation, example(case.model, derivation, {}, 1)


def asks() -> Iterator[tuple[Case, Entry]]:
    for case in CASES:
        for entry in case.asks:
            yield case, case.instance(entry)


ASKS = list(asks())
NAMES = [f"{case.title}-{entry.name.base}" for case, entry in ASKS]


def number(model: Model, worked_: Example, of: Entry, wrt: Entry) -> float:
    """A total derivative without any formula of a derivation."""
    if of == wrt:
        return 1.0
    return differentiate(Derivative(of, (wrt,)), model.definitions, worked_.values, dict(worked_.sizes))


def of_name(worked_: Example, name: Name) -> list[Entry]:
    return [entry for entry in worked_.values if entry.name == name]


@pytest.mark.parametrize(("case", "entry"), ASKS, ids=NAMES)
def test_a_path_is_told_as_the_only_way_exactly_if_nothing_comes_through_where_it_is_cut(
    case: Case, entry: Entry
) -> None:
    """What is said to carry the whole effect does: the derivative with it held fixed is 0."""
    derivation, worked_ = worked(case, entry)
    sizes, values_ = dict(worked_.sizes), worked_.values
    for step in derivation.steps:
        spreads = [event for line in step.lines for event in line.events if isinstance(event, Spread)]
        if not spreads or not isinstance(step.left.of, Entry):
            continue
        carriers = {carrier.name for event in spreads for carrier in event.carriers} - {step.left.of.name}
        wrt = next(iter(of_name(worked_, step.left.wrt[0].name)))
        of = next(iter(of_name(worked_, step.left.of.name)))
        held = Derivative(of, (wrt,), tuple(sorted(carriers, key=str)))
        if carriers:
            assert differentiate(held, case.model.definitions, values_, sizes) == 0.0


@pytest.mark.parametrize(("case", "entry"), ASKS, ids=NAMES)
def test_of_the_carriers_of_a_sum_that_collapses_only_the_kept_one_moves(case: Case, entry: Entry) -> None:
    derivation, worked_ = worked(case, entry)
    for step in derivation.steps:
        for before, line in pairwise(step.lines):
            for event in line.events:
                if not isinstance(event, Collapse) or before.rule is not Rule.CHAIN:
                    continue
                if not isinstance(event.kept, Entry) or event.summand is None:
                    continue
                wrt = next(iter(of_name(worked_, event.variable.name)))
                letters = known(event.variable, wrt)
                kept = at(event.kept, letters)
                for carrier in of_name(worked_, event.kept.name):
                    if not matches(carrier, event.kept, letters) and kept is not None:
                        held = Derivative(carrier, (wrt,))
                        direct = tuple(n for n in case.model.inputs[carrier.name] if n != wrt.name)
                        local = Derivative(carrier, held.wrt, direct)
                        moved = differentiate(local, case.model.definitions, worked_.values, dict(worked_.sizes))
                        assert moved == 0.0, (carrier, wrt)


def known(general: Entry, literal: Entry) -> dict[str, int]:
    pairs = zip(general.indices, literal.indices, strict=True)
    return {own.letter: other.offset - own.offset for own, other in pairs if own.letter is not None}


def at(entry: Entry, letters: dict[str, int]) -> Entry | None:
    if any(i.letter is not None and i.letter not in letters for i in entry.indices):
        return None
    return Entry(entry.name, tuple(Index(None, letters.get(i.letter or "", 0) + i.offset) for i in entry.indices))


def matches(literal: Entry, general: Entry, letters: dict[str, int]) -> bool:
    return all(
        (own.letter is not None and own.letter not in letters)
        or other.offset - own.offset == letters.get(own.letter or "", 0)
        for own, other in zip(general.indices, literal.indices, strict=True)
    )


@pytest.mark.parametrize(("case", "entry"), ASKS, ids=NAMES)
def test_a_factor_named_as_a_zero_of_the_gradient_is_one(case: Case, entry: Entry) -> None:
    derivation, worked_ = worked(case, entry)
    write = writer(case.model)
    told = [fact for fact in meaning(case.model, derivation, write).sentences if fact.kind == "zero-where"]
    shown = {formula.latex for fact in told for formula in dict(fact.values)["factors"]}  # type: ignore[union-attr]
    free = {value.entry: value.value for value in worked_.inputs}
    for own in free:
        if write.math(own).latex in shown:
            sizes = dict(worked_.sizes)
            moved = forward(case.model.definitions, constants({**free, own: 0.0}), sizes)
            numbers = {e: dual.value for e, dual in moved.items()}
            result = differentiate(worked_.result.left, case.model.definitions, numbers, sizes)
            assert result == 0.0, own


@pytest.mark.parametrize(("case", "entry"), ASKS, ids=NAMES)
def test_error_terms_give_the_same_number_as_the_result(case: Case, entry: Entry) -> None:
    derivation, worked_ = worked(case, entry)
    chain = error_terms(case.model, derivation)
    if chain is None:
        return
    values_, sizes = constants(worked_.values), dict(worked_.sizes)
    letters = known(derivation.general.wrt[0], worked_.result.left.wrt[0])
    whole = Derived(derivation, values_, sizes)
    assert whole.number(expanded(chain), letters) == pytest.approx(worked_.result.formula, rel=1e-12)


def test_most_models_have_error_terms() -> None:
    found = [error_terms(case.model, worked(case, entry)[0]) for case, entry in ASKS]
    assert sum(chain is not None for chain in found) >= 8


@pytest.mark.parametrize(("case", "entry"), ASKS, ids=NAMES)
def test_every_factor_of_the_result_is_found_in_it_under_its_link(case: Case, entry: Entry) -> None:
    derivation, _ = worked(case, entry)
    terms = shown_terms(derivation)
    formula: Formula = derivation.written if terms == derivation.written_terms else derivation.formula
    found = align(formula, terms)
    assert found.found
    if len(terms) == 1 and not isinstance(formula, Number):
        assert found.missing == 0


def test_the_seed_reads_as_a_person_would_write_it() -> None:
    shown = page("seed")
    (claim,) = shown.claims
    assert claim.verdict == "right"
    assert [path.chain.latex for path in claim.paths] == [
        rf"E \leftarrow Y_{k} \leftarrow Z_1 \leftarrow V_{{11}}" for k in (1, 2)
    ]
    assert claim.claim.marks[0].link == "link-E-Y_1"
    (answer,) = shown.answers
    assert answer.general is not None
    assert answer.general.latex.endswith(r"\sum_{k=1}^2 (Y_k - Q_k) W_{jk} X_i Z_j (1 - Z_j)")
    assert [fact.kind for fact in answer.why] == ["why-several"]
    assert [doubt.sentence.kind for doubt in answer.doubts] == ["doubt-cancelled", "doubt-collapse"]


def test_the_next_question_of_the_seed_is_the_bias_of_the_same_unit() -> None:
    case = first_question()
    one = Index(None, 1)
    derivation = derive(case.model, case.asked(Entry(Name("V"), (one, one))))
    found = following(case.model, derivation, writer(case.model))
    assert found is not None
    assert found.change.kind == "change-gone"
    assert found.answer.latex == (
        r"\frac{\partial E}{\partial b_1} = (Y_1 - Q_1) W_{11} Z_1 (1 - Z_1) + (Y_2 - Q_2) W_{12} Z_1 (1 - Z_1)"
    )


def test_squared_error_keeps_the_factor_that_cancels_for_cross_entropy() -> None:
    """The sentence `event-cancel-needs`, for a sigmoid output."""
    case = next(c for c in NAMED if c.title == "A chain of two neurons")
    derivation = derive(case.model, case.asked(Entry(Name("w_2"))))
    kept = [entry for factor in derivation.terms[0].factors for entry in entries(factor.formula)]
    assert kept.count(Entry(Name("y"))) == 3
    events = [event for step in derivation.steps for line in step.lines for event in line.events]
    assert not any(isinstance(event, Cancelled) for event in events)


def test_step_anchors_are_those_of_the_derivation() -> None:
    anchors = [step.anchor for step in page("seed").steps]
    assert anchors == ["step-dE-dY", "step-dY-dZ", "step-dE-dZ", "step-dZ-dV", "step-dE-dV", "step-answer"]


def test_sums_over_bounds_that_the_file_does_not_give_are_printed_without_bounds() -> None:
    texts = [formula.latex for formula in formulas(page("softmax-ce").steps)]
    assert any(r"\sum_j" in text for text in texts)
    assert not any("n_j" in text for text in texts)


def test_views_are_frozen() -> None:
    step = page("seed").steps[0]
    assert isinstance(step, StepView)
    with pytest.raises(AttributeError):
        step.number = 2  # type: ignore[misc]


def test_evaluation_of_a_claim_at_the_example_refutes_it() -> None:
    claim = page("nested-output").claims[0]
    assert claim.witness is not None
    numbers = [claim.witness.outcome.value(name) for name in ("claimed", "truth")]
    assert [one.latex for one in numbers if isinstance(one, Math)] == ["0.0057168", "0.0014292"]
