"""The questions of the site: each is read, derived, checked and judged as it must be, whatever stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from generator.checking import check
from generator.derive import derive
from generator.formula import Add, Derivative, Entry, Formula, Index, canonical, rename, walk
from generator.functions import FUNCTIONS
from generator.judge import judge
from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.problem import Problem
from generator.question import ClaimText, Question, Text, plain_text
from generator.source import read_question
from generator.verdict import Judgement, Verdict

FILES = sorted((Path(__file__).parent.parent / "docs" / "q").glob("*.md"))
FORUMS = ("stats.stackexchange.com", "math.stackexchange.com", "ai.stackexchange.com", "datascience.stackexchange.com")

# Every letter has another one in its place, but for those that mean something by themselves: e, d, I.
LETTERS = dict(
    zip(
        "abcfghijklmnopqrstuvwxyzABCDEFGHJKLMNOPQRSTUVWXYZ",
        "qrstuvwxyzabcfghijklmnopVWXYZABCDEFGHJKLMNOPQRSTU",
        strict=True,
    )
)
GREEK = {r"\Theta": r"\Psi", r"\alpha": r"\eta"}
TOKEN = re.compile(r"\\operatorname\{\w+\}|\\[A-Za-z]+|[A-Za-z]")
WRITTEN = {"base", "superscript", "layer", "letter", "name", "function"}
"""The fields of formulas that hold what an author writes."""


def questions() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


def read(path: Path) -> tuple[Question, Problem]:
    question = read_question(path.read_text("utf-8"), path.name)
    return question, read_problem(question)


def judged(problem: Problem) -> list[Judgement]:
    return [judge(claim) for claim in (*problem.claims, *problem.checks)]


def asked(problem: Problem) -> Iterator[Derivative]:
    for ask in problem.asks:
        yield from (part for part in walk(ask.formula) if isinstance(part, Derivative))


def test_there_are_eleven_questions_and_each_makes_a_claim_that_an_expectation_pins() -> None:
    assert len(FILES) == 11
    for path in FILES:
        question, _ = read(path)
        assert question.asks
        assert question.claims
        assert all(claim.expect in list(Verdict) for claim in question.claims), path.stem


@questions()
def test_every_claim_is_judged_as_expected(path: Path) -> None:
    _, problem = read(path)
    found = [(claim.latex, judge(claim)) for claim in problem.claims]
    expected = [(claim.latex, claim.expect) for claim in problem.claims]
    assert [(text, judgement.verdict) for text, judgement in found] == expected, [j.reason for _, j in found]


@questions()
def test_every_further_right_side_of_a_definition_is_right(path: Path) -> None:
    _, problem = read(path)
    assert [judge(claim).verdict for claim in problem.checks] == [Verdict.RIGHT] * len(problem.checks)


@questions()
def test_every_derivation_agrees_with_the_oracle_step_by_step(path: Path) -> None:
    _, problem = read(path)
    derivations = [derive(problem.model, derivative) for derivative in asked(problem)]
    assert derivations
    for derivation in derivations:
        check(problem.model, derivation)


@questions()
def test_what_is_printed_is_read_as_the_same_formula(path: Path) -> None:
    question, problem = read(path)
    for ask in problem.asks:
        again = replace(question, asks=(plain_text(latex(ask.formula)),), claims=())
        assert [a.formula for a in read_problem(again).asks] == [ask.formula]
        assert isinstance(ask.formula, Derivative)
        derivation = derive(problem.model, ask.formula)
        left, right = latex(derivation.asked), latex(derivation.entry)
        claim = ClaimText(plain_text(f"{left} = {right}"))
        (found,) = read_problem(replace(question, claims=(claim,))).claims
        assert found.refusal is None, found.refusal
        assert [canonical(member) for member in found.members] == [ask.formula, canonical(derivation.entry)]


def bare(text: str) -> str:
    """The file with another title, without expectations, notes, tags, description, source and prose."""
    front = text.split("---\n")[1]
    kept = [
        line for line in front.splitlines() if not re.match(r"(tags|description|source|title|\s+(expect|note)):", line)
    ]
    return "\n".join(["---", "title: Another title", *kept, "---", ""])


@questions()
def test_expectations_title_tags_and_prose_change_no_finding(path: Path) -> None:
    text = path.read_text("utf-8")
    question = read_question(bare(text), path.name)
    assert question.title != read(path)[0].title
    assert not question.tags
    assert not question.body.strip()
    assert all(claim.expect is None for claim in question.claims)
    problem, full = read_problem(question), read(path)[1]
    assert problem.model == full.model
    assert judged(problem) == judged(full)


def renamed(text: str) -> str:
    """The LaTeX with every letter replaced by its other; functions, `\\delta` and the letters e, d and I stay.

    So does the `n` of a size that no file names: the reader calls it by the letter that runs over it, `n_k`.
    """
    if text.startswith("n_"):
        return "n_" + renamed(text[2:])
    return TOKEN.sub(lambda found: LETTERS.get(found[0], GREEK.get(found[0], found[0])), text)


def renamed_text(text: Text) -> Text:
    return plain_text(renamed(text.text), text.file)


def renamed_question(question: Question) -> Question:
    claims = tuple(
        replace(claim, latex=renamed_text(claim.latex), model=tuple(map(renamed_text, claim.model)))
        for claim in question.claims
    )
    return replace(
        question,
        model=tuple(map(renamed_text, question.model)),
        asks=tuple(map(renamed_text, question.asks)),
        claims=claims,
        given=tuple(map(renamed_text, question.given)),
        sizes=tuple((renamed_text(key), renamed_text(value)) for key, value in question.sizes),
        values=tuple((renamed_text(key), value) for key, value in question.values),
        roles=tuple((renamed_text(key), value) for key, value in question.roles),
    )


def renamed_tree(node: Any) -> Any:
    """The formula, or record with formulas inside, with every name, letter and size renamed."""
    if isinstance(node, tuple):
        return tuple(renamed_tree(item) for item in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changed: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, str):
            changed[field.name] = renamed(value) if field.name in WRITTEN and value not in FUNCTIONS else value
        else:
            changed[field.name] = renamed_tree(value)
    return replace(node, **changed)


def told(judgement: Judgement) -> tuple[object, ...]:
    """What a judgement says, but for the numbers of its witness."""
    repaired = [(way.steps, canonical(way.repaired), way.places) for way in judgement.diagnosis]
    links = [(canonical(link.left), canonical(link.right), link.verdict) for link in judgement.links]
    return (judgement.verdict, judgement.conditions, judgement.factor, judgement.ends, repaired, links)


def equation(left: Derivative, right: Formula) -> Formula:
    """The two as one formula, the free letters of the left numbered: those that a step brings in are its own choice."""
    of, (wrt,) = left.of, left.wrt
    assert isinstance(of, Entry)
    letters = dict.fromkeys(index.letter for index in (*of.indices, *wrt.indices) if index.letter)
    numbered = {letter: Index(f"!{at}") for at, letter in enumerate(letters)}
    return canonical(rename(Add((left, right)), numbered))


@questions()
def test_renaming_every_symbol_changes_letters_and_nothing_else(path: Path) -> None:
    question, problem = read(path)
    other = read_problem(renamed_question(question))
    for mine, its in zip(asked(problem), asked(other), strict=True):
        before, after = derive(problem.model, mine), derive(other.model, its)
        for old, new in zip(before.steps, after.steps, strict=True):
            assert equation(*renamed_tree((old.left, old.result))) == equation(new.left, new.result)
        assert equation(*renamed_tree((mine, before.written))) == equation(its, after.written)
    for old_claim, new_claim in zip(judged(problem), judged(other), strict=True):
        assert told(renamed_tree(old_claim)) == told(new_claim)


@questions()
def test_a_source_is_a_thread_of_a_forum(path: Path) -> None:
    question, _ = read(path)
    if question.source is not None:
        assert re.fullmatch(rf"https://({'|'.join(map(re.escape, FORUMS))})/questions/\d+/[a-z0-9-]+", question.source)


@questions()
def test_a_description_fits_a_preview_and_the_slug_an_address(path: Path) -> None:
    question, _ = read(path)
    assert question.description is not None
    assert 60 <= len(question.description) <= 200
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.slug)
    assert question.tags
    assert len(question.body) > 200
