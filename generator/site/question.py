"""The files of one question: its page and its line for the home page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from markupsafe import Markup

from generator import mathml, prose
from generator.caveats import Caveat
from generator.facts import Math
from generator.forum import FORUMS
from generator.page.record import Equation, Page
from generator.site.answers import answer
from generator.site.html import PAGE, markdown
from generator.site.record import record
from generator.site.templates import Environment, environment, sources

SUMMARY = ".summary.json"


def question_files(templates: Path, address: str, file: str, text: str) -> Mapping[str, bytes]:
    """The page of a question file, and its summary for the home page, by their paths."""
    made, found = record(file, text, address), sources(templates)
    first = made.claims[0] if made.claims else None
    summary = {
        "title": made.header.title,
        "tags": made.header.tags,
        "verdict": first.verdict if first else "",
        "word": str(environment(found, PAGE).filters["say"](first.word)) if first else "",
    }
    return {file: rendered(found, made).encode(), f"{file}{SUMMARY}": json.dumps(summary, sort_keys=True).encode()}


def rendered(templates: Mapping[str, str], made: Page) -> str:
    """The page in Markdown, all of it but its headings as HTML."""
    texts = [(forum.title, answer(templates, made, key)) for key, forum in FORUMS.items()]
    return page_environment(templates).get_template("pages/question.md.j2").render(page=made, texts=texts)


def page_environment(templates: Mapping[str, str]) -> Environment:
    """The templates in the dialect of the pages, with what only a page prints."""

    def caveat(one: Caveat, folder: str = "caveats") -> Markup:
        return Markup(markdown(templates, f"{folder}/{one.code}.md.j2", dict(one.values)))

    env = environment(templates, PAGE)
    env.filters.update(
        caveat=caveat,
        caveat_short=lambda one: caveat(one, "caveats/short"),
        prose=lambda text: Markup(prose.html(text)),
        svg=Markup,
        yaml=lambda value: Markup(json.dumps(value, ensure_ascii=False)),
        words=_words,
        numbered=_numbered,
        line=_line,
    )
    return env


def _words(text: str) -> Markup:
    """Words of a question within Markdown, shown as they are."""
    return Markup(re.sub(r"([\\`*_{}\[\]#|~!()+.:-])", r"\\\1", escape(" ".join(text.split()))))


def _numbered(equation: Equation) -> Markup:
    shown = equation.math
    return Markup(
        mathml.equation(shown.marked or shown.latex, equation.label, equation.anchor, equation.number, shown.marks)
    )


def _line(formula: Math) -> Markup:
    """A line of a derivation: a box that scrolls, without a number or a button."""
    body = mathml.block(formula.marked or formula.latex, formula.marks)
    return Markup(
        f'<div class="equation"><div class="equation-body" tabindex="0" data-search-exclude>{body}</div></div>'
    )
