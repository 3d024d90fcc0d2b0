"""Formulas as people write them in forums: each is read as the golden file says, shown by printing it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.latex.printer import latex
from generator.latex.reader import read_problem
from generator.question import ClaimText, Question, plain_text

GOLDEN = Path(__file__).parent / "golden" / "reader.txt"
UPDATE = "UPDATE_GOLDEN=1 .venv/bin/pytest tests/test_reader_forum.py"


def blocks() -> list[str]:
    return GOLDEN.read_text("utf-8").split("\n\n")


def title(block: str) -> str:
    return block.splitlines()[0].removeprefix("# ")


def written(block: str, key: str) -> list[str]:
    """The lines of a block that the author wrote; those that begin with `>` say how they are read."""
    return [line.removeprefix(f"{key}: ") for line in block.splitlines() if line.startswith(f"{key}: ")]


def read(block: str) -> str:
    """The block with what is read in place of what the golden file says is read."""
    question = Question(
        slug="x",
        file="x.md",
        title="x",
        model=tuple(map(plain_text, written(block, "model"))),
        asks=tuple(map(plain_text, written(block, "ask"))),
        claims=tuple(ClaimText(plain_text(claim)) for claim in written(block, "claim")),
    )
    return "\n".join(_shown(title(block), question))


def _shown(name: str, question: Question) -> Iterator[str]:
    problem = read_problem(question)
    yield f"# {name}"
    for text, definition in zip(question.model, problem.model.definitions, strict=True):
        yield f"model: {text.text}"
        yield f"> {latex(definition.entry)} = {latex(definition.formula)}"
    for ask in problem.asks:
        yield f"ask: {ask.latex}"
        yield f"> {latex(ask.formula)}"
    for claim in problem.claims:
        yield f"claim: {claim.latex}"
        for members in (claim.members, *claim.readings):
            yield f"> {' = '.join(latex(member) for member in members)}" if members else f"> {claim.refusal}"
        yield f"> for {', '.join(letter for letter, _ in claim.letters)}" if claim.letters else "> as it stands"


@pytest.mark.parametrize("block", blocks(), ids=title)
def test_a_forum_formula_is_read_as_before(block: str) -> None:
    found = read(block)
    if "UPDATE_GOLDEN" not in os.environ:
        assert found == block.rstrip("\n"), f"if this is right: {UPDATE}"


def test_the_golden_file_can_be_updated() -> None:
    found = "\n\n".join(read(block) for block in blocks()) + "\n"
    if "UPDATE_GOLDEN" in os.environ:
        GOLDEN.write_text(found, "utf-8")
    assert found == GOLDEN.read_text("utf-8")
