"""Answers for forums: each stands alone, says first what was asked, and keeps the rules of its place."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from generator import forum
from generator.forum import FORUMS
from generator.page.record import Page
from generator.places import templates
from generator.plain import plain
from generator.site import forum_answer
from generator.site.answers import TooLong, answer
from generator.site.record import record
from generator.site.templates import sources

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
SLUGS = [path.stem for path in sorted((ROOT / "docs" / "q").glob("*.md"))]
ADDRESS = "https://site.example/"
UPDATE = "UPDATE_GOLDEN=1 .venv/bin/pytest tests/test_forum.py"


def text_of(slug: str) -> str:
    return (ROOT / "docs" / "q" / f"{slug}.md").read_text("utf-8")


@cache
def page(slug: str) -> Page:
    return record(f"q/{slug}.md", text_of(slug), ADDRESS, figures=False)


@cache
def told(slug: str, kind: str) -> str:
    return answer(sources(templates()), page(slug), kind)


@pytest.mark.parametrize("kind", FORUMS)
@pytest.mark.parametrize("slug", ["seed", "mixed-hidden"])
def test_the_answer_reads_as_it_was_approved(slug: str, kind: str) -> None:
    path = GOLDEN / f"{slug}.{kind}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(told(slug, kind), "utf-8")
    assert told(slug, kind) == path.read_text("utf-8"), f"if it is meant: {UPDATE}"


@pytest.mark.parametrize("kind", FORUMS)
@pytest.mark.parametrize("slug", SLUGS)
def test_the_answer_comes_first_and_the_page_last(slug: str, kind: str) -> None:
    lines = told(slug, kind).strip().split("\n")
    assert re.match(r"(\*\*|\\textbf\{)?(Yes|No|Right entries|Could not be settled)", lines[0])
    assert f"{ADDRESS}q/{slug}/#verdict" in lines[-1]
    assert lines[-1].startswith("I wrote the page")


@pytest.mark.parametrize("kind", FORUMS)
@pytest.mark.parametrize("slug", SLUGS)
def test_the_answer_keeps_the_limit_and_the_language_of_its_forum(slug: str, kind: str) -> None:
    text = told(slug, kind)
    assert len(text) < 25_000
    assert r"\newcommand" not in text
    assert not re.search(r"<[a-z/]", text)
    assert not re.search(r"\n{3}|[ \t]\n\n\n", text)
    assert text == text.strip() + "\n"


@pytest.mark.parametrize("slug", SLUGS)
def test_the_prose_is_short(slug: str) -> None:
    prose = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", " ", told(slug, "stackexchange"), flags=re.DOTALL)
    assert len(re.findall(r"[A-Za-z][\w'-]+", prose)) <= 300


@pytest.mark.parametrize("slug", SLUGS)
def test_displayed_formulas_stand_on_lines_of_their_own(slug: str) -> None:
    assert all(line.strip() == "$$" for line in told(slug, "discourse").split("\n") if "$$" in line)
    github = told(slug, "github")
    assert github.count("```math\n") == github.count("\n```\n")
    assert "$$" not in github
    stack = told(slug, "stackexchange")
    for line in stack.split("\n"):
        assert "$$" not in line or re.fullmatch(r"\$\$[^$]+\$\$", line)
        assert line.replace("$$", "").count("$") % 2 == 0


@pytest.mark.parametrize("slug", SLUGS)
def test_plain_text_holds_no_latex(slug: str) -> None:
    text = told(slug, "text")
    assert "\\" not in text
    assert "$" not in text
    assert not re.search(r"[_^]\{", text)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_definition_that_the_text_refers_to_stands_in_it(slug: str) -> None:
    text = told(slug, "text")
    for number in re.findall(r"By \((\d+)\)", text):
        assert re.search(rf"= .* \({number}\)$", text, re.MULTILINE)


def test_words_of_a_title_cannot_become_markup() -> None:
    hostile = "<img src=x> *a* [b](c) $d$ `e` # \\f"
    for kind in ("stackexchange", "discourse", "github"):
        escaped = forum.escaped(FORUMS[kind], hostile)
        assert not re.search(r"(?<!\\)[<*\[\]$`#]", escaped)
    assert forum.escaped(FORUMS["latex"], "50% & #1_$") == r"50\% \& \#1\_\$"
    assert forum.escaped(FORUMS["text"], "a\n b") == "a b"


def test_an_answer_needs_no_published_site() -> None:
    text = forum_answer("q/seed.md", text_of("seed"), "text", templates(), "")
    assert text.startswith("Yes.")
    assert "I wrote the page" not in text
    assert "http" not in text


def test_an_answer_that_is_too_long_is_refused() -> None:
    found = dict(sources(templates()))
    found["forum/answer.md.j2"] = "word " * 6000
    with pytest.raises(TooLong, match="Stack Exchange allows 25000"):
        answer(found, page("seed"), "stackexchange")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{\partial E}{\partial V_{11}}", "∂E/∂V_11"),
        (r"(Y_1 - Q_1) W_{11} X_1", "(Y_1 − Q_1) W_11 X_1"),
        (r"\sum_{k=1}^2 (Y_k - Q_k) W_{jk}", "Σ[k=1..2] (Y_k − Q_k) W_jk"),
        (r"\sum_l y_l \log p_l", "Σ[l] y_l log p_l"),
        (r"-\frac{t_j}{o_j} o_j (1 - o_j) o_i", "−t_j/o_j o_j (1 − o_j) o_i"),
        (r"\frac{Y_k - Q_k}{Y_k (1 - Y_k)}", "(Y_k − Q_k)/(Y_k (1 − Y_k))"),
        (r"\sigma\left( \sum_{i=1}^n X_i V_{ij} + b_j \right)", "σ(Σ[i=1..n] X_i V_ij + b_j)"),
        (r"W^{(2)}_{jk} a_1^2 e^{-x}", "W^(2)_jk a_1^2 e^(−x)"),
        (r"\hat y^{(s)} \le \operatorname{ReLU}(z)", "ŷ^(s) ≤ ReLU(z)"),
        (r"\mathbf{1}_{\{y_j > 0\}}", "1[y_j > 0]"),
        (r"k = 1, \dots, K", "k = 1, …, K"),
        (r"y' (1 - y')", "y' (1 − y')"),
        (r"E \leftarrow Y_1", "E ← Y_1"),
        (r"\sqrt{x + 1} \cdot \frac{1}{2}", "√(x + 1) · 1/2"),
        (r"\unknown x", "unknown x"),
    ],
)
def test_latex_is_written_as_a_line_of_text(latex: str, text: str) -> None:
    assert plain(latex) == text
