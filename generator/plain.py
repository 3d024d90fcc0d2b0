"""LaTeX as a line of text for a terminal: `\\frac{\\partial E}{\\partial V_{11}}` becomes `∂E/∂V_11`.

Reads what the printer writes; a command without a row is shown by its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import normalize

_TOKEN = re.compile(r"\\begin\{\w+\}|\\end\{\w+\}|\\[A-Za-z]+|\\.|[A-Za-z]|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)

_GREEK = (
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ "
    "pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π "
    "Sigma Σ Phi Φ Psi Ψ Omega Ω ell ℓ partial ∂ nabla ∇ infty ∞ dots … ldots … cdots …"
).split()
_SYMBOLS: Mapping[str, str] = {
    **{rf"\{name}": sign for name, sign in zip(_GREEK[::2], _GREEK[1::2], strict=True)},
    r"\cdot": " · ",
    r"\times": " × ",
    r"\odot": " ⊙ ",
    r"\le": " ≤ ",
    r"\ge": " ≥ ",
    r"\leq": " ≤ ",
    r"\geq": " ≥ ",
    r"\ne": " ≠ ",
    r"\neq": " ≠ ",
    r"\approx": " ≈ ",
    r"\in": " ∈ ",
    r"\to": " → ",
    r"\leftarrow": " ← ",
    r"\lt": " < ",
    r"\gt": " > ",
    r"\top": "T",
    r"\mathbb": "",
    r"\quad": "  ",
    r"\qquad": "   ",
    ",": ", ",
    r"\,": " ",
    r"\;": " ",
    r"\:": " ",
    r"\!": "",
    r"\{": "{",
    r"\}": "}",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\\": "\n",
    "-": "−",
    "*": "·",
    "&": "",
}
_FUNCTION = re.compile(
    r"(?:\b(?:exp|log|ln|sin|cos|tanh|max|min|softmax|sigmoid|abs|sgn|erf|\w*[ReES][iI]?LU|softplus)|\bσ)'*$"
)
_SPACED = frozenset("=+−<>")
_WRAPPERS = (r"\text", r"\operatorname", r"\mathrm", r"\mathbf", r"\mathcal", r"\boldsymbol", r"\mathit")
_ACCENTS: Mapping[str, str] = {r"\hat": "\u0302", r"\bar": "\u0304", r"\tilde": "\u0303", r"\vec": "\u20d7"}
_SILENT = (r"\left", r"\right", r"\big", r"\Big", r"\bigg", r"\Bigg", r"\displaystyle", r"\limits")


def plain(latex: str) -> str:
    """The formula as text; lines of an aligned formula become lines."""
    words = _join(_Reader(_TOKEN.findall(latex)).group(None))
    text = "\n".join(re.sub(r" {2,}", " ", line).strip() for line in words.strip().split("\n"))
    return normalize("NFC", text)


def _join(parts: list[str]) -> str:
    """The parts in a row, with a space between neighbouring factors and around relations and signs."""
    line = ""
    for position, part in enumerate(parts):
        before = line.rstrip(" ")
        if part in _SPACED:
            unary = part in "+−" and (not before or before[-1] in "([{,=|/\n" or before[-1] in _SPACED)
            line = line + part if unary else f"{before} {part} "
            continue
        if position and _factor_ends(line) and _factor_begins(part) and not _bare_function(line, part):
            line += " "
        line += part
    return line


def _factor_ends(line: str) -> bool:
    return bool(re.search(r"[\w)\]}'|…\u0302-\u20d7]$", line)) and line[-1] != "∂"


def _bare_function(line: str, part: str) -> bool:
    """Whether `part` is the bracket that a function at the end of `line` is applied to."""
    return part[0] in "([" and bool(_FUNCTION.search(line))


def _factor_begins(part: str) -> bool:
    return bool(part) and (part[0].isalpha() or part[0] in "([∂Σ∇" or part[0].isdigit())


def _atom(text: str) -> bool:
    """Whether the text stands for one thing, so that a bar beside it needs no brackets."""
    return not re.search(r"[ +−·/=]", text) or (text[0] == "(" and text.find(")") == len(text) - 1)


def _bracketed(text: str) -> str:
    return text if _atom(text) else f"({text})"


class _Reader:
    """Tokens of one formula, read once from left to right."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = [token for token in tokens if not token.isspace()]
        self.position = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def argument(self) -> str:
        """What a command takes: a group or one token."""
        if self.peek() == "{":
            self.next()
            return _join(self.group("}")).strip()
        return self.token().strip()

    def group(self, end: str | None) -> list[str]:
        parts: list[str] = []
        while self.position < len(self.tokens):
            if self.peek() == end:
                self.next()
                break
            if self.peek() in ("_", "^", "'"):
                parts[-1:] = [(parts[-1] if parts else "") + self.script()]
            else:
                parts.append(self.token())
        return [part for part in parts if part]

    def script(self) -> str:
        """A sub- or superscript; the condition of an indicator stands in square brackets."""
        mark = self.next()
        if mark == "'":
            return "'"
        spaced = self.argument()
        if spaced.startswith("{") and spaced.endswith("}"):
            return f"[{spaced[1:-1]}]"
        inner = spaced.replace(" ", "")
        bare = len(inner) == 1 or (mark == "_" and re.fullmatch(r"\w+", inner)) or re.fullmatch(r"[(\[].*[)\]]", inner)
        return mark + (inner if bare else f"({inner})")

    def big(self, sign: str) -> str:
        """A sum or product sign with its bounds: `Σ[k=1..2]`."""
        bounds = {"_": "", "^": ""}
        while self.peek() in bounds:
            mark = self.next()
            bounds[mark] = self.argument().replace(" ", "")
        upper = f"..{bounds['^']}" if bounds["^"] else ""
        return f"{sign}[{bounds['_']}{upper}]" if bounds["_"] else sign

    def token(self) -> str:
        """The next part, groups and commands with what they take."""
        read = self.next()
        if read == "{":
            return _join(self.group("}"))
        if read in (r"\frac", r"\tfrac", r"\dfrac"):
            above, below = self.argument(), self.argument()
            return f"{_bracketed(above)}/{_bracketed(below)}"
        if read in (r"\sum", r"\prod"):
            return self.big("Σ" if read == r"\sum" else "Π")
        if read == r"\sqrt":
            return f"√({self.argument()})"
        if read in _WRAPPERS:
            return self.argument().replace(" ", "")
        if read in _ACCENTS:
            return self.argument() + _ACCENTS[read]
        if read in _SILENT or read.startswith((r"\begin", r"\end")):
            return ""
        return _SYMBOLS.get(read, read.removeprefix("\\"))
