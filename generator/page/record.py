"""The page record: everything that a template may see, one documented field each. All decisions were taken before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator.caveats.record import Caveat
from generator.facts import Fact, Math, Ref


def told(text: str) -> Any:
    """A field with its help text."""
    return field(metadata={"help": text})


@dataclass(frozen=True, slots=True)
class Header:
    """What the page is about and where it stands."""

    title: str = told("The question in one line, as the author wrote it.")
    slug: str = told("The page's name in its address.")
    source: str = told("The thread that the page answers; empty without one.")
    host: str = told("The site of the thread, such as stats.stackexchange.com; empty without a source.")
    tags: tuple[str, ...] = told("The author's tags.")
    description: str = told("One or two sentences for previews of links.")
    body: str = told("The question in the author's words, in Markdown.")
    url: str = told("The page's own address, where the site's is known; else empty.")


@dataclass(frozen=True, slots=True)
class PathView:
    """One path from what is differentiated to what it is differentiated in."""

    number: int = told("Counts from 1; the hue and the stroke of the path.")
    chain: Math = told("The quantities of the path, from the loss on.")


@dataclass(frozen=True, slots=True)
class LinkView:
    """One equation of a chain of equations that a claim is."""

    equation: Math = told("The equation.")
    word: Fact = told("What was found about it, in a word.")
    verdict: str = told("The verdict: right, conditional, ...")


@dataclass(frozen=True, slots=True)
class WitnessView:
    """A point with plain numbers at which a claim fails."""

    where: Fact = told("Which point that is: the worked example, or one of its own.")
    given: tuple[Math, ...] = told("The numbers of a point of its own: sizes, indices and free quantities.")
    claimed: Math = told("What the claim gives there.")
    true: Math = told("What is true there.")


@dataclass(frozen=True, slots=True)
class RepairView:
    """One way to turn a claim into the truth, proved."""

    place: Fact = told("What is wrong, and where.")
    belief: Fact | None = told("The belief behind the slip, where one is known.")
    claimed: Math = told("The claim's right side with the faulty parts marked.")
    repaired: Math = told("The repaired right side, with what is new marked.")


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim and all that was found about it."""

    anchor: str = told("Its anchor; `verdict` for the first.")
    verdict: str = told("The verdict: right, conditional, transposed, proportional, wrong, undecided.")
    word: Fact = told("The verdict in a word or two.")
    headline: Fact = told("The sentence that follows the word: what the verdict covers.")
    slip: Fact | None = told("What is wrong in a few words, where the headline does not say it.")
    basis: tuple[Fact, ...] = told("What it rests on: activations, loss, conditions.")
    claim: Math = told("The claim, its factors marked with the ids of their links.")
    paths: tuple[PathView, ...] = told("The paths that the marks of the claim name; none where nothing is marked.")
    by: str = told("Whose claim it is: asker, answer, source, correction.")
    whose: Fact = told("The same in words.")
    note: str = told("What the author of the page says about the claim; may be empty.")
    world: tuple[Math, ...] = told("Definitions that this claim replaces; none where it is about the page's own model.")
    links: tuple[LinkView, ...] = told("The equations of a chain, each with its verdict; none for a single equation.")
    fails: Fact | None = told("The equation of a chain at which it goes wrong first.")
    credit: tuple[Fact, ...] = told("What is right in it.")
    repairs: tuple[RepairView, ...] = told("What would turn it into the truth; all ways that fit equally well.")
    ways: Fact | None = told("Said where there are several ways or none.")
    correct: Math | None = told("The right formula, where the claim is not right.")
    witness: WitnessView | None = told("Numbers at which it fails.")
    reason: str = told("Why it could not be settled; empty where it could.")
    remarks: tuple[Fact, ...] = told("Further findings: readings, the ends of a chain.")


@dataclass(frozen=True, slots=True)
class DoubtView:
    """A piece of the result that a reader may doubt, and the step that settles it."""

    sentence: Fact = told("What may be doubted and why it is so.")
    step: Ref = told("The step that shows it.")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter of the question, what it is and over which integers it runs."""

    letters: tuple[Math, ...] = told("The letter, or several of one kind.")
    what: Fact = told("What it is.")
    range: tuple[Math, ...] = told("Over which integers its indices run; none for a number.")
    equation: Ref | None = told("The equation that defines it; none where it is free.")


@dataclass(frozen=True, slots=True)
class Equation:
    """A definition of the model."""

    number: str = told("Its number on the page.")
    anchor: str = told("Its anchor.")
    math: Math = told("The equation.")
    label: str = told("The equation as text, to be read aloud.")
    notes: tuple[Fact, ...] = told("Conventions that change results: sum or mean, one half, natural logarithm.")


@dataclass(frozen=True, slots=True)
class LineView:
    """One rewriting: the formula and why it equals the one before."""

    math: Math = told("The equation; from the second on without its left side.")
    rule: str = told("The rule's name.")
    reason: Fact = told("The rule's sentence.")
    events: tuple[Fact, ...] = told("What happened: which terms are 0, what cancelled, which derivative was used.")


@dataclass(frozen=True, slots=True)
class StepView:
    """One derivative, developed line by line."""

    number: int = told("Counts from 1.")
    anchor: str = told("Its anchor.")
    title: Fact = told("What is sought, as a heading.")
    sought: Fact = told("What is sought and what is held fixed, in a sentence.")
    left: Math = told("The derivative.")
    lines: tuple[LineView, ...] = told("The rewritings, in order.")


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A step in one line, for a short text."""

    brief: Math = told("The derivative and its value.")
    gist: tuple[Fact, ...] = told("Why a sum is there or gone, and what cancelled.")


