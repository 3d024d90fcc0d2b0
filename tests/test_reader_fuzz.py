"""Whatever a question file holds, reading it gives a problem or a refusal with a place, never anything else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from generator.errors import Refusals
from generator.latex.reader import read_problem
from generator.question import ClaimText, Question, plain_text
from generator.source import read_question

FILES = sorted((Path(__file__).parent.parent / "docs" / "q").glob("*.md"))
PIECES = (
    r"\sum \sum_{k} \sum_{i=1}^{n} \prod_j \frac \frac{a}{b} \sqrt \max \max(0,x) "
    r"\partial \delta \delta_k \delta_{ij} "
    r"\sigma \sigma' \log \exp e^{x} \operatorname{softmax} \operatorname{ReLU} \text{net} \hat y "
    r"\mathbf{1} \left( \right) "
    r"\left. \right| \{ \} \quad \dots \in \ne \leftarrow := \Delta \nabla ^ _ ^2 _k "
    r"^{(1)} ^{[2]} ^T ' '' ( ) [ ] { } | + - "
    r"* / = < , . : ; & % $ # ~ @ ! ? 0 1 12 0.5 1e3 x y w_{ij} a^l net d e I \begin{cases} \\ \foo \x é σ − \u202e"
).split()


def mutated(text: str, numbers: random.Random) -> str:
    for _ in range(numbers.randint(1, 4)):
        start = numbers.randint(0, len(text))
        end = min(len(text), start + numbers.choice((0, 0, 1, 1, 2, 5, 20)))
        text = text[:start] + numbers.choice((*PIECES, "", "", " ", text[end : end + 12])) + text[end:]
    return text


def attempt(question: Question) -> None:
    try:
        problem = read_problem(question)
    except Refusals as refused:
        told = [refusal.message for refusal in refused.refusals]
    else:
        told = ["read"]
        assert len(problem.claims) == len(question.claims)
    assert told
    assert all(told)


def questions() -> list[Question]:
    return [read_question(path.read_text("utf-8"), path.name) for path in FILES]


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_formula_is_read_or_refused(seed: int) -> None:
    numbers = random.Random(seed)
    base = questions()
    for _ in range(60):
        question = numbers.choice(base)
        claims = tuple(
            ClaimText(plain_text(mutated(numbers.choice(question.claims).latex.text, numbers))) for _ in range(12)
        )
        attempt(Question("x", "x.md", "x", question.model, question.asks, claims, question.given))
        lines = list(question.model)
        place = numbers.randrange(len(lines))
        lines[place] = plain_text(mutated(lines[place].text, numbers))
        attempt(Question("x", "x.md", "x", tuple(lines), question.asks, question.claims[:2], question.given))


@pytest.mark.parametrize("seed", range(2))
def test_a_mutated_file_is_read_or_refused(seed: int) -> None:
    numbers = random.Random(seed)
    texts = [path.read_text("utf-8") for path in FILES]
    for _ in range(60):
        text = mutated(numbers.choice(texts), numbers)
        try:
            question = read_question(text, "x.md")
        except Refusals as refused:
            places = [refusal.place for refusal in refused.refusals]
        else:
            places = []
            attempt(question)
        assert None not in places
