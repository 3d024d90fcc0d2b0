"""The page record: everything that a template may see, one documented field each. All decisions were taken before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from generator.caveats.record import Caveat
from generator.facts import Fact, Math, Ref


@dataclass(frozen=True, slots=True)
class Header:
    """What the page is about and where it stands."""

    title: Annotated[str, "The question in one line, as the author wrote it."]
    source: Annotated[str, "The thread that the page answers; empty without one."]
    host: Annotated[str, "The site of the thread, such as stats.stackexchange.com; empty without a source."]
    tags: Annotated[tuple[str, ...], "The author's tags."]
    description: Annotated[str, "One or two sentences for previews of links."]
    body: Annotated[str, "The question in the author's words, in Markdown."]
    url: Annotated[str, "The page's own address, where the site's is known; else empty."]


@dataclass(frozen=True, slots=True)
class PathView:
    """One path from what is differentiated to what it is differentiated in."""

    number: Annotated[int, "Counts from 1; the hue and the stroke of the path."]
    chain: Annotated[Math, "The quantities of the path, from the loss on."]


@dataclass(frozen=True, slots=True)
class LinkView:
    """One equation of a chain of equations that a claim is."""

    equation: Annotated[Math, "The equation."]
    word: Annotated[Fact, "What was found about it, in a word."]
    verdict: Annotated[str, "The verdict: right, conditional, ..."]


@dataclass(frozen=True, slots=True)
class WitnessView:
    """A point with plain numbers at which a claim fails."""

    where: Annotated[Fact, "Which point that is: the worked example, or one of its own."]
    given: Annotated[tuple[Math, ...], "The numbers of a point of its own: sizes, indices and free quantities."]
    outcome: Annotated[Fact, "What the claim gives there and what is true, or what the two sides are."]


@dataclass(frozen=True, slots=True)
class RepairView:
    """One way to turn a claim into the truth, proved."""

    place: Annotated[Fact, "What is wrong, and where."]
    belief: Annotated[Fact | None, "The belief behind the slip, where one is known."]
    lead: Annotated[Fact | None, "What the repaired formula is: the repair, or what holds without a condition."]
    repaired: Annotated[Math | None, "The repaired right side, what is new marked; none where it was printed already."]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim and all that was found about it."""

    anchor: Annotated[str, "Its anchor; `verdict` for the first."]
    verdict: Annotated[str, "The verdict: right, conditional, transposed, proportional, wrong, undecided."]
    word: Annotated[Fact, "The verdict in a word or two."]
    headline: Annotated[Fact, "The sentence that follows the word: what the verdict covers."]
    slip: Annotated[Fact | None, "What is wrong in a few words, where the headline does not say it."]
    basis: Annotated[tuple[Fact, ...], "What it rests on: activations, loss, conditions."]
    claim: Annotated[Math, "The claim, its factors marked with the ids of their links."]
    paths: Annotated[tuple[PathView, ...], "The paths that the marks of the claim name; none where nothing is marked."]
    whose: Annotated[Fact, "The same in words."]
    note: Annotated[str, "What the author of the page says about the claim; may be empty."]
    world: Annotated[tuple[Math, ...], "Definitions that this claim replaces; mostly none."]
    links: Annotated[tuple[LinkView, ...], "The equations of a chain, each with its verdict; none for a single one."]
    fails: Annotated[Fact | None, "The equation of a chain at which it goes wrong first."]
    credit: Annotated[tuple[Fact, ...], "What is right in it."]
    repairs: Annotated[tuple[RepairView, ...], "What would turn it into the truth; all ways that fit equally well."]
    ways: Annotated[Fact | None, "Said where there are several ways or none."]
    correct: Annotated[Math | None, "The right formula, where the claim is not right."]
    witness: Annotated[WitnessView | None, "Numbers at which it fails."]
    reason: Annotated[str, "Why it could not be settled; empty where it could."]
    remarks: Annotated[tuple[Fact, ...], "Further findings: readings, the ends of a chain."]


@dataclass(frozen=True, slots=True)
class DoubtView:
    """A piece of the result that a reader may doubt, and the step that settles it."""

    sentence: Annotated[Fact, "What may be doubted and why it is so."]
    step: Annotated[Ref, "The step that shows it."]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter of the question, what it is and over which integers it runs."""

    letters: Annotated[tuple[Math, ...], "The letter, or several of one kind."]
    what: Annotated[Fact, "What it is."]
    range: Annotated[tuple[Math, ...], "Over which integers its indices run; none for a number."]
    equation: Annotated[Ref | None, "The equation that defines it; none where it is free."]


@dataclass(frozen=True, slots=True)
class Equation:
    """A definition of the model."""

    number: Annotated[str, "Its number on the page."]
    anchor: Annotated[str, "Its anchor."]
    math: Annotated[Math, "The equation."]
    label: Annotated[str, "The equation as text, to be read aloud."]
    notes: Annotated[tuple[Fact, ...], "Conventions that change results: sum or mean, one half, natural logarithm."]


@dataclass(frozen=True, slots=True)
class LineView:
    """One rewriting: the formula and why it equals the one before."""

    math: Annotated[Math, "The equation; from the second on without its left side."]
    reason: Annotated[Fact, "The rule's sentence."]
    events: Annotated[tuple[Fact, ...], "What happened: which terms are 0, what cancelled, which derivative was used."]


@dataclass(frozen=True, slots=True)
class StepView:
    """One derivative, developed line by line."""

    number: Annotated[int, "Counts from 1."]
    anchor: Annotated[str, "Its anchor."]
    title: Annotated[Fact, "What is sought, as a heading."]
    sought: Annotated[Fact, "What is sought and what is held fixed, in a sentence."]
    lines: Annotated[tuple[LineView, ...], "The rewritings, in order."]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A step in one line, for a short text."""

    brief: Annotated[Math, "The derivative and its value."]
    gist: Annotated[tuple[Fact, ...], "Why a sum is there or gone, and what cancelled."]


