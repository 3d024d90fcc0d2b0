"""Templates: Jinja with the filters that print facts and formulas in one dialect. No template takes a decision.

A dialect is what differs between a page and a forum's text: how formulas, references and strange words are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from generator.facts import Fact, Math, Ref


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is written: within a line, on a line of its own, references, words from a question."""

    inline: Callable[[Math], str]
    display: Callable[[Math], str]
    reference: Callable[[Ref, str], str]
    escape: Callable[[str], str]


class Environment(jinja2.Environment):
    """Jinja in which the values of a fact are its attributes."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The value of a fact called `attribute`, else what Jinja finds."""
        if isinstance(obj, Fact):
            return dict(obj.values).get(attribute, self.undefined(obj=obj, name=attribute))
        return super().getattr(obj, attribute)


def sources(*folders: Path) -> Mapping[str, str]:
    """The templates below the folders by their paths; those of later folders replace those of earlier ones."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for folder in folders
        for path in sorted(folder.rglob("*.j2"))
    }


def environment(templates: Mapping[str, str], dialect: Dialect) -> Environment:
    """The templates with the filters of a dialect."""

    def finalize(value: object) -> object:
        return value if isinstance(value, Markup) else Markup(dialect.escape(str(value)))

    made = Environment(
        loader=jinja2.DictLoader(dict(templates)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )
    say = _Sentences(made, dialect)
    made.filters.update(
        math=say.math,
        inline=say.math,
        display=say.display,
        block=say.display,
        maths=say.maths,
        chain=say.chain,
        say=say.say,
        says=say.says,
        rule=say.rule,
        ref=say.ref,
        refs=say.refs,
    )
    return made


@dataclass(frozen=True, slots=True)
class _Sentences:
    made: Environment
    dialect: Dialect

    def math(self, formula: Math | str) -> Markup:
        return Markup(self.dialect.inline(_math(formula)))

    def display(self, formula: Math | str) -> Markup:
        return Markup(self.dialect.display(_math(formula)))

    def maths(self, formulas: Math | Sequence[Math], last: str = "and") -> Markup:
        parts = (formulas,) if isinstance(formulas, Math | str) else formulas
        return listed([self.math(part) for part in parts], last)

    def chain(self, formulas: Sequence[Math]) -> Markup:
        return Markup(", then ").join(self.math(part) for part in formulas)

    def say(self, fact: Fact) -> Markup:
        return self.rendered(f"facts/{fact.kind}.md.j2", fact)

    def says(self, facts: Iterable[Fact], last: str = "and") -> Markup:
        return listed([self.say(fact) for fact in facts], last)

    def rule(self, fact: Fact) -> Markup:
        return self.rendered(f"rules/{fact.kind}.md.j2", fact)

    def ref(self, reference: Ref) -> Markup:
        return Markup(self.dialect.reference(reference, reference.text))

    def refs(self, references: Sequence[Ref]) -> Markup:
        word = "step " if len(references) == 1 else "steps "
        return Markup(word) + listed([self.ref(one) for one in references], "and")

    def rendered(self, name: str, fact: Fact) -> Markup:
        return Markup(self.made.get_template(name).render(dict(fact.values)).strip())


def _math(formula: Math | str) -> Math:
    return formula if isinstance(formula, Math) else Math(formula, formula)


def listed(parts: Sequence[Markup], last: str) -> Markup:
    """`a`, `a and b`, `a, b and c`; with `;` as the last word `a; b; c`."""
    if len(parts) < 2:
        return parts[0] if parts else Markup("")
    if last == ";":
        return Markup("; ").join(parts)
    return Markup(", ").join(parts[:-1]) + Markup(f" {last} ") + parts[-1]
