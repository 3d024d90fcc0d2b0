"""The dialect of the site's pages: formulas as MathML, references as links, words escaped; Markdown with formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from generator import mathml, prose
from generator.facts import Math, Ref
from generator.plain import plain
from generator.site.templates import Dialect, environment

_SLOT = re.compile(r"(?:<p>)?SLOT(\d+)END(?:</p>)?")


def inline(formula: Math) -> str:
    """The formula within a line."""
    return mathml.inline(formula.marked or formula.latex, formula.marks)


def display(formula: Math) -> str:
    """The formula in a box of its own that scrolls and can be copied."""
    return mathml.equation(formula.marked or formula.latex, plain(formula.latex), marks=formula.marks)


def reference(ref: Ref, text: str) -> str:
    """A link to a place of the same page."""
    return f'<a href="#{escape(ref.anchor)}">{escape(text)}</a>'


PAGE = Dialect(inline, display, reference, escape)


@dataclass(slots=True)
class _Slots:
    """Formulas set aside while Markdown is read."""

    kept: list[str] = field(default_factory=list)

    def put(self, html: str) -> str:
        self.kept.append(html)
        return f"SLOT{len(self.kept) - 1}END"

    def back(self, html: str) -> str:
        def found(match: re.Match[str]) -> str:
            part = self.kept[int(match[1])]
            whole = match[0].startswith("<p>") and match[0].endswith("</p>") and part.startswith("<div")
            return part if whole else match[0].replace(f"SLOT{match[1]}END", part)

        return _SLOT.sub(found, html)


def markdown(templates: Mapping[str, str], name: str, values: Mapping[str, object]) -> str:
    """A template written in Markdown, as HTML; its formulas and words are set aside while Markdown is read."""
    slots = _Slots()
    dialect = Dialect(
        lambda formula: slots.put(inline(formula)),
        lambda formula: slots.put(display(formula)),
        lambda ref, text: slots.put(reference(ref, text)),
        lambda text: slots.put(escape(text)),
    )
    text = environment(templates, dialect).get_template(name).render(dict(values))
    return slots.back(prose.html(text))
