"""LaTeX to MathML at build time, with the parts of a formula that are marked under a class and a shared id.

math-core refuses classes and ids, so a marked part is given a colour that is only its number; the colour becomes
attributes after the conversion. The numbers are those of a tuple of `Mark`s that the caller keeps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from math_core import LatexError, LatexToMathML

_WORD = re.compile(r"[A-Za-z0-9_-]+")
_COLOUR = re.compile(r'<mrow style="color:#([0-9A-F]{6});">')
_TAG = re.compile(r"<[^>]*>")
_SHORT = 22  # characters that a phone shows in one line
_SWITCH = re.compile(r"\{\\color\[HTML\]\{[0-9A-F]{6}\}")


class NotPrintable(ValueError):
    """LaTeX that has no MathML; the message names the LaTeX and the reason."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a marked part wears: the id that it shares with drawing and table (`data-link`), and its classes."""

    link: str
    classes: tuple[str, ...] = ()

    def attributes(self) -> str:
        """The attributes in HTML; `ValueError` where a word holds more than letters, digits, `-` and `_`."""
        words = (*self.classes, *((self.link,) if self.link else ()))
        if not all(_WORD.fullmatch(word) for word in words):
            message = f"not a word: {words}"
            raise ValueError(message)
        named = f' data-link="{self.link}"' if self.link else ""
        return f'class="{" ".join(("mark", *self.classes))}"{named}'


def marked(latex: str, number: int) -> str:
    """The LaTeX, to be printed under mark `number` of the marks given to `inline` or `display`."""
    return rf"{{\color[HTML]{{{number:06X}}}{latex}}}"


def unmarked(latex: str) -> str:
    """The LaTeX without its marks, for people to copy."""
    while found := _SWITCH.search(latex):
        end = _closing_brace(latex, found.end())
        before, inner, after = latex[: found.start()], latex[found.end() : end].strip(), latex[end + 1 :]
        if before.rstrip().endswith(("^", "_")):
            inner = f"{{{inner}}}"
        elif re.search(r"\\[A-Za-z]+$", inner) and after[:1].isalpha():
            inner += " "
        latex = before + inner + after
    return latex


def inline(latex: str, marks: tuple[Mark, ...] = ()) -> str:
    """The formula within a line of text; raises `NotPrintable`.

    A `math` element cannot break over lines: a long one comes in a span that a narrow page lets scroll.
    """
    mathml = _convert(latex, marks, display=False)
    return mathml if len(_TAG.sub("", mathml)) <= _SHORT else f'<span class="wide">{mathml}</span>'


def block(latex: str, marks: tuple[Mark, ...] = ()) -> str:
    """The formula on a line of its own, as a bare `math` element; raises `NotPrintable`."""
    return _convert(latex, marks, display=True)


def equation(latex: str, label: str, anchor: str = "", number: str = "", marks: tuple[Mark, ...] = ()) -> str:
    """The formula on a line of its own in a box that scrolls when it is narrow, can be linked to and copied from.

    `label` is read aloud; `anchor` is the id; `number` stands at the right and links to the anchor.
    """
    named = f' id="{escape(anchor)}"' if anchor else ""
    link = f'<a class="equation-number" href="#{escape(anchor)}">({escape(number)})</a>' if number else ""
    return (
        f'<div class="equation"{named} data-search-exclude="" data-latex="{escape(unmarked(latex))}">'
        f'<div class="equation-body" tabindex="0" role="group" aria-label="{escape(label)}">'
        f"{block(latex, marks)}</div>{link}</div>"
    )


def _convert(latex: str, marks: tuple[Mark, ...], *, display: bool) -> str:
    converter = LatexToMathML(fancy_error=False)
    try:
        mathml = converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        message = f"cannot print {latex!r}: {error}"
        raise NotPrintable(message) from error

    def attributes(found: re.Match[str]) -> str:
        number = int(found[1], 16)
        if number >= len(marks):
            message = f"cannot print {latex!r}: no mark {number}"
            raise NotPrintable(message)
        return f"<mrow {marks[number].attributes()}>"

    marked_up = _COLOUR.sub(attributes, mathml)
    # A bracket in Firefox does not grow with a bare munderover beside it.
    grouped = re.sub(r"<munderover>", "<mrow><munderover>", marked_up).replace("</munderover>", "</munderover></mrow>")
    return grouped.replace("&ApplyFunction;", "\N{FUNCTION APPLICATION}")


def _closing_brace(latex: str, start: int) -> int:
    """The position of the brace that closes the group whose inside begins at `start`."""
    depth = 1
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(latex, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    message = f"a mark that does not close: {latex!r}"
    raise ValueError(message)
