"""The answer to a question as a text for a forum: it stands alone, the verdict first, and links to the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from generator import forum
from generator.caveats import Caveat
from generator.forum import FORUMS, Forum
from generator.page.record import Equation, Page
from generator.site.record import record
from generator.site.templates import Dialect, Environment, environment, sources


class TooLong(ValueError):
    """A text that is longer than its forum allows; the message names the forum and both lengths."""


def forum_answer(file: str, text: str, kind: str, templates: Path, address: str) -> str:
    """The answer to a question file. Raises what reading it raises, and `TooLong`."""
    return answer(sources(templates), record(file, text, address, figures=False), kind)


def answer(templates: Mapping[str, str], page: Page, kind: str) -> str:
    """The text for the forum called `kind`, within its rules."""
    place = FORUMS[kind]
    env = forum_environment(templates, place)
    template = env.get_template(f"forum/{kind}.md.j2" if f"forum/{kind}.md.j2" in templates else "forum/answer.md.j2")
    text = re.sub(r"\n{3,}", "\n\n", template.render(page=page)).strip() + "\n"
    if place.limit and len(text) > place.limit:
        message = f"the answer has {len(text)} characters; {place.title} allows {place.limit}"
        raise TooLong(message)
    return text


def forum_environment(templates: Mapping[str, str], place: Forum) -> Environment:
    """The templates in the dialect of a forum."""
    dialect = Dialect(
        lambda formula: forum.inline(place, formula.latex),
        lambda formula: forum.display(place, formula.latex),
        lambda _, text: text,
        lambda text: forum.escaped(place, text),
    )
    env = environment(templates, dialect)

    def short(one: Caveat) -> Markup:
        return Markup(env.get_template(f"caveats/short/{one.code}.md.j2").render(dict(one.values)).strip())

    def numbered(equation: Equation) -> Markup:
        return Markup(forum.display(place, rf"{equation.math.latex} \qquad ({equation.number})"))

    env.filters["caveat_short"] = short
    env.filters["numbered"] = numbered
    env.filters["strong"] = lambda text: Markup(place.strong.format(text))
    env.filters["link"] = lambda text, url: Markup(forum.linked(place, forum.escaped(place, text), f"{url}#verdict"))
    return env
