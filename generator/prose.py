"""The prose of a question as HTML: Markdown without raw HTML, with formulas of a closed vocabulary.

Prose is written by strangers: what it may hold is listed here, and the rest is shown as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from generator.mathml import NotPrintable, block, inline

_LONGEST = 1000
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_FORMULA = re.compile(r"\$\$(?P<block>[^$]+)\$\$|\$(?P<inline>[^\s$](?:[^$]*[^\s$\\])?)\$(?!\d)")
_COMMANDS = frozenset(
    # Greek letters
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell "
    # accents and alphabets
    "hat bar tilde vec dot widehat overline underline mathbf mathrm mathcal mathbb mathit boldsymbol text operatorname "
    # fractions, roots, brackets
    "frac tfrac dfrac sqrt left right big Big bigg Bigg bigl bigr Bigl Bigr lvert rvert lVert rVert langle rangle "
    # operators and relations
    "sum prod max min log ln exp sin cos tanh partial nabla cdot times odot circ pm mp le leq ge geq lt gt ne neq "
    "approx equiv sim in notin subset to mapsto rightarrow leftarrow Rightarrow infty forall exists mid top "
    # spaces, dots, layout
    "quad qquad dots ldots cdots begin end limits displaystyle".split()
) | frozenset(",;:! {}|\\&%_#$")
_ENVIRONMENTS = frozenset("aligned cases matrix pmatrix bmatrix".split())


def html(text: str) -> str:
    """The prose as HTML; no element, address or attribute comes from the prose itself but `http(s)` links."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.disable(["image", "heading", "lheading", "html_block", "html_inline"])
    reader.inline.ruler.before("escape", "formula", _inline_rule)
    reader.block.ruler.before("fence", "formula", _block_rule, {"alt": ["paragraph", "blockquote", "list"]})
    reader.validateLink = _allowed  # type: ignore[method-assign]
    reader.add_render_rule("formula", _formula)
    reader.add_render_rule("link_open", _link_open)
    return str(reader.render(text))


def formula(latex: str, *, display: bool) -> str:
    """The formula as MathML where each command is of the closed vocabulary; else its text as code."""
    known = all(name in _COMMANDS for name in _COMMAND.findall(latex))
    environments = set(re.findall(r"\\(?:begin|end)\s*\{([^}]*)\}", latex))
    if known and environments <= _ENVIRONMENTS and len(latex) <= _LONGEST:
        try:
            return block(latex) if display else inline(latex)
        except NotPrintable:
            pass
    return f"<code>{escape(latex)}</code>"


def _inline_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the signature of markdown-it's rules
    found = _FORMULA.match(state.src, state.pos)
    if found is None or found.end() > state.posMax:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content = found["block"] or found["inline"]
        token.block = found["block"] is not None
    state.pos = found.end()
    return True


def _block_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as above
    lines: list[str] = []
    for number in range(start, end):
        lines.append(state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip())
        if not lines[0].startswith("$$"):
            return False
        found = re.fullmatch(r"\$\$([^$]+)\$\$", "\n".join(lines))
        if found:
            if not silent:
                token = state.push("formula", "math", 0)
                token.content, token.block, token.map = found[1], True, [start, number + 1]
                state.line = number + 1
            return True
    return False


def _formula(
    _: RendererHTML, tokens: Sequence[Token], position: int, __: OptionsDict, ___: MutableMapping[str, Any]
) -> str:
    token = tokens[position]
    return formula(token.content.strip(), display=token.block)


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], position: int, options: OptionsDict, _: MutableMapping[str, Any]
) -> str:
    tokens[position].attrSet("rel", "nofollow noopener")
    return renderer.renderToken(tokens, position, options, {})


def _allowed(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
