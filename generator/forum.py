"""How each forum wants an answer: its formulas, its escapes, its limits. `text` is for a terminal or an e-mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from generator.plain import plain

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#$|~])")
_LATEX = re.compile(r"([&%$#_{}])")


@dataclass(frozen=True, slots=True)
class Forum:
    """A place where answers are posted.

    `inline` and `display` hold `{}` where the LaTeX goes; `aligned` says whether several lines may stand in one
    display. `limit` is the number of characters that a post may have; 0 for none.
    """

    key: str
    title: str
    inline: str
    display: str
    strong: str
    link: str
    limit: int = 0


_ROWS = (
    Forum("stackexchange", "Stack Exchange", "${}$", "$${}$$", "**{}**", "[{}]({})", 25_000),
    Forum("discourse", "Discourse", "${}$", "$$\n{}\n$$", "**{}**", "[{}]({})", 32_000),
    Forum("github", "GitHub", "$`{}`$", "```math\n{}\n```", "**{}**", "[{}]({})", 65_000),
    Forum("latex", "LaTeX", "${}$", "\\[\n{}\n\\]", r"\textbf{{{}}}", r"{} (\url{{{}}})"),
    Forum("text", "Plain text", "{}", "    {}", "{}", "{} ({})"),
)

FORUMS: Mapping[str, Forum] = {row.key: row for row in _ROWS}


def inline(forum: Forum, latex: str) -> str:
    """The formula within a line."""
    return forum.inline.format(plain(latex).replace("\n", "; ") if forum.key == "text" else latex)


def display(forum: Forum, latex: str) -> str:
    """The formula on lines of its own."""
    if forum.key == "text":
        return "\n".join(forum.display.format(line) for line in plain(latex).split("\n"))
    return forum.display.format(latex)


def escaped(forum: Forum, text: str) -> str:
    """Words of a question so that the forum shows them as they are, on one line."""
    line = " ".join(text.split())
    if forum.key == "text":
        return line
    if forum.key == "latex":
        return _LATEX.sub(r"\\\1", line.replace("\\", " ").replace("^", " ").replace("~", " "))
    return _MARKDOWN.sub(r"\\\1", line).replace("&", "&amp;")


def linked(forum: Forum, text: str, address: str) -> str:
    """A link with its text; `address` is the site's own."""
    return forum.link.format(text, address)