@dataclass(frozen=True, slots=True)
class Form:
    """The result in another form, equal to the others."""

    title: Annotated[Fact, "Its heading."]
    lines: Annotated[tuple[Math, ...], "Its equations."]
    note: Annotated[Fact | None, "What its letters mean, where they are new."]


@dataclass(frozen=True, slots=True)
class FactorView:
    """One factor of the result and what it does."""

    math: Annotated[Math, "The factor, marked with the id of its link."]
    role: Annotated[Fact, "What it does, in words."]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The result read in words."""

    factors: Annotated[tuple[FactorView, ...], "Each factor and what it does."]
    adds: Annotated[Fact | None, "Over what the products are added."]
    sentences: Annotated[tuple[Fact, ...], "When it is 0, how large it can be, what its sign means."]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was derived for one thing asked."""

    anchor: Annotated[str, "Its anchor."]
    asked: Annotated[Math, "The derivative asked for."]
    result: Annotated[Math | None, "The asked derivative and its value, marked by link; none where a verdict shows it."]
    paths: Annotated[tuple[PathView, ...], "The paths of its terms."]
    general: Annotated[Math | None, "The general formula, where the asked entry is an instance of one."]
    instance: Annotated[Fact | None, "Of which indices it is the case."]
    why: Annotated[tuple[Fact, ...], "Why it has the terms that it has: who carries the effect."]
    doubts: Annotated[tuple[DoubtView, ...], "What may be doubted in it."]
    forms: Annotated[tuple[Form, ...], "The same result in other forms."]
    meaning: Annotated[Meaning, "The result in words."]


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A derivative by three routes."""

    left: Annotated[Math, "The derivative."]
    formula: Annotated[str, "Its number by the derived formula."]
    automatic: Annotated[str, "By automatic differentiation."]
    differences: Annotated[str, "By moving the variable both ways."]
    step: Annotated[Ref | None, "The step that derives it."]


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of the result in numbers."""

    links: Annotated[tuple[str, ...], "The ids of the links of its path, as in drawing and formula."]
    chain: Annotated[Math, "Its path."]
    product: Annotated[Math, "Its factors as numbers."]
    value: Annotated[str, "Its value."]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A program that gives the numbers of the page."""

    language: Annotated[str, "What it is written in, for a reader."]
    lexer: Annotated[str, "The same, for a highlighter."]
    code: Annotated[str, "The program."]


@dataclass(frozen=True, slots=True)
class Check:
    """The worked example: numbers from the inputs to the result, by three routes."""

    given: Annotated[tuple[Math, ...], "The numbers of the free quantities, one equation a quantity."]
    forward: Annotated[tuple[Math, ...], "The numbers of the defined quantities."]
    terms: Annotated[tuple[TermRow, ...], "The terms of the result."]
    rows: Annotated[tuple[NumberRow, ...], "Every derivative of the derivation by three routes; the result last."]
    total: Annotated[Math, "The terms added up to the number of the result."]
    moved: Annotated[Fact, "The same number without any formula: the variable moved both ways."]
    seed: Annotated[int, "The seed of the numbers that the file does not give."]
    largest: Annotated[str, "The largest difference between the formula and automatic differentiation."]
    largest_differences: Annotated[str, "The largest difference between the formula and differences."]
    stands_in: Annotated[tuple[Fact, ...], "What stands in for open sizes and open functions."]
    snippets: Annotated[tuple[Snippet, ...], "Programs that give the same numbers."]


@dataclass(frozen=True, slots=True)
class CaveatView:
    """A caveat with its drawing."""

    anchor: Annotated[str, "Its anchor."]
    title: Annotated[str, "Its heading."]
    caveat: Annotated[Caveat, "Its code and values; its words stand in its own templates."]
    figure: Annotated[str, "The plot as SVG; empty without one."]


@dataclass(frozen=True, slots=True)
class Next:
    """A neighbouring question for the reader, with its answer."""

    question: Annotated[Fact, "What is asked."]
    hint: Annotated[Fact, "What to think of."]
    answer: Annotated[Math, "The answer."]
    change: Annotated[Fact, "What differs from the result of this page."]


@dataclass(frozen=True, slots=True)
class Page:
    """A question's page."""

    header: Annotated[Header, "What the page is about."]
    claims: Annotated[tuple[ClaimView, ...], "The claims, judged; the first is the one that the page answers."]
    answers: Annotated[tuple[Answer, ...], "What was derived, one for each thing asked."]
    symbols: Annotated[tuple[Symbol, ...], "The letters, in reading order."]
    functions: Annotated[tuple[Fact, ...], "The functions that stand in the equations."]
    equations: Annotated[tuple[Equation, ...], "The definitions, numbered."]
    figure: Annotated[str, "The drawing of the network as SVG; empty without one."]
    steps: Annotated[tuple[StepView, ...], "The derivation."]
    outline: Annotated[tuple[LinkLine, ...], "The derivation of the first thing asked, a line a step, for short texts."]
    check: Annotated[Check | None, "The worked example; none where no numbers were found."]
    caveats: Annotated[tuple[CaveatView, ...], "What the reader should know beyond the answer."]
    following: Annotated[Next | None, "The next question; none where the model has no neighbour."]