@dataclass(frozen=True, slots=True)
class Form:
    """The result in another form, equal to the others."""

    kind: str = told("Which form: general, written-out, error-terms.")
    title: Fact = told("Its heading.")
    lines: tuple[Math, ...] = told("Its equations.")
    note: Fact | None = told("What its letters mean, where they are new.")


@dataclass(frozen=True, slots=True)
class FactorView:
    """One factor of the result and what it does."""

    math: Math = told("The factor, marked with the id of its link.")
    role: Fact = told("What it does, in words.")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The result read in words."""

    factors: tuple[FactorView, ...] = told("Each factor and what it does.")
    adds: Fact | None = told("Over what the products are added.")
    sentences: tuple[Fact, ...] = told("When it is 0, how large it can be, what its sign means.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was derived for one thing asked."""

    anchor: str = told("Its anchor.")
    asked: Math = told("The derivative asked for.")
    result: Math | None = told("The asked derivative and its value; none where a verdict shows it.")
    marked: Math = told("The same, its factors marked with the ids of their links.")
    paths: tuple[PathView, ...] = told("The paths of its terms.")
    general: Math | None = told("The general formula, where the asked entry is an instance of one.")
    instance: Fact | None = told("Of which indices it is the case.")
    why: tuple[Fact, ...] = told("Why it has the terms that it has: who carries the effect.")
    doubts: tuple[DoubtView, ...] = told("What may be doubted in it.")
    forms: tuple[Form, ...] = told("The same result in other forms.")
    meaning: Meaning = told("The result in words.")


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A derivative by three routes."""

    left: Math = told("The derivative.")
    formula: str = told("Its number by the derived formula.")
    automatic: str = told("By automatic differentiation.")
    differences: str = told("By moving the variable both ways.")
    step: Ref | None = told("The step that derives it.")


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of the result in numbers."""

    number: int = told("The number of its path.")
    links: tuple[str, ...] = told("The ids of the links of its path, as in drawing and formula.")
    chain: Math = told("Its path.")
    product: Math = told("Its factors as numbers.")
    value: str = told("Its value.")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A program that gives the numbers of the page."""

    language: str = told("What it is written in, for a reader.")
    lexer: str = told("The same, for a highlighter.")
    code: str = told("The program.")


@dataclass(frozen=True, slots=True)
class Check:
    """The worked example: numbers from the inputs to the result, by three routes."""

    given: tuple[Math, ...] = told("The numbers of the free quantities, one equation a quantity.")
    forward: tuple[Math, ...] = told("The numbers of the defined quantities.")
    terms: tuple[TermRow, ...] = told("The terms of the result.")
    rows: tuple[NumberRow, ...] = told("Every derivative of the derivation by three routes; the result last.")
    total: Math = told("The terms added up to the number of the result.")
    moved: Fact = told("The same number without any formula: the variable moved both ways.")
    seed: int = told("The seed of the numbers that the file does not give.")
    largest: str = told("The largest difference between the formula and automatic differentiation.")
    largest_differences: str = told("The largest difference between the formula and differences.")
    stands_in: tuple[Fact, ...] = told("What stands in for open sizes and open functions.")
    snippets: tuple[Snippet, ...] = told("Programs that give the same numbers.")


@dataclass(frozen=True, slots=True)
class CaveatView:
    """A caveat with its drawing."""

    anchor: str = told("Its anchor.")
    title: str = told("Its heading.")
    caveat: Caveat = told("Its code and values; its words stand in its own templates.")
    figure: str = told("The plot as SVG; empty without one.")


@dataclass(frozen=True, slots=True)
class Next:
    """A neighbouring question for the reader, with its answer."""

    question: Fact = told("What is asked.")
    hint: Fact = told("What to think of.")
    answer: Math = told("The answer.")
    change: Fact = told("What differs from the result of this page.")


@dataclass(frozen=True, slots=True)
class Page:
    """A question's page."""

    header: Header = told("What the page is about.")
    claims: tuple[ClaimView, ...] = told("The claims, judged; the first is the one that the page answers.")
    answers: tuple[Answer, ...] = told("What was derived, one for each thing asked.")
    symbols: tuple[Symbol, ...] = told("The letters, in reading order.")
    functions: tuple[Fact, ...] = told("The functions that stand in the equations.")
    equations: tuple[Equation, ...] = told("The definitions, numbered.")
    figure: str = told("The drawing of the network as SVG; empty without one.")
    steps: tuple[StepView, ...] = told("The derivation.")
    outline: tuple[LinkLine, ...] = told("The derivation of the first thing asked, a line a step, for short texts.")
    check: Check | None = told("The worked example; none where no numbers were found.")
    caveats: tuple[CaveatView, ...] = told("What the reader should know beyond the answer.")
    following: Next | None = told("The next question; none where the model has no neighbour.")
